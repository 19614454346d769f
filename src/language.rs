//! Which language to speak.
//!
//! The person's choice, else the script of the message, else its words, else what was found last, else the platform's
//! locale, else the default. One short message never flips it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

mod detect;
mod han;

use detect::Found;

/// No tag in use is longer (RFC 5646, section 4.4.1).
const TAG_LIMIT: usize = 35;

/// Languages by their own and their English names. The first of a language is the name that we show.
const NAMES: &[(&str, &str, &str)] = &[
    ("en", "English", "English"),
    ("zh-Hans", "简体中文", "Simplified Chinese"),
    ("zh-Hans", "中文", "Chinese"),
    ("zh-Hant", "繁體中文", "Traditional Chinese"),
    ("es", "Español", "Spanish"),
    ("pt-BR", "Português", "Portuguese"),
    ("ja", "日本語", "Japanese"),
    ("ko", "한국어", "Korean"),
    ("de", "Deutsch", "German"),
    ("fr", "Français", "French"),
    ("ru", "Русский", "Russian"),
    ("it", "Italiano", "Italian"),
    ("nl", "Nederlands", "Dutch"),
    ("pl", "Polski", "Polish"),
    ("uk", "Українська", "Ukrainian"),
    ("tr", "Türkçe", "Turkish"),
    ("vi", "Tiếng Việt", "Vietnamese"),
    ("id", "Bahasa Indonesia", "Indonesian"),
    ("ar", "العربية", "Arabic"),
    ("hi", "हिन्दी", "Hindi"),
    ("th", "ไทย", "Thai"),
];

/// A language, as the shortest tag that tells apart what we write: `en`, `zh-Hans`, `zh-Hant`, `ja`, `pt-BR`.
///
/// Regions are dropped but for Chinese, where they tell the script, and for Portuguese, which is always the Brazilian:
/// so two tags of one language compare equal.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Language(Cow<'static, str>);

/// What was read as a language is not a tag of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a language tag")]
pub struct NoLanguage;

impl Language {
    /// The language whose canonical tag is known to be `tag`.
    pub(crate) const fn known(tag: &'static str) -> Self {
        Self(Cow::Borrowed(tag))
    }

    /// Reads a tag as platforms send it: `zh-hans`, `zh-CN`, `zh_TW`, `pt`, `pt-br`, `en-US`.
    pub fn parse(tag: &str) -> Option<Self> {
        if tag.len() > TAG_LIMIT {
            return None;
        }
        let mut parts = tag.trim().split(['-', '_']).map(str::to_ascii_lowercase);
        let primary = parts.next()?;
        let rest: Vec<String> = parts.collect();
        let fits =
            |part: &String| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let is_tag = matches!(primary.len(), 2 | 3) && primary.bytes().all(|byte| byte.is_ascii_lowercase());
        if !is_tag || !rest.iter().all(fits) {
            return None;
        }
        Some(match primary.as_str() {
            "und" | "mul" | "zxx" => return None,
            "zh" | "cmn" | "yue" => Self::known(chinese(&primary, &rest)),
            "pt" => Self::known("pt-BR"),
            // Names of old.
            "no" => Self::known("nb"),
            "iw" => Self::known("he"),
            "in" => Self::known("id"),
            _ => Self(Cow::Owned(primary)),
        })
    }

    /// Reads what a person calls it: a tag, its own name or its English name.
    pub fn named(name: &str) -> Option<Self> {
        let name = name.trim().to_lowercase();
        NAMES
            .iter()
            .find(|(_, own, english)| own.to_lowercase() == name || english.to_lowercase() == name)
            .map(|(tag, ..)| Self::known(tag))
            .or_else(|| Self::parse(&name).filter(|language| NAMES.iter().any(|(tag, ..)| *tag == language.tag())))
    }

    /// Its name in itself, else its tag.
    pub fn own_name(&self) -> &str {
        NAMES.iter().find(|(tag, ..)| *tag == self.tag()).map_or(self.tag(), |(_, own, _)| own)
    }

    /// Its canonical tag.
    pub fn tag(&self) -> &str {
        &self.0
    }

    /// The tag without script and region: `zh` for both kinds of Chinese.
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or_default()
    }

    /// The tag by which the video service knows it: `zh-CN`, `zh-TW`, others without a region.
    pub fn for_service(&self) -> &str {
        match self.tag() {
            "zh-Hans" => "zh-CN",
            "zh-Hant" => "zh-TW",
            _ => self.primary(),
        }
    }
}

/// Which Chinese: the script if it is named, else that of the region.
fn chinese(primary: &str, rest: &[String]) -> &'static str {
    let named = |part: &str| rest.iter().any(|other| other == part);
    if named("hant") {
        return "zh-Hant";
    }
    let traditional = named("tw") || named("hk") || named("mo") || primary == "yue" && rest.is_empty();
    if traditional && !named("hans") { "zh-Hant" } else { "zh-Hans" }
}

