//! What was written for the clips of a project: kept for each, and put together where only a part comes anew.

use serde::{Deserialize, Serialize};

use super::record::{Project, Request};
use crate::metadata::{Parsed, Set};

/// Clips of a project whose texts are kept. With the bound of each they fit a document.
const METADATA_KEPT: usize = 32;
/// Places of clips in their project that a sign tells apart; then it comes again, and the newer card is meant. The last
/// sign is for a card of no known clip.
const SIGNS: usize = 35;
const NAMELESS: char = 'z';

impl Project {
    /// Keeps what was written on `request` for the clip that is meant. Titles alone take the place of its titles, a
    /// single one that of the title that the request quotes; the rest stays, and so does what a reply in the same
    /// language leaves out.
    pub fn describe(&mut self, parsed: Parsed, request: &Request) {
        let clip = self.meant_by(request).cloned();
        let earlier = self.metadata.iter().position(|known| known.clip == clip).map(|at| self.metadata.remove(at));
        let parsed = match earlier {
            Some(earlier) => over(parsed, earlier.parsed, &request.text),
            None => parsed,
        };
        self.metadata.push(ClipMetadata { clip, parsed });
        if self.metadata.len() > METADATA_KEPT {
            self.metadata.remove(0);
        }
    }

    /// The clip that a request is about: the one that is known, else the only one that its words name, else the newest.
    fn meant_by<'a>(&'a self, request: &'a Request) -> Option<&'a String> {
        request.about.last().or_else(|| self.named_in(&request.text)).or(self.clips.last())
    }

    /// The only clip that words name. A name without an extension is a word like any other.
    fn named_in(&self, text: &str) -> Option<&String> {
        let is_part = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
        let mut named: Vec<(std::ops::Range<usize>, &String)> = Vec::new();
        for clip in self.clips.iter().filter(|clip| clip.contains('.')) {
            for (at, _) in text.match_indices(clip.as_str()) {
                let end = at + clip.len();
                let after = text[end..].trim_start_matches('.').chars().next();
                if !is_part(text[..at].chars().next_back()) && !is_part(after) {
                    named.push((at..end, clip));
                }
            }
        }
        // "beach.mp4" stands in "Copy of beach.mp4" too.
        let inside = |one: &std::ops::Range<usize>, other: &std::ops::Range<usize>| {
            one != other && other.start <= one.start && one.end <= other.end
        };
        let mut alone = named.iter().filter(|(one, _)| !named.iter().any(|(other, _)| inside(one, other)));
        let (_, first) = alone.next()?;
        alone.all(|(_, other)| other == first).then_some(*first)
    }

    /// What was written for the newest clip, if anything was.
    pub fn latest(&self) -> Option<&ClipMetadata> {
        self.metadata.iter().rev().find(|known| known.clip.as_ref() == self.clips.last())
    }

    /// What was written last, for whichever clip.
    pub fn newest_card(&self) -> Option<&ClipMetadata> {
        self.metadata.last()
    }

    /// One sign that tells a clip's card from those of the project's other clips, for the arguments of its buttons.
    pub fn sign_of(&self, card: &ClipMetadata) -> char {
        let place = card.clip.as_ref().and_then(|name| self.clips.iter().position(|clip| clip == name));
        let digit = place.and_then(|place| u32::try_from(place % SIGNS).ok()).and_then(|at| char::from_digit(at, 36));
        digit.unwrap_or(NAMELESS)
    }

    /// The card with that sign, as it is now.
    pub fn card_signed(&self, sign: char) -> Option<&ClipMetadata> {
        self.metadata.iter().rev().find(|card| self.sign_of(card) == sign)
    }
}

/// Titles, description and tags of one clip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClipMetadata {
    /// The clip's name, where the project knows it.
    pub clip: Option<String>,
    /// What was written for it.
    pub parsed: Parsed,
}

