//! Links that are what they say.

use url::Url;

use super::super::Inline;

/// A longer address is not one that a person follows; Telegram's own limit for an entity's address is of this size.
const ADDRESS_LIMIT: usize = 2048;
/// Addresses that act inside the messenger (open chats, start bots, ask for payments) rather than on the web.
const INSIDE_TELEGRAM: [&str; 3] = ["t.me", "telegram.me", "telegram.dog"];
/// Words like `final.mp4` are names of files, though some of these endings belong to domains too.
const FILE_ENDINGS: [&str; 24] = [
    "mp4", "mov", "mkv", "webm", "avi", "m4v", "mp3", "m4a", "wav", "srt", "vtt", "ass", "jpg", "jpeg", "png", "gif",
    "webp", "txt", "json", "csv", "pdf", "md", "html", "zip",
];

/// The address, if it leads to the web and nowhere else.
pub(in super::super) fn web(target: &str) -> Option<String> {
    let target = target.trim();
    let url = Url::parse(target).ok().filter(|_| target.len() <= ADDRESS_LIMIT)?;
    let host = url.host_str()?;
    let plain = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
    (plain && !is_inside_telegram(host)).then(|| url.to_string()).filter(|address| address.len() <= ADDRESS_LIMIT)
}

/// Whether a host belongs to the messenger.
pub(super) fn is_inside_telegram(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    INSIDE_TELEGRAM
        .iter()
        .any(|inside| host == *inside || host.strip_suffix(inside).is_some_and(|front| front.ends_with('.')))
}

/// Where the words of a link look like an address and the link leads elsewhere, shows where it leads.
pub(super) fn reveal(words: &mut [Inline]) {
    for word in words {
        match word {
            Inline::Link { text, url } => {
                let mut shown = String::new();
                flatten(text, &mut shown);
                if deceives(&shown, url) {
                    *text = vec![Inline::Text(url.clone())];
                }
            }
            Inline::Bold(inner) | Inline::Italic(inner) | Inline::Strike(inner) => reveal(inner),
            Inline::Text(_) | Inline::Code(_) | Inline::Break => {}
        }
    }
}

/// The words of a line.
pub(super) fn flatten(words: &[Inline], into: &mut String) {
    for word in words {
        match word {
            Inline::Text(text) | Inline::Code(text) => into.push_str(text),
            Inline::Bold(inner) | Inline::Italic(inner) | Inline::Strike(inner) | Inline::Link { text: inner, .. } => {
                flatten(inner, into);
            }
            Inline::Break => into.push(' '),
        }
    }
}

fn deceives(shown: &str, url: &str) -> bool {
    shown.split_whitespace().any(|word| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '/' | '@'));
        looks_like_address(word) && bare(word) != bare(url) && !bare(url).starts_with(&format!("{}/", bare(word)))
    })
}

fn looks_like_address(word: &str) -> bool {
    if word.contains("://") || word.starts_with('@') {
        return true;
    }
    let host = word.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let Some((name, ending)) = host.rsplit_once('.') else { return false };
    let is_host = !name.is_empty()
        && ending.chars().count() >= 2
        && ending.chars().all(char::is_alphabetic)
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'));
    let is_file = host.len() == word.len() && FILE_ENDINGS.contains(&ending.to_ascii_lowercase().as_str());
    is_host && !is_file
}

/// An address without what browsers hide.
fn bare(address: &str) -> String {
    let address = address.to_lowercase();
    let address = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://")).unwrap_or(&address);
    address.strip_prefix("www.").unwrap_or(address).trim_end_matches('/').to_owned()
}
