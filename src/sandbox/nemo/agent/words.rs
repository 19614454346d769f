//! What the agent says. It writes Markdown, and it talks about panels and buttons that a chat does not have.

use super::wish::Form;

/// A language in which the agent can write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    English,
    Chinese,
    Spanish,
    Japanese,
}

use Language::{Chinese, English, Japanese, Spanish};

impl Language {
    /// By the script and a few words, else that of the session.
    pub(super) fn of(text: &str, session: &str) -> Self {
        let any = |from: char, to: char| text.chars().any(|c| (from..=to).contains(&c));
        let plain = text.to_lowercase();
        if any('\u{3040}', '\u{30ff}') {
            Japanese
        } else if any('\u{4e00}', '\u{9fff}') {
            Chinese
        } else if ["¿", "título", "vídeo", "etiqueta", "descripci", "música"].iter().any(|word| plain.contains(word))
        {
            Spanish
        } else if text.is_empty() && session.starts_with("zh") {
            Chinese
        } else {
            English
        }
    }

    /// The one that a request asks for by name.
    pub(super) fn named(plain: &str) -> Option<Self> {
        // In themselves, as the bot names them, and in the words of its users.
        const NAMES: [(&str, Language); 14] = [
            ("english", English),
            ("英语", English),
            ("英語", English),
            ("英文", English),
            ("in chinese", Chinese),
            ("in simplified chinese", Chinese),
            ("中文", Chinese),
            ("spanish", Spanish),
            ("español", Spanish),
            ("西班牙语", Spanish),
            ("in japanese", Japanese),
            ("日本語", Japanese),
            ("日语", Japanese),
            ("日文", Japanese),
        ];
        NAMES.iter().find(|(name, _)| plain.contains(name)).map(|(_, language)| *language)
    }
}

/// What a clip is about, out of its file name: `desk_lamp-demo.mp4` is about a "Desk Lamp Demo". Names that a camera
/// or a chat gave say nothing; then it is empty.
pub(super) fn subject(name: &str) -> String {
    const EMPTY: [&str; 10] =
        ["video", "clip", "file", "img", "mov", "vid", "document", "animation", "upload", "output"];
    const LONGEST: usize = 40;
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let words: Vec<&str> = stem.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let says = |word: &&str| {
        let plain = word.trim_end_matches(|c: char| c.is_ascii_digit()).to_lowercase();
        !plain.is_empty() && !EMPTY.contains(&plain.as_str())
    };
    if !words.iter().any(says) {
        return String::new();
    }
    let capital = |word: &&str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
    };
    let whole = words.iter().map(capital).collect::<Vec<_>>().join(" ");
    whole.chars().take(LONGEST).collect::<String>().trim_end().to_owned()
}

fn or_this(language: Language, subject: &str) -> String {
    let this = match language {
        English => "This Clip",
        Chinese => "这段视频",
        Spanish => "Este vídeo",
        Japanese => "この動画",
    };
    if subject.is_empty() { this.to_owned() } else { subject.to_owned() }
}

/// Titles, description and tags, each a text of its own; the last one talks about the editor.
pub(super) fn metadata(language: Language, form: &Form, subject: &str, replies: usize) -> Vec<String> {
    let about = or_this(language, subject);
    let closing = closing(language).to_owned();
    match form {
        Form::OneTitle(title, limit) => vec![one_title(language, title, *limit), closing],
        Form::TitlesOnly(count) => vec![titles(language, &about, replies + 1, *count), closing],
        Form::Shorter => vec![short(language, &about), closing],
        Form::Whole | Form::Chapters => {
            let chapters = if *form == Form::Chapters { chapters(language) } else { "" };
            let description = description(language, &about) + chapters;
            vec![titles(language, &about, replies, 3), description, tags(language, &about), closing]
        }
    }
}

/// Titles to choose from; `{}` is what the clip is about.
fn stock(language: Language) -> [&'static str; 9] {
    match language {
        English => [
            "{}: What Nobody Shows You",
            "I Filmed {} So You Can See Every Detail",
            "{} in Under a Minute, Start to Finish",
            "Watch This Before You Try {}",
            "{}, Up Close and Without a Script",
            "The Part of {} That Surprised Me",
            "{} Explained by Showing It",
            "One Take, One Idea: {}",
            "{}: Small Details, Big Difference",
        ],
        Chinese => [
            "一分钟看懂{}",
            "{}：没人告诉你的细节",
            "从头到尾拍下{}，一刀未剪",
            "看完这条再了解{}",
            "{}的三个小惊喜",
            "近距离看{}",
            "{}到底好在哪",
            "我为什么要拍{}",
            "{}：细节决定一切",
        ],
        Spanish => [
            "{}: lo que nadie te enseña",
            "{} en menos de un minuto",
            "Así es {}, de principio a fin",
            "Mira esto antes de probar {}",
            "{} de cerca y sin guion",
            "La parte de {} que me sorprendió",
            "{}, explicado con imágenes",
            "Una toma, una idea: {}",
            "{}: pequeños detalles",
        ],
        Japanese => [
            "1分でわかる{}",
            "{}を最初から最後まで見せます",
            "{}の意外なポイント",
            "始める前に見てほしい{}",
            "{}を近くで見てみた",
            "{}の細部にこだわる",
            "カットなしで撮った{}",
            "{}はここがすごい",
            "{}、そのまま全部",
        ],
    }
}

