//! The power is cut at every named place, and the user never notices more than a pause and a notice.

use std::collections::BTreeMap;

use futures::StreamExt;
use nemo_bot::crash::POINTS;

use super::bot::Stage;
use super::checker::{Deeds, broken};

/// Cases that run beside each other: they mostly wait for a dead instance's claims to run out.
const AT_ONCE: usize = 8;
/// How often a place is passed before the bot dies there.
const OCCURRENCES: u32 = 3;
/// Where it also dies twice in a row. A third time would make a message that nobody can work on.
const TWICE: [&str; 9] = [
    "accept.stored",
    "live.posted",
    "account.locked",
    "upload.before",
    "upload.arrived",
    "turn.written",
    "turn.said",
    "render.submitted",
    "render.ringing",
];
const WISH: &str = "add a title that says Urban Dreams";

/// Where the power is cut.
#[derive(Clone, Debug)]
struct Cut {
    point: String,
    occurrence: u32,
    /// In how many lives.
    lives: u32,
}

/// What a journey has left.
struct Lived {
    /// How often each place was passed.
    passed: BTreeMap<String, u32>,
    deaths: u32,
    broken: Vec<String>,
    story: String,
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_place_it_dies_at_each_message_runs_once_and_is_answered() {
    let calm = live_through(None).await;
    assert!(calm.broken.is_empty(), "without any crash: {:#?}\n{}", calm.broken, calm.story);
    let only = std::env::var("NEMO_BOT_TEST_CRASH").ok();
    let mut cuts = Vec::new();
    for point in POINTS {
        let times = calm.passed.get(*point).copied().unwrap_or_default();
        assert!(times > 0, "the journey never passes {point}\n{}", calm.story);
        let cut = |occurrence, lives| Cut { point: (*point).to_owned(), occurrence, lives };
        cuts.extend((1..=OCCURRENCES.min(times)).map(|occurrence| cut(occurrence, 1)));
        if TWICE.contains(point) {
            cuts.push(cut(1, 2));
        }
    }
    cuts.retain(|cut| only.as_ref().is_none_or(|only| cut.point.starts_with(only)));
    let lived = futures::stream::iter(cuts).map(|cut| async move { (live_through(Some(&cut)).await, cut) });
    let mut lived = lived.buffer_unordered(AT_ONCE);
    let mut wrong = Vec::new();
    while let Some((lived, cut)) = lived.next().await {
        let mut found = lived.broken;
        if lived.deaths == 0 {
            found.push("the power was never cut".to_owned());
        }
        if !found.is_empty() {
            wrong.push(format!("=== {cut:?}\n{found:#?}\n{}", lived.story));
        }
    }
    assert!(wrong.is_empty(), "{} cases\n{}", wrong.len(), wrong.join("\n"));
}

/// A clip, a wish, an export, with the power cut on the way.
async fn live_through(cut: Option<&Cut>) -> Lived {
    // On an account of the operator, wherever that does: a free one that is lost between its issue and its storing is a
    // limit of the service, which gives none twice.
    let free = cut.is_none_or(|cut| cut.point.starts_with("account."));
    let account: &[_] = if free { &[] } else { &[("NEMO_TOKEN", "nmv_usr_restart")] };
    let stage = Stage::empty(account).await;
    let (deaths, broken) = {
        let mut deaths = 0;
        let life = keep_alive(&stage, cut, &mut deaths);
        let broken = tokio::select! {
            () = life => unreachable!("it is started again each time"),
            broken = journey(&stage, cut) => broken,
        };
        (deaths, broken)
    };
    let mut passed = BTreeMap::new();
    for point in stage.logs().split("Passed crash point ").skip(1) {
        let point = point.split_whitespace().next().unwrap_or_default().trim_end_matches('.');
        *passed.entry(point.to_owned()).or_default() += 1;
    }
    Lived { passed, deaths, broken, story: stage.story() }
}

/// Starts the bot whenever it is not there; in its first lives the power will be cut.
async fn keep_alive(stage: &Stage, cut: Option<&Cut>, deaths: &mut u32) {
    let armed = cut.map(|cut| format!("{}:{}", cut.point, cut.occurrence));
    loop {
        let arms = armed.as_deref().filter(|_| cut.is_some_and(|cut| *deaths < cut.lives));
        let arms: Vec<_> = arms.into_iter().map(|arms| ("NEMO_BOT_CRASH", arms)).collect();
        let ended = stage.spawn(&arms).wait().await.unwrap();
        assert!(!arms.is_empty(), "it ended by itself, with {ended}\n{}", stage.story());
        *deaths += 1;
    }
}

async fn journey(stage: &Stage, cut: Option<&Cut>) -> Vec<String> {
    let user = stage.user("en");
    let mut late = Vec::new();
    user.sends_clip(None).await;
    late.extend(left(stage, "the clip").await.err());
    user.says(WISH);
    late.extend(left(stage, "the wish").await.err());
    user.says("export");
    late.extend(left(stage, "the export").await.err());
    let orphans = cut.map_or(0, |cut| cut.lives as usize);
    let deeds = Deeds { chat: user.chat, clips: 1, exports: 1, orphans: if leaves_orphans(cut) { orphans } else { 0 } };
    let mut found = broken(&stage.journal.after(0), deeds);
    found.append(&mut late);
    found
}

/// A message that Telegram took and whose name nobody kept stands for ever as it was. What comes in is stored beside
/// the work on it, so a cut there can hit that too.
fn leaves_orphans(cut: Option<&Cut>) -> bool {
    let beside = ["poll.", "accept.", "offset.", "live.posted", "account.", "session.opened", "export.status"];
    // The third thing that ends is the export, whose status message is posted and not stored yet.
    let is_exports = |cut: &Cut| cut.point == "finish.before" && cut.occurrence == 3;
    cut.is_some_and(|cut| is_exports(cut) || beside.iter().any(|begins| cut.point.starts_with(begins)))
}

async fn left(stage: &Stage, what: &str) -> Result<(), String> {
    stage.rests().await.map_err(|_| format!("{what} is never done"))
}
