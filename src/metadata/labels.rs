//! The words that head a field, in the languages in which the agent writes.

use super::limits;

/// What a label announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Title,
    Description,
    Tags,
    Hashtags,
    Chapters,
    /// A known heading that is none of ours, such as a hint or a thumbnail.
    Other,
}

/// What the words of a label say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) field: Option<Field>,
    pub(super) platform: Option<&'static str>,
    pub(super) language: Option<&'static str>,
    /// The label word belongs to this language.
    pub(super) spoken: Option<&'static str>,
    /// The label may as well head something else: a summary of an edit, say.
    pub(super) weak: bool,
}

/// No label is longer; it keeps the work on a line small.
const LONGEST_HEAD: usize = 160;
/// Words around a label that are taken off, one after the other.
const MOST_WORDS: usize = 8;

use Field::{Chapters, Description, Hashtags, Other, Tags, Title};

#[rustfmt::skip]
const LABELS: &[(Field, &str, &[&str])] = &[
    (Title, "en", &["title", "titles", "headline", "headlines"]),
    (Title, "zh", &["标题", "標題", "题目", "題目"]),
    (Title, "ja", &["タイトル", "題名"]),
    (Title, "es", &["títulos", "titulos"]),
    (Title, "", &["título", "titulo"]),
    (Title, "fr", &["titre", "titres"]),
    (Title, "de", &["titel"]),
    (Title, "ru", &["название", "названия", "заголовок", "заголовки"]),
    (Title, "ko", &["제목"]), (Title, "hi", &["शीर्षक"]), (Title, "ar", &["العنوان", "العناوين", "عنوان", "عناوين"]),
    (Title, "it", &["titolo", "titoli"]), (Title, "tr", &["başlık", "başlıklar"]), (Title, "vi", &["tiêu đề"]),
    (Title, "id", &["judul"]), (Title, "th", &["ชื่อเรื่อง", "ชื่อวิดีโอ"]), (Title, "pl", &["tytuł", "tytuły"]),
    (Title, "uk", &["назва", "назви"]),
    (Description, "en", &["description", "descriptions", "long description", "full description", "caption", "captions",
        "body", "copy", "post copy", "post text"]),
    (Description, "zh", &["描述", "说明", "简介", "簡介", "正文", "文案", "视频介绍", "介绍"]),
    (Description, "ja", &["概要", "概要欄", "説明", "説明文", "說明", "キャプション"]),
    (Description, "es", &["descripción", "descripcion"]), (Description, "pt", &["descrição", "descricao", "legenda"]),
    (Description, "fr", &["description", "légende"]), (Description, "de", &["beschreibung", "videobeschreibung"]),
    (Description, "ru", &["описание", "подпись"]), (Description, "ko", &["설명", "설명란", "캡션"]),
    (Description, "hi", &["विवरण"]), (Description, "ar", &["الوصف", "وصف"]),
    (Description, "it", &["descrizione"]), (Description, "tr", &["açıklama"]), (Description, "vi", &["mô tả"]),
    (Description, "id", &["deskripsi"]), (Description, "th", &["คำอธิบาย"]), (Description, "pl", &["opis"]),
    (Description, "nl", &["beschrijving"]), (Description, "uk", &["опис"]),
    (Tags, "en", &["tag", "tags", "keyword", "keywords"]),
    (Tags, "zh", &["标签", "標籤", "关键词", "關鍵詞", "关键字"]), (Tags, "ja", &["タグ", "キーワード"]),
    (Tags, "es", &["etiquetas", "palabras clave"]), (Tags, "pt", &["palavras-chave", "palavras chave"]),
    (Tags, "fr", &["mots-clés", "mots clés", "étiquettes"]), (Tags, "de", &["schlagwörter", "schlagworte", "stichwörter"]),
    (Tags, "ru", &["теги", "тэги", "ключевые слова"]), (Tags, "ko", &["태그", "키워드"]), (Tags, "hi", &["टैग", "टैग्स"]),
    (Tags, "ar", &["الوسوم", "وسوم", "الكلمات المفتاحية"]), (Tags, "it", &["etichette", "parole chiave"]),
    (Tags, "tr", &["etiketler"]), (Tags, "vi", &["thẻ", "từ khóa"]), (Tags, "id", &["kata kunci"]),
    (Tags, "th", &["แท็ก"]), (Tags, "pl", &["tagi", "słowa kluczowe"]), (Tags, "uk", &["теги"]),
    (Hashtags, "en", &["hashtag", "hashtags"]), (Hashtags, "zh", &["话题", "話題", "话题标签", "主题标签"]),
    (Hashtags, "ja", &["ハッシュタグ"]), (Hashtags, "ko", &["해시태그"]), (Hashtags, "ru", &["хештеги", "хэштеги"]),
    (Hashtags, "hi", &["हैशटैग"]), (Hashtags, "ar", &["الهاشتاغات", "هاشتاغ", "الهاشتاقات"]), (Hashtags, "th", &["แฮชแท็ก"]),
    (Chapters, "en", &["chapter", "chapters", "timestamp", "timestamps", "video chapters", "chapter markers"]),
    (Chapters, "zh", &["章节", "章節", "时间戳", "时间轴章节"]), (Chapters, "ja", &["チャプター", "目次"]),
    (Chapters, "es", &["capítulos", "capitulos"]), (Chapters, "fr", &["chapitres"]), (Chapters, "de", &["kapitel"]),
    (Chapters, "ru", &["главы", "таймкоды", "тайм-коды"]), (Chapters, "ko", &["챕터", "타임스탬프"]), (Chapters, "it", &["capitoli"]),
    (Chapters, "hi", &["अध्याय"]), (Chapters, "ar", &["الفصول"]),
    (Other, "", &["thumbnail", "thumbnail text", "thumbnail idea", "thumbnail ideas", "tip", "tips", "pro tip", "note", "notes",
        "why", "why it works", "why this works", "why these work", "rationale", "strategy", "category", "audience", "target audience", "hook", "hooks",
        "next step", "next steps", "language", "visibility", "playlist", "music", "pinned comment",
        "封面", "封面文案", "封面文字", "封面建议", "提示", "小提示", "小贴士", "备注", "注意", "分类", "分区", "发布建议", "建议",
        "サムネイル", "サムネイル案", "補足", "メモ", "注意点", "ポイント", "カテゴリ", "consejo", "nota", "categoría", "miniatura", "dica", "hinweis", "tipp",
        "conseil", "miniature", "совет", "примечание", "обложка", "참고", "썸네일", "팁"]),
];

