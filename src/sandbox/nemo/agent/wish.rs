//! What a message asks for, by its words. An agent would think; for a try-out a table is enough.

use super::words::Language;

/// Something that the agent can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// Titles, a description, tags; in another language if one is named.
    Metadata(Form, Option<Language>),
    /// Words on the picture.
    Title(Option<String>),
    Music,
    Effect,
    /// To this many seconds.
    Trim(u64),
    /// Music, title and effects go.
    Remove,
    Generate(String),
    Question,
}

/// What a metadata reply holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Whole,
    Shorter,
    /// So many titles and nothing else.
    TitlesOnly(usize),
    /// This title, within so many characters.
    OneTitle(String, usize),
}

impl Wish {
    pub(super) fn is_edit(&self) -> bool {
        matches!(self, Self::Title(_) | Self::Music | Self::Effect | Self::Trim(_) | Self::Remove)
    }

    pub(super) fn needs_clip(&self) -> bool {
        self.is_edit() || matches!(self, Self::Metadata(..))
    }
}

// Words of all languages in which the bot asks, and a few more.
const TITLE: &[&str] =
    &["title", "标题", "標題", "título", "タイトル", "titel", "titre", "titrage", "назван", "заголов", "제목"];
const TEXTS: &[&str] = &[
    "descri",
    "tags",
    "metadata",
    "caption",
    "seo",
    "描述",
    "标签",
    "標籤",
    "简介",
    "說明",
    "元数据",
    "etiqueta",
    "タグ",
    "概要",
    "説明文",
    "beschreib",
    "описан",
    "теги",
    "설명",
    "태그",
];
const PUT: &[&str] = &[
    "add ",
    "put ",
    "overlay",
    "use title",
    "show ",
    "加",
    "使用标题",
    "使用標題",
    "añad",
    "usa el título",
    "hinzuf",
    "nimm titel",
    "ajoute",
    "prends le titre",
    "adicion",
    "use o título",
    "добав",
    "возьми название",
    "넣",
    "사용해",
    "入れ",
    "使って",
];
const REMOVE: &[&str] = &[
    "remove",
    "delete",
    "去掉",
    "删除",
    "删掉",
    "移除",
    "quita",
    "entfern",
    "enlève",
    "remova",
    "убери",
    "없애",
    "取り除",
];
const MUSIC: &[&str] = &[
    "music",
    "bgm",
    "song",
    "soundtrack",
    "音乐",
    "配乐",
    "音樂",
    "música",
    "音楽",
    "musik",
    "musique",
    "музык",
    "음악",
];
const EFFECT: &[&str] = &[
    "effect",
    "filter",
    "color",
    "colour",
    "grain",
    "滤镜",
    "特效",
    "调色",
    "濾鏡",
    "efecto",
    "effekt",
    "effet",
    "эффект",
    "효과",
    "エフェクト",
];
const TRIM: &[&str] = &[
    "trim",
    "cut ",
    "shorten",
    "剪",
    "裁",
    "缩短",
    "縮短",
    "recorta",
    "カット",
    "kürze",
    "schneid",
    "raccourci",
    "acort",
    "encurt",
    "сократ",
    "обреж",
    "줄여",
    "잘라",
];
/// Of a clip it means its length, of titles and descriptions their words.
const SHORTER: &[&str] = &[
    "shorter",
    "短一点",
    "短一些",
    "短一點",
    "más corto",
    "kürze",
    "plus court",
    "raccourci",
    "mais curto",
    "короче",
    "짧게",
    "短く",
];
/// What comes before the words of a title.
const SAYS: [&str; 6] = ["that says ", "saying ", "which says ", "called ", "写着", "内容是"];
const SHORTEN_TITLE: &[&str] = &[
    "shorten title",
    "kürze titel",
    "raccourcis le titre",
    "acorta el título",
    "encurte o título",
    "сократи название",
    "이내로 줄여",
    "文字以内に短く",
];
/// The same in languages that put the number between the title and what becomes of it.
const THE_TITLE: &[&str] = &["把标题", "把標題"];
const CUT: &[&str] = &["缩短", "縮短"];
const MORE: &[&str] = &[
    "more titles",
    "再为这个视频写",
    "更多标题",
    "换一批标题",
    "再為這段影片寫",
    "換一批標題",
    "títulos más",
    "más títulos",
    "weitere titel",
    "mehr titel",
    "autres titres",
    "plus de titres",
    "mais cinco títulos",
    "mais títulos",
    "ещё пять названий",
    "ещё названия",
    "제목을 다섯 개 더",
    "제목 더",
    "あと5つ",
    "別のタイトル",
];
const GENERATE: &[&str] = &[
    "generate",
    "create",
    "make a",
    "make me",
    "生成",
    "制作",
    "產生",
    "genera",
    "作って",
    "erstell",
    "génère",
    "gere ",
    "сгенерируй",
    "만들어",
];

