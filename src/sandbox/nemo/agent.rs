//! The agent: what it says and does about a message, as a script that [`super::run`] plays. Pure.
//!
//! It believes that its user sits in front of an editor with a timeline and an Export button.

mod staged;
mod wish;
mod words;

use std::time::Duration;

use axum::body::Bytes;
use serde_json::json;

use self::wish::Wish;
use super::draft::{AUDIO, EFFECT, TITLE};
use super::stream::{Event, Shown};
use super::world::Session;
use super::{Pace, Scenario};

/// What the service charges: per generated clip, per session that is edited, per reply that only writes words.
const GENERATION: i64 = 100;
const EDIT: i64 = 50;
const WORDS: i64 = 2;

/// One step of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Wait(Duration),
    Say(Event),
    /// The state changes now. Its first change uses up what was reserved.
    Work(Change),
    /// Nothing more until a release.
    Hold,
    /// Bytes as they stand, whatever they are.
    Raw(Bytes),
    /// The connection breaks.
    Reset,
}

/// What a tool does to the project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Title(String),
    Music(&'static str),
    Effect(&'static str),
    Trim(u64),
    Remove(Vec<u8>),
    RawClip {
        subject: String,
        millis: u64,
    },
    /// Nothing but that a reply was written; the next one reads differently.
    Reply,
}

impl Change {
    /// For tests.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Title(_) => "title",
            Self::Music(_) => "music",
            Self::Effect(_) => "effect",
            Self::Trim(_) => "trim",
            Self::Remove(_) => "remove",
            Self::RawClip { .. } => "raw-clip",
            Self::Reply => "reply",
        }
    }

    /// For people.
    pub(super) fn line(&self) -> String {
        match self {
            Self::Title(text) => format!("The project gets the title “{text}”."),
            Self::Music(name) => format!("The project gets the music “{name}”."),
            Self::Effect(name) => format!("The project gets the effect “{name}”."),
            Self::Trim(millis) => format!("The project is cut at {} s.", millis / 1_000),
            Self::Remove(_) => "Tracks are taken out of the project.".to_owned(),
            Self::RawClip { subject, .. } => format!("A clip was generated: {subject}."),
            Self::Reply => "The agent has written its reply; the project is as it was.".to_owned(),
        }
    }
}

/// A message and what the agent knows when it comes.
#[derive(Debug)]
pub(super) struct Heard<'a> {
    text: &'a str,
    language: words::Language,
    /// What the clip is about, out of its file name.
    subject: String,
    clip: String,
    has_clip: bool,
    edit_paid: bool,
    replies: usize,
}

impl<'a> Heard<'a> {
    pub(super) fn new(text: &'a str, session: &Session) -> Self {
        let named = session.clips.iter().rev().find(|clip| text.contains(&clip.name));
        let clip = named.or(session.clips.last()).map(|clip| clip.name.clone()).unwrap_or_default();
        Self {
            text,
            language: words::Language::of(text, &session.language),
            subject: words::subject(&clip),
            clip,
            has_clip: !session.video_infos.is_empty(),
            edit_paid: session.edit_paid,
            replies: session.replies,
        }
    }
}

/// The script for a message, and what it costs.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) cost: i64,
    pub(super) steps: Vec<Step>,
}

/// What the agent will say and do.
pub(super) fn plan(heard: &Heard<'_>, scenario: Scenario, pace: &Pace) -> Plan {
    let wish = wish::of(heard.text);
    let edit_wanted = matches!(
        scenario,
        Scenario::SilentEdit
            | Scenario::SilentNothing
            | Scenario::Dropped
            | Scenario::DroppedUnread
            | Scenario::SilentUnread
            | Scenario::DroppedUndone
            | Scenario::TextWithCall
            | Scenario::LongRunning
            | Scenario::StateLag
            | Scenario::CutFrame
            | Scenario::HugeFrame
            | Scenario::ErrorAfterEdit
            | Scenario::LeftOpen
    );
    // These are about edits, whatever the user said.
    let wish = if edit_wanted && !wish.is_edit() { Wish::Title(None) } else { wish };
    let wish = match scenario {
        Scenario::TwoStage | Scenario::TwoStageSilent if !matches!(wish, Wish::Generate(_) | Wish::Remove) => {
            Wish::Generate("city at night".to_owned())
        }
        _ => wish,
    };
    let mut script = Script { gap: pace.event, steps: Vec::new() };
    let cost = if !heard.has_clip && !edit_wanted && wish.needs_clip() {
        script.text(words::ask_for_clip(heard.language));
        0
    } else {
        script.write(heard, &wish)
    };
    Plan { cost, steps: staged::staged(script.steps, scenario, pace, heard.language) }
}