/// Words in which a whole label may only be meant as one when more speaks for it.
const WEAK: &[&str] = &[
    "summary",
    "overview",
    "video summary",
    "概述",
    "摘要",
    "总结",
    "résumé",
    "resumen",
    "resumo",
    "zusammenfassung",
    "要約",
];

#[rustfmt::skip]
const BEFORE: &[&str] = &[
    "suggested", "recommended", "seo-optimized", "seo", "video", "best", "final", "optimized", "optimised", "alternative", "alternate", "new", "main",
    "viral", "catchy", "proposed", "the", "your", "for", "primary", "search", "more", "top", "post", "clickable", "updated", "revised",
    "推荐", "建议", "视频", "備選", "备选", "优化", "最终", "新", "爆款", "热门", "おすすめ", "動画", "推奨", "候选", "主", "副", "长", "精选",
    "推薦", "影片", "추천", "동영상", "영상", "vorgeschlagene", "empfohlene", "предлагаемые", "варианты", "सुझाए गए", "वीडियो",
    "propuestas de", "propositions de", "opciones de", "sugestões de", "sugerencias de", "idées de", "ideas de", "ideias de", "opções de",
    "video-", "youtube-", "اقتراحات", "وصف", "suggestions de", "proposte di", "usulan", "варианты названия",
];

#[rustfmt::skip]
const AFTER: &[&str] = &[
    "options", "option", "ideas", "idea", "suggestions", "suggestion", "list", "candidates", "variants", "alternatives", "choices", "text", "line",
    "个备选", "备选", "个选项", "选项", "方案", "建议", "推荐", "列表", "候选", "候補", "案", "一覧", "例", "個備選", "備選", "文案", "文", "欄",
    "sugeridos", "sugeridas", "sugerido", "sugerida", "propuestos", "propuestas", "recomendados", "recomendadas", "recomendado",
    "proposés", "proposé", "suggérés", "recommandés", "suggeriti", "optimizada", "otimizada", "-ideen", "vorschläge", "-vorschläge", "ideen", "optionen", "-optionen",
    "후보", "추천", "옵션", "목록", "안", "विकल्प", "सुझाव", "المقترحة", "المقترح", "المقترحه", "на выбор", "del video", "do vídeo", "de la vidéo", "видео", "для youtube",
    "metadata", "package", "version", "upload", "post", "版", "元数据", "版本",
    "for", "para", "pour", "für", "para youtube", "sur", "-", "–", "—", "·", "：", ":", "个", "copy-paste", "ready to paste",
];

