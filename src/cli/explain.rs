//! `nemo-bot explain`: what the bot makes of a text, a JSON line for each. For translators and operators.

use std::io::{self, BufRead, Read, Write};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::gui::{self, Action};
use crate::intent::{self, Intent};
use crate::language::{self, Language, Signs};
use crate::metadata::{self, Role, card};

/// A line holds no more (in bytes): many times what a chat lets through, also where every character is escaped.
const LONGEST_LINE: usize = 256 * 1024;

/// What the lines are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Subject {
    /// What users write.
    Message,
    /// What the agent answers.
    Reply,
}

#[derive(Deserialize)]
struct Asked {
    text: String,
}

#[derive(Serialize)]
struct Message {
    intent: Intent,
    language: String,
    why: String,
}

#[derive(Serialize)]
struct Reply {
    text: String,
    actions: Vec<Action>,
    metadata: Option<Value>,
}

/// Instead of an answer.
#[derive(Serialize)]
struct Unread {
    error: String,
}

/// Answers each line of `input` with one of `output`; empty lines are passed over. `false`: some could not be read.
pub(super) fn explain(subject: Subject, mut input: impl BufRead, mut output: impl Write) -> io::Result<bool> {
    let mut all_read = true;
    while let Some(line) = next_line(&mut input)? {
        if line.as_ref().is_ok_and(|line| line.trim_ascii().is_empty()) {
            continue;
        }
        let asked = line.and_then(|line| {
            serde_json::from_slice::<Asked>(&line)
                .map_err(|error| format!("not a line of {{\"text\": \"…\"}}: {error}"))
        });
        match (asked, subject) {
            (Ok(asked), Subject::Message) => put(&mut output, &message(&asked.text))?,
            (Ok(asked), Subject::Reply) => put(&mut output, &reply(&asked.text))?,
            (Err(error), _) => {
                all_read = false;
                put(&mut output, &Unread { error })?;
            }
        }
        output.flush()?;
    }
    Ok(all_read)
}

/// A control phrase counts only in its place, so here it is a wish for the agent.
fn message(text: &str) -> Message {
    let (intent, why) = intent::explain(text);
    let intent = if intent.is_control() { Intent::Chat } else { intent };
    let default = Language::known("en");
    let (language, ..) =
        language::choose(&Signs { chosen: None, text, last_detected: None, locale: None, default: &default });
    Message { intent, language: language.tag().to_owned(), why }
}

fn reply(text: &str) -> Reply {
    let account = metadata::account(text, false);
    let fields =
        account.iter().flat_map(|(_, pieces)| pieces).filter(|piece| !matches!(piece.role, Role::Lead | Role::Trail));
    let untouched: Vec<_> = fields.map(|piece| piece.start..piece.end).collect();
    let translated = gui::translate(text, &untouched);
    let metadata = account.map(|(parsed, _)| {
        let checked = parsed.sets.iter().flat_map(|set| card::check_all(set, &[], None));
        parsed.document(&checked.flat_map(|checked| checked.findings).collect::<Vec<_>>())
    });
    Reply { text: translated.text, actions: translated.actions, metadata }
}

fn put(output: &mut impl Write, answer: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *output, answer)?;
    output.write_all(b"\n")
}

/// The next line; an error where it is too long, and is passed over.
#[allow(clippy::type_complexity, reason = "the end, a line, or why there is none")]
fn next_line(input: &mut impl BufRead) -> io::Result<Option<Result<Vec<u8>, String>>> {
    let mut line = Vec::new();
    let limit = u64::try_from(LONGEST_LINE).unwrap_or(u64::MAX).saturating_add(1);
    if input.by_ref().take(limit).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    if line.len() <= LONGEST_LINE || line.ends_with(b"\n") {
        return Ok(Some(Ok(line)));
    }
    input.skip_until(b'\n')?;
    Ok(Some(Err(format!("the line is longer than {LONGEST_LINE} bytes"))))
}
