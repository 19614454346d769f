//! A gateway that lets nobody in.

use rstest::rstest;

use super::*;

/// serenity knocks again after some seconds; within [`AWAY`] that is this often at most.
const KNOCKS: u32 = 8;
/// Connections that are made until it is given up, with and without an introduction. serenity alone makes thousands.
const CONNECTIONS: usize = 30;
/// Some lives of the client, each with serenity's own pauses.
const PATIENCE: Duration = Duration::from_mins(3);
/// serenity's pause between two tries of a client.
const BOOTS: Duration = Duration::from_secs(5);
/// In place of [`AWAY_LIMIT`].
const AWAY: Duration = Duration::from_secs(2);

#[rstest]
#[case::a_shard_that_is_not_there(4010)]
#[case::more_shards_are_needed(4011)]
#[case::an_old_version(4012)]
#[tokio::test]
async fn whoever_is_turned_away_asks_anew_where_to_connect_and_does_not_storm(#[case] code: u16) {
    let stage = Stage::tuned(DiscordEmulatorSettings::quick(), |bot| bot.away_limit = AWAY).await;
    let asked = || stage.calls("GET", "/gateway/bot").len();
    assert_eq!((asked(), stage.emulator.identified()), (1, 1));
    stage.emulator.turns_away(Some(code));
    stage.emulator.closes(code);
    let again = stage.journal.wait_for(|_| asked() == 2);
    tokio::time::timeout(PATIENCE, again).await.expect("it never asked again");
    let knocks = stage.emulator.identified() - 1;
    assert!(knocks <= KNOCKS, "{knocks} introductions while nobody let it in");
    let closed = stage.journal.after(0).iter().filter(|entry| entry.data["what"] == "closed").count();
    assert!(closed <= CONNECTIONS, "{closed} connections while nobody let it in");
    stage.emulator.turns_away(None);
    let journal = &stage.journal;
    let sessions = || journal.after(0).iter().filter(|entry| entry.data["kind"] == "READY").count();
    let in_again = journal.wait_for(|_| sessions() == 2);
    tokio::time::timeout(PATIENCE, in_again).await.expect("it never came in again");
    // The client that was given up would be in by now, beside the new one.
    tokio::time::sleep(2 * BOOTS).await;
    assert_eq!(sessions(), 2);
    stage.is_clean();
}