const LANGUAGES: &[(&str, &[&str])] = &[
    (
        "zh",
        &[
            "中文",
            "简体中文",
            "繁體中文",
            "中文版",
            "汉语",
            "chinese",
            "simplified chinese",
            "中",
            "zh",
            "chinese version",
            "mandarin",
        ],
    ),
    (
        "en",
        &[
            "english",
            "英文",
            "英语",
            "英語",
            "英文版",
            "en",
            "inglés",
            "english version",
            "anglais",
            "englisch",
            "inglês",
            "영어",
            "английский",
            "英",
        ],
    ),
    ("ja", &["日本語", "日语", "日文", "japanese", "ja", "jp"]),
    ("es", &["español", "spanish", "西班牙语", "es", "espanol"]),
    ("pt", &["português", "portuguese", "pt", "portugués", "português (brasil)"]),
    ("fr", &["français", "french", "法语", "fr"]),
    ("de", &["deutsch", "german", "德语", "de"]),
    ("ko", &["한국어", "korean", "韩语", "韩文", "ko", "국문"]),
    ("ru", &["русский", "russian", "俄语", "ru"]),
    ("it", &["italiano", "italian", "it"]),
    ("hi", &["हिन्दी", "हिंदी", "hindi", "hi"]),
    ("ar", &["العربية", "arabic", "ar"]),
    ("th", &["ไทย", "thai", "th"]),
    ("vi", &["tiếng việt", "vietnamese", "vi"]),
    ("id", &["bahasa indonesia", "indonesian", "id"]),
];

/// The language that `word` names. Two letters alone are too little in a text, so they count only where `codes`.
pub(super) fn language(word: &str, codes: bool) -> Option<&'static str> {
    let word = word.trim();
    LANGUAGES.iter().find(|(_, names)| names.contains(&word)).map(|(tag, _)| *tag).filter(|_| codes || word.len() > 3)
}

/// What `head`, the part of a line before its colon, announces.
pub(super) fn read(head: &str) -> Option<Head> {
    if head.len() > LONGEST_HEAD {
        return None;
    }
    let lower = head.to_lowercase();
    let lower = lower.trim_matches(edge);
    if lower.is_empty() {
        return None;
    }
    // A platform may hold a slash or brackets of its own.
    if let Some(platform) = limits::platform(lower) {
        return Some(Head { platform: Some(platform), ..Head::default() });
    }
    let (outside, inside) = brackets(lower);
    let mut found = Head::default();
    let mut parts = 0;
    let mut matched = 0;
    for part in outside.split(['/', '|', '&', '+', '／', '｜', '与', '和']) {
        let part = part.trim_matches(edge);
        if part.is_empty() {
            continue;
        }
        parts += 1;
        if let Some(head) = phrase(part) {
            matched += 1;
            merge(&mut found, head);
        }
    }
    // One part of a bilingual label suffices; a longer sentence with a slash in it is none.
    if matched == 0 || parts > 4 || (parts > matched && outside.chars().count() > 40) {
        return None;
    }
    for remark in inside {
        let remark = remark.trim_matches(edge);
        let remark = remark.strip_prefix("for ").unwrap_or(remark);
        found.platform = found.platform.or_else(|| limits::platform(remark));
        found.language = found.language.or_else(|| language(remark, true));
        if let Some(head) = phrase(remark)
            && found.field.is_none()
        {
            let weak = found.weak;
            merge(&mut found, Head { weak, ..head });
        }
    }
    Some(found)
}

fn merge(found: &mut Head, head: Head) {
    found.field = found.field.or(head.field);
    found.platform = found.platform.or(head.platform);
    // A label in two languages speaks neither alone.
    if head.spoken.is_some() {
        found.spoken = if found.spoken.is_none() || found.spoken == head.spoken { head.spoken } else { Some("") };
    }
    found.language = found.language.or(head.language);
    found.weak |= head.weak;
}