fn titles(language: Language, about: &str, replies: usize, count: usize) -> String {
    let stock = stock(language);
    let chosen = (0..count).map(|n| stock[(replies * 3 + n) % stock.len()].replace("{}", about));
    let head = match language {
        English => "## Titles\n".to_owned(),
        Chinese => format!("**标题（{count}个备选）**"),
        Spanish => "**Títulos sugeridos:**".to_owned(),
        Japanese => "■タイトル案".to_owned(),
    };
    let lines = chosen.enumerate().map(|(n, title)| match language {
        Spanish => format!("- {title}"),
        _ => format!("{}. {title}", n + 1),
    });
    [head].into_iter().chain(lines).collect::<Vec<_>>().join("\n")
}

fn description(language: Language, about: &str) -> String {
    match language {
        English => format!(
            "## Description\n\n{about}, filmed the way it really happens. Watch it from the first second to the \
             last, with nothing left out.\n\nYou'll see what it is, how it works and why the small details matter. \
             Tell me in the comments what you would like to see next."
        ),
        Chinese => format!(
            "**描述：**\n这条视频完整记录了{about}的过程，没有多余的剪辑。\n\n你会看到它是什么、怎么做到的，以及那些容易被忽略的小细节。\
             想看什么，评论区告诉我。"
        ),
        Spanish => format!(
            "**Descripción:**\n{about}, grabado tal como ocurre. Míralo desde el primer segundo hasta el último.\n\n\
             Verás qué es, cómo funciona y por qué importan los pequeños detalles."
        ),
        Japanese => format!(
            "■概要欄\n{about}をそのまま記録しました。最初の一秒から最後まで、細かいところにも注目してください。"
        ),
    }
}

/// The first is not at the start, which the sites that read chapters ask for.
fn chapters(language: Language) -> &'static str {
    match language {
        Chinese => "\n\n0:05 开场\n0:25 近景\n0:50 收尾",
        _ => "\n\n0:05 Opening\n0:25 Up close\n0:50 The end",
    }
}

fn tags(language: Language, about: &str) -> String {
    let about = about.to_lowercase();
    match language {
        English => format!("## Tags\n\n{about}, short video, close up, behind the scenes, how it works, one take"),
        Chinese => format!("**标签：** #{} #短视频 #记录 #细节 #一镜到底", about.replace(' ', "")),
        Spanish => format!("**Etiquetas:** {about}; vídeo corto; primer plano; detalles; paso a paso"),
        Japanese => format!("■タグ\n{about}，ショート動画，記録，ディテール"),
    }
}

fn short(language: Language, about: &str) -> String {
    match language {
        English => format!(
            "## Titles\n\n1. {about}\n2. {about} Up Close\n3. Meet {about}\n\n## Description\n\n{about}, start to finish."
        ),
        Chinese => format!("**标题**\n1. {about}\n2. 看懂{about}\n3. {about}实录\n\n**描述：**\n完整记录{about}。"),
        Spanish => {
            format!("**Títulos:**\n- {about}\n- {about} de cerca\n\n**Descripción:**\n{about}, de principio a fin.")
        }
        Japanese => format!("■タイトル案\n1. {about}\n2. {about}の記録\n\n■概要欄\n{about}の記録です。"),
    }
}

/// Cut behind a word.
fn one_title(language: Language, title: &str, limit: usize) -> String {
    let cut: String = title.chars().take(limit).collect();
    let cut = if cut.len() < title.len() { cut.rsplit_once(' ').map_or(cut.as_str(), |(head, _)| head) } else { &cut };
    match language {
        English => format!("**Title:** {cut}"),
        Chinese => format!("**标题：** {cut}"),
        Spanish => format!("**Título:** {cut}"),
        Japanese => format!("**タイトル：** {cut}"),
    }
}