/// Reads a message.
pub(super) fn of(text: &str) -> Wish {
    let plain = text.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| plain.contains(word));
    let of_words = says(TITLE) || says(TEXTS);
    if says(REMOVE) {
        Wish::Remove
    } else if says(SHORTEN_TITLE) || says(THE_TITLE) && says(CUT) {
        // First which one, then how long it may be; the title itself may hold more numbers.
        let limit = numbers(&plain).nth(1).and_then(|limit| usize::try_from(limit).ok()).unwrap_or(60);
        Wish::Metadata(Form::OneTitle(quoted(text).unwrap_or_default(), limit), None)
    } else if says(MORE) {
        Wish::Metadata(Form::TitlesOnly(5), Language::named(&plain))
    } else if says(SHORTER) && of_words {
        Wish::Metadata(Form::Shorter, None)
    } else if says(PUT) && says(TITLE) && !says(TEXTS) {
        Wish::Title(quoted(text).or_else(|| said(text)))
    } else if of_words {
        Wish::Metadata(Form::Whole, Language::named(&plain))
    } else if says(MUSIC) {
        Wish::Music
    } else if says(EFFECT) {
        Wish::Effect
    } else if says(TRIM) || says(SHORTER) {
        Wish::Trim(numbers(&plain).next().filter(|seconds| *seconds > 0).unwrap_or(3))
    } else if says(GENERATE) {
        Wish::Generate(subject_of(text))
    } else {
        Wish::Question
    }
}

/// What a title is to say, without quotes: `add a title that says Urban Dreams`.
fn said(text: &str) -> Option<String> {
    let after = SAYS.iter().find_map(|says| text.split_once(says)).map(|(_, after)| after)?;
    let words = after.split(['.', ',', '!', '?', '\n', '。', '，', '！']).next().unwrap_or_default().trim();
    (!words.is_empty()).then(|| words.chars().take(120).collect())
}

/// The first text in quotation marks.
fn quoted(text: &str) -> Option<String> {
    const MARKS: [(char, char); 6] = [('"', '"'), ('„', '“'), ('“', '”'), ('「', '」'), ('«', '»'), ('\'', '\'')];
    MARKS.iter().find_map(|(open, close)| {
        let (_, after) = text.split_once(*open)?;
        let (inside, _) = after.split_once(*close)?;
        (!inside.trim().is_empty()).then(|| inside.trim().chars().take(120).collect())
    })
}

/// Whole numbers outside quotation marks come first to mind; a table is enough here.
fn numbers(text: &str) -> impl Iterator<Item = u64> {
    text.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok())
}

