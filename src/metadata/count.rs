//! Counting as each platform counts. A length that the agent states is never trusted.

use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use super::limits::Unit;

/// `text` in one unit; lists have [`tags`].
pub fn text(unit: Unit, text: &str) -> usize {
    match unit {
        Unit::Utf16 => utf16(text),
        Unit::Utf8 => text.len(),
        Unit::Items => usize::from(!text.trim().is_empty()),
        Unit::YoutubeTags => tags(&[text.to_owned()]),
        Unit::XWeighted => x_weighted(text),
        Unit::Xiaohongshu => xiaohongshu(text),
    }
}

/// UTF-16 code units.
pub fn utf16(text: &str) -> usize {
    text.encode_utf16().count()
}

/// All tags as YouTube counts them: quotes around those with a space, commas between.
pub fn tags(tags: &[String]) -> usize {
    let each = tags.iter().map(|tag| utf16(tag) + if tag.contains(' ') { 2 } else { 0 });
    each.sum::<usize>() + tags.len().saturating_sub(1)
}

/// ASCII units count half.
pub fn xiaohongshu(text: &str) -> usize {
    text.encode_utf16().map(|unit| if unit < 128 { 1 } else { 2 }).sum::<usize>().div_ceil(2)
}

/// What a link counts on X, whatever its length.
const X_LINK: usize = 23;
/// What an emoji sequence counts on X.
const X_EMOJI: usize = 2;

static LINK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    // A bare domain becomes a link too; endings that X knows and people write.
    Regex::new(
        r#"(?i)https?://[^\s<>"，。、！？）】」]+|\b(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:com|org|net|io|co|tv|me|app|dev|ai|cn|jp|de|fr|es|ru|uk|br|kr|in|info|gg|ly|be|us|eu)\b(?:/[^\s<>"，。、！？）】」]*)?"#,
    )
    .ok()
});
static EMOJI: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\p{Emoji_Presentation}|\p{Extended_Pictographic}\x{fe0f}|\p{Extended_Pictographic}\x{200d}|\x{20e3}|\p{Extended_Pictographic}\p{Emoji_Modifier}").ok()
});

/// As X counts a post.
pub fn x_weighted(text: &str) -> usize {
    let text: String = text.nfc().collect();
    let (mut sum, mut from) = (0, 0);
    for link in LINK.iter().flat_map(|link| link.find_iter(&text)) {
        sum += weight(&text[from..link.start()]);
        let bare = !link.as_str().get(..4).is_some_and(|head| head.eq_ignore_ascii_case("http"));
        sum += if bare { X_LINK.max(weight(link.as_str())) } else { X_LINK };
        from = link.end();
    }
    sum + weight(&text[from..])
}

fn weight(text: &str) -> usize {
    text.graphemes(true)
        .map(|grapheme| {
            if !grapheme.is_ascii() && is_emoji(grapheme) {
                X_EMOJI
            } else {
                grapheme.chars().map(|c| if is_light(c) { 1 } else { 2 }).sum()
            }
        })
        .sum()
}

/// Whether the grapheme is shown as a picture.
pub fn is_emoji(grapheme: &str) -> bool {
    EMOJI.as_ref().is_some_and(|emoji| emoji.is_match(grapheme))
}

fn is_light(c: char) -> bool {
    matches!(c as u32, 0..=4351 | 8192..=8205 | 8208..=8223 | 8242..=8247)
}
