//! What a chat shows of a complete reply: titles, description and tags go into a card, talk of an interface becomes
//! buttons, and everything else stays as the agent said it.

use serde::{Deserialize, Serialize};

use super::meta::asks_titles;
use crate::gui;
use crate::metadata::{self, Parsed, Set};

/// A reply up to this length is kept for **Full reply**, in bytes: more than a turn's longest in all of our samples.
const REPLY_KEPT: usize = 64 * 1024;

/// Nobody chooses among more titles.
const MOST_TITLES: usize = 30;

/// What a chat shows beside a complete reply, or in place of parts of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shape {
    /// The card that was written last.
    pub card: bool,
    /// What of an interface the agent pointed to.
    pub actions: Vec<gui::Action>,
    /// What **Do it** sends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edit: Option<String>,
    /// The agent sent its user for the file.
    #[serde(default)]
    pub file: bool,
    /// The chat shows something else than what the agent wrote.
    pub changed: bool,
    /// What the agent said behind the titles, as Markdown: it stands below the card.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub trail: String,
}

/// A complete reply, taken apart.
#[derive(Clone, Debug, Default)]
pub(super) struct Shaped {
    /// The words that stay.
    pub(super) text: String,
    /// The reply as it came, where the chat shows something else.
    pub(super) reply: Option<String>,
    /// What goes into a card.
    pub(super) parsed: Option<Parsed>,
    /// What is shown beside the words.
    pub(super) shape: Shape,
}

/// Takes a reply to `request` apart.
pub(super) fn shaped(reply: &str, request: &str) -> Shaped {
    let asked = asks_titles(request);
    let parsed = metadata::parse(reply, asked).filter(|parsed| is_card(parsed) && (asked || is_result(parsed)));
    let (words, trail) = match &parsed {
        Some(parsed) => (parsed.leading_text.trim().to_owned(), parsed.trailing_text.trim()),
        None => (reply.to_owned(), ""),
    };
    let (mut said, behind) = (gui::translate(&words, &[]), gui::translate(trail, &[]));
    let more = behind.actions.into_iter().filter(|action| !said.actions.contains(action)).collect::<Vec<_>>();
    said.actions.extend(more);
    said.edit = said.edit.or(behind.edit);
    said.file |= behind.file;
    let card = parsed.is_some();
    // An instruction alone is shown as it is: its button has to say what it does.
    let bare = said.text.trim().is_empty() && !card && said.actions.iter().all(|action| *action == gui::Action::Edit);
    let text = if bare { words } else { said.text };
    let changed = card || said.was_changed && !bare;
    let trail = behind.text.trim().to_owned();
    let shape = Shape { card, actions: said.actions, edit: said.edit, file: said.file, changed, trail };
    let reply = shape.changed.then(|| reply[..reply.floor_char_boundary(REPLY_KEPT)].to_owned());
    Shaped { text, reply, parsed, shape }
}

/// Whether a card can show it: a list of hundreds is no choice of titles.
fn is_card(parsed: &Parsed) -> bool {
    parsed.sets.iter().all(|set| set.titles.len() <= MOST_TITLES)
}

/// Whether it is more than a label by chance: an edit's report may name the title that it added.
fn is_result(parsed: &Parsed) -> bool {
    let some = |has: fn(&Set) -> bool| usize::from(parsed.sets.iter().any(has));
    some(|set| !set.titles.is_empty())
        + some(|set| !set.description.is_empty())
        + some(|set| !set.tags.is_empty())
        + some(|set| !set.hashtags.is_empty())
        + some(|set| !set.chapters.is_empty())
        > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_becomes_a_card_and_its_words_stay() {
        let reply =
            "Here you go!\n\nTitles:\n1. City lights\n2. Night walk\n\nTags: city, night\n\nClick Export to save it.";
        let shaped = shaped(reply, "write titles and tags");
        assert_eq!(shaped.text.trim(), "Here you go!");
        assert_eq!(shaped.parsed.unwrap().sets[0].titles, ["City lights", "Night walk"]);
        let actions = vec![gui::Action::Export];
        assert_eq!(shaped.shape, Shape { card: true, actions, file: true, changed: true, ..Shape::default() });
    }

    #[test]
    fn what_stood_behind_the_titles_stays_behind_them() {
        let reply =
            "Here you go!\n\nTitles:\n1. City lights\n2. Night walk\n\nTags: city, night\n\nShall I write another set?";
        let shaped = shaped(reply, "write titles and tags");
        assert_eq!((shaped.text.trim(), shaped.shape.trail.as_str()), ("Here you go!", "Shall I write another set?"));
    }

    #[test]
    fn an_edits_report_is_no_card() {
        for reply in ["Done. Title: Urban Dreams", "I added the music you asked for.", ""] {
            let shaped = shaped(reply, "add a caption");
            assert_eq!((shaped.text.as_str(), shaped.shape), (reply, Shape::default()));
        }
    }

    #[test]
    fn an_instruction_alone_is_shown_with_its_button() {
        let shaped = shaped("Drag the second clip to the start.", "tidy it up");
        assert_eq!(shaped.text, "Drag the second clip to the start.");
        assert!(shaped.shape.edit.is_some());
    }
}
