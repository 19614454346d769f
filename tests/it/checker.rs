//! What must hold in every history, however often the bot died in it: the promises, read off what the emulators saw.

use std::collections::{BTreeMap, BTreeSet};

use nemo_bot::sandbox::journal::Entry;

/// How texts begin that are not the last word on anything.
const PENDING: [&str; 9] = [
    "…",
    "⏳",
    "Got ",
    "Setting up",
    "I was restarted while working on this",
    "The connection broke. I'm checking",
    "I'm being restarted",
    "I'm still on your previous request",
    "This may take a few minutes",
];
/// The notice on data stays, and answers nothing.
const NOTICE: &str = "Your clip is sent to";
/// What the result of an export says.
const LINK: &str = "Download: http";
/// The message that only rings.
const RING: &str = "Your MP4 is ready, see above";

/// What one person did in a private chat, one thing at a time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deeds {
    pub(crate) chat: i64,
    pub(crate) clips: usize,
    pub(crate) exports: usize,
    /// Messages that may stand unfinished for ever: Telegram took them, and the bot died before it knew.
    pub(crate) orphans: usize,
}

/// Every promise that is broken in `history`, in a sentence each.
pub(crate) fn broken(history: &[Entry], deeds: Deeds) -> Vec<String> {
    let mut broken = Vec::new();
    let mut say = |wrong: bool, what: String| {
        if wrong {
            broken.push(what);
        }
    };
    for (text, times) in runs(history) {
        say(times > 1, format!("the agent got {text:?} {times} times"));
    }
    for (update, answered) in answers(history, deeds.chat) {
        say(!answered, format!("update {update} was neither answered nor given up in words"));
    }
    let chat = Chat::of(history, deeds.chat);
    let open: Vec<_> = chat.stands.values().filter(|text| !is_last_word(text)).collect();
    say(open.len() > deeds.orphans, format!("unfinished for ever: {open:?}"));
    say(chat.links.len() != deeds.exports, format!("{} messages with a link", chat.links.len()));
    say(chat.rings > deeds.exports, format!("{} messages that ring", chat.rings));
    let renders = count(history, "render");
    say(renders > deeds.exports, format!("{renders} renders were submitted"));
    let uploads = count(history, "upload");
    say(uploads > deeds.clips, format!("{uploads} uploads arrived"));
    for text in taken_back(history, deeds.chat) {
        say(true, text);
    }
    for lie in lies(history, &chat) {
        say(true, lie);
    }
    say(overlap(history), "two runs at one time".to_owned());
    for breach in history.iter().filter(|entry| entry.kind == "breach") {
        say(true, format!("a rule was broken: {}", breach.line));
    }
    broken
}

/// A chat as it stands at the end.
#[derive(Default)]
struct Chat {
    stands: BTreeMap<i64, String>,
    /// Messages in which a link ever stood.
    links: BTreeSet<i64>,
    rings: usize,
}

impl Chat {
    fn of(history: &[Entry], chat: i64) -> Self {
        let mut all = Self::default();
        for entry in history.iter().filter(|entry| entry.data["chat"] == chat) {
            let Some(message) = entry.data["message_id"].as_i64() else { continue };
            let text = entry.data["text"].as_str().unwrap_or_default();
            match entry.kind.as_str() {
                "sent" | "edited" => {
                    if text.contains(LINK) {
                        all.links.insert(message);
                    }
                    let rings = entry.data["method"] == "sendVideo" || text.contains(RING);
                    all.rings += usize::from(entry.kind == "sent" && rings);
                    all.stands.insert(message, text.to_owned());
                }
                "deleted" => drop(all.stands.remove(&message)),
                _ => {}
            }
        }
        all
    }
}

/// How the paragraphs begin that are ours: they come and go below the agent's words.
const OURS: [&str; 9] = [
    "✅",
    "⚠️",
    "I was restarted",
    "The connection broke",
    "Stopped waiting",
    "I got no answer",
    "The service also made changes",
    "Next you could",
    "Timeline",
];

/// What the agent said in a message, as far as the chat shows it.
fn agents_words(text: &str) -> String {
    let ours = |paragraph: &&str| PENDING.iter().chain(&OURS).any(|begins| paragraph.starts_with(begins));
    text.split("\n\n").take_while(|paragraph| !ours(paragraph)).collect::<Vec<_>>().join("\n\n")
}

