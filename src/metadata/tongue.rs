//! The language of a result.

use whatlang::{Detector, Lang};

/// Letters that are looked at.
const LOOKED_AT: usize = 4000;

#[rustfmt::skip]
const WORDS: &[(&str, &[&str])] = &[
    ("en", &["the", "and", "of", "to", "in", "you", "your", "is", "with", "how", "for", "this", "my", "on", "from", "it", "that", "are", "every", "what", "one"]),
    ("es", &["el", "la", "los", "las", "y", "en", "con", "para", "una", "un", "mi", "del", "por", "más", "cómo", "sin", "qué", "que", "de", "tu", "es", "al"]),
    ("pt", &["o", "os", "e", "em", "com", "para", "uma", "um", "meu", "minha", "do", "da", "não", "mais", "como", "sem", "que", "de", "no", "na", "você", "seu"]),
    ("fr", &["le", "les", "et", "des", "dans", "pour", "une", "un", "mon", "ma", "du", "sans", "avec", "est", "sur", "comment", "en", "de", "la", "que", "votre", "vous", "à"]),
    ("de", &["der", "die", "das", "und", "ein", "eine", "mit", "für", "ist", "im", "ohne", "von", "zu", "den", "auf", "so", "nicht", "mein", "wie", "in", "dein"]),
    ("it", &["il", "lo", "gli", "e", "di", "con", "per", "una", "un", "mio", "del", "della", "senza", "come", "che", "in", "la", "più", "è", "i"]),
    ("nl", &["de", "het", "een", "en", "van", "met", "voor", "is", "op", "zonder", "hoe", "je", "niet", "mijn", "in", "zo"]),
    ("pl", &["i", "w", "na", "z", "do", "jak", "bez", "nie", "się", "jest", "dla", "o", "to", "mój"]),
    ("tr", &["ve", "bir", "için", "ile", "bu", "nasıl", "en", "da", "de", "çok", "mi"]),
    ("vi", &["và", "của", "một", "cho", "không", "với", "trong", "là", "cách", "những"]),
    ("id", &["dan", "yang", "di", "untuk", "dengan", "cara", "ini", "dari", "tanpa", "ke", "tidak"]),
];

/// Primary tag of `text`, where `label` is the language of the labels around it.
pub(super) fn of(text: &str, label: Option<&'static str>) -> &'static str {
    let text: String = text.chars().take(LOOKED_AT).collect();
    let mut counts = [0_usize; 8];
    for c in text.chars() {
        let at = match c as u32 {
            0x3041..=0x30ff => 0,
            0xac00..=0xd7af | 0x1100..=0x11ff => 1,
            0x3400..=0x9fff | 0x20000..=0x3ffff => 2,
            0x0900..=0x097f => 3,
            0x0600..=0x06ff => 4,
            0x0e00..=0x0e7f => 5,
            0x0400..=0x04ff => 6,
            _ if c.is_alphabetic() => 7,
            _ => continue,
        };
        counts[at] += 1;
    }
    let [kana, hangul, han, devanagari, arabic, thai, cyrillic, latin] = counts;
    // A letter of these scripts says about three times as much as a Latin one.
    let cjk = kana + hangul + han;
    if cjk * 3 >= latin && cjk > 0 {
        return if kana * 8 >= han && kana > hangul {
            "ja"
        } else if hangul > han {
            "ko"
        } else {
            "zh"
        };
    }
    for (count, tag) in [(devanagari, "hi"), (arabic, "ar"), (thai, "th"), (cyrillic, "ru")] {
        if count * 2 > latin && count > 0 {
            return if tag == "ru" && text.contains(['і', 'ї', 'є', 'ґ']) { "uk" } else { tag };
        }
    }
    latin_tongue(&text, label)
}

fn latin_tongue(text: &str, label: Option<&'static str>) -> &'static str {
    let lower = text.to_lowercase();
    let mut scores = [0_usize; 11];
    for word in lower.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
        for (score, (_, words)) in scores.iter_mut().zip(WORDS) {
            *score += usize::from(words.contains(&word));
        }
    }
    let best = scores.iter().copied().max().unwrap_or_default();
    let leaders: Vec<&str> =
        scores.iter().zip(WORDS).filter(|(score, _)| **score == best && best > 0).map(|(_, (tag, _))| *tag).collect();
    if let [leader] = leaders[..] {
        return WORDS.iter().find(|(tag, _)| *tag == leader).map_or("en", |(tag, _)| *tag);
    }
    if let Some(label) = label.filter(|label| leaders.contains(label) || leaders.is_empty()) {
        return label;
    }
    let of = [
        Lang::Eng,
        Lang::Spa,
        Lang::Por,
        Lang::Fra,
        Lang::Deu,
        Lang::Ita,
        Lang::Nld,
        Lang::Pol,
        Lang::Tur,
        Lang::Vie,
        Lang::Ind,
    ];
    let tags = ["en", "es", "pt", "fr", "de", "it", "nl", "pl", "tr", "vi", "id"];
    Detector::with_allowlist(of.to_vec())
        .detect(text)
        .filter(whatlang::Info::is_reliable)
        .and_then(|info| of.iter().position(|lang| *lang == info.lang()))
        .and_then(|at| tags.get(at).copied())
        .unwrap_or("en")
}
