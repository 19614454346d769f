//! Until when a signed address works, where it says so itself.

use url::Url;

use crate::clock::Timestamp;

/// Stores that sign write the moment of signing and for how many seconds it holds, or the second at which it ends.
/// Sources: Amazon S3, "Authenticating requests: using query parameters"; Google Cloud Storage, "Signed URLs"; Amazon
/// CloudFront, "Signed URLs with a canned policy".
pub(super) fn works_until(url: &Url) -> Option<Timestamp> {
    let value = |name: &str| url.query_pairs().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value);
    let by = |prefix: &str| {
        let signed = value(&format!("X-{prefix}-Date"))?.parse::<Moment>().ok()?;
        let seconds = value(&format!("X-{prefix}-Expires"))?.parse::<u64>().ok()?;
        Some(Timestamp::from_millis(signed.0.checked_add(seconds.checked_mul(1_000)?)?))
    };
    let second = || value("Expires")?.parse::<u64>().ok()?.checked_mul(1_000).map(Timestamp::from_millis);
    by("Amz").or_else(|| by("Goog")).or_else(second)
}

/// Milliseconds since 1970, read from `20260318T000000Z`.
struct Moment(u64);

impl std::str::FromStr for Moment {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let moment: jiff::Timestamp = text.parse()?;
        Ok(Self(moment.as_millisecond().try_into().unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_tells_when_it_ends() {
        let until = |query: &str| {
            let url = Url::parse(&format!("https://store.example/out.mp4?{query}")).unwrap();
            works_until(&url).map(Timestamp::as_millis)
        };
        assert_eq!(until("X-Amz-Date=20260318T000000Z&X-Amz-Expires=3600"), Some(1_773_795_600_000));
        assert_eq!(until("x-goog-expires=60&x-goog-date=20260318T000000Z"), Some(1_773_792_060_000));
        assert_eq!(until("Expires=1773792000&Signature=x"), Some(1_773_792_000_000));
        for strange in
            ["", "Expires=soon", "X-Amz-Date=x&X-Amz-Expires=1", "X-Amz-Expires=1", "Expires=18446744073709551615"]
        {
            assert_eq!(until(strange), None, "{strange}");
        }
    }
}