impl TryFrom<String> for Language {
    type Error = NoLanguage;

    fn try_from(tag: String) -> Result<Self, NoLanguage> {
        Self::parse(&tag).ok_or(NoLanguage)
    }
}

impl From<Language> for String {
    fn from(language: Language) -> Self {
        language.0.into_owned()
    }
}

impl std::fmt::Display for Language {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.tag())
    }
}

/// All that may tell which language to speak.
#[derive(Clone, Copy, Debug)]
pub struct Signs<'a> {
    /// What the person chose with `/language`.
    pub chosen: Option<&'a Language>,
    /// The message.
    pub text: &'a str,
    /// What a message of this conversation last told.
    pub last_detected: Option<&'a Language>,
    /// The platform's idea of the person's language, as it sent it.
    pub locale: Option<&'a str>,
    /// What is spoken when nothing tells.
    pub default: &'a Language,
}

/// What decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The person's choice.
    Chosen,
    /// The script of the message.
    Script,
    /// The words of the message.
    Words,
    /// What was found last in this conversation.
    Kept,
    /// The platform's locale.
    Locale,
    /// Nothing did.
    Default,
}

/// The language to speak, what decided, and what the message told, to be kept as the next `last_detected`.
pub fn choose(signs: &Signs<'_>) -> (Language, Why, Option<Language>) {
    let locale = signs.locale.and_then(Language::parse);
    let found = detect::look(signs.text).map(|found| settle(found, signs.last_detected, locale.as_ref()));
    let detected = found.as_ref().map(|(language, _)| language.clone());
    let (language, why) = signs
        .chosen
        .map(|chosen| (chosen.clone(), Why::Chosen))
        .or(found)
        .or_else(|| signs.last_detected.map(|last| (last.clone(), Why::Kept)))
        .or_else(|| locale.map(|locale| (locale, Why::Locale)))
        .unwrap_or_else(|| (signs.default.clone(), Why::Default));
    (language, why, detected)
}

/// What `text` alone tells of its language.
pub fn detect(text: &str) -> Option<Language> {
    detect::look(text).map(|found| settle(found, None, None).0)
}

