//! Floods: every line has an end, whoever stands behind it is told, memory stays, and nobody else waits.

use nemo_bot::sandbox::nemo::Scenario;

use super::bot::Stage;

const ANSWER: &str = "Concrete requests work best";
const OPERATOR: (&str, &str) = ("NEMO_TOKEN", "nmv_usr_flood");
/// What the bot may use more than before, in bytes: about 20 KB for each message of the larger flood.
const GROWTH: u64 = 40 * 1024 * 1024;

#[tokio::test(flavor = "multi_thread")]
async fn one_person_with_two_thousand_messages_fills_one_line_and_no_more() {
    const MESSAGES: usize = 2_000;
    // Nobody is held back at the gate before the line.
    let gate = [("NEMO_BOT__FLOOD__BURST", "100000"), ("NEMO_BOT__RUN__HOLD", "30s"), OPERATOR, ("RUST_LOG", "info")];
    let stage = Stage::with(&gate).await;
    let (flood, other) = (stage.user("en"), stage.user("en"));
    other.says("/help");
    other.sees("I take").await;
    let before = stage.peak_memory();
    stage.nemo.play(Scenario::Hang);
    flood.says("wish number 0");
    stage.journal_has("run", |_| true).await;
    for wish in 1..MESSAGES {
        flood.says(&format!("wish number {wish}"));
    }
    stage.nemo.play(Scenario::Normal);
    other.says("write a poem about the sea");
    other.sees(ANSWER).await;
    stage.journal_has("poll", |_| stage.telegram.pending() == 0).await;
    assert_eq!(stage.queued(), 20, "the line has an end\n{}", stage.story());
    flood.sees("You already have 20 requests waiting").await;
    assert!(flood.count("requests waiting") <= 2, "at most once a minute: {:#?}", flood.texts());
    let growth = stage.peak_memory() - before;
    assert!(growth < GROWTH, "{} MiB more", growth >> 20);
    flood.says("/cancel");
    flood.sees("Stopped waiting").await;
    assert_eq!(stage.count("run"), 2, "{}", stage.story());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn two_thousand_people_with_one_message_each_are_all_taken_in_at_once() {
    const PEOPLE: usize = 2_000;
    let stage = Stage::with(&[OPERATOR, ("RUST_LOG", "info")]).await;
    let first = stage.user("en");
    first.says("/help");
    first.sees("I take").await;
    let before = stage.peak_memory();
    let people: Vec<_> = (0..PEOPLE).map(|_| stage.user("en")).collect();
    for person in &people {
        person.says("/help");
    }
    // Stored and confirmed long before they are answered: Telegram takes 25 messages a second.
    stage.journal_has("poll", |_| stage.telegram.pending() == 0).await;
    let answered = || people.iter().filter(|person| person.count("I take") > 0).count();
    let at_once = answered();
    assert!(at_once < PEOPLE / 2, "{at_once} answers: the pace is not kept");
    people[0].sees("I take").await;
    people[PEOPLE / 50].sees("I take").await;
    let growth = stage.peak_memory() - before;
    assert!(growth < GROWTH * 2, "{} MiB more", growth >> 20);
    assert!(people.iter().all(|person| person.count("I take") <= 1), "nobody is answered twice");
    assert_eq!(stage.count("refused"), 0, "no penalty\n{}", stage.story());
    stage.assert_clean();
}
