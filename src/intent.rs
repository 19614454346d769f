//! What a message asks for. Precision first: a wrong *chat* heals, since the agent answers it; a wrong *command* eats
//! the user's edit. So a message is a command only when it says nothing else.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// What a message asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
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
    /// Stop what runs; a control phrase, which counts only while something runs.
    Cancel,
    /// Everything else: a wish for the agent.
    Chat,
}

/// A message longer than this is never only a command.
const LONGEST_PHRASE: usize = 64;

#[derive(Deserialize)]
struct Table {
    phrases: HashMap<String, Vec<String>>,
    filler: Vec<String>,
}

struct Phrases {
    whole: HashMap<String, Intent>,
    filler: Vec<String>,
}

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
    // The table is part of the program; a test reads it.
    let table: Table = config::Config::builder()
        .add_source(config::File::from_str(include_str!("../config/intents.toml"), config::FileFormat::Toml))
        .build()
        .and_then(config::Config::try_deserialize)
        .unwrap_or_else(|_| Table { phrases: HashMap::new(), filler: Vec::new() });
    let mut whole = HashMap::new();
    for (name, phrases) in table.phrases {
        let Some(intent) = parse(&name) else { continue };
        whole.extend(phrases.iter().map(|phrase| (normal(phrase), intent)));
    }
    let mut filler: Vec<String> = table.filler.iter().map(|word| normal(word)).collect();
    filler.sort_by_key(|word| std::cmp::Reverse(word.len()));
    Phrases { whole, filler }
});

/// What `text` asks for.
pub fn of(text: &str) -> Intent {
    if text.len() > LONGEST_PHRASE * 4 || text.chars().count() > LONGEST_PHRASE {
        return Intent::Chat;
    }
    let said = normal(text);
    let known = |said: &str| PHRASES.whole.get(said.trim()).copied();
    known(&said).or_else(|| known(&without_filler(&said))).unwrap_or(Intent::Chat)
}

/// Lower case, one space between words, no closing punctuation.
fn normal(text: &str) -> String {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    words.join(" ").trim_matches(|c: char| c.is_ascii_punctuation() || "。！？，、…～".contains(c)).trim().to_owned()
}

/// Words of politeness may stand before or after a command without changing it.
fn without_filler(said: &str) -> String {
    let mut rest = said.trim();
    loop {
        let before = rest;
        for word in &PHRASES.filler {
            let spaced = word.is_ascii();
            if let Some(tail) = rest.strip_prefix(word.as_str())
                && (!spaced || tail.starts_with([' ', ',']))
            {
                rest = tail.trim_start_matches([' ', ',', '，']);
            }
            if let Some(head) = rest.strip_suffix(word.as_str())
                && (!spaced || head.ends_with([' ', ',']))
            {
                rest = head.trim_end_matches([' ', ',', '，']);
            }
        }
        if rest == before {
            return rest.to_owned();
        }
    }
}

fn parse(name: &str) -> Option<Intent> {
    Some(match name {
        "export" => Intent::Export,
        "credits" => Intent::Credits,
        "status" => Intent::Status,
        "upload" => Intent::Upload,
        "new" => Intent::New,
        "help" => Intent::Help,
        "cancel" => Intent::Cancel,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_that_is_nothing_but_a_command_is_one() {
        for (text, intent) in [
            ("export", Intent::Export),
            ("Export, please!", Intent::Export),
            ("please export the video", Intent::Export),
            ("export 1080p MP4", Intent::Export),
            ("导出", Intent::Export),
            ("请导出视频。", Intent::Export),
            ("credits?", Intent::Credits),
            ("余额", Intent::Credits),
            ("status", Intent::Status),
            ("状态", Intent::Status),
            ("new project", Intent::New),
            ("help", Intent::Help),
            ("stop", Intent::Cancel),
        ] {
            assert_eq!(of(text), intent, "{text}");
        }
    }

    #[test]
    fn a_keyword_inside_a_wish_goes_to_the_agent() {
        for text in [
            "write a title about our credits program",
            "don't export yet",
            "trim to 10 s and export",
            "剪到10秒然后导出",
            "先别导出",
            "export vertical",
            "make the status bar blue",
            "regenerate",
            "please",
            "",
        ] {
            assert_eq!(of(text), Intent::Chat, "{text}");
        }
    }
}
