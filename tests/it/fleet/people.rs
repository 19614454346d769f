//! People who chat all at once, each in a private chat, with wishes that nobody else has.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::bot::{Stage, User};
use crate::checker::crowd::Crowd;

use super::REST_PATIENCE;

/// Below the bound of an inbox, so that nobody is refused. Source: `conversation::inbox::INBOX_LIMIT`.
const OPEN: usize = 12;

/// See the module.
pub(super) struct People<'a> {
    stage: &'a Stage,
    users: Vec<User<'a>>,
    said: BTreeMap<i64, usize>,
    pub(super) crowd: Crowd,
}

impl<'a> People<'a> {
    /// So many new users, each with a clip.
    pub(super) async fn with_clips(stage: &'a Stage, many: usize) -> Self {
        let users: Vec<_> = (0..many).map(|_| stage.user("en")).collect();
        for user in &users {
            user.sends("portrait.mp4", None).await;
        }
        let said = users.iter().map(|user| (user.chat, 1)).collect();
        let mut people = Self { stage, users, said, crowd: Crowd::default() };
        people.are_answered().await;
        people
    }

    /// The next wish of this person, if they have not many open.
    pub(super) fn says(&mut self, who: usize) {
        let user = &self.users[who % self.users.len()];
        let Some(said) = self.said.get_mut(&user.chat) else { return };
        let done = self.crowd.talks.get(&user.chat).map_or(0, |talk| talk.outcomes().min(talk.asked()));
        if *said < done + OPEN {
            user.says(&format!("add a title \"p{who}w{said}\""));
            *said += 1;
        }
    }

    /// Everybody wishes for something.
    pub(super) fn all_say(&mut self) {
        (0..self.users.len()).for_each(|who| self.says(who));
    }

    /// Reads on what has happened.
    pub(super) fn look(&mut self) {
        self.crowd.take(&self.stage.journal.after(self.crowd.seen()));
    }

    /// Whether all that was said has its outcome.
    fn all_answered(&self) -> bool {
        self.said.iter().all(|(chat, said)| self.crowd.talks.get(chat).is_some_and(|talk| talk.outcomes() >= *said))
    }

    /// Waits until all that was said has its outcome.
    pub(super) async fn are_answered(&mut self) {
        let stage = self.stage;
        let mut newest = stage.journal.newest();
        let answered = async {
            loop {
                newest.borrow_and_update();
                self.look();
                if self.all_answered() {
                    return;
                }
                newest.changed().await.unwrap();
            }
        };
        if tokio::time::timeout(REST_PATIENCE, answered).await.is_err() {
            self.look();
            let broken = self.crowd.broken(&stage.journal.after(0));
            panic!("not all is answered: {broken:#?}\n{}\n{}", self.tale(&broken), stage.story());
        }
    }

    /// No promise is broken in all that has happened.
    pub(super) fn assert_whole(&mut self) {
        self.look();
        let broken = self.crowd.broken(&self.stage.journal.after(0));
        assert!(broken.is_empty(), "{broken:#?}\n{}", self.tale(&broken));
    }

    /// What happened in the chats that are named there: all of it would be too much to read.
    fn tale(&self, broken: &[String]) -> String {
        let told = |chat: &str| broken.iter().any(|broken| broken.contains(chat));
        let mut tale = String::new();
        for entry in self.stage.journal.after(0) {
            let chat = entry.data["chat"].to_string();
            let text = entry.data["text"].as_str().unwrap_or_default();
            if told(&chat) || matches!(entry.source, "nemo" | "test") {
                let message = &entry.data["message_id"];
                let _ =
                    writeln!(tale, "{:>7} ms {:<10} {chat} {message} {} {text:?}", entry.at_ms, entry.kind, entry.line);
            }
        }
        tale
    }

    /// How many wishes there were.
    pub(super) fn wishes(&self) -> usize {
        self.said.values().map(|said| said - 1).sum()
    }
}

/// Chance that can be thrown again: the same seed gives the same throws.
#[derive(Debug)]
pub(super) struct Dice(pub(super) u64);

impl Dice {
    /// As the environment says, else by chance.
    pub(super) fn thrown() -> Self {
        let asked = std::env::var("NEMO_BOT_TEST_SEED").ok().and_then(|seed| seed.parse().ok());
        Self(asked.unwrap_or_else(|| u64::from(rand::random::<u32>())))
    }

    /// A number below `bound`. Source: the step and the mixing of `SplitMix64`.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }

    /// One out of `many`.
    pub(super) fn one_of(&mut self, many: usize) -> usize {
        usize::try_from(self.below(many as u64)).unwrap()
    }
}
