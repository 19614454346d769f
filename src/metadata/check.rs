//! Whether a set fits a platform: counts, findings, and the repairs that only remove noise.

use serde_json::{Map, Value, json};

use super::limits::{Rule, limits};
use super::repair::repair;
use super::{Set, count};

mod clean;
mod fields;

pub(super) use fields::CHAPTER_GAP_S;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The platform refuses it.
    Error,
    /// Allowed, not advised.
    Warning,
    /// Noise that was taken out, or entries beyond a limit; see [`Finding::removed`].
    Repaired,
}

/// What of a set a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A title.
    Title,
    /// The description.
    Description,
    /// The description with its hashtags, where a platform has one text.
    Caption,
    /// The tags.
    Tags,
    /// The hashtags.
    Hashtags,
    /// The chapters.
    Chapters,
    /// People who are mentioned.
    Mentions,
}

impl Part {
    /// As files call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Description => "description",
            Self::Caption => "caption",
            Self::Tags => "tags",
            Self::Hashtags => "hashtags",
            Self::Chapters => "chapters",
            Self::Mentions => "mentions",
        }
    }
}

/// What would mend a finding and changes words, so that the user presses a button for it. `repair` does those that need
/// no agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fix {
    /// Title `n`, from 1: ask the agent for a shorter one; else cut at a word.
    ShortenTitle(usize),
    /// Cut the description at the end of a paragraph.
    CutDescription,
    /// Keep the first five hashtags.
    KeepHashtags,
    /// Hashtags last, and trim.
    TrimCaption,
    /// Insert 0:00, merge what is too close.
    MendChapters,
    /// Offer several posts.
    Thread,
}

/// Why chapters are not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChapterFault {
    /// The first is not at 0:00.
    NotFromStart,
    /// Fewer than three.
    TooFew,
    /// One is not after the one before.
    NotAscending,
    /// Closer than ten seconds to the next.
    TooClose,
    /// Beyond the end of the clip.
    BeyondEnd,
}

/// One thing that the checker saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The id of its rule, such as `T1`.
    pub rule: &'static str,
    /// What files call it, with the limit filled in.
    pub name: String,
    /// Key of the platform.
    pub platform: String,
    /// What it is about.
    pub part: Part,
    /// Which title, hashtag or chapter, counted from 0.
    pub index: Option<usize>,
    /// The count, where one was over or under.
    pub actual: Option<usize>,
    /// The limit that it is held against.
    pub limit: Option<usize>,
    /// What was removed or replaced.
    pub removed: Vec<String>,
    /// What took its place, if anything did.
    pub made: Option<String>,
    /// How bad it is.
    pub level: Level,
    /// The button that is offered.
    pub fix: Option<Fix>,
    /// For chapters: why.
    pub fault: Option<ChapterFault>,
}

impl Finding {
    /// As the schema has it: errors and repairs, no warnings.
    pub fn violation(&self) -> Option<Value> {
        if self.level == Level::Warning {
            return None;
        }
        let mut fields = Map::new();
        fields.insert("platform".to_owned(), json!(self.platform));
        fields.insert("field".to_owned(), json!(self.part.name()));
        if let Some(index) = self.index {
            fields.insert("index".to_owned(), json!(index));
        }
        fields.insert("rule".to_owned(), json!(self.name));
        if let Some(actual) = self.actual {
            fields.insert("actual".to_owned(), json!(actual));
        }
        match &self.removed[..] {
            [] => {}
            [one] => drop(fields.insert("value".to_owned(), json!(one))),
            many => drop(fields.insert("value".to_owned(), json!(many))),
        }
        Some(Value::Object(fields))
    }
}

/// A count beside its limit: a part of the line that says what fits where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measure {
    /// What was counted. Of titles, the longest.
    pub part: Part,
    /// How much there is.
    pub count: usize,
    /// How much is allowed.
    pub limit: usize,
}

