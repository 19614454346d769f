//! What was written for the clips of a project: kept for each, and put together where only a part comes anew.

use serde::{Deserialize, Serialize};

use super::record::Project;
use crate::metadata::{Parsed, Set};

/// Clips of a project whose texts are kept. With the bound of each they fit a document.
const METADATA_KEPT: usize = 32;

impl Project {
    /// Keeps what was written for the newest clip. Titles alone take the place of its titles, a single one that of the
    /// title that `request` quotes; the rest stays, and so does what a reply in the same language leaves out.
    pub fn describe(&mut self, parsed: Parsed, request: &str) {
        let clip = self.clips.last().cloned();
        let earlier = self.metadata.iter().position(|known| known.clip == clip).map(|at| self.metadata.remove(at));
        let parsed = match earlier {
            Some(earlier) => over(parsed, earlier.parsed, request),
            None => parsed,
        };
        self.metadata.push(ClipMetadata { clip, parsed });
        if self.metadata.len() > METADATA_KEPT {
            self.metadata.remove(0);
        }
    }

    /// What was written for the newest clip, if anything was.
    pub fn latest(&self) -> Option<&ClipMetadata> {
        self.metadata.last().filter(|known| known.clip.as_ref() == self.clips.last())
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
            let quoted = first.titles.iter().position(|title| !title.is_empty() && request.contains(title.as_str()));
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
