//! Titles, description and tags as a chat shows them: words, and buttons that copy or mend.

use super::described::ClipMetadata;
use super::voice::{Key, digest_tag};
use crate::chat::choice::Action;
use crate::chat::reply::{Button, ButtonAction, ButtonStyle};
use crate::chat::rich::RichText;
use crate::language::Language;
use crate::metadata::card::{Copyable, Face, TitleLine, card};
use crate::metadata::check::{ChapterFault, Checked, Finding, Fix, Level, Measure, Part};
use crate::metadata::limits::limits;
use crate::metadata::{GENERIC, Set};
use crate::say::Say;

/// Titles that have a button of their own: as many as **More titles** brings.
const TITLES_COPIED: usize = 5;
/// Platforms whose limits are spelled out below one set.
const PLATFORMS_SHOWN: usize = 4;
/// What was removed is listed up to this many entries.
const LISTED: usize = 12;

/// A card, ready to be shown.
#[derive(Clone, Debug, Default)]
pub(super) struct Drawn {
    pub(super) text: RichText,
    /// Buttons that put a text on the clipboard, where the platform has such.
    pub(super) copy_buttons: Vec<Button>,
    /// What would mend what a platform does not take.
    pub(super) mends: Vec<Mend>,
}

/// What a button mends: of which set, for which platform, and what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mend {
    pub(super) set: usize,
    pub(super) platform: &'static str,
    pub(super) fix: Fix,
}

/// Draws what was written for a clip, checked for `platforms` where it names none. Where no button `copies`, each title
/// stands in a block of its own.
pub(super) fn drawn(of: &ClipMetadata, platforms: &[String], copies: bool, language: &Language) -> Drawn {
    let card = card(&of.parsed, platforms, None);
    let mut drawn = Drawn { text: head(of, language), ..Drawn::default() };
    let several = card.faces.len() > 1;
    for (face, set) in card.faces.iter().zip(0..) {
        if several {
            drawn.add(RichText::bold(&named(face, language)));
        }
        drawn.face(face, copies, language);
        for checked in face.checked.iter().take(PLATFORMS_SHOWN) {
            drawn.check(checked, set, language);
        }
    }
    if let Some(face) = card.faces.iter().find(|face| !face.titles.is_empty()).or(card.faces.first()).filter(|_| copies)
    {
        drawn.copy_buttons = copy_buttons(face, language);
    }
    drawn
}

fn head(of: &ClipMetadata, language: &Language) -> RichText {
    let bare = |set: &Set| set.description.is_empty() && set.tags.is_empty() && set.hashtags.is_empty();
    let say = match &of.clip {
        _ if of.parsed.sets.iter().all(bare) => Say::MetaTitles,
        Some(name) => Say::MetaResult { name: name.clone() },
        None => Say::MetaResultUnnamed,
    };
    RichText::sentence(&say.text(language))
}

/// A set's platform, and its language where the reply has several.
fn named(face: &Face, speaks: &Language) -> String {
    let platform = Some(limits().name_in(&face.platform, speaks.tag())).filter(|_| face.platform != GENERIC);
    let own_name = |language: Language| language.own_name().to_owned();
    let language = face.language.as_deref().map(|tag| Language::parse(tag).map_or(tag.to_owned(), own_name));
    let parts: Vec<String> = platform.map(str::to_owned).into_iter().chain(language).collect();
    parts.join(" · ")
}

impl Drawn {
    fn add(&mut self, text: RichText) {
        self.text = std::mem::take(&mut self.text).then(text);
    }

    fn labelled(&mut self, label: &Say, text: &str, language: &Language) {
        if !text.is_empty() {
            self.add(RichText::sentence(&label.text(language)));
            self.add(RichText::code_block(text, None));
        }
    }

