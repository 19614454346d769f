//! How spellings that mean the same become one.

use std::collections::HashMap;

use icu_normalizer::ComposingNormalizerBorrowed;

/// Folds spellings: compatibility forms, case, Traditional characters, forms of Arabic letters, marks of vowels.
#[derive(Debug, Default)]
pub(super) struct Fold {
    /// One character for another.
    pub(super) letters: HashMap<char, char>,
    /// A character for several.
    pub(super) alike: Vec<(String, String)>,
}

impl Fold {
    /// `text` folded, with one space between words and none at its ends.
    pub(super) fn fold(&self, text: &str) -> String {
        let text = ComposingNormalizerBorrowed::new_nfkc().normalize(text).to_lowercase();
        let mut folded: String = text
            .chars()
            .filter(|letter| !is_vocal_mark(*letter))
            .map(|letter| self.letters.get(&letter).copied().unwrap_or(letter))
            .collect();
        for (one, other) in &self.alike {
            if folded.contains(one.as_str()) {
                folded = folded.replace(one, other);
            }
        }
        folded.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// Arabic vowel marks and the stretching of letters.
const fn is_vocal_mark(letter: char) -> bool {
    matches!(letter, '\u{064B}'..='\u{0652}' | '\u{0640}')
}

/// Letters, digits, marks that combine with them, and what stands inside of words.
pub(super) fn is_word(letter: char) -> bool {
    letter.is_alphanumeric()
        || matches!(letter, '\'' | '_')
        || matches!(letter,
            '\u{0300}'..='\u{036F}' | '\u{0610}'..='\u{061A}' | '\u{064B}'..='\u{065F}' | '\u{0670}'
            | '\u{0900}'..='\u{0903}' | '\u{093A}'..='\u{094F}' | '\u{0951}'..='\u{0957}' | '\u{0962}'..='\u{0963}'
            | '\u{0E31}' | '\u{0E34}'..='\u{0E3A}' | '\u{0E47}'..='\u{0E4E}')
}

/// Scripts that put no spaces between words, and Korean, whose endings stick to them.
pub(super) const fn is_unspaced(letter: char) -> bool {
    matches!(letter,
        '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' | '\u{0E00}'..='\u{0E7F}')
}
