//! Floods: every line has an end, whoever stands behind it is told, memory stays, and nobody else waits.

use nemo_bot::sandbox::nemo::Scenario;

use super::bot::Stage;

const ANSWER: &str = "Concrete requests work best";
const OPERATOR: (&str, &str) = ("NEMO_TOKEN", "nmv_usr_flood");
/// What the bot may use more than before, in bytes: 20 KB for each message of the larger flood.
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
    assert_eq!(stage.queued(&flood), 20, "the line has an end\n{}", stage.story());
    // Behind all notices of places in line, which Telegram takes one of in a second.
    flood.sees("number 19 in line").await;
    flood.says("one wish more");
    flood.sees("You already have 20 requests waiting").await;
    assert!(flood.count("requests waiting") <= 2, "seldom: {:#?}", flood.texts());
    let growth = stage.peak_memory() - before;
    assert!(growth < GROWTH, "{} MiB more", growth >> 20);
    flood.says("/cancel");
    flood.sees("Stopped waiting").await;
    assert_eq!(stage.count("run"), 2, "{}", stage.story());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_people_with_one_message_each_are_all_answered_once_and_in_pace() {
    const PEOPLE: usize = 500;
    /// What Telegram takes from a bot. Source: its FAQ for bots, "My bot is hitting limits".
    const A_SECOND: u64 = 30;
    let stage = Stage::with(&[OPERATOR, ("RUST_LOG", "info")]).await;
    let first = stage.user("en");
    first.says("/help");
    first.sees("I take").await;
    let before = stage.peak_memory();
    let people: Vec<_> = (0..PEOPLE).map(|_| stage.user("en")).collect();
    for person in &people {
        person.says("/help");
    }
    // They are stored, confirmed and answered in turn.
    for person in people.iter().step_by(25) {
        person.sees("I take").await;
    }
    assert!(stage.rests().await.is_ok(), "{}", stage.story());
    let answers: Vec<_> = people.iter().map(|person| person.count("I take")).collect();
    assert!(answers.iter().all(|answers| *answers == 1), "each once: {answers:?}\n{}", stage.story());
    assert_eq!(stage.count("refused"), 0, "no penalty\n{}", stage.story());
    // A busy machine brings calls in heaps, so what counts is all of them: faster than this was too fast somewhere.
    let sent: Vec<_> = stage.journal.after(0).into_iter().filter(|entry| entry.kind == "sent").collect();
    let took = sent[sent.len() - 1].at_ms - sent[sent.len() - PEOPLE].at_ms;
    assert!(took >= PEOPLE as u64 * 1000 / A_SECOND, "{took} ms for {PEOPLE} messages");
    let growth = stage.peak_memory() - before;
    assert!(growth < GROWTH, "{} MiB more", growth >> 20);
    stage.assert_clean();
}
