//! Links that a user typed.

use url::{Host, Url};

use crate::nemo::media;

/// Whether a typed link may lie on the open web, by its literal host: no private, loopback or link-local address and
/// no name without a dot.
pub(super) fn is_public(link: &Url) -> bool {
    if !matches!(link.scheme(), "http" | "https") || !link.username().is_empty() || link.password().is_some() {
        return false;
    }
    match link.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            name.contains('.') && ![".localhost", ".local", ".internal"].iter().any(|end| name.ends_with(end))
        }
        Some(Host::Ipv4(ip)) => {
            let [a, b, ..] = ip.octets();
            !(ip.is_private()
                || ip.is_loopback()
                || ip.is_link_local()
                || ip.is_unspecified()
                || ip.is_broadcast()
                || ip.is_multicast()
                || a == 0
                || (a == 100 && (64..128).contains(&b)))
        }
        // Addresses of the old world inside the new one included.
        Some(Host::Ipv6(ip)) => {
            let first = ip.segments()[0];
            ip.to_ipv4().is_none() && (first & 0xe000) == 0x2000
        }
        None => false,
    }
}

/// A message that begins or ends with a link to a media file is that file, and the rest is its caption.
pub(super) fn clip_link(text: &str) -> Option<(Url, String)> {
    let is_clip = |word: &str| {
        let link = Url::parse(word).ok().filter(|link| matches!(link.scheme(), "http" | "https"))?;
        let name = link.path_segments()?.next_back()?.to_owned();
        media::accepts(&name, None).map(|_| link)
    };
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    if let Some(link) = is_clip(first) {
        return Some((link, rest.trim().to_owned()));
    }
    let (rest, last) = text.rsplit_once(char::is_whitespace)?;
    is_clip(last).map(|link| (link, rest.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_link_is_judged_by_its_literal_host() {
        for good in ["https://example.com/a.mp4", "http://93.184.216.34/a.mp4", "https://[2606:2800:220:1::1]/a.mp4"] {
            assert!(is_public(&Url::parse(good).unwrap()), "{good}");
        }
        for bad in [
            "http://localhost/a.mp4",
            "http://127.0.0.1/a.mp4",
            "http://2130706433/a.mp4",
            "http://10.1.2.3/a.mp4",
            "http://169.254.169.254/latest",
            "http://[::1]/a.mp4",
            "http://[::ffff:10.0.0.1]/a.mp4",
            "http://[fe80::1]/a.mp4",
            "http://intranet/a.mp4",
            "http://printer.local/a.mp4",
            "ftp://example.com/a.mp4",
            "file:///etc/passwd",
            "https://user:secret@example.com/a.mp4",
        ] {
            assert!(!is_public(&Url::parse(bad).unwrap()), "{bad}");
        }
    }
}
