//! Keeps web pages from elsewhere out: a browser on this machine can be talked into sending requests here.

use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Refusal;

/// Our script sends it with every POST. A foreign page cannot without asking first (CORS), and nobody says yes.
const OURS: HeaderName = HeaderName::from_static("x-nemo-sandbox");

/// Nothing from elsewhere, no inline script or style, and text never becomes markup.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types 'none'";

/// Lets a request through that comes from this page or from a tool of the person themselves.
pub(super) async fn guard(request: Request, next: Next) -> Response {
    let mut response = if trusted(request.method(), request.headers()) {
        next.run(request).await
    } else {
        Refusal::Stranger.into_response()
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

fn trusted(method: &Method, headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next().and_then(|host| host.to_str().ok()), hosts.next()) else {
        return false;
    };
    let from_here = headers
        .get_all(header::ORIGIN)
        .iter()
        .all(|origin| origin.to_str().is_ok_and(|origin| origin.strip_prefix("http://") == Some(host)));
    let asks_only = method == Method::GET || method == Method::HEAD;
    is_loopback(host) && from_here && (asks_only || headers.contains_key(&OURS))
}

/// Whether a `Host` names this machine. A foreign name that was made to point at 127.0.0.1 (DNS rebinding) still stands
/// there as itself. The port says nothing: it may have been forwarded.
fn is_loopback(host: &str) -> bool {
    if host.contains('@') {
        return false;
    }
    let Ok(authority) = host.parse::<Authority>() else { return false };
    let name = authority.host();
    name.eq_ignore_ascii_case("localhost")
        || name == "[::1]"
        || name.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(HeaderName, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn only_loopback_names_are_served() {
        for host in ["localhost:8080", "LOCALHOST", "127.0.0.1:1", "127.1.2.3", "[::1]:8080"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "example.org:8080",
            "localhost.example.org",
            "127.0.0.1.example.org",
            "10.0.0.1",
            "0.0.0.0",
            "[::2]",
            "me@localhost",
            "localhost@example.org",
            "",
            "a b",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[test]
    fn a_post_needs_our_header_and_our_origin() {
        let here = (header::HOST, "localhost:8080");
        assert!(trusted(&Method::GET, &headers(std::slice::from_ref(&here))));
        assert!(!trusted(&Method::POST, &headers(std::slice::from_ref(&here))));
        assert!(trusted(&Method::POST, &headers(&[here.clone(), (OURS, "1")])));
        for (origin, right) in [
            ("http://localhost:8080", true),
            ("http://localhost:3000", false),
            ("http://127.0.0.1:8080", false),
            ("https://localhost:8080", false),
            ("null", false),
        ] {
            let asked = headers(&[here.clone(), (OURS, "1"), (header::ORIGIN, origin)]);
            assert_eq!(trusted(&Method::POST, &asked), right, "{origin}");
        }
        assert!(!trusted(&Method::GET, &HeaderMap::new()), "a request without a host");
    }
}