/// Text that was shown and is not there any more, a sentence for each time. Talk of buttons at the end may go.
pub(crate) fn taken_back(history: &[Entry], chat: i64) -> Vec<String> {
    let mut shown: BTreeMap<i64, String> = BTreeMap::new();
    let mut taken = Vec::new();
    for entry in history.iter().filter(|entry| entry.data["chat"] == chat) {
        let Some(message) = entry.data["message_id"].as_i64() else { continue };
        let words = match entry.kind.as_str() {
            "sent" | "edited" => agents_words(entry.data["text"].as_str().unwrap_or_default()),
            "deleted" => String::new(),
            _ => continue,
        };
        let before = shown.insert(message, words.clone()).unwrap_or_default();
        let stays = nemo_bot::gui::translate(&before, &[]).text;
        let stays = if stays.trim().is_empty() || !before.starts_with(&stays) { &before } else { &stays };
        if !words.starts_with(stays.trim_end()) {
            taken.push(format!("taken back: {before:?} became {words:?}"));
        }
    }
    taken
}

/// How often each text began a run.
fn runs(history: &[Entry]) -> BTreeMap<String, usize> {
    let mut runs = BTreeMap::new();
    for run in history.iter().filter(|entry| entry.kind == "run") {
        *runs.entry(run.data["text"].as_str().unwrap_or_default().to_owned()).or_default() += 1;
    }
    runs
}

/// Each update with whether a last word came after it and before the next one.
fn answers(history: &[Entry], chat: i64) -> Vec<(i64, bool)> {
    let mut answers: Vec<(i64, bool)> = Vec::new();
    for entry in history.iter().filter(|entry| entry.data["chat"] == chat) {
        match entry.kind.as_str() {
            "update" => {
                let update = entry.data["update_id"].as_i64().unwrap_or_default();
                // After a crash it may be handed out again.
                if !answers.iter().any(|(known, _)| *known == update) {
                    answers.push((update, false));
                }
            }
            "sent" | "edited" => {
                if let Some((_, answered)) = answers.last_mut() {
                    let text = entry.data["text"].as_str().unwrap_or_default();
                    *answered |= is_last_word(text) && !text.starts_with(NOTICE);
                }
            }
            _ => {}
        }
    }
    answers
}

fn is_last_word(text: &str) -> bool {
    let end = text.rsplit("\n\n").next().unwrap_or_default();
    !PENDING.iter().any(|pending| end.starts_with(pending))
}

/// How often the service did something of this kind.
fn count(history: &[Entry], kind: &str) -> usize {
    history.iter().filter(|entry| entry.kind == kind && entry.data["refused"] != true).count()
}

/// Reports on a lost turn that the project contradicts.
fn lies(history: &[Entry], chat: &Chat) -> Vec<String> {
    let edits = history.iter().filter(|entry| entry.kind == "state" && entry.data["change"] != "upload").count();
    let says = |words: &str| chat.stands.values().any(|text| text.contains(words));
    let mut lies = Vec::new();
    if edits > 0 && says("the project has not changed") {
        lies.push("it says that nothing changed, and something did".to_owned());
    }
    if says_unread(history) {
        lies.push("it says that nothing changed, and nobody had looked".to_owned());
    }
    if edits == 0 && says("What changed") {
        lies.push("it says that something changed, and nothing did".to_owned());
    }
    lies
}

/// Whether it was said that nothing changed without a look at the project since the run.
fn says_unread(history: &[Entry]) -> bool {
    let mut looked = true;
    history.iter().any(|entry| {
        match entry.kind.as_str() {
            "run" => looked = false,
            "state-read" => looked = true,
            _ => {}
        }
        let text = entry.data["text"].as_str().unwrap_or_default();
        !looked && matches!(entry.kind.as_str(), "sent" | "edited") && text.contains("the project has not changed")
    })
}