/// What is to be seen in a generated clip.
fn subject_of(text: &str) -> String {
    let after = [" of ", " about ", "生成", "关于", " de "]
        .iter()
        .find_map(|mark| text.split_once(mark).map(|(_, after)| after.trim()))
        .unwrap_or(text);
    let plain = after.trim_matches(|c: char| c.is_ascii_punctuation() || "。！".contains(c)).trim();
    let subject: String = plain.chars().take(60).collect();
    if subject.is_empty() { "city at night".to_owned() } else { subject }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wishes_of_the_try_out_are_understood() {
        let whole = |language| Wish::Metadata(Form::Whole, language);
        for (text, wish) in [
            ("generate titles, descriptions, and tags for my YouTube video", whole(None)),
            ("I uploaded a.mp4. Write three titles, a description and tags for it for YouTube.", whole(None)),
            ("我上传了 a.mp4。请为它写三个标题、一段描述和标签，用于YouTube。", whole(None)),
            ("Write the titles, the description and the tags in Spanish.", whole(Some(Language::Spanish))),
            ("用英语写标题、描述和标签。", whole(Some(Language::English))),
            ("Write five more titles for this video. Change nothing else.", Wish::Metadata(Form::TitlesOnly(5), None)),
            ("再为这个视频写五个标题，其他不要改。", Wish::Metadata(Form::TitlesOnly(5), None)),
            ("Make the titles and the description shorter.", Wish::Metadata(Form::Shorter, None)),
            (
                "Shorten title 2 to at most 60 characters: \"A very long one\"",
                Wish::Metadata(Form::OneTitle("A very long one".to_owned(), 60), None),
            ),
            ("Use title 2: \"Urban Dreams\"", Wish::Title(Some("Urban Dreams".to_owned()))),
            ("add a title", Wish::Title(None)),
            ("add a title that says Urban Dreams, please", Wish::Title(Some("Urban Dreams".to_owned()))),
            ("加个标题“你好”", Wish::Title(Some("你好".to_owned()))),
            ("add some music", Wish::Music),
            ("加点背景音乐", Wish::Music),
            ("trim it to 2 seconds", Wish::Trim(2)),
            ("剪到3秒", Wish::Trim(3)),
            ("Remove the music, title and effects that were added automatically. Keep the clip.", Wish::Remove),
            ("generate a video of a cat on a boat", Wish::Generate("a cat on a boat".to_owned())),
            ("make it shorter", Wish::Trim(3)),
            ("剪短一些", Wish::Trim(3)),
            ("hello", Wish::Question),
        ] {
            assert_eq!(of(text), wish, "{text}");
        }
    }

    /// A sentence of the bot as it is worded in a language.
    fn worded(messages: &str, key: &str) -> String {
        let line = messages.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "));
        line.unwrap_or_else(|| panic!("{key}")).to_owned()
    }

    #[test]
    fn what_the_bot_asks_and_suggests_is_understood_in_all_of_its_languages() {
        for folder in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/config/locales")).unwrap() {
            let folder = folder.unwrap();
            let messages = std::fs::read_to_string(folder.path().join("bot.ftl")).unwrap();
            let asked = |key: &str| {
                let filled = [("{$n}", "2"), ("{$max}", "60"), ("{$title}", "10 Ways"), ("{$platforms}", "YouTube")];
                let filled =
                    filled.into_iter().fold(worded(&messages, key), |text, (name, value)| text.replace(name, value));
                of(&filled.replace("{$name}", "desk lamp.mp4"))
            };
            for (key, wish) in [
                ("ask-meta", Wish::Metadata(Form::Whole, None)),
                ("ask-meta-clip", Wish::Metadata(Form::Whole, None)),
                ("example-3", Wish::Metadata(Form::Whole, None)),
                ("ask-more-titles", Wish::Metadata(Form::TitlesOnly(5), None)),
                ("ask-shorter", Wish::Metadata(Form::Shorter, None)),
                ("ask-shorten-title", Wish::Metadata(Form::OneTitle("10 Ways".to_owned(), 60), None)),
                ("ask-use-title", Wish::Title(Some("10 Ways".to_owned()))),
                ("ask-only-clip", Wish::Remove),
                ("next-title", Wish::Title(None)),
                ("next-music", Wish::Music),
                ("next-shorter", Wish::Trim(3)),
            ] {
                assert_eq!(asked(key), wish, "{key} in {:?}", folder.file_name());
            }
            let asks = worded(&messages, "ask-other-language");
            for (name, language) in [
                ("English", Language::English),
                ("简体中文", Language::Chinese),
                ("繁體中文", Language::Chinese),
                ("Español", Language::Spanish),
                ("日本語", Language::Japanese),
            ] {
                let wish = of(&asks.replace("{$language}", name));
                assert_eq!(wish, Wish::Metadata(Form::Whole, Some(language)), "{name} in {:?}", folder.file_name());
            }
        }
    }
}
