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
    /// The whole, with chapters that begin too late.
    Chapters,
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
const CHAPTERS: &[&str] = &["chapters", "章节", "章節"];
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
    } else if says(CHAPTERS) && says(TEXTS) {
        Wish::Metadata(Form::Chapters, Language::named(&plain))
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
mod tests;