/// A script in the making: each event after a gap.
struct Script {
    gap: Duration,
    steps: Vec<Step>,
}

impl Script {
    fn say(&mut self, event: Event) {
        self.steps.extend([Step::Wait(self.gap), Step::Say(event)]);
    }

    fn text(&mut self, text: impl Into<String>) {
        self.say(Event::Text(text.into()));
    }

    fn call(&mut self, tool: &'static str, args: serde_json::Value, text: Option<String>) {
        self.say(Event::Call { tool, args, text });
    }

    fn result(&mut self, tool: &'static str, shown: Shown) {
        self.say(Event::Result { tool, response: json!({ "status": "ok" }), shown });
    }

    /// A tool that changes the timeline: call, change, result.
    fn edit(&mut self, change: Change, text: Option<String>) {
        const TOOL: &str = "edit_multitrack";
        self.call(TOOL, json!({ "op": change.name() }), text);
        self.steps.extend([Step::Wait(self.gap), Step::Work(change)]);
        self.result(TOOL, Shown::Draft);
    }

    /// Everything about one wish; returns its price.
    fn write(&mut self, heard: &Heard<'_>, wish: &Wish) -> i64 {
        let language = heard.language;
        let edit_price = if heard.edit_paid { 0 } else { EDIT };
        match wish {
            Wish::Question => {
                self.text(words::answer(language));
                0
            }
            Wish::Metadata(form, wanted) => {
                let language = wanted.unwrap_or(language);
                self.call(
                    "understand_video",
                    json!({ "file": heard.clip }),
                    Some(words::looking(language, &heard.clip)),
                );
                self.result("understand_video", Shown::Nothing);
                let mut sections = words::metadata(language, form, &heard.subject, heard.replies);
                let last = sections.pop();
                for section in sections {
                    self.text(section);
                }
                self.call("check_draft", json!({ "limits": true }), None);
                self.result("check_draft", Shown::Nothing);
                self.steps.push(Step::Work(Change::Reply));
                if let Some(last) = last {
                    self.text(last);
                }
                WORDS
            }
            Wish::Title(text) => {
                let text = text.clone().unwrap_or_else(|| words::screen_title(language, &heard.subject));
                self.edit(Change::Title(text.clone()), Some(words::starting(language)));
                self.text(words::titled(language, &text));
                edit_price
            }
            Wish::Music => {
                self.edit(Change::Music("Warm Breeze"), Some(words::starting(language)));
                self.text(words::scored(language, "Warm Breeze"));
                edit_price
            }
            Wish::Effect => {
                self.edit(Change::Effect("Film Grain"), None);
                self.text(words::graded(language, "Film Grain"));
                edit_price
            }
            Wish::Trim(seconds) => {
                self.edit(Change::Trim(seconds * 1_000), Some(words::starting(language)));
                self.text(words::trimmed(language, *seconds));
                edit_price
            }
            Wish::Remove => {
                self.edit(Change::Remove(vec![AUDIO, TITLE, EFFECT]), None);
                self.text(words::removed(language));
                edit_price
            }
            Wish::Generate(subject) => self.generate(language, subject),
        }
    }

