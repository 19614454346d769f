//! Sizes, lengths and times in words. The words are messages too; what is decided here is which, and how exact.

use std::time::Duration;

use fluent_templates::fluent_bundle::FluentValue;

use super::locale::{Arguments, Locale};
use crate::clock::Timestamp;

/// What a size is divided by. Platforms call 1,048,576 bytes a megabyte in their help, so we do too.
const KILO: u64 = 1024;
const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// Words values in the language of one locale. Each method is a kind in the table of sentences.
#[derive(Clone, Copy, Debug)]
pub(super) struct Measures {
    locale: Locale,
}

impl Measures {
    /// Those of `locale`.
    pub(super) fn of(locale: Locale) -> Self {
        Self { locale }
    }

    /// A text from outside or an already worded fragment. Two stars in a row are kept apart by a word joiner
    /// (U+2060), since they would mean bold.
    #[allow(clippy::unused_self, reason = "one shape for all kinds")]
    pub(super) fn text(self, value: &str) -> FluentValue<'static> {
        let mut inert = String::with_capacity(value.len());
        for letter in value.chars() {
            if letter == '*' && inert.ends_with('*') {
                inert.push('\u{2060}');
            }
            inert.push(letter);
        }
        inert.into()
    }

    /// A number, which also picks the plural form.
    #[allow(clippy::unused_self, reason = "one shape for all kinds")]
    pub(super) fn count(self, value: u64) -> FluentValue<'static> {
        value.into()
    }

    /// A size: `812 KB`, `12.3 MB`.
    pub(super) fn bytes(self, value: u64) -> FluentValue<'static> {
        let (key, number) = if value < KILO {
            ("size-bytes", value.to_string())
        } else if rounded(value, KILO) < KILO {
            ("size-kilobytes", rounded(value, KILO).to_string())
        } else if rounded(value, KILO * KILO) < KILO {
            ("size-megabytes", self.tenths(rounded(value.saturating_mul(10), KILO * KILO)))
        } else {
            ("size-gigabytes", self.tenths(rounded(value.saturating_mul(10), KILO * KILO * KILO)))
        };
        self.message(key, [("n", number.into())])
    }

    /// How long a clip is: `0:30`, `1:02:03`.
    #[allow(clippy::unused_self, reason = "one shape for all kinds")]
    pub(super) fn length(self, value: Duration) -> FluentValue<'static> {
        on_the_clock(value.saturating_add(Duration::from_millis(500)).as_secs()).into()
    }

    /// A place in the timeline: like a length, with tenths where it has some, so that a small move shows.
    pub(super) fn position(self, value: Duration) -> FluentValue<'static> {
        let tenths = in_tenths(value);
        let whole = on_the_clock(tenths / 10);
        if tenths.is_multiple_of(10) {
            return whole.into();
        }
        format!("{whole}{}{}", self.plain("decimal-sign"), tenths % 10).into()
    }

    /// A place in the timeline in seconds: `5`, `5.5`.
    pub(super) fn seconds(self, value: Duration) -> FluentValue<'static> {
        self.tenths(in_tenths(value)).into()
    }

    /// How long something has taken: `45 s`, `2 min 10 s`, `1 h 5 min`.
    pub(super) fn elapsed(self, value: Duration) -> FluentValue<'static> {
        let seconds = value.as_secs();
        let (d, h, m, s) = (seconds / DAY, seconds % DAY / HOUR, seconds % HOUR / MINUTE, seconds % MINUTE);
        let key = match (d, h, m, s) {
            (1.., 0, ..) => "took-days",
            (1.., ..) => "took-days-hours",
            (0, 1.., 0, _) => "took-hours",
            (0, 1.., ..) => "took-hours-minutes",
            (0, 0, 1.., 0) => "took-minutes",
            (0, 0, 1.., _) => "took-minutes-seconds",
            (0, 0, 0, _) => "took-seconds",
        };
        self.message(key, [("d", d.into()), ("h", h.into()), ("m", m.into()), ("s", s.into())])
    }

    /// How long from now: `in 2 minutes`. Rounded up, because who comes too early is refused again.
    pub(super) fn when(self, value: Duration) -> FluentValue<'static> {
        let seconds = value.as_secs() + u64::from(value.subsec_nanos() > 0);
        let (key, n) = match seconds.max(1) {
            n if n < MINUTE => ("when-seconds", n),
            n if n <= 59 * MINUTE => ("when-minutes", n.div_ceil(MINUTE)),
            n if n <= 47 * HOUR => ("when-hours", n.div_ceil(HOUR)),
            n => ("when-days", n.div_ceil(DAY)),
        };
        self.message(key, [("n", n.into())])
    }

    /// What comes after "per": `minute`, `hour`, `10 min`.
    pub(super) fn period(self, value: Duration) -> FluentValue<'static> {
        match value.as_secs() {
            MINUTE => self.plain("period-minute").into(),
            HOUR => self.plain("period-hour").into(),
            DAY => self.plain("period-day").into(),
            _ => self.elapsed(value),
        }
    }

    /// A moment: `2026-08-03 14:30 UTC`, since a chat does not tell where its user lives.
    pub(super) fn moment(self, value: Timestamp) -> FluentValue<'static> {
        let moment =
            i64::try_from(value.as_millis()).ok().and_then(|millis| jiff::Timestamp::from_millisecond(millis).ok());
        let moment = moment.unwrap_or(jiff::Timestamp::MAX);
        let (date, time) = (moment.strftime("%Y-%m-%d").to_string(), moment.strftime("%H:%M").to_string());
        self.message("moment", [("date", date.into()), ("time", time.into())])
    }

    /// A number given in tenths, without them where there are none.
    fn tenths(self, value: u64) -> String {
        if value.is_multiple_of(10) {
            return (value / 10).to_string();
        }
        format!("{}{}{}", value / 10, self.plain("decimal-sign"), value % 10)
    }

    fn message<const N: usize>(
        self,
        key: &str,
        values: [(&'static str, FluentValue<'static>); N],
    ) -> FluentValue<'static> {
        self.locale.message(key, &Arguments::from(values)).into()
    }

    fn plain(self, key: &str) -> String {
        self.locale.message(key, &Arguments::new())
    }
}