/// Text outside of brackets, and what stands inside them.
fn brackets(text: &str) -> (String, Vec<&str>) {
    let (mut outside, mut inside, mut from, mut depth) = (String::new(), Vec::new(), 0, 0_usize);
    for (at, c) in text.char_indices() {
        match c {
            '(' | '（' | '[' => {
                if depth == 0 {
                    outside.push_str(&text[from..at]);
                    outside.push(' ');
                    from = at + c.len_utf8();
                }
                depth += 1;
            }
            ')' | '）' | ']' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    inside.push(&text[from..at]);
                    from = at + c.len_utf8();
                }
            }
            _ => {}
        }
    }
    if depth == 0 {
        outside.push_str(&text[from..]);
    } else {
        inside.push(&text[from..]);
    }
    (outside, inside)
}

/// One part of a label: a label word with words around it that change nothing.
fn phrase(part: &str) -> Option<Head> {
    let mut rest = part.trim_matches(edge);
    let mut found = Head::default();
    for _ in 0..MOST_WORDS {
        if rest.is_empty() {
            return (found.platform.is_some() || found.language.is_some()).then_some(found);
        }
        if matches!(rest, "short description" | "shorts description" | "短描述" | "短简介") {
            found.field = Some(Description);
            found.platform = found.platform.or(Some("youtube_shorts"));
            return Some(found);
        }
        if let Some((field, spoken, _)) = LABELS.iter().find(|(_, _, words)| words.contains(&rest)) {
            found.field = Some(*field);
            found.spoken = (!spoken.is_empty()).then_some(*spoken);
            return Some(found);
        }
        if WEAK.contains(&rest) {
            found.field = Some(Description);
            found.weak = true;
            return Some(found);
        }
        if let Some(platform) = limits::platform(rest) {
            found.platform = found.platform.or(Some(platform));
            return Some(found);
        }
        if let Some(tag) = language(rest, false) {
            found.language = Some(tag);
            return Some(found);
        }
        rest = shorter(rest, &mut found)?;
    }
    None
}

/// `rest` without one word at its edge.
fn shorter<'a>(rest: &'a str, found: &mut Head) -> Option<&'a str> {
    let digits = rest.trim_matches(|c: char| c.is_ascii_digit() || edge(c) || ".、#".contains(c));
    if digits.len() < rest.len() && !digits.is_empty() {
        return Some(digits);
    }
    if let Some(short) = BEFORE.iter().find_map(|word| after(rest, word)) {
        return Some(short);
    }
    if let Some(short) = AFTER.iter().find_map(|word| before(rest, word)) {
        return Some(short);
    }
    for (key, word) in limits::says() {
        if let Some(short) = after(rest, word).or_else(|| before(rest, word)).filter(|_| word.len() > 1) {
            found.platform = found.platform.or(Some(key));
            return Some(short);
        }
    }
    for (tag, words) in LANGUAGES {
        for word in words.iter().filter(|word| word.len() > 3 || **word == "中" || **word == "英") {
            if let Some(short) = after(rest, word).or_else(|| before(rest, word)) {
                found.language = Some(tag);
                return Some(short);
            }
        }
    }
    // "Option A: …" as a label of titles is told by its list mark; a counter letter at the end goes.
    let (short, last) = rest.rsplit_once(' ')?;
    (last.len() == 1 && last.chars().all(|c| c.is_ascii_alphabetic())).then_some(short)
}

/// What follows `word`, where a word ends there: scripts without spaces need none.
fn after<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let rest = text.strip_prefix(word)?;
    let open = !word.is_ascii() && !spaced(word) || word.ends_with('-') || rest.starts_with([' ', '-', '\'']);
    let rest = rest.trim_start_matches(|c| edge(c) || c == '\'').trim_start_matches("s ");
    (open && !rest.is_empty()).then_some(rest)
}

fn before<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let rest = text.strip_suffix(word)?;
    let open = !spaced(word) || word.starts_with('-') || rest.ends_with([' ', '-']);
    let rest = rest.trim_end_matches(edge);
    (open && !rest.is_empty()).then_some(rest)
}

/// Whether words of this script stand apart.
fn spaced(word: &str) -> bool {
    word.chars().any(|c| c.is_alphabetic() && (c as u32) < 0x0e00)
}

fn edge(c: char) -> bool {
    c.is_whitespace() || "*_#`-–—.,·~:：\"“”「」【】>•’".contains(c) || super::line::is_sign(c)
}

/// Whether the word alone names another heading that is none of ours.
pub(super) fn is_other(head: &Head) -> bool {
    head.field == Some(Other)
}