    /// Two stages: the raw clip, then what nobody asked for.
    fn generate(&mut self, language: words::Language, subject: &str) -> i64 {
        const TOOL: &str = "generate_video_with_seedance";
        const LENGTH: u64 = 10;
        self.text(words::generating(language));
        self.call(TOOL, json!({ "prompt": subject, "duration": LENGTH }), None);
        let change = Change::RawClip { subject: subject.to_owned(), millis: LENGTH * 1_000 };
        self.steps.extend([Step::Wait(self.gap * 2), Step::Work(change)]);
        self.result(TOOL, Shown::Media);
        self.text(words::raw_ready(language, subject));
        self.edit(Change::Title(words::screen_title(language, subject)), None);
        self.edit(Change::Music("Lo-fi"), None);
        self.text(words::finished(language));
        GENERATION
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::nemo::NemoEmulatorSettings;

    fn heard(text: &str) -> Heard<'_> {
        Heard {
            text,
            language: words::Language::of(text, "en"),
            subject: words::subject("desk_lamp-demo.mp4"),
            clip: "desk_lamp-demo.mp4".to_owned(),
            has_clip: true,
            edit_paid: false,
            replies: 0,
        }
    }

    fn texts(steps: &[Step]) -> String {
        let said = steps.iter().filter_map(|step| match step {
            Step::Say(Event::Text(text)) => Some(text.as_str()),
            Step::Say(Event::Call { text, .. }) => text.as_deref(),
            _ => None,
        });
        said.collect::<Vec<_>>().join("\n\n")
    }

    fn planned(text: &str, scenario: Scenario) -> Plan {
        plan(&heard(text), scenario, &NemoEmulatorSettings::quick().pace)
    }

    #[test]
    fn metadata_comes_in_the_language_of_the_request_and_speaks_of_the_clip() {
        let english =
            texts(&planned("generate titles, descriptions, and tags for my YouTube video", Scenario::Normal).steps);
        for part in ["Desk Lamp Demo", "## Titles", "1. ", "3. ", "## Description", "## Tags"] {
            assert!(english.contains(part), "{part} in {english}");
        }
        let chinese = texts(&planned("为这个视频写三个标题、一段描述和标签", Scenario::Normal).steps);
        for part in ["标题", "描述", "标签", "desk lamp demo"] {
            assert!(chinese.to_lowercase().contains(part), "{part} in {chinese}");
        }
        let spanish =
            texts(&planned("Write the titles, the description and the tags in Spanish.", Scenario::Normal).steps);
        assert!(spanish.contains("Títulos"), "{spanish}");
    }

    #[test]
    fn an_edit_works_before_it_reports() {
        let steps = planned("add a title \"Urban Dreams\"", Scenario::Normal).steps;
        let work = steps.iter().position(|step| *step == Step::Work(Change::Title("Urban Dreams".to_owned())));
        let result = steps.iter().position(|step| matches!(step, Step::Say(Event::Result { .. })));
        assert!(work < result && work.is_some());
        assert!(texts(&steps).contains("click Export"));
    }

    #[test]
    fn without_a_clip_it_asks_for_one() {
        let bare = Heard { has_clip: false, ..heard("write three titles for my video") };
        let plan = plan(&bare, Scenario::Normal, &NemoEmulatorSettings::quick().pace);
        assert_eq!(plan.cost, 0);
        assert!(texts(&plan.steps).contains("pload"));
    }

    #[test]
    fn each_failure_stands_where_its_name_says() {
        let is_work = |step: &Step| matches!(step, Step::Work(_));
        for text in ["add music", "write titles"] {
            let silent = planned(text, Scenario::SilentEdit).steps;
            assert_eq!((texts(&silent).as_str(), silent.iter().any(is_work)), ("", true), "{text}");
            let nothing = planned(text, Scenario::SilentNothing).steps;
            assert_eq!((texts(&nothing).as_str(), nothing.iter().any(is_work)), ("", false), "{text}");
            let dropped = planned(text, Scenario::Dropped).steps;
            assert_eq!((dropped.last(), dropped.iter().any(is_work)), (Some(&Step::Reset), true), "{text}");
            let undone = planned(text, Scenario::DroppedUndone).steps;
            assert_eq!((undone.last(), undone.iter().any(is_work)), (Some(&Step::Reset), false), "{text}");
        }
        let slow = planned("add music", Scenario::Slow).steps;
        assert_eq!(
            slow.iter().filter(|step| matches!(step, Step::Say(Event::Heartbeat(_)))).count(),
            150,
            "as many as its time holds"
        );
        assert!(planned("hello", Scenario::Hang).steps.contains(&Step::Hold));
    }
}
