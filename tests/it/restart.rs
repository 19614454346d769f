//! The power is cut at every named place, and the user never notices more than a pause and a notice.

use std::collections::BTreeMap;
use std::time::Duration;

use futures::StreamExt;
use nemo_bot::crash::POINTS;
use nemo_bot::sandbox::nemo::Scenario;
use rstest::rstest;

use super::bot::{Platform, Seen, Stage};
use super::checker::{Deeds, broken};

/// Soon, since each death is waited out.
const TAKEN_OVER: (&str, &str) = ("NEMO_BOT__RUN__HOLD", "2s");
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
    let stage = Stage::empty(&[account, &[TAKEN_OVER]].concat()).await;
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
/// the work on it, and a clip's message goes out beside its transfer, so a cut there can hit that too.
fn leaves_orphans(cut: Option<&Cut>) -> bool {
    let beside = [
        "poll.",
        "accept.",
        "offset.",
        "live.posted",
        "account.",
        "session.opened",
        "upload.before",
        "upload.arrived",
        "export.status",
    ];
    // The third thing that ends is the export, whose status message is posted and not stored yet.
    let is_exports = |cut: &Cut| cut.point == "finish.before" && cut.occurrence == 3;
    cut.is_some_and(|cut| is_exports(cut) || beside.iter().any(|begins| cut.point.starts_with(begins)))
}

async fn left(stage: &Stage, what: &str) -> Result<(), String> {
    stage.rests().await.map_err(|_| format!("{what} is never done"))
}

/// Places that not every message passes: there is a command beside a turn that takes its time.
#[rstest]
#[case::a_claim("crew.claimed:1")]
#[case::a_later_claim("crew.claimed:2")]
#[case::a_command("command.answered:1")]
#[case::a_heartbeat("held.beat:1")]
#[tokio::test(flavor = "multi_thread")]
async fn beside_a_turn_too_the_request_runs_once_and_all_is_answered(#[case] cut: &str) {
    const DIES_WITHIN: Duration = Duration::from_mins(1);
    let stage = Stage::empty(&[("NEMO_TOKEN", "nmv_usr_restart"), TAKEN_OVER]).await;
    let mut first = stage.spawn(&[("NEMO_BOT_CRASH", cut)]);
    let user = stage.user("en");
    stage.nemo.play(Scenario::Hang);
    user.says("write a poem about the sea");
    user.says("/help");
    let died = tokio::time::timeout(DIES_WITHIN, first.wait()).await;
    assert!(died.is_ok(), "the power was never cut\n{}", stage.story());
    stage.nemo.play(Scenario::Normal);
    stage.nemo.release();
    let _second = stage.spawn(&[]);
    user.sees("I take").await;
    stage.journal_has("run", |_| true).await;
    left(&stage, "the request").await.unwrap();
    // A sign of life whose answer was lost with the first life may stay; the request has its last word all the same.
    let (pending, told): (Vec<_>, Vec<_>) = user.texts().into_iter().partition(|text| text.starts_with('⏳'));
    let outcomes = told.iter().filter(|text| !text.contains("I take")).count();
    assert!(pending.len() <= 1 && outcomes >= 1, "{pending:#?} {told:#?}\n{}", stage.story());
    assert_eq!(stage.count("run"), 1, "{}", stage.story());
}

/// The same promises where nothing that was missed comes again by itself. One place for each kind of step.
#[rstest]
#[case::stored("accept.stored:1")]
#[case::posted("live.posted:1")]
#[case::uploaded("upload.arrived:1")]
#[case::in_the_answer("turn.mid-stream:1")]
#[case::answered("turn.said:1")]
#[case::before_the_end("finish.before:1")]
#[case::submitted("render.submitted:1")]
#[case::shown("render.shown:1")]
#[case::about_to_ring("render.ringing:1")]
#[tokio::test(flavor = "multi_thread")]
async fn on_discord_too_it_is_done_once_and_told(#[case] cut: &str) {
    let stage = Stage::empty_on(Platform::Discord, &[("NEMO_TOKEN", "nmv_usr_restart"), TAKEN_OVER]).await;
    let mut first = stage.spawn(&[("NEMO_BOT_CRASH", cut)]);
    stage.listens().await;
    let user = stage.user_on(Platform::Discord, "en");
    let (died, runs) = (std::cell::Cell::new(false), std::cell::Cell::new(1));
    let lives = async {
        first.wait().await.unwrap();
        died.set(true);
        stage.spawn(&[]).wait().await
    };
    let journey = async {
        user.sends_clip(Some(WISH)).await;
        let labels = |seen: &Seen| seen.buttons.concat().into_iter().map(|button| button.text).collect::<Vec<_>>();
        let is_end = |label: &String| matches!(&**label, "Export MP4" | "Try again");
        let told = user.sees_one("how the wish ended", |seen| labels(seen).iter().any(is_end)).await;
        left(&stage, "the wish").await.unwrap();
        stage.listens().await;
        // Cut off early, the agent has done nothing, and is asked again by a press alone.
        if cut.starts_with("turn.mid-stream") && labels(&told).contains(&"Try again".to_owned()) {
            user.presses("Try again").await;
            runs.set(2);
        }
        user.sees_button("Export MP4").await;
        left(&stage, "the wish").await.unwrap();
        user.says("export");
        user.sees("Download: http").await;
        left(&stage, "the export").await.unwrap();
    };
    tokio::select! {
        () = journey => {}
        ended = lives => panic!("it ended by itself: {ended:?}\n{}", stage.story()),
    }
    assert!(died.get(), "the power was never cut\n{}", stage.story());
    let did = (stage.count("upload"), stage.count("run"), stage.count("render"));
    assert_eq!(did, (1, runs.get(), 1), "{}", stage.story());
    let is_video = |message: &Seen| message.file.as_ref().is_some_and(|file| file.kind == "video");
    let videos = user.bot_messages().iter().filter(|message| is_video(message)).count();
    assert!(user.count("Download: http") == 1 && videos <= 1, "{:#?}", user.texts());
    assert!(stage.discord().breaches().is_empty(), "{:#?}", stage.discord().breaches());
}