/// Chinese characters alone leave open whether it is Japanese, and sometimes which Chinese; what is known of the
/// person settles it.
fn settle(found: Found, last: Option<&Language>, locale: Option<&Language>) -> (Language, Why) {
    let vote = match found {
        Found::Script(language) => return (language, Why::Script),
        Found::Words(language) => return (language, Why::Words),
        Found::Han(vote) => vote,
    };
    let mut known = [last, locale].into_iter().flatten();
    let language = if !vote.not_japanese && known.clone().any(|language| language.primary() == "ja") {
        Language::known("ja")
    } else {
        match vote.lead {
            1.. => Language::known("zh-Hans"),
            ..0 => Language::known("zh-Hant"),
            0 => known.find(|language| language.primary() == "zh").cloned().unwrap_or(Language::known("zh-Hans")),
        }
    };
    (language, Why::Script)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("zh-hans", "zh-Hans", "zh-CN")]
    #[case("zh-CN", "zh-Hans", "zh-CN")]
    #[case("zh", "zh-Hans", "zh-CN")]
    #[case("zh-SG", "zh-Hans", "zh-CN")]
    #[case("zh-hant", "zh-Hant", "zh-TW")]
    #[case("zh_TW", "zh-Hant", "zh-TW")]
    #[case("zh-Hant-HK", "zh-Hant", "zh-TW")]
    #[case("zh-Hans-HK", "zh-Hans", "zh-CN")]
    #[case("yue", "zh-Hant", "zh-TW")]
    #[case("pt", "pt-BR", "pt")]
    #[case("pt-br", "pt-BR", "pt")]
    #[case("en-US", "en", "en")]
    #[case("JA", "ja", "ja")]
    #[case("fil", "fil", "fil")]
    fn tags_come_loose_and_go_out_canonical(#[case] loose: &str, #[case] canonical: &str, #[case] service: &str) {
        let language = Language::parse(loose).unwrap();
        assert_eq!((language.tag(), language.for_service()), (canonical, service));
        let kept: Language = serde_json::from_str(&serde_json::to_string(&language).unwrap()).unwrap();
        assert_eq!(kept, language);
    }

    #[rstest]
    #[case("")]
    #[case("e")]
    #[case("engl")]
    #[case("en-")]
    #[case("en-US;q=0.9")]
    #[case("x-klingon")]
    #[case("und")]
    #[case("中文")]
    #[case("en-aaaaaaaa-bbbbbbbb-cccccccc-dddddddd")]
    fn what_is_no_tag_is_no_language(#[case] tag: &str) {
        assert_eq!(Language::parse(tag), None);
        assert!(serde_json::from_value::<Language>(tag.into()).is_err());
    }

    #[rstest]
    #[case("english", Some("en"))]
    #[case("中文", Some("zh-Hans"))]
    #[case(" 繁體中文 ", Some("zh-Hant"))]
    #[case("ESPAÑOL", Some("es"))]
    #[case("pt-br", Some("pt-BR"))]
    #[case("klingon", None)]
    #[case("hello", None)]
    fn people_name_languages_in_their_own_way(#[case] name: &str, #[case] tag: Option<&str>) {
        assert_eq!(Language::named(name).as_ref().map(Language::tag), tag);
    }

    #[test]
    fn the_name_shown_is_the_languages_own() {
        assert_eq!(Language::known("zh-Hans").own_name(), "简体中文");
        assert_eq!(Language::known("cy").own_name(), "cy");
    }

    #[rstest]
    #[case("导出视频", Some("zh-Hans"))]
    #[case("給我這個影片", Some("zh-Hant"))]
    #[case("你好", Some("zh-Hans"))]
    #[case("把BGM换成 lofi hip hop style 音乐", Some("zh-Hans"))]
    #[case("给我 export 1080p MP4", Some("zh-Hans"))]
    #[case("好吃の东西给我", Some("zh-Hans"))]
    #[case("動画の編集", Some("ja"))]
    #[case("BGMを小さくして", Some("ja"))]
    #[case("영상 내보내기", Some("ko"))]
    #[case("वीडियो निर्यात करो", Some("hi"))]
    #[case("صدّر الفيديو", Some("ar"))]
    #[case("ส่งออกวิดีโอ", Some("th"))]
    #[case("please put the text “生日快乐” at the end of the video and then make the music much quieter", Some("en"))]
    #[case("please put the text 生日快乐 at the end of the video and then make the music much quieter", Some("en"))]
    #[case("add the text 生日快乐 at the end", Some("en"))]
    #[case("把标题改成“Happy birthday to all of you”", Some("zh-Hans"))]
    #[case("“生日快乐”", Some("zh-Hans"))]
    #[case("export", None)]
    #[case("download", None)]
    #[case("сделай короче", None)]
    #[case("", None)]
    #[case("👍 123", None)]
    #[case("https://example.com/一個很長的視頻網址", Some("zh-Hant"))]
    #[case("the music should be quieter, and everything after the first half minute can go", Some("en"))]
    #[case("сделай музыку тише и добавь заголовок в начало", Some("ru"))]
    #[case("quita la música y añade un título al principio del video", Some("es"))]
    fn a_message_tells_its_language_where_it_can(#[case] text: &str, #[case] tag: Option<&str>) {
        assert_eq!(detect(text).as_ref().map(Language::tag), tag);
    }

    const EN: Language = Language::known("en");
    const FR: Language = Language::known("fr");
    const JA: Language = Language::known("ja");
    static DEFAULT: Language = EN;
    const HANT: Language = Language::known("zh-Hant");

    fn signs(text: &str) -> Signs<'_> {
        Signs { chosen: None, text, last_detected: None, locale: None, default: &DEFAULT }
    }

    #[test]
    fn a_choice_wins_and_what_the_message_tells_is_kept_all_the_same() {
        let signs = Signs { chosen: Some(&FR), locale: Some("de"), ..signs("导出视频") };
        assert_eq!(choose(&signs), (FR, Why::Chosen, Some(Language::known("zh-Hans"))));
    }

    #[test]
    fn one_short_message_never_flips_the_language() {
        let signs = Signs { last_detected: Some(&FR), locale: Some("de"), ..signs("export") };
        assert_eq!(choose(&signs), (FR, Why::Kept, None));
    }

    #[test]
    fn the_locale_is_asked_before_the_default() {
        let open = signs("export");
        assert_eq!(choose(&Signs { locale: Some("fr-CA"), ..open }), (FR, Why::Locale, None));
        assert_eq!(choose(&Signs { locale: Some("???"), ..open }), (EN, Why::Default, None));
    }

    #[test]
    fn words_and_script_say_that_they_decided() {
        assert_eq!(
            choose(&signs("the music should be quieter, and everything after the first half minute can go")).1,
            Why::Words
        );
        assert_eq!(choose(&signs("导出视频")).1, Why::Script);
    }

    #[test]
    fn chinese_characters_alone_are_japanese_where_the_person_is() {
        let japanese = Signs { locale: Some("ja"), ..signs("動画編集") };
        assert_eq!(choose(&japanese), (JA, Why::Script, Some(JA)));
        let before = Signs { last_detected: Some(&JA), locale: Some("en"), ..signs("字幕追加") };
        assert_eq!(choose(&before).0, JA);
        let chinese = Signs { text: "你们把这个视频剪短", ..japanese };
        assert_eq!(choose(&chinese).0, Language::known("zh-Hans"));
    }

    #[test]
    fn a_tied_vote_keeps_the_persons_kind_of_chinese() {
        assert_eq!(choose(&Signs { locale: Some("zh-TW"), ..signs("你好") }).0, HANT);
        assert_eq!(choose(&Signs { last_detected: Some(&HANT), locale: Some("zh-CN"), ..signs("你好") }).0, HANT);
    }
}
