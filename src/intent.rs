//! What a message asks for. Precision first: a wrong *chat* heals, since the agent answers it; a wrong *command* eats
//! the user's edit. So a message is a command only when nothing but the command is left in it.
//!
//! The text is read into phrases of the table (`config/intents.toml`) and **residue**, which is what no phrase covers, so
//! that as little as possible is residue ([`scan`]); then a short list of rules decides ([`decide`]). Slash commands bypass all of this; a
//! file is an upload, and its caption comes here.
//!
//! Where the table leaves words over, a small model ([`model`]) may still find a command, if it is very sure and the
//! message has no quotation, no negation, no parameter of an edit and no piece of text in it ("send me the *tags*",
//! "*cancel* export", "export *vertical*" belong to the agent).

use std::fmt;

use serde::{Deserialize, Serialize};

mod model;
mod normal;
mod scan;
mod table;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod training;

use scan::{Scan, Token};
use table::{Class, List, TABLE};

/// What a message asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Intent {
    /// Render and send the MP4.
    Export,
    /// The balance.
    Credits,
    /// The timeline.
    Status,
    /// How to send a clip.
    Upload,
    /// Another project.
    New,
    /// How to use the bot.
    Help,
    /// Stop what runs; counts only while something of this person runs.
    Cancel,
    /// What is kept of the person.
    Privacy,
    /// Delete it, after a question.
    Forget,
    /// Another language.
    Language,
    /// The person's own account.
    Connect,
    /// Everything else: a wish for the agent.
    Chat,
}

impl Intent {
    /// Whether it is one of the control phrases, which count as whole messages only.
    pub const fn is_control(self) -> bool {
        matches!(self, Self::Cancel | Self::Privacy | Self::Forget | Self::Language | Self::Connect)
    }
}

impl fmt::Display for Intent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Export => "export",
            Self::Credits => "credits",
            Self::Status => "status",
            Self::Upload => "upload",
            Self::New => "new",
            Self::Help => "help",
            Self::Cancel => "cancel",
            Self::Privacy => "privacy",
            Self::Forget => "forget",
            Self::Language => "language",
            Self::Connect => "connect",
            Self::Chat => "chat",
        })
    }
}

/// A longer message (in bytes) is never only a command; also the bound of all work here.
const LONGEST: usize = 600;

/// What `text` asks for.
pub fn of(text: &str) -> Intent {
    judge(text).0
}

/// The same, with what decided it in words, for translators and operators.
pub fn explain(text: &str) -> (Intent, String) {
    let (intent, mut why) = judge(text);
    let Some(scan) = read(text) else { return (intent, why) };
    let tokens: Vec<String> = scan.tokens.iter().map(Token::to_string).collect();
    if !tokens.is_empty() {
        why = format!("{why}; {}", tokens.join(", "));
    }
    (intent, why)
}

/// Whether `text` asks for the file too, beside something else, and neither denies nor questions it.
pub fn asks_file(text: &str) -> bool {
    read(text).is_some_and(|scan| {
        let any = |class: Class| scan.tokens.iter().any(|token| token.class == Some(class));
        any(Class::Export) && !any(Class::Blocker) && !any(Class::Question)
    })
}

fn read(text: &str) -> Option<Scan> {
    (text.len() <= LONGEST).then(|| scan::scan(text))
}

fn judge(text: &str) -> (Intent, String) {
    judge_with(text, |scan| model::judge(text, scan))
}

/// Asks the table, and `model` where the table leaves it open.
fn judge_with(text: &str, model: impl FnOnce(&Scan) -> (Intent, f32)) -> (Intent, String) {
    let Some(scan) = read(text) else { return (Intent::Chat, "too long for a command".to_owned()) };
    if let Some(control) = TABLE.control(&scan.whole) {
        return (control, "a control phrase, as a whole message".to_owned());
    }
    let (intent, why) = decide(&scan);
    if !matches!(why, WORDS_BESIDE | NO_COMMAND) {
        return (intent, why.to_owned());
    }
    // The message as it was written, and the tokens, where a ratio has become a word.
    let mut texts = std::iter::once(&scan.whole).chain(scan.tokens.iter().map(|token| &token.text));
    if let Some(word) = texts.find_map(|text| TABLE.keeps_for_agent(text)) {
        return (Intent::Chat, format!("{why}; \"{word}\" is the agent's"));
    }
    let (likely, sure) = model(&scan);
    let intent = if sure >= model::threshold(likely) { likely } else { Intent::Chat };
    (intent, format!("{why}; model: {likely} p={sure:.2}"))
}

/// There is residue.
const WORDS_BESIDE: &str = "words beside the command";
/// There is nothing but fillers.
const NO_COMMAND: &str = "no command";

/// First match wins.
fn decide(scan: &Scan) -> (Intent, &'static str) {
    /// Questions about the bot that are complete in themselves are short.
    const SHORT: usize = 4;

    let any = |class: Class| scan.tokens.iter().any(|token| token.class == Some(class));
    let residue = scan.tokens.iter().filter(|token| token.class.is_none()).count();
    let mut wishes: Vec<Intent> = scan.tokens.iter().filter_map(|token| token.class?.intent()).collect();
    wishes.sort_unstable();
    wishes.dedup();

    let some = |list: List| scan.tokens.iter().any(|token| TABLE.is(list, token));
    let every = |class: Class, list: List| {
        scan.tokens.iter().filter(|token| token.class == Some(class)).all(|token| TABLE.is(list, token))
    };
    let harmless = matches!(wishes[..], [Intent::Credits | Intent::Status | Intent::Help]);

    if scan.quoted {
        return (Intent::Chat, "a quotation is content");
    }
    if any(Class::Blocker) && !(harmless && every(Class::Blocker, List::Weak)) {
        return (Intent::Chat, "a negation");
    }
    let asks_how_it_is = wishes == [Intent::Status] && residue == 0 && every(Class::Question, List::How);
    if any(Class::Question) && !wishes.is_empty() && residue <= 1 && !asks_how_it_is {
        return (Intent::Help, "a question about a command");
    }
    if residue > 0 {
        return (Intent::Chat, WORDS_BESIDE);
    }
    if wishes == [Intent::Help] && scan.tokens.len() <= SHORT {
        return (Intent::Help, "a question about the bot");
    }
    match wishes[..] {
        [] if some(List::Price) => (Intent::Help, "a question of price"),
        [] if some(List::You) && some(List::Can) && some(List::Do) && some(List::What) => {
            (Intent::Help, "a question about the bot")
        }
        [] if some(List::Project) && (some(List::Show) || some(List::What)) => {
            (Intent::Status, "a look at the project")
        }
        [] => (Intent::Chat, NO_COMMAND),
        [Intent::Credits] if some(List::Film) => (Intent::Chat, "the credits of a film"),
        [Intent::Export] if some(List::Count) => (Intent::Help, "what an export costs"),
        [one] => (one, "nothing but the command"),
        [Intent::Export, Intent::Status] => (Intent::Status, "how far the export is"),
        [Intent::Export, Intent::Credits] => (Intent::Help, "what an export costs"),
        [Intent::Status, Intent::New] => (Intent::New, "nothing but the command"),
        [Intent::Upload, Intent::New] => (Intent::Upload, "nothing but the command"),
        _ => (Intent::Chat, "several commands"),
    }
}