    fn face(&mut self, face: &Face, copies: bool, language: &Language) {
        let recommended = |line: &TitleLine, title: String| {
            if line.recommended { Say::MetaRecommended { title }.text(language) } else { title }
        };
        if copies {
            let line = |line: &TitleLine| recommended(line, format!("{}. {}", line.number, line.title.text));
            let lines: Vec<String> = face.titles.iter().map(line).collect();
            self.add(RichText::plain(&lines.join("\n")));
        } else {
            let item = |line: &TitleLine| {
                let head = recommended(line, String::new());
                RichText::plain(head.trim()).then(RichText::code_block(&line.title.text, None))
            };
            self.add(RichText::numbered(face.titles.iter().map(item)));
        }
        self.labelled(&Say::MetaDescription, &face.description.text, language);
        self.labelled(&Say::MetaTags, &face.tags.text, language);
        self.labelled(&Say::MetaHashtags, &face.hashtags.text, language);
        // Chapters in the description are there already.
        let inside = face.chapters.first().is_some_and(|first| face.description.text.contains(first.title.as_str()));
        if !inside {
            let lines = face.chapters.iter().map(|chapter| format!("{} {}", clock(chapter.at_s), chapter.title));
            self.labelled(&Say::MetaChapters, &lines.collect::<Vec<_>>().join("\n"), language);
        }
    }

    /// What a platform makes of it, and what would mend it.
    fn check(&mut self, checked: &Checked, set: usize, language: &Language) {
        let platform = limits().name_in(&checked.platform, language.tag()).to_owned();
        let mut said = false;
        if let Some(list) = repairs(&checked.findings, language) {
            let platform = platform.clone();
            self.add(RichText::sentence(&Say::MetaRepaired { platform, list }.text(language)));
        }
        for finding in &checked.findings {
            if let Some(say) = wording(finding, &platform, language) {
                said |= finding.level == Level::Error;
                self.add(RichText::sentence(&say.text(language)));
            }
            self.mends.extend(mend(finding, set));
        }
        let counts = || {
            let filled = checked.measures.iter().filter(|measure| measure.count > 0);
            let joined = |first, second| Say::Joined { first, second }.text(language);
            filled.map(|measure| counted(measure, language)).reduce(joined).unwrap_or_default()
        };
        if checked.fits() {
            self.add(RichText::sentence(&fits(checked, platform, counts).text(language)));
        } else if !said {
            self.add(RichText::sentence(&Say::MetaCheckOver { platform, counts: counts() }.text(language)));
        }
    }
}

/// That all of it fits: YouTube has a sentence of its own.
fn fits(checked: &Checked, platform: String, counts: impl FnOnce() -> String) -> Say {
    let filled = || checked.measures.iter().filter(|measure| measure.count > 0);
    let of = |part: Part| filled().find(|measure| measure.part == part);
    match (of(Part::Title), of(Part::Description), of(Part::Tags)) {
        (Some(t), Some(d), Some(g)) if filled().count() == 3 => Say::MetaCheckOk {
            platform,
            t: t.count as u64,
            tmax: t.limit as u64,
            d: d.count as u64,
            dmax: d.limit as u64,
            g: g.count as u64,
            gmax: g.limit as u64,
        },
        _ => Say::MetaCheckFits { platform, counts: counts() },
    }
}

fn counted(measure: &Measure, language: &Language) -> String {
    let part = match measure.part {
        Part::Title => Say::MetaPartTitle,
        Part::Description => Say::MetaPartDescription,
        Part::Caption => Say::MetaPartCaption,
        Part::Tags => Say::MetaPartTags,
        Part::Hashtags => Say::MetaPartHashtags,
        Part::Chapters => Say::MetaPartChapters,
        Part::Mentions => Say::MetaPartMentions,
    };
    let (count, limit) = (measure.count as u64, measure.limit as u64);
    Say::MetaCount { part: part.text(language), count, limit }.text(language)
}

