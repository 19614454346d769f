//! What the bot may not do, by channel: as interactions tell it, and as refusals do.
//!
//! In memory: whatever is forgotten with a restart is told again by the next interaction, or the next refusal.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tracing::warn;

use super::error::CallError;
use super::place::Snowflake;
use crate::chat::permission::Permission;

/// Discord's code for a channel that the bot does not see. Source: Discord's API reference, "JSON Error Codes".
const MISSING_ACCESS: u64 = 50_001;
/// More channels than lack something where anybody uses the bot. Beyond it all is forgotten, and told again.
const LIMIT: usize = 10_000;

/// Whoever has it may do everything.
const ADMINISTRATOR: u64 = 1 << 3;
/// Permissions, and their bits and names. Without the first nothing else counts. Source: Discord's API reference,
/// "Permissions".
const BITS: [(Permission, u64, &str); 6] = [
    (Permission::View, 1 << 10, "View Channel"),
    (Permission::Send, 1 << 11, "Send Messages"),
    (Permission::SendInThreads, 1 << 38, "Send Messages in Threads"),
    (Permission::AttachFiles, 1 << 15, "Attach Files"),
    (Permission::ReadHistory, 1 << 16, "Read Message History"),
    (Permission::OpenThreads, 1 << 35, "Create Public Threads"),
];

/// Without one of these nothing is said in a channel.
const SPEAKING: [Permission; 3] = [Permission::View, Permission::Send, Permission::SendInThreads];

/// What a thread of a project needs.
const FOR_THREADS: [Permission; 2] = [Permission::OpenThreads, Permission::SendInThreads];

/// What is missing of all that is needed to speak in a channel, or in a thread. To open threads is asked for only where
/// one is to be opened. Links that do not unfold (Embed Links) and reactions that do not show cost nobody anything.
pub(super) fn missing(bits: u64, thread: bool) -> BTreeSet<Permission> {
    if lacks(bits, Permission::View) {
        return BTreeSet::from([Permission::View]);
    }
    let speak = if thread { Permission::SendInThreads } else { Permission::Send };
    let needed = [speak, Permission::AttachFiles, Permission::ReadHistory];
    needed.into_iter().filter(|one| lacks(bits, *one)).collect()
}

/// What is missing of all that is needed to open a thread in a channel, and to speak in it.
pub(super) fn missing_for_threads(bits: u64) -> BTreeSet<Permission> {
    if lacks(bits, Permission::View) {
        return BTreeSet::from([Permission::View]);
    }
    FOR_THREADS.into_iter().filter(|one| lacks(bits, *one)).collect()
}

fn lacks(bits: u64, wanted: Permission) -> bool {
    bits & ADMINISTRATOR == 0 && BITS.iter().any(|(one, bit, _)| *one == wanted && bits & bit == 0)
}

