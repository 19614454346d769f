//! A small statistical judge for what the table leaves open: multinomial logistic regression over hashed pieces of the
//! message and what the table found in it. Its weights (`config/intents.model`) come from `scripts/train-intents`; a
//! test holds that they are what training gives.
//!
//! It only ever speaks after the table has found neither a command nor a negation, and only a message without a
//! quotation, a parameter of an edit or a piece of text reaches it (the list `agent` of the table).

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

use super::Intent;
use super::normal::{is_unspaced, is_word};
use super::scan::Scan;
use super::table::{Class, List, TABLE};

/// What it tells apart; the order of the weights.
pub(super) const CLASSES: [Intent; 7] =
    [Intent::Chat, Intent::Export, Intent::Credits, Intent::Status, Intent::Upload, Intent::New, Intent::Help];

/// Places for pieces. Twice as many change no figure by more than a row; the weights stay below 230 KB.
pub(super) const BUCKETS: usize = 1 << 15;
/// A weight is kept in steps of this, as one byte.
pub(super) const STEP: f32 = 1.0 / 8.0;
/// How much a finding of the table counts beside the pieces, which have length 1 together.
const FINDING: f32 = 0.3;

/// How many bits tell which residue is known; the bytes follow the weights. Each of some thousand words sets two, so a
/// word that was never met finds both set once in thousands.
pub(super) const KNOWN_BITS: usize = 1 << 18;

static MODEL: &[u8] = include_bytes!("../../config/intents.model");

/// The numbers that are not zero: where, and how much. Sorted, each place once.
pub(super) type Features = Vec<(usize, f32)>;

/// How sure it has to be of a command. Chosen by cross-validation (`docs/decisions.md`): a wrong export costs most.
pub(super) fn threshold(intent: Intent) -> f32 {
    match intent {
        Intent::Export => 0.95,
        Intent::New | Intent::Help => 0.93,
        Intent::Status => 0.90,
        _ => 0.85,
    }
}

/// The likeliest command or chat, and its probability.
pub(super) fn judge(text: &str, scan: &Scan) -> (Intent, f32) {
    judge_by(MODEL, text, scan)
}

/// The same, by the bytes of `model`.
pub(super) fn judge_by(model: &[u8], text: &str, scan: &Scan) -> (Intent, f32) {
    let known = |name| is_known(model.get(BUCKETS * CLASSES.len()..).unwrap_or_default(), name);
    if is_strange(scan, known) {
        return (Intent::Chat, 1.0);
    }
    let features = features(text, scan, known);
    likeliest(&probabilities(&features, |at| model.get(at).map_or(0.0, |byte| f32::from(byte.cast_signed()) * STEP)))
}

/// Whether there is nothing to judge by: another script than those of the training, a "yes" or "fine" by itself, or an
/// export of the table beside residue that was never met ("export" and a foreign word are the agent's).
fn is_strange(scan: &Scan, known: impl Fn(usize) -> bool) -> bool {
    if scan.whole.chars().any(|letter| letter.is_alphabetic() && !is_trained(letter)) {
        return true;
    }
    let residue = residue(scan);
    if residue.is_empty() {
        return scan.tokens.len() <= 1;
    }
    scan.tokens.iter().any(|token| token.class == Some(Class::Export)) && !residue.into_iter().any(known)
}

/// Latin, Cyrillic, Chinese, Japanese, Korean.
const fn is_trained(letter: char) -> bool {
    let thai = matches!(letter, '\u{0E00}'..='\u{0E7F}');
    matches!(letter, '\0'..='\u{024F}' | '\u{0400}'..='\u{04FF}' | '々') || is_unspaced(letter) && !thai
}

/// Whether the residue of this name was in several rows of the training.
pub(super) fn is_known(bits: &[u8], name: usize) -> bool {
    places_of(name).into_iter().all(|bit| bits.get(bit / 8).is_some_and(|byte| byte >> (bit % 8) & 1 == 1))
}

/// Where a name stands among the known.
pub(super) fn places_of(name: usize) -> [usize; 2] {
    // The golden ratio spreads what the first place left of the name.
    [name % KNOWN_BITS, (name.wrapping_mul(0x9e37_79b1) & 0xffff_ffff) >> 14]
}

/// The names of a message's residue: its words, and the pairs of letters of unspaced scripts.
pub(super) fn residue(scan: &Scan) -> Vec<usize> {
    let mut names = Vec::new();
    let mut before = "";
    for token in &scan.tokens {
        let unspaced = token.text.starts_with(is_unspaced);
        if token.class.is_none() {
            names.push(hash("residue", &[if unspaced { before } else { "" }, &plain(&token.text)]));
        }
        before = if unspaced && token.class.is_none() { &token.text } else { "" };
    }
    names
}

/// The first of the greatest.
pub(super) fn likeliest(probabilities: &[f32; CLASSES.len()]) -> (Intent, f32) {
    let mut best = (Intent::Chat, 0.0);
    for (intent, probability) in CLASSES.into_iter().zip(*probabilities) {
        if probability > best.1 {
            best = (intent, probability);
        }
    }
    best
}

/// Softmax. `weight` gives the weight at `place * CLASSES.len() + class`.
pub(super) fn probabilities(features: &Features, weight: impl Fn(usize) -> f32) -> [f32; CLASSES.len()] {
    let mut scores = [0.0_f32; CLASSES.len()];
    for (place, value) in features {
        for (class, score) in scores.iter_mut().enumerate() {
            *score += weight(place * CLASSES.len() + class) * value;
        }
    }
    let top = scores.iter().copied().fold(f32::MIN, f32::max);
    let mut sum = 0.0;
    for score in &mut scores {
        *score = exp(*score - top);
        sum += *score;
    }
    scores.map(|score| score / sum)
}