/// A finding in words. Advice is given of titles alone: a card is no lecture.
fn wording(finding: &Finding, platform: &str, language: &Language) -> Option<Say> {
    let platform = platform.to_owned();
    let (len, max) = (finding.actual.unwrap_or_default() as u64, finding.limit.unwrap_or_default() as u64);
    let n = finding.index.map_or(1, |index| index as u64 + 1);
    match (finding.level, finding.part) {
        (Level::Error, Part::Title) if len > max => Some(Say::MetaCheckBad { n, len, platform, max }),
        (Level::Error, Part::Description) if finding.rule == "D1" && len > max => {
            Some(Say::MetaCheckBadBytes { len, platform, max })
        }
        (Level::Error | Level::Warning, Part::Chapters) => {
            let reason = match finding.fault? {
                ChapterFault::NotFromStart => Say::MetaChaptersStart,
                ChapterFault::TooFew => Say::MetaChaptersFew,
                ChapterFault::NotAscending => Say::MetaChaptersOrder,
                ChapterFault::TooClose => Say::MetaChaptersClose,
                ChapterFault::BeyondEnd => Say::MetaChaptersBeyond,
            };
            Some(Say::MetaChaptersBad { platform, reason: reason.text(language) })
        }
        (Level::Warning, Part::Title) if finding.limit.is_some() => {
            Some(Say::MetaCheckWarn { platform, shown: max, n })
        }
        (Level::Repaired, Part::Tags) if finding.rule == "G1" => {
            let n = finding.removed.len() as u64;
            Some(Say::MetaTrimmed { n, platform, max, list: listed(&finding.removed) })
        }
        // A button without words beside it would tell nothing.
        (Level::Warning, _) if finding.fix.is_some() => {
            let (count, limit) = (finding.actual?, finding.limit?);
            let counts = counted(&Measure { part: finding.part, count, limit }, language);
            Some(Say::MetaCheckAdvice { platform, counts })
        }
        _ => None,
    }
}

/// What was taken out or put in place of something else, each kind once.
fn repairs(findings: &[Finding], language: &Language) -> Option<String> {
    let of = |rules: &[&str]| -> Vec<&Finding> {
        let is = |found: &&Finding| found.level == Level::Repaired && rules.contains(&found.rule);
        findings.iter().filter(is).collect()
    };
    let removed = |rules: &[&str]| -> Option<String> {
        let all: Vec<String> = of(rules).iter().flat_map(|found| found.removed.clone()).collect();
        (!all.is_empty()).then(|| listed(&all))
    };
    let hashtags: Vec<String> = of(&["H2"])
        .iter()
        .flat_map(|found| found.removed.iter().map(|old| (old, found.made.as_deref().unwrap_or("–"))))
        .map(|(old, made)| format!("{old} → {made}"))
        .collect();
    let kinds = [
        (!of(&["T2"]).is_empty()).then_some(Say::MetaFixAngles),
        (!of(&["P1"]).is_empty()).then_some(Say::MetaFixInvisible),
        removed(&["G3"]).map(|list| Say::MetaFixRepeated { list }),
        removed(&["G2", "B3"]).map(|list| Say::MetaFixLong { list }),
        removed(&["B2", "Y2"]).map(|list| Say::MetaFixMany { list }),
        (!hashtags.is_empty()).then(|| Say::MetaFixHashtags { list: listed(&hashtags) }),
    ];
    let words = kinds.into_iter().flatten().map(|say| say.text(language));
    words.reduce(|first, second| Say::JoinedLines { first, second }.text(language))
}

fn listed(removed: &[String]) -> String {
    let shown = removed.iter().take(LISTED).map(String::as_str);
    let more = (removed.len() > LISTED).then_some("…");
    shown.chain(more).collect::<Vec<_>>().join(", ")
}

fn mend(finding: &Finding, set: usize) -> Option<Mend> {
    let platform = limits().platform.keys().find(|key| **key == finding.platform)?;
    Some(Mend { set, platform, fix: finding.fix? })
}

/// **Use title N**: the one that is recommended, else the first.
pub(super) fn use_title(of: &ClipMetadata) -> Option<Key> {
    let titles = &of.parsed.sets.iter().find(|set| !set.titles.is_empty())?.titles;
    let best = of.parsed.recommended.map(|best| best as usize).filter(|best| (1..=titles.len()).contains(best));
    let n = best.unwrap_or(1);
    let argument = title_argument(n, &titles[n - 1])?;
    Some(Key { argument, ..Key::new(Say::BtnUseTitle { n: n as u64 }, Action::UseTitle) })
}