/// New titles over what is known.
fn over(new: Parsed, mut known: Parsed, request: &str) -> Parsed {
    let bare = |set: &Set| {
        let titles = Set {
            platform: set.platform.clone(),
            language: set.language.clone(),
            titles: set.titles.clone(),
            ..Set::default()
        };
        *set == titles
    };
    match (new.sets.as_slice(), known.sets.first_mut()) {
        ([only], Some(first)) if bare(only) && !only.titles.is_empty() => {
            // The longest: a short title may stand in a longer one.
            let titles = first.titles.iter().enumerate().filter(|(_, title)| !title.is_empty());
            let quoted = titles.filter(|(_, title)| request.contains(title.as_str()));
            let quoted = quoted.max_by_key(|(_, title)| title.len()).map(|(at, _)| at);
            if let ([title], Some(at)) = (only.titles.as_slice(), quoted) {
                first.titles[at].clone_from(title);
            } else {
                first.titles.clone_from(&only.titles);
                known.recommended = new.recommended;
            }
            known
        }
        _ => new.completed(known),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata;

    fn project(clips: &[&str]) -> Project {
        Project { clips: clips.iter().map(|clip| (*clip).to_owned()).collect(), ..Project::default() }
    }

    fn titles(of: &str) -> Parsed {
        metadata::parse(&format!("Titles:\n1. {of}\n2. Other\n\nTags: a, b"), true).unwrap()
    }

    #[test]
    fn a_request_is_about_the_clip_that_it_names_else_about_the_newest() {
        let project = project(&["Copy of beach.mp4", "beach.mp4", "clip", "1.mp4", "11.mp4", "海.mp4", "city.mp4"]);
        for (request, meant) in [
            ("write titles", "city.mp4"),
            ("Titles for beach.mp4.", "beach.mp4"),
            ("more titles (beach.mp4)", "beach.mp4"),
            ("titles for Copy of beach.mp4", "Copy of beach.mp4"),
            ("titles for Copy of beach.mp4 and beach.mp4", "city.mp4"),
            ("titles for this clip", "city.mp4"),
            ("in the style of beach.mp4\n(city.mp4)", "city.mp4"),
            ("titles for 11.mp4", "11.mp4"),
            ("titles for 1.mp4!", "1.mp4"),
            ("nothing of my-beach.mp4 nor beach.mp4.bak", "city.mp4"),
            ("再为海.mp4写五个标题", "海.mp4"),
        ] {
            let request = Request::from(request.to_owned());
            assert_eq!(project.meant_by(&request).map(String::as_str), Some(meant), "{request:?}");
        }
        let known = Request::about("titles like those of 1.mp4".to_owned(), vec!["beach.mp4".to_owned()]);
        assert_eq!(project.meant_by(&known).map(String::as_str), Some("beach.mp4"));
    }

    #[test]
    fn a_shortened_title_takes_the_place_of_the_longest_that_was_quoted() {
        let mut project = project(&["beach.mp4"]);
        project.describe(metadata::parse("Titles:\n1. Sea\n2. The Sea at night", true).unwrap(), &String::new().into());
        let ask = "Shorten title 2 to at most 9 characters: \"The Sea at night\"".to_owned();
        project.describe(metadata::parse("Titles:\n1. Night sea", true).unwrap(), &ask.into());
        assert_eq!(project.latest().unwrap().parsed.sets[0].titles, ["Sea", "Night sea"]);
    }

    #[test]
    fn each_card_is_found_by_its_sign_and_the_newest_clips_stays_the_latest() {
        let mut project = project(&[]);
        let request = |text: &str| Request::from(text.to_owned());
        project.describe(titles("Nameless"), &request(""));
        for clip in ["beach.mp4", "city.mp4"] {
            project.clips.push(clip.to_owned());
            project.describe(titles(clip), &request("write titles"));
        }
        project.describe(titles("Waves"), &request("more for beach.mp4"));
        let first = |card: Option<&ClipMetadata>| card.unwrap().parsed.sets[0].titles[0].clone();
        assert_eq!(first(project.newest_card()), "Waves");
        assert_eq!(first(project.latest()), "city.mp4");
        for (sign, title) in [('z', "Nameless"), ('0', "Waves"), ('1', "city.mp4")] {
            assert_eq!(first(project.card_signed(sign)), title);
            assert_eq!(project.sign_of(project.card_signed(sign).unwrap()), sign);
        }
        assert_eq!(project.card_signed('2'), None);
    }
}