/// `e` to the power of `x`, of `x` at most 0. Made of basic operations, so that training gives the same everywhere.
fn exp(x: f32) -> f32 {
    let mut halvings = 0;
    let mut rest = x.max(-80.0);
    while rest < -0.5 {
        rest *= 0.5;
        halvings += 1;
    }
    let mut power = 1.0 + rest * (1.0 + rest / 2.0 * (1.0 + rest / 3.0 * (1.0 + rest / 4.0 * (1.0 + rest / 5.0))));
    for _ in 0..halvings {
        power *= power;
    }
    power
}

/// What the model sees of a message.
pub(super) fn features(text: &str, scan: &Scan, known: impl Fn(usize) -> bool) -> Features {
    let mut pieces = pieces(&plain(text));
    pieces.sort_unstable();
    pieces.dedup();
    #[allow(clippy::cast_precision_loss, reason = "a few hundred")]
    let length = (pieces.len().max(1) as f32).sqrt();
    let mut features: Features = pieces.into_iter().map(|place| (place, 1.0 / length)).collect();
    let unknown = residue(scan).into_iter().filter(|name| !known(*name)).count();
    features.extend(findings(scan, unknown).into_iter().map(|place| (place, FINDING)));
    features.sort_unstable_by_key(|(place, _)| *place);
    features.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        kept.1 += if same { next.1 } else { 0.0 };
        same
    });
    features
}

/// Folded as the table folds, and without accents, which many do not type.
fn plain(text: &str) -> String {
    let folded = TABLE.fold.fold(text);
    let apart = DecomposingNormalizerBorrowed::new_nfd().normalize(&folded);
    let bare: String = apart.chars().filter(|letter| !matches!(letter, '\u{0300}'..='\u{036F}')).collect();
    ComposingNormalizerBorrowed::new_nfc().normalize(&bare).into_owned()
}

/// What the table found.
fn findings(scan: &Scan, unknown: usize) -> Vec<usize> {
    let mut found = vec![place("bias", &[])];
    let mut residue = 0;
    for token in &scan.tokens {
        match token.class {
            Some(class) => found.push(place("class", &[class.name()])),
            None => residue += 1,
        }
        for (list, name) in [(List::Film, "film"), (List::Price, "price"), (List::Project, "project")] {
            if TABLE.is(list, token) {
                found.push(place("list", &[name]));
            }
        }
    }
    let commands = scan.tokens.iter().filter(|token| token.class.is_some_and(|class| class.intent().is_some())).count();
    let questions = scan.tokens.iter().any(|token| token.class == Some(Class::Question));
    found.push(place("residue", &[["0", "1", "2", "3", "4"][residue.min(4)]]));
    found.push(place("commands", &[["0", "1", "2"][commands.min(2)], if questions { "?" } else { "" }]));
    let unknown = ["0", "1", "2", "3"][unknown.min(3)];
    found.push(place("unknown", &[unknown]));
    found.push(place(
        "unknown",
        &[unknown, ["0", "1", "2"][commands.min(2)], ["0", "1", "2", "3", "4"][residue.min(4)]],
    ));
    found.sort_unstable();
    found.dedup();
    found
}

/// Words, pairs of words, and runs of letters.
fn pieces(text: &str) -> Vec<usize> {
    let mut out = Vec::new();
    let letters: Vec<char> = text.chars().collect();
    let mut before = "^".to_owned();
    let mut at = 0;
    while at < letters.len() {
        let from = at;
        if !is_word(letters[at]) {
            if matches!(letters[at], '?' | '¿' | '!' | ',' | '.') {
                out.push(place("mark", &[letters[at].encode_utf8(&mut [0; 4])]));
            }
            at += 1;
            continue;
        }
        let unspaced = is_unspaced(letters[at]);
        while at < letters.len() && is_word(letters[at]) && is_unspaced(letters[at]) == unspaced {
            at += 1;
        }
        if unspaced {
            // The beginning and the end of the message or of a part of it tell as much as a letter.
            runs(&letters[from..at], 1..=4, "run", &mut out);
            "=".clone_into(&mut before);
            continue;
        }
        let word: String = if letters[from..at].iter().all(|letter| letter.is_numeric()) {
            "0".to_owned()
        } else {
            letters[from..at].iter().collect()
        };
        runs(&letters[from..at], 2..=4, "part", &mut out);
        out.push(place("word", &[&word]));
        out.push(place("pair", &[&before, &word]));
        before = word;
    }
    out.push(place("pair", &[&before, "$"]));
    out
}

/// All runs of so many letters of a word, with a mark on either side of it.
fn runs(word: &[char], lengths: std::ops::RangeInclusive<usize>, kind: &str, out: &mut Vec<usize>) {
    let marked: Vec<char> = std::iter::once('^').chain(word.iter().copied()).chain(std::iter::once('$')).collect();
    for length in lengths {
        out.extend(marked.windows(length).map(|run| place(kind, &[&run.iter().collect::<String>()])));
    }
}

fn place(kind: &str, parts: &[&str]) -> usize {
    hash(kind, parts) % BUCKETS
}

/// FNV-1a.
fn hash(kind: &str, parts: &[&str]) -> usize {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in parts.iter().fold(kind.bytes().collect::<Vec<u8>>(), |mut bytes, part| {
        bytes.push(0);
        bytes.extend(part.bytes());
        bytes
    }) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    #[allow(clippy::cast_possible_truncation, reason = "32 bits are enough")]
    let hash = ((hash ^ (hash >> 32)) & 0xffff_ffff) as usize;
    hash
}