/// The title that such a button means, while it is one of the card.
pub(super) fn title_of(of: &ClipMetadata, argument: &str) -> Option<(u64, String)> {
    let titles = &of.parsed.sets.iter().find(|set| !set.titles.is_empty())?.titles;
    let n = argument.chars().next()?.to_digit(36)? as usize;
    let title = titles.get(n.checked_sub(1)?)?;
    (title_argument(n, title)? == argument).then(|| (n as u64, title.clone()))
}

/// Its number and five signs that tell it from titles that come later.
fn title_argument(n: usize, title: &str) -> Option<String> {
    let mark = digest_tag(title);
    let number = u32::try_from(n).ok().and_then(|n| char::from_digit(n, 36))?;
    Some(std::iter::once(number).chain(mark.chars().take(5)).collect())
}

impl Mend {
    /// Signs of fixes that name no title. A title's number is its own sign, and titles are fewer than these leave room
    /// for.
    const UNNUMBERED: [(char, Fix); 5] = [
        ('v', Fix::CutDescription),
        ('w', Fix::KeepHashtags),
        ('x', Fix::TrimCaption),
        ('y', Fix::MendChapters),
        ('z', Fix::Thread),
    ];

    /// Its button under the card with that sign. The argument tells the card, what is mended, and in a mark one button
    /// from another.
    pub(super) fn key(self, sign: char) -> Option<Key> {
        let says = match self.fix {
            Fix::ShortenTitle(_) | Fix::CutDescription => Say::BtnShorten,
            Fix::KeepHashtags | Fix::TrimCaption | Fix::MendChapters | Fix::Thread => Say::BtnFix,
        };
        let digit = |number: usize| u32::try_from(number).ok().and_then(|number| char::from_digit(number, 36));
        let unnumbered = Self::UNNUMBERED.iter().find(|(_, fix)| *fix == self.fix).map(|(sign, _)| *sign);
        let fix = match self.fix {
            Fix::ShortenTitle(number) => digit(number).filter(|sign| *sign < Self::UNNUMBERED[0].0)?,
            _ => unnumbered?,
        };
        let platform = limits().platform.keys().position(|key| key == self.platform)?;
        let mark: String = super::mark().chars().take(2).collect();
        let argument = [sign, fix, digit(self.set)?, digit(platform)?].into_iter().chain(mark.chars()).collect();
        Some(Key { argument, ..Key::new(says, Action::Mend) })
    }

    /// What the argument of a button means.
    pub(super) fn read(argument: &str) -> Option<Self> {
        let mut signs = argument.chars().skip(1);
        let fix = signs.next()?;
        let mut digit = || signs.next().and_then(|sign| sign.to_digit(36)).map(|digit| digit as usize);
        let (set, platform) = (digit()?, digit()?);
        let fix = match Self::UNNUMBERED.iter().find(|(sign, _)| *sign == fix) {
            Some((_, fix)) => *fix,
            None => Fix::ShortenTitle(fix.to_digit(36)? as usize),
        };
        Some(Self { set, platform: limits().platform.keys().nth(platform)?, fix })
    }
}

fn copy_buttons(face: &Face, language: &Language) -> Vec<Button> {
    let copy = |says: Say, text: &Copyable| {
        let does = ButtonAction::Copy(text.text.clone());
        text.fits_button.then(|| Button { label: says.text(language), does, style: ButtonStyle::Plain })
    };
    let titles = face.titles.iter().take(TITLES_COPIED);
    let titles = titles.filter_map(|line| copy(Say::BtnCopyTitle { n: line.number as u64 }, &line.title));
    let fields = [(Say::BtnCopyDescription, &face.description), (Say::BtnCopyTags, &face.tags)];
    titles.chain(fields.into_iter().filter_map(|(says, text)| copy(says, text))).collect()
}

/// A place in a clip as a description has it.
fn clock(at_s: u32) -> String {
    let (hours, minutes, seconds) = (at_s / 3_600, at_s / 60 % 60, at_s % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

#[cfg(test)]
mod tests;