/// `value / unit` to the nearest whole.
fn rounded(value: u64, unit: u64) -> u64 {
    value / unit + u64::from(value % unit >= unit / 2)
}

/// Tenths of a second, to the nearest.
fn in_tenths(value: Duration) -> u64 {
    rounded(u64::try_from(value.as_millis()).unwrap_or(u64::MAX), 100)
}

fn on_the_clock(seconds: u64) -> String {
    let (h, m, s) = (seconds / HOUR, seconds % HOUR / MINUTE, seconds % MINUTE);
    if h == 0 { format!("{m}:{s:02}") } else { format!("{h}:{m:02}:{s:02}") }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::language::Language;

    fn measures(tag: &'static str) -> Measures {
        Measures::of(Locale::of(&Language::known(tag)))
    }

    fn words(value: FluentValue<'static>) -> String {
        match value {
            FluentValue::String(words) => words.into_owned(),
            other => panic!("no words: {other:?}"),
        }
    }

    #[rstest]
    #[case(0, "0 B")]
    #[case(1023, "1023 B")]
    #[case(1024, "1 KB")]
    #[case(831_000, "812 KB")]
    #[case(1_048_575, "1 MB")]
    #[case(12_897_485, "12.3 MB")]
    #[case(20 * 1024 * 1024, "20 MB")]
    #[case(1024 * 1024 * 1024 - 1, "1 GB")]
    #[case(2_684_354_560, "2.5 GB")]
    fn sizes_stand_as_the_platforms_help_states_them(#[case] bytes: u64, #[case] expected: &str) {
        assert_eq!(words(measures("en").bytes(bytes)), expected);
    }

    #[test]
    fn no_size_is_too_big_to_be_said() {
        assert!(words(measures("en").bytes(u64::MAX)).ends_with("GB"));
    }

    #[rstest]
    #[case(0, "0 s", "0秒")]
    #[case(59, "59 s", "59秒")]
    #[case(60, "1 min", "1分钟")]
    #[case(130, "2 min 10 s", "2分10秒")]
    #[case(3_600, "1 h", "1小时")]
    #[case(3_605, "1 h", "1小时")]
    #[case(3_900, "1 h 5 min", "1小时5分")]
    #[case(86_400, "1 d", "1天")]
    #[case(97_200, "1 d 3 h", "1天3小时")]
    fn time_spent_has_at_most_two_units(#[case] seconds: u64, #[case] english: &str, #[case] chinese: &str) {
        assert_eq!(words(measures("en").elapsed(Duration::from_secs(seconds))), english);
        assert_eq!(words(measures("zh-Hans").elapsed(Duration::from_secs(seconds))), chinese);
    }

    #[rstest]
    #[case(0, "in 1 second", "1秒后")]
    #[case(1_001, "in 2 seconds", "2秒后")]
    #[case(59_001, "in 1 minute", "1分钟后")]
    #[case(119_000, "in 2 minutes", "2分钟后")]
    #[case(121_000, "in 3 minutes", "3分钟后")]
    #[case(3_541_000, "in 1 hour", "1小时后")]
    #[case(169_201_000, "in 2 days", "2天后")]
    fn a_wait_is_never_promised_too_short(#[case] millis: u64, #[case] english: &str, #[case] chinese: &str) {
        assert_eq!(words(measures("en").when(Duration::from_millis(millis))), english);
        assert_eq!(words(measures("zh-Hans").when(Duration::from_millis(millis))), chinese);
    }

    #[rstest]
    #[case(30_400, "0:30", "0:30.4", "30.4")]
    #[case(30_000, "0:30", "0:30", "30")]
    #[case(59_990, "1:00", "1:00", "60")]
    #[case(3_723_000, "1:02:03", "1:02:03", "3723")]
    fn places_in_the_timeline_show_tenths_and_lengths_do_not(
        #[case] millis: u64,
        #[case] length: &str,
        #[case] position: &str,
        #[case] seconds: &str,
    ) {
        let (en, value) = (measures("en"), Duration::from_millis(millis));
        assert_eq!(words(en.length(value)), length);
        assert_eq!(words(en.position(value)), position);
        assert_eq!(words(en.seconds(value)), seconds);
    }

    #[test]
    fn a_period_is_a_unit_or_a_time() {
        assert_eq!(words(measures("en").period(Duration::from_mins(1))), "minute");
        assert_eq!(words(measures("zh-Hans").period(Duration::from_hours(1))), "小时");
        assert_eq!(words(measures("en").period(Duration::from_mins(10))), "10 min");
    }

    #[test]
    fn a_moment_names_its_time_zone() {
        assert_eq!(words(measures("en").moment(Timestamp::from_millis(1_785_767_400_000))), "2026-08-03 14:30 UTC");
        assert!(words(measures("en").moment(Timestamp::from_millis(u64::MAX))).ends_with("UTC"));
    }
}
