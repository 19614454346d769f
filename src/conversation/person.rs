//! What is kept of a person across all places, and the person's account at the backend.
//!
//! Anonymous accounts are scarce (one for each client id and ten for each address in seven days), so a person has one
//! for good: asked for in single flight, stored before its first use, never asked for again to get round a limit.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::chat::id::PlaceId;
use crate::clock::Timestamp;
use crate::language::Language;
use crate::nemo::{RenderId, Token};

pub use accounts::{AccountError, Accounts, Leftovers, Waiting};

mod accounts;

/// Places of one person that are listed; with more, what is kept of the one used longest ago goes. Nobody talks to a bot
/// in more, and all of them have to be found at once by `/forget`.
const PLACES_KEPT: usize = 500;
/// Threads of one person's projects that are listed, in the same way.
const THREADS_KEPT: usize = 500;
/// Jobs of one person that are listed, in the same way. The oldest of so many has long ended.
const JOBS_KEPT: usize = 500;

/// What is kept of a person. It lists everything else that is: nothing can be found by looking for it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Person {
    /// Whether the notice on data was shown; once, before the first upload.
    pub notice: bool,
    /// The client id under which an anonymous account is asked for. Never changes.
    pub client: Option<Uuid>,
    /// The anonymous account.
    pub account: Option<Anonymous>,
    /// The token of the person's own account.
    #[serde(default)]
    pub own: Option<Token>,
    /// The language that the person chose with `/language`, for all places.
    #[serde(default)]
    pub language: Option<Language>,
    /// Counts up with each `/connect` and **Disconnect**: a project that was opened before belongs to another account.
    #[serde(default)]
    pub switches: u32,
    /// Where the person has a conversation, and when that was last noted.
    #[serde(default)]
    pub places: Vec<(PlaceId, Timestamp)>,
    /// The threads of the person's projects, and when each was opened.
    #[serde(default)]
    pub threads: Vec<(PlaceId, Timestamp)>,
    /// The person's render jobs, and when they were asked for.
    #[serde(default)]
    pub jobs: Vec<(RenderId, Timestamp)>,
}

impl Person {
    /// Lists a place as used at `now`. Returns those that go for it, to be deleted in the same batch.
    pub fn list_place(&mut self, place: &PlaceId, now: Timestamp, keep: Duration) -> Vec<PlaceId> {
        list(&mut self.places, place, now, keep, PLACES_KEPT)
    }

    /// Lists the thread of a project. Returns those that go for it: they belong to nobody any more.
    pub fn list_thread(&mut self, thread: &PlaceId, now: Timestamp, keep: Duration) -> Vec<PlaceId> {
        list(&mut self.threads, thread, now, keep, THREADS_KEPT)
    }

    /// Lists a job. Returns those that go for it, to be deleted in the same batch.
    pub fn list_job(&mut self, job: &RenderId, now: Timestamp, keep: Duration) -> Vec<RenderId> {
        list(&mut self.jobs, job, now, keep, JOBS_KEPT)
    }

    /// Takes the person's own account into use. `false`: it was already.
    pub fn connect(&mut self, token: Token) -> bool {
        if self.own.as_ref().is_some_and(|own| own.expose() == token.expose()) {
            return false;
        }
        self.own = Some(token);
        self.switches += 1;
        true
    }

    /// Lets go of the person's own account. `false`: there was none.
    pub fn disconnect(&mut self) -> bool {
        if self.own.take().is_none() {
            return false;
        }
        self.switches += 1;
        true
    }
}

/// Puts `item` at the end of the list, which goes by age, and returns what no longer belongs there.
fn list<T: Clone + PartialEq>(
    items: &mut Vec<(T, Timestamp)>,
    item: &T,
    now: Timestamp,
    keep: Duration,
    limit: usize,
) -> Vec<T> {
    items.retain(|(known, _)| known != item);
    items.push((item.clone(), now));
    let old = items.iter().take_while(|(_, at)| now.since(*at) > keep).count();
    let gone = old.max(items.len().saturating_sub(limit)).min(items.len() - 1);
    items.drain(..gone).map(|(item, _)| item).collect()
}

/// An anonymous account. Sealed like everything that is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Anonymous {
    /// Its token.
    pub token: Token,
    /// The backend's name for it, for the registration link.
    pub user_id: Option<String>,
    /// When it runs out.
    pub expires: Timestamp,
}

/// The account that a request runs on.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its token.
    pub token: Token,
    /// Whose it is.
    pub kind: AccountKind,
    /// How often its person had connected or disconnected by then.
    pub switches: u32,
}

/// Whose account it is. Each kind has words of its own when it runs dry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountKind {
    /// The person's own.
    Own,
    /// The operator's, for everyone.
    Operator,
    /// The person's anonymous one; its name at the backend, if known.
    Anonymous(Option<String>),
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEEP: Duration = Duration::from_hours(24);

    fn at(hours: u64) -> Timestamp {
        Timestamp::from_millis(hours * 3_600_000)
    }

    #[test]
    fn a_place_is_listed_once_and_goes_with_time() {
        let mut person = Person::default();
        assert!(person.list_place(&PlaceId::new("1"), at(0), KEEP).is_empty());
        assert!(person.list_place(&PlaceId::new("2"), at(20), KEEP).is_empty());
        assert!(person.list_place(&PlaceId::new("2"), at(21), KEEP).is_empty());
        assert_eq!(person.places.len(), 2);
        assert_eq!(person.list_place(&PlaceId::new("3"), at(30), KEEP), [PlaceId::new("1")]);
        assert_eq!(person.list_place(&PlaceId::new("3"), at(90), KEEP), [PlaceId::new("2")]);
    }

    #[test]
    fn beyond_the_limit_the_oldest_goes_and_never_unlisted() {
        let mut person = Person::default();
        for number in 0..PLACES_KEPT {
            assert!(person.list_place(&PlaceId::new(number.to_string()), at(1), KEEP).is_empty());
        }
        assert_eq!(person.list_place(&PlaceId::new("new"), at(1), KEEP), [PlaceId::new("0")]);
        assert_eq!(person.places.len(), PLACES_KEPT);
    }

    #[test]
    fn each_change_of_account_counts_and_none_that_changes_nothing() {
        let mut person = Person::default();
        assert!(!person.disconnect());
        assert!(person.connect(Token::new("a")) && !person.connect(Token::new("a")) && person.connect(Token::new("b")));
        assert!(person.disconnect() && person.own.is_none());
        assert_eq!(person.switches, 3);
    }
}
