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

const TITLE: [&str; 5] = ["title", "标题", "標題", "título", "タイトル"];
const TEXTS: [&str; 13] = [
    "descri",
    "tags",
    "metadata",
    "caption",
    "seo",
    "描述",
    "标签",
    "標籤",
    "简介",
    "元数据",
    "etiqueta",
    "タグ",
    "概要",
];
const CHAPTERS: [&str; 3] = ["chapters", "章节", "章節"];
const PUT: [&str; 8] = ["add ", "put ", "overlay", "use title", "show ", "加", "使用标题", "añade"];
const REMOVE: [&str; 6] = ["remove", "delete", "去掉", "删除", "删掉", "quita"];
const MUSIC: [&str; 9] = ["music", "bgm", "song", "soundtrack", "音乐", "配乐", "音樂", "música", "音楽"];
const EFFECT: [&str; 9] = ["effect", "filter", "color", "colour", "grain", "滤镜", "特效", "调色", "efecto"];
const TRIM: [&str; 8] = ["trim", "cut ", "shorten", "剪", "裁", "缩短", "recorta", "カット"];
const SHORTER: [&str; 3] = ["shorter", "短一点", "短一些"];
/// What comes before the words of a title.
const SAYS: [&str; 6] = ["that says ", "saying ", "which says ", "called ", "写着", "内容是"];
const SHORTEN_TITLE: [&str; 2] = ["shorten title", "把标题"];
const MORE: [&str; 4] = ["more titles", "再为这个视频写", "更多标题", "换一批标题"];
const GENERATE: [&str; 8] = ["generate", "create", "make a", "make me", "生成", "制作", "genera", "作って"];

/// Reads a message.
pub(super) fn of(text: &str) -> Wish {
    let plain = text.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| plain.contains(word));
    if says(&REMOVE) {
        Wish::Remove
    } else if says(&SHORTEN_TITLE) && says(&TRIM) {
        let limit = numbers(&plain).last().and_then(|limit| usize::try_from(limit).ok()).unwrap_or(60);
        Wish::Metadata(Form::OneTitle(quoted(text).unwrap_or_default(), limit), None)
    } else if says(&MORE) {
        Wish::Metadata(Form::TitlesOnly(5), Language::named(&plain))
    } else if says(&SHORTER) {
        Wish::Metadata(Form::Shorter, None)
    } else if says(&PUT) && says(&TITLE) && !says(&TEXTS) {
        Wish::Title(quoted(text).or_else(|| said(text)))
    } else if says(&CHAPTERS) && says(&TEXTS) {
        Wish::Metadata(Form::Chapters, Language::named(&plain))
    } else if says(&TITLE) || says(&TEXTS) {
        Wish::Metadata(Form::Whole, Language::named(&plain))
    } else if says(&MUSIC) {
        Wish::Music
    } else if says(&EFFECT) {
        Wish::Effect
    } else if says(&TRIM) {
        Wish::Trim(numbers(&plain).next().filter(|seconds| *seconds > 0).unwrap_or(3))
    } else if says(&GENERATE) {
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
    const MARKS: [(char, char); 5] = [('"', '"'), ('“', '”'), ('「', '」'), ('«', '»'), ('\'', '\'')];
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
            ("write titles, a description with chapters and tags", Wish::Metadata(Form::Chapters, None)),
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
            ("hello", Wish::Question),
        ] {
            assert_eq!(of(text), wish, "{text}");
        }
    }
}