/// A set as it goes to one platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Key of the platform.
    pub platform: String,
    /// With the automatic repairs made: this is what is copied and exported.
    pub set: Set,
    /// In the order of the rules.
    pub findings: Vec<Finding>,
    /// What fits where.
    pub measures: Vec<Measure>,
}

impl Checked {
    /// Whether the platform takes it.
    pub fn fits(&self) -> bool {
        self.findings.iter().all(|finding| finding.level != Level::Error)
    }
}

/// Checks `set` for `platform`. `duration_s` is that of the clip, where it is known. A fix is offered only where it mends
/// what was found; one that the agent makes, or that makes several posts, may.
pub fn check(set: &Set, platform: &str, duration_s: Option<u32>) -> Checked {
    let mut checked = examine(set, platform, duration_s);
    for at in 0..checked.findings.len() {
        let found = &checked.findings[at];
        let Some(fix) = found.fix.filter(|fix| !matches!(fix, Fix::ShortenTitle(_) | Fix::Thread)) else { continue };
        let mended = examine(&repair(set, platform, fix, duration_s), platform, duration_s);
        let is_it = |other: &Finding| {
            (other.rule, other.part, other.level, other.fault) == (found.rule, found.part, found.level, found.fault)
        };
        if mended.findings.iter().any(is_it) {
            checked.findings[at].fix = None;
        }
    }
    checked
}

fn examine(set: &Set, platform: &str, duration_s: Option<u32>) -> Checked {
    let mut checker = Checker { platform, set: set.clone(), duration_s, findings: Vec::new(), measures: Vec::new() };
    let noise = checker.invisible();
    checker.titles();
    checker.description();
    checker.tags();
    checker.hashtags();
    checker.chapters();
    checker.caption();
    checker.findings.extend(noise);
    let Checker { set, findings, measures, .. } = checker;
    Checked { platform: platform.to_owned(), set, findings, measures }
}

struct Checker<'a> {
    platform: &'a str,
    set: Set,
    duration_s: Option<u32>,
    findings: Vec<Finding>,
    measures: Vec<Measure>,
}

impl Checker<'_> {
    /// The rule, if it holds here.
    fn rule(&self, id: &str) -> Option<&'static Rule> {
        limits().rule(id).filter(|rule| rule.holds_on(self.platform))
    }

    fn finding(&self, rule: &'static Rule, part: Part, level: Level) -> Finding {
        Finding {
            rule: &rule.id,
            name: rule.named(),
            platform: self.platform.to_owned(),
            part,
            index: None,
            actual: None,
            limit: None,
            removed: Vec::new(),
            made: None,
            level,
            fix: None,
            fault: None,
        }
    }

    /// Holds a count against a rule.
    fn measure(&mut self, rule: &'static Rule, part: Part, index: Option<usize>, actual: usize, fix: Option<Fix>) {
        let over = |limit: Option<usize>| limit.filter(|limit| actual > *limit);
        let (level, limit, name) = if let Some(limit) = over(rule.error_over) {
            (Level::Error, limit, rule.named())
        } else if let Some(limit) = rule.error_under.filter(|limit| actual < *limit) {
            (Level::Error, limit, "empty".to_owned())
        } else if let Some(limit) = over(rule.warn_over) {
            (Level::Warning, limit, rule.named())
        } else {
            return;
        };
        let fix = fix.filter(|_| actual >= rule.error_under.unwrap_or(0));
        let found = self.finding(rule, part, level);
        self.findings.push(Finding { name, index, actual: Some(actual), limit: Some(limit), fix, ..found });
    }

    fn fits_in(&mut self, rule: &'static Rule, part: Part, count: usize) {
        if let Some(limit) = rule.error_over.or(rule.warn_over) {
            self.measures.push(Measure { part, count, limit });
        }
    }
}

/// Units of a caption, by rule.
fn units(rule: &Rule, text: &str) -> usize {
    rule.count.map_or_else(|| count::utf16(text), |unit| count::text(unit, text))
}

#[cfg(test)]
mod tests;