/// Whether a run began before the one before it had ended.
fn overlap(history: &[Entry]) -> bool {
    let mut open = 0;
    history.iter().any(|entry| {
        match entry.kind.as_str() {
            "run" => open += 1,
            "run-end" => open -= 1,
            _ => {}
        }
        open > 1
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const DEEDS: Deeds = Deeds { chat: 7, clips: 1, exports: 1, orphans: 0 };

    fn history(story: &[(&str, Value)]) -> Vec<Entry> {
        let entry = |((kind, data), number): (&(&str, Value), u64)| Entry {
            number,
            at_ms: number,
            source: "test",
            kind: (*kind).to_owned(),
            line: String::new(),
            data: data.clone(),
        };
        story.iter().zip(1..).map(entry).collect()
    }

    fn says(kind: &'static str, message: i64, text: &str) -> (&'static str, Value) {
        (kind, json!({ "chat": 7, "message_id": message, "method": "sendMessage", "text": text }))
    }

    fn update(number: i64) -> (&'static str, Value) {
        ("update", json!({ "chat": 7, "update_id": number, "message_id": number }))
    }

    /// A clip, a wish and an export, with a crash in the turn.
    fn good() -> Vec<(&'static str, Value)> {
        vec![
            update(1),
            says("sent", 10, "Got a.mp4 (1 MB). Uploading…"),
            ("upload", json!({ "name": "a.mp4" })),
            says("edited", 10, "✅ Uploaded. What should I do with it?"),
            update(2),
            update(2),
            says("sent", 11, "⏳ Working on it…"),
            ("run", json!({ "text": "add a title", "number": 1 })),
            ("state", json!({ "change": "title" })),
            ("run-end", json!({ "number": 1, "how": "cancelled" })),
            says("edited", 11, "I was restarted while working on this."),
            says("edited", 11, "Half an answer\n\n✅ The connection broke. What changed: a title"),
            update(3),
            says("sent", 12, "⏳ Rendering your MP4."),
            ("render", json!({ "id": "r1" })),
            says("edited", 12, "✅ Your MP4 is ready.\n\nDownload: http://127.0.0.1/r1.mp4"),
            ("sent", json!({ "chat": 7, "message_id": 13, "method": "sendVideo", "text": "✅ Your MP4 is ready." })),
        ]
    }

    #[test]
    fn a_history_without_fault_passes() {
        assert_eq!(broken(&history(&good()), DEEDS), Vec::<String>::new());
    }

    /// A checker that never fails proves nothing: each promise is broken once.
    #[test]
    fn every_broken_promise_is_found() {
        type Story = Vec<(&'static str, Value)>;
        type Spoil = fn(&mut Story);
        let cases: [(&str, Spoil); 15] = [
            ("taken back", |story| story.push(says("edited", 11, "Half an\n\n✅ Done. What changed: a title"))),
            ("taken back", |story| story.push(says("deleted", 11, ""))),
            ("2 times", |story| story.extend([story[7].clone(), story[9].clone()])),
            ("neither answered", |story| story.push(update(4))),
            ("unfinished for ever", |story| story.push(says("sent", 20, "Some text\n\n⏳ Working on it…"))),
            ("0 messages with a link", |story| drop(story.remove(15))),
            ("2 messages with a link", |story| story.push(says("sent", 21, "Download: http://127.0.0.1/r1.mp4"))),
            ("2 messages that ring", |story| story.push(story[16].clone())),
            ("2 messages that ring", |story| story.push(says("sent", 22, "✅ Your MP4 is ready, see above."))),
            ("2 renders", |story| story.push(story[14].clone())),
            ("2 uploads", |story| story.push(story[2].clone())),
            ("nothing changed", |story| story.push(says("edited", 11, "⚠️ Broken, and the project has not changed."))),
            ("nobody had looked", |story| {
                story.insert(10, says("edited", 11, "⚠️ The connection broke and the project has not changed."));
            }),
            ("something changed, and nothing did", |story| drop(story.remove(8))),
            ("two runs at one time", |story| {
                story.insert(8, ("run", json!({ "text": "add music", "number": 2 })));
            }),
        ];
        for (named, harm) in cases {
            let mut story = good();
            harm(&mut story);
            let found = broken(&history(&story), DEEDS);
            assert!(found.iter().any(|found| found.contains(named)), "{named} was not found, but {found:?}");
        }
        let mut story = good();
        story.push(("breach", json!({})));
        assert_eq!(broken(&history(&story), DEEDS).len(), 1);
    }
}