/// What a refused call says: by its code, else by what was tried.
pub(super) fn refused(error: &CallError, tried: Permission) -> Option<Permission> {
    match error {
        CallError::Forbidden { code: MISSING_ACCESS } => Some(Permission::View),
        CallError::Forbidden { .. } => Some(tried),
        _ => None,
    }
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Permits(Mutex<HashMap<Snowflake, Known>>);

/// What is known of a channel.
#[derive(Debug, Default)]
struct Known {
    /// The newest interaction that told.
    told: Snowflake,
    missing: BTreeSet<Permission>,
    /// What kept the bot from a thread of its own there, when it last tried.
    threads: BTreeSet<Permission>,
    /// Whatever the log has named.
    logged: BTreeSet<Permission>,
}

impl Known {
    fn is_mute(&self) -> bool {
        SPEAKING.iter().any(|one| self.missing.contains(one))
    }
}

impl Permits {
    /// An interaction told what the bot may do in the channel. Refusals that came after it stay.
    pub(super) fn told(&self, channel: Snowflake, interaction: Snowflake, bits: u64, thread: bool) {
        let missing = missing(bits, thread);
        let mut known = self.known();
        if missing.is_empty() && !known.contains_key(&channel) {
            return;
        }
        let known = one(&mut known, channel);
        if known.told >= interaction {
            return;
        }
        known.told = interaction;
        known.missing = missing;
        log(channel, known);
    }

    /// A call was refused for want of this.
    pub(super) fn refused(&self, channel: Snowflake, permission: Permission) {
        let mut known = self.known();
        let known = one(&mut known, channel);
        // A file that goes nowhere because nothing does is no news.
        if permission != Permission::AttachFiles || !known.is_mute() {
            known.missing.insert(permission);
        }
        log(channel, known);
    }

    /// No thread was opened in the channel, for want of these.
    pub(super) fn no_thread(&self, channel: Snowflake, permissions: BTreeSet<Permission>) {
        let mut known = self.known();
        let known = one(&mut known, channel);
        known.threads = permissions;
        log(channel, known);
    }

    /// A thread was opened in the channel.
    pub(super) fn has_thread(&self, channel: Snowflake) {
        self.granted(channel, &[]);
        if let Some(known) = self.known().get_mut(&channel) {
            known.threads.clear();
        }
    }

    /// A call that needs these was done.
    pub(super) fn granted(&self, channel: Snowflake, permissions: &[Permission]) {
        if let Some(known) = self.known().get_mut(&channel) {
            known.missing.retain(|one| *one != Permission::View && !permissions.contains(one));
        }
    }

    /// What is missing in the channel, as far as is known.
    pub(super) fn of(&self, channel: Snowflake) -> BTreeSet<Permission> {
        self.known().get(&channel).map(|known| &known.missing | &known.threads).unwrap_or_default()
    }

    /// Whether the bot is known not to be heard in the channel.
    pub(super) fn is_mute(&self, channel: Snowflake) -> bool {
        self.known().get(&channel).is_some_and(Known::is_mute)
    }

    fn known(&self) -> MutexGuard<'_, HashMap<Snowflake, Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn one(known: &mut HashMap<Snowflake, Known>, channel: Snowflake) -> &mut Known {
    if known.len() >= LIMIT && !known.contains_key(&channel) {
        known.clear();
    }
    known.entry(channel).or_default()
}

/// The operator hears of it too, once: where the bot may not write, nobody else can.
fn log(channel: Snowflake, known: &mut Known) {
    let Known { missing, threads, logged, .. } = known;
    let lacks = |one| missing.contains(one) || threads.contains(one);
    for (_, _, name) in BITS.iter().filter(|(one, ..)| lacks(one) && logged.insert(*one)) {
        warn!(channel, "A permission is missing on Discord: {name}. Ask a moderator of that server to allow it");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Permission::{AttachFiles, ReadHistory, Send, SendInThreads, View};

    /// Each of the sets that the six bits can make.
    fn masks() -> impl Iterator<Item = u64> {
        (0..1_u64 << BITS.len())
            .map(|set| BITS.iter().enumerate().filter(|(at, _)| set >> at & 1 == 1).map(|(_, (_, bit, _))| bit).sum())
    }

    #[test]
    fn each_missing_bit_that_is_needed_is_named_and_no_other() {
        for bits in masks() {
            for thread in [false, true] {
                let has = |bit: u32| bits & 1 << bit != 0;
                let mut expected = BTreeSet::new();
                if has(10) {
                    let speaks = if thread { (has(38), SendInThreads) } else { (has(11), Send) };
                    for (has, permission) in [speaks, (has(15), AttachFiles), (has(16), ReadHistory)] {
                        expected.extend((!has).then_some(permission));
                    }
                } else {
                    expected.insert(View);
                }
                assert_eq!(missing(bits, thread), expected, "{bits:b} {thread}");
                assert!(missing(bits | ADMINISTRATOR, thread).is_empty(), "{bits:b} {thread}");
            }
        }
    }

    #[test]
    fn a_later_refusal_outlives_what_an_earlier_interaction_told() {
        let (permits, all) = (Permits::default(), !ADMINISTRATOR);
        permits.told(1, 10, all, false);
        assert!(permits.of(1).is_empty());
        permits.told(1, 11, all & !(1 << 15), false);
        assert_eq!(permits.of(1), BTreeSet::from([AttachFiles]));
        permits.told(1, 12, all, false);
        assert!(permits.of(1).is_empty(), "somebody has allowed it");
        permits.refused(1, Send);
        permits.refused(1, AttachFiles);
        permits.told(1, 12, all, false);
        assert_eq!(permits.of(1), BTreeSet::from([Send]), "the refusal is newer, and says why no file arrives");
        permits.granted(1, &[Send]);
        permits.no_thread(1, BTreeSet::from([SendInThreads]));
        permits.told(1, 13, all, false);
        assert_eq!(permits.of(1), BTreeSet::from([SendInThreads]), "bits say nothing of why a thread was refused");
        assert!(!permits.is_mute(1), "the channel itself takes words");
        permits.has_thread(1);
        assert!(permits.of(1).is_empty());
        assert!(permits.of(2).is_empty());
    }
}