fn closing(language: Language) -> &'static str {
    match language {
        English => {
            "Let me know if you'd like another set, or click the Export button when you're happy with the video."
        }
        Chinese => "如果满意，请点击“导出”按钮保存视频。",
        Spanish => "Haz clic en Exportar cuando quieras descargar el video.",
        Japanese => "よろしければ「書き出し」ボタンをクリックして保存してください。",
    }
}

/// The language of a line for which there are two versions.
fn pick(language: Language, english: impl Into<String>, chinese: impl Into<String>) -> String {
    if language == Chinese { chinese.into() } else { english.into() }
}

pub(super) fn looking(language: Language, clip: &str) -> String {
    pick(language, format!("Let me take a look at {clip} first."), format!("我先看一下 {clip}。"))
}

pub(super) fn looking_on(language: Language) -> String {
    pick(language, "I am looking at your clip.", "我正在看您的视频。")
}

pub(super) fn ask_for_clip(language: Language) -> String {
    pick(
        language,
        "I don't see any clips in this project yet. Please upload your video first: click the Upload button or drag \
         and drop it into the media panel, then tell me what you need.",
        "这个项目里还没有素材。请先点击上传按钮，或把视频拖拽到素材面板，然后告诉我您的需求。",
    )
}

pub(super) fn answer(language: Language) -> String {
    pick(
        language,
        "I can write titles, descriptions and tags for your video, add a title or music, trim it, or generate a new \
         clip. Concrete requests work best, for example \"generate titles, descriptions, and tags for my YouTube \
         video\".",
        "我可以为您的视频写标题、描述和标签，添加字幕标题或音乐，剪短视频，或者生成新的片段。需求越具体效果越好，例如“为我的YouTube视频生成标题、描述和标签”。",
    )
}

pub(super) fn starting(language: Language) -> String {
    pick(language, "On it.", "好的，马上处理。")
}

pub(super) fn screen_title(language: Language, subject: &str) -> String {
    or_this(language, subject)
}

pub(super) fn titled(language: Language, text: &str) -> String {
    pick(
        language,
        format!("Title added: \"{text}\" (white, top-center, 3s fade-in).\n\n{}", finished(language)),
        format!("已添加标题“{text}”（白色，顶部居中，3秒淡入）。\n\n{}", finished(language)),
    )
}

pub(super) fn scored(language: Language, name: &str) -> String {
    pick(
        language,
        format!("BGM added: '{name}' (piano), 35% volume, fade in/out.\n\n{}", finished(language)),
        format!("已添加背景音乐“{name}”（钢琴，音量35%，淡入淡出）。\n\n{}", finished(language)),
    )
}

pub(super) fn graded(language: Language, name: &str) -> String {
    pick(
        language,
        format!("Effect added: '{name}'. You can drag the slider in the effects panel to change its strength."),
        format!("已添加特效“{name}”。您可以在特效面板中拖动滑块调整强度。"),
    )
}

pub(super) fn trimmed(language: Language, seconds: u64) -> String {
    pick(
        language,
        format!("The video is now {seconds} seconds long. Preview it in the Timeline panel."),
        format!("视频现在长{seconds}秒。请在时间线面板中预览。"),
    )
}

pub(super) fn removed(language: Language) -> String {
    pick(
        language,
        "I removed the music, the title and the effects. Only the clip is left.",
        "已去掉音乐、标题和特效，只保留原片。",
    )
}

pub(super) fn generating(language: Language) -> String {
    pick(language, "I'll generate your video now. This may take a few minutes.", "开始生成视频，可能需要几分钟。")
}

pub(super) fn raw_ready(language: Language, subject: &str) -> String {
    pick(
        language,
        format!("The raw video is ready ({subject}, 10s). Adding a title and music."),
        format!("原始视频已生成（{subject}，10秒）。正在添加标题和音乐。"),
    )
}

pub(super) fn finished(language: Language) -> String {
    pick(
        language,
        "Your video is ready! Preview in Timeline panel or click Export to save it.",
        "视频已准备好！请在时间线面板预览，或点击“导出”保存。",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_says_what_the_clip_is_about() {
        assert_eq!(subject("desk_lamp-demo.mp4"), "Desk Lamp Demo");
        assert_eq!(subject("番茄.mov"), "番茄");
        for empty in ["video.mp4", "IMG_1234.MOV", "file_7.mp4", "clip 3.webm", ""] {
            assert_eq!(subject(empty), "", "{empty}");
        }
    }

    #[test]
    fn a_shortened_title_keeps_whole_words() {
        assert_eq!(one_title(English, "A very long title indeed", 12), "**Title:** A very long");
    }
}
