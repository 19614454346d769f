//! The rules, field by field.

use std::sync::LazyLock;

use regex::Regex;
use unicode_segmentation::UnicodeSegmentation;

use super::{ChapterFault, Checker, Finding, Fix, Level, Part, units};
use crate::metadata::count;

/// Before this many characters a viewer should meet a word of the tags.
const SEEN_FIRST: usize = 150;
/// Emoji in a title that are still good form.
const FEW_EMOJI: usize = 3;
/// Letters from which on capitals are shouting and no abbreviation.
const SHOUT: usize = 12;
/// YouTube's smallest distance of two chapters, and how few it shows.
pub(in crate::metadata) const CHAPTER_GAP_S: u32 = 10;
pub(in crate::metadata) const FEWEST_CHAPTERS: usize = 3;

static HASHTAG: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^#[\p{L}\p{M}\p{N}_]+$").ok());
static MENTION: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?:^|[^\w@])@[\w.]+").ok());

impl Checker<'_> {
    pub(super) fn titles(&mut self) {
        for id in ["T1", "B1", "R1", "Y1"] {
            let Some(rule) = self.rule(id) else { continue };
            let counts: Vec<usize> = self.set.titles.iter().map(|title| units(rule, title)).collect();
            for (index, actual) in counts.iter().enumerate() {
                self.measure(rule, Part::Title, Some(index), *actual, Some(Fix::ShortenTitle(index + 1)));
            }
            if let Some(longest) = counts.into_iter().max() {
                self.fits_in(rule, Part::Title, longest);
            }
        }
        if let Some(rule) = self.rule("T2") {
            for index in 0..self.set.titles.len() {
                if let Some(repaired) = without_angles(&self.set.titles[index]) {
                    self.set.titles[index] = repaired;
                    let found = self.finding(rule, Part::Title, Level::Repaired);
                    self.findings.push(Finding { index: Some(index), ..found });
                }
            }
        }
    }

    pub(super) fn description(&mut self) {
        if let Some(rule) = self.rule("T2")
            && let Some(repaired) = without_angles(&self.set.description)
        {
            self.set.description = repaired;
            let found = self.finding(rule, Part::Description, Level::Repaired);
            self.findings.push(found);
        }
        for id in ["D1", "B4", "R2"] {
            let Some(rule) = self.rule(id) else { continue };
            let actual = units(rule, &self.set.description);
            self.measure(rule, Part::Description, None, actual, Some(Fix::CutDescription));
            self.fits_in(rule, Part::Description, actual);
        }
        if let Some(rule) = self.rule("D1")
            && !self.set.tags.is_empty()
            && !self.set.description.is_empty()
        {
            let head: String = self.set.description.chars().take(SEEN_FIRST).flat_map(char::to_lowercase).collect();
            let met = self
                .set
                .tags
                .iter()
                .flat_map(|tag| tag.split_whitespace())
                .any(|word| head.contains(&word.to_lowercase()));
            if !met {
                let mut found = self.finding(rule, Part::Description, Level::Warning);
                "no_tag_word_first".clone_into(&mut found.name);
                self.findings.push(found);
            }
        }
    }

    pub(super) fn tags(&mut self) {
        if let Some(rule) = self.rule("G3") {
            for repeated in std::mem::take(&mut self.set.repeated) {
                let part = if repeated.starts_with('#') { Part::Hashtags } else { Part::Tags };
                let found = self.finding(rule, part, Level::Repaired);
                self.findings.push(Finding { removed: vec![repeated], ..found });
            }
        }
        for id in ["G2", "B3"] {
            let Some(rule) = self.rule(id) else { continue };
            let limit = rule.error_over.unwrap_or(usize::MAX);
            let (kept, long): (Vec<String>, Vec<String>) =
                std::mem::take(&mut self.set.tags).into_iter().partition(|tag| units(rule, tag) <= limit);
            self.set.tags = kept;
            for tag in long {
                let found = self.finding(rule, Part::Tags, Level::Repaired);
                let actual = Some(units(rule, &tag));
                self.findings.push(Finding { removed: vec![tag], actual, limit: rule.error_over, ..found });
            }
            for index in 0..self.set.tags.len() {
                let actual = units(rule, &self.set.tags[index]);
                self.measure(rule, Part::Tags, Some(index), actual, None);
            }
        }
        if let Some(rule) = self.rule("G1") {
            let (actual, limit) = (count::tags(&self.set.tags), rule.error_over.unwrap_or(usize::MAX));
            let mut sum = actual;
            let mut removed = Vec::new();
            while sum > limit
                && let Some(tag) = self.set.tags.pop()
            {
                // Its own count, and the comma before it.
                sum -= count::tags(std::slice::from_ref(&tag)) + usize::from(!self.set.tags.is_empty());
                removed.insert(0, tag);
            }
            if removed.is_empty() {
                self.measure(rule, Part::Tags, None, actual, None);
            } else {
                let found = self.finding(rule, Part::Tags, Level::Repaired);
                self.findings.push(Finding { removed, actual: Some(actual), limit: rule.error_over, ..found });
            }
            if rule.warn_over_items.is_some_and(|items| self.set.tags.len() > items) {
                let found = self.finding(rule, Part::Tags, Level::Warning);
                let (name, actual) = ("many_tags".to_owned(), Some(self.set.tags.len()));
                self.findings.push(Finding { name, actual, limit: rule.warn_over_items, ..found });
            }
            self.fits_in(rule, Part::Tags, sum);
        }
        if let Some(rule) = self.rule("B2") {
            let limit = rule.error_over.unwrap_or(usize::MAX);
            let actual = self.set.tags.len();
            if actual > limit {
                let removed = self.set.tags.split_off(limit);
                let found = self.finding(rule, Part::Tags, Level::Repaired);
                self.findings.push(Finding { removed, actual: Some(actual), limit: Some(limit), ..found });
            } else {
                self.measure(rule, Part::Tags, None, actual, None);
            }
            self.fits_in(rule, Part::Tags, actual.min(limit));
        }
    }

    pub(super) fn hashtags(&mut self) {
        if let Some(rule) = self.rule("H2") {
            for hashtag in std::mem::take(&mut self.set.hashtags) {
                let fine = HASHTAG.as_ref().is_none_or(|form| form.is_match(&hashtag));
                let plain = if fine { hashtag.clone() } else { formed(&hashtag) };
                if !fine {
                    let found = self.finding(rule, Part::Hashtags, Level::Repaired);
                    let made = Some(plain.clone()).filter(|plain| plain.len() > 1);
                    self.findings.push(Finding { removed: vec![hashtag], made, ..found });
                } else if plain.chars().skip(1).all(char::is_numeric) {
                    let mut found = self.finding(rule, Part::Hashtags, Level::Warning);
                    "digits_only".clone_into(&mut found.name);
                    self.findings.push(found);
                }
                if plain.len() > 1 {
                    self.set.hashtags.push(plain);
                }
            }
        }
        if let Some(rule) = self.rule("Y2")
            && let Some(limit) = rule.error_over.filter(|limit| self.set.hashtags.len() > *limit)
        {
            let actual = self.set.hashtags.len();
            let removed = self.set.hashtags.split_off(limit);
            let found = self.finding(rule, Part::Hashtags, Level::Repaired);
            self.findings.push(Finding { removed, actual: Some(actual), limit: Some(limit), ..found });
        }
        for id in ["H1", "K2", "I2", "L2", "R3", "Y2"] {
            let Some(rule) = self.rule(id) else { continue };
            let actual = self.set.hashtags.len();
            self.measure(rule, Part::Hashtags, None, actual, Some(Fix::KeepHashtags));
            self.fits_in(rule, Part::Hashtags, actual);
        }
    }

    pub(super) fn chapters(&mut self) {
        let Some(rule) = self.rule("C1").filter(|_| !self.set.chapters.is_empty()) else { return };
        let times: Vec<u32> = self.set.chapters.iter().map(|chapter| chapter.at_s).collect();
        let pairs = || times.iter().zip(times.iter().skip(1));
        let faults = [
            (times.first() != Some(&0), ChapterFault::NotFromStart),
            (times.len() < FEWEST_CHAPTERS, ChapterFault::TooFew),
            (pairs().any(|(before, after)| after <= before), ChapterFault::NotAscending),
            (pairs().any(|(before, after)| after > before && after - before < CHAPTER_GAP_S), ChapterFault::TooClose),
            (self.duration_s.is_some_and(|end| times.iter().any(|at| *at >= end)), ChapterFault::BeyondEnd),
        ];
        for (_, fault) in faults.into_iter().filter(|(found, _)| *found) {
            let found = self.finding(rule, Part::Chapters, Level::Error);
            self.findings.push(Finding { fix: Some(Fix::MendChapters), fault: Some(fault), ..found });
        }
        for index in 0..self.set.chapters.len() {
            let actual = count::utf16(&self.set.chapters[index].title);
            self.measure(rule, Part::Chapters, Some(index), actual, None);
        }
    }

    pub(super) fn caption(&mut self) {
        let text = self.set.caption();
        for (id, fix) in
            [("K1", Fix::TrimCaption), ("I1", Fix::TrimCaption), ("X1", Fix::Thread), ("L1", Fix::TrimCaption)]
        {
            let Some(rule) = self.rule(id) else { continue };
            let actual = units(rule, &text);
            self.measure(rule, Part::Caption, None, actual, Some(fix));
            self.fits_in(rule, Part::Caption, actual);
        }
        if let Some(rule) = self.rule("I3") {
            let actual = MENTION.as_ref().map_or(0, |mention| mention.find_iter(&text).count());
            self.measure(rule, Part::Mentions, None, actual, None);
        }
    }

    /// Strips what is not seen, before anything is counted.
    pub(super) fn invisible(&mut self) -> Vec<Finding> {
        let Some(rule) = self.rule("P1") else { return Vec::new() };
        let mut found = Vec::new();
        let mut strip = |text: &mut String, part: Part, index: Option<usize>| {
            // Only a description has several lines.
            let line_end = if part == Part::Description { '\n' } else { ' ' };
            let (clean, removed) = super::clean::clean(text, line_end);
            if removed.is_empty() {
                return;
            }
            *text = clean;
            found.push((part, index, removed));
        };
        for (index, title) in self.set.titles.iter_mut().enumerate() {
            strip(title, Part::Title, Some(index));
        }
        strip(&mut self.set.description, Part::Description, None);
        self.set.tags.iter_mut().enumerate().for_each(|(index, tag)| strip(tag, Part::Tags, Some(index)));
        self.set.hashtags.iter_mut().enumerate().for_each(|(index, tag)| strip(tag, Part::Hashtags, Some(index)));
        self.set
            .chapters
            .iter_mut()
            .enumerate()
            .for_each(|(index, one)| strip(&mut one.title, Part::Chapters, Some(index)));
        self.set.tags.retain(|tag| !tag.is_empty());
        let repaired = found.into_iter().map(|(part, index, removed)| Finding {
            index,
            removed,
            ..self.finding(rule, part, Level::Repaired)
        });
        let mut findings: Vec<Finding> = repaired.collect();
        for (index, title) in self.set.titles.iter().enumerate() {
            let letters = title.chars().filter(|c| c.is_lowercase() || c.is_uppercase()).count();
            let shouts = letters >= SHOUT && !title.chars().any(char::is_lowercase);
            let emoji =
                title.graphemes(true).filter(|grapheme| !grapheme.is_ascii() && count::is_emoji(grapheme)).count();
            for (_, name) in
                [(shouts, "all_capitals"), (emoji > FEW_EMOJI, "many_emoji")].into_iter().filter(|(is, _)| *is)
            {
                let warning = self.finding(rule, Part::Title, Level::Warning);
                findings.push(Finding { name: name.to_owned(), index: Some(index), ..warning });
            }
        }
        findings
    }
}

fn without_angles(text: &str) -> Option<String> {
    text.contains(['<', '>']).then(|| text.replace('<', "‹").replace('>', "›"))
}

/// A hashtag without what ends one.
fn formed(hashtag: &str) -> String {
    let inner = hashtag.trim_start_matches('#').chars();
    let kept = inner.filter(|c| c.is_alphanumeric() || *c == '_' || crate::metadata::items::is_mark(*c));
    std::iter::once('#').chain(kept).collect()
}
