//! What a press leaves behind: buttons that are used up go from their message, and nobody who presses in the wrong
//! moment is left without a word.

use nemo_bot::sandbox::nemo::Scenario;
use nemo_bot::sandbox::telegram::{self, FaultAction, FaultRule};
use rstest::rstest;

use super::bot::{Platform, Seen, Stage, User};

const GENERATE: &str = "generate a video of a cat on a boat";
const POEM: &str = "write a poem about the sea";

fn labels(message: &Seen) -> Vec<String> {
    message.buttons.iter().flatten().map(|button| button.text.clone()).collect()
}

/// Waits until a message has these buttons and no others, and returns it.
async fn sees_left(user: &User<'_>, message: i64, left: &[&str]) -> Seen {
    let wanted = |shown: &Seen| shown.message_id == message && labels(shown) == left;
    let found = user.waits_for(|| user.messages().into_iter().find(wanted)).await;
    found.unwrap_or_else(|| panic!("{left:?} never were all\n{:#?}\n{}", user.bot_messages(), user.stage.story()))
}

#[rstest]
#[case::telegram(Platform::Telegram)]
#[case::discord(Platform::Discord)]
#[tokio::test(flavor = "multi_thread")]
async fn a_button_that_runs_once_goes_and_a_second_press_that_raced_is_answered(#[case] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.sends_clip(None).await;
    let offer = user.sees_button("Titles + tags").await;
    assert_eq!(labels(&offer), ["Titles + tags", "Edit", "Export MP4"]);
    stage.listens().await;
    user.presses_on(offer.message_id, "Titles + tags");
    user.presses_on(offer.message_id, "Titles + tags");
    let left = sees_left(&user, offer.message_id, &["Edit", "Export MP4"]).await;
    assert_eq!(left.text, offer.text, "the words stay");
    user.sees("That is already done").await;
    user.sees("Tags").await;
    assert_eq!(stage.count("run"), 1, "{}", stage.story());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[rstest]
#[case::telegram(Platform::Telegram)]
#[case::discord(Platform::Discord)]
#[tokio::test(flavor = "multi_thread")]
async fn one_of_two_ways_is_chosen_and_neither_is_offered_again(#[case] on: Platform) {
    for (pressed, other, runs) in [("Keep", "Only the clip", 1), ("Only the clip", "Keep", 2)] {
        let stage = Stage::on(on).await;
        let user = stage.user_on(on, "en");
        user.sends_clip(None).await;
        user.sees_button("Export MP4").await;
        stage.nemo.play(Scenario::TwoStage);
        user.says(GENERATE);
        let added = user.sees_button(other).await;
        stage.nemo.play(Scenario::Normal);
        stage.listens().await;
        user.presses_on(added.message_id, pressed);
        // Discord hands out what happens at once in any order.
        if on == Platform::Discord {
            stage.journal_has("acknowledged", |_| true).await;
        }
        user.presses_on(added.message_id, other);
        let left = sees_left(&user, added.message_id, &["Export MP4", "Full reply"]).await;
        assert_eq!(left.text, added.text, "the words stay");
        user.sees("That is already done").await;
        user.sees(if pressed == "Keep" { "Timeline" } else { "Only the clip is left" }).await;
        assert!(stage.rests().await.is_ok(), "{}", stage.story());
        assert_eq!((user.count("That is already done"), stage.count("run")), (1, runs), "{}", stage.story());
        stage.assert_clean();
    }
}

#[rstest]
#[case::telegram(Platform::Telegram)]
#[case::discord(Platform::Discord)]
#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_was_answered_has_no_buttons_any_more(#[case] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.sends_clip(None).await;
    user.sees_button("Export MP4").await;
    stage.nemo.play(Scenario::Hang);
    user.says(POEM);
    stage.journal_has("run", |_| true).await;
    // Beside a turn, and with nothing running.
    user.says("/new");
    let asked = user.sees_button("Wait").await;
    stage.listens().await;
    user.presses_on(asked.message_id, "Wait");
    sees_left(&user, asked.message_id, &[]).await;
    assert_eq!(stage.count("run-end"), 0, "it goes on\n{}", stage.story());
    stage.nemo.play(Scenario::Normal);
    stage.nemo.release();
    user.sees("Concrete requests work best").await;
    user.says("/forget");
    let asked = user.sees_button("Delete").await;
    user.presses_on(asked.message_id, "Keep");
    sees_left(&user, asked.message_id, &[]).await;
    user.sees("Nothing was deleted").await;
    stage.assert_clean();
}

#[rstest]
#[case::telegram(Platform::Telegram)]
#[case::discord(Platform::Discord)]
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_without_words_is_tried_again_by_a_button_that_goes(#[case] on: Platform) {
    for scenario in [Scenario::SilentNothing, Scenario::EmptyStream] {
        let stage = Stage::on(on).await;
        let user = stage.user_on(on, "en");
        user.sends_clip(None).await;
        user.sees_button("Export MP4").await;
        stage.nemo.play(scenario);
        user.says(POEM);
        user.sees("the project did not change").await;
        let said = user.sees_button("Try again").await;
        stage.nemo.play(Scenario::Normal);
        stage.nemo.allow_repeat();
        stage.listens().await;
        user.presses_on(said.message_id, "Try again");
        sees_left(&user, said.message_id, &[]).await;
        let sent = stage.journal_has("run", |run| run.data["number"] == 2).await;
        assert_eq!(sent.data["text"], POEM, "{}", stage.story());
        user.sees("Concrete requests work best").await;
        stage.assert_clean();
    }
}

/// The answer is complete, and its last edit waits for the chat: longer than the bot leaves what comes in for later.
async fn ends(user: &User<'_>) -> Seen {
    let stage = user.stage;
    user.sends_clip(None).await;
    user.sees_button("Export MP4").await;
    let description = "Too Many Requests: retry after 7".to_owned();
    let wait = FaultAction::Status { code: 429, description, retry_after: Some(7) };
    stage.telegram.fault(FaultRule::on("editMessageText", wait).at_buttons());
    user.says(POEM);
    stage.journal_has("refused", |entry| entry.data["status"] == 429).await;
    user.sees_button("Stop").await
}

#[rstest]
#[case::by_its_button(true, "That is already done")]
#[case::by_a_command(false, "Nothing is running")]
#[tokio::test(flavor = "multi_thread")]
async fn who_stops_an_answer_in_the_moment_in_which_it_ends_is_told_so(#[case] by_button: bool, #[case] late: &str) {
    let stage = Stage::open().await;
    let user = stage.user("en");
    let live = ends(&user).await;
    if by_button {
        user.presses_on(live.message_id, "Stop");
    } else {
        user.says("/cancel");
    }
    user.sees(late).await;
    assert!(stage.rests().await.is_ok(), "{}", stage.story());
    let words = (user.count(late), user.count("Concrete requests work best"), user.count("Stopped waiting"));
    assert_eq!(words, (1, 1, 0), "{:#?}", user.texts());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_of_an_answer_that_has_ended_leaves_the_next_one_alone() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    let live = ends(&user).await;
    stage.nemo.play(Scenario::Hang);
    user.says("write a haiku about the sea");
    user.presses_on(live.message_id, "Stop");
    stage.journal_has("run", |run| run.data["number"] == 2).await;
    user.sees("That is already done").await;
    stage.nemo.play(Scenario::Normal);
    stage.nemo.release();
    user.sees_times("Concrete requests work best", 2).await;
    assert_eq!(user.count("Stopped waiting"), 0, "{:#?}", user.texts());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_cancels_an_answer_too_late_beside_a_render_is_not_told_that_nothing_runs() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    user.sends_clip(None).await;
    user.sees_button("Export MP4").await;
    stage.nemo.play(Scenario::RenderSlow);
    user.says("export");
    stage.journal_has("render-poll", |_| true).await;
    ends(&user).await;
    user.says("/cancel");
    user.sees("That is already done").await;
    user.sees("Concrete requests work best").await;
    stage.nemo.release();
    user.sees_video().await;
    assert_eq!((user.count("Nothing is running"), user.count("Export stopped")), (0, 0), "{:#?}", user.texts());
    stage.assert_clean();
}

/// Two signs of life of one request: the answer to the first one's post was lost. The first.
async fn sees_orphan(user: &User<'_>) -> Seen {
    let stage = user.stage;
    user.sends_clip(None).await;
    user.sees_button("Export MP4").await;
    stage.nemo.play(Scenario::Hang);
    stage.telegram.play(Some(telegram::Scenario::PostLost));
    user.says(POEM);
    stage.journal_has("run", |_| true).await;
    user.sees_times("Working on it…", 2).await;
    user.bot_messages().into_iter().find(|message| message.text.contains("Working on it…")).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_on_the_orphan_of_a_lost_post_stops_its_turn_and_takes_the_orphan_away() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    let orphan = sees_orphan(&user).await;
    user.presses_on(orphan.message_id, "Stop");
    user.sees("Stopped waiting").await;
    user.sees_no_more("Working on it…").await;
    assert!(stage.rests().await.is_ok(), "{}", stage.story());
    assert!(user.bot_messages().iter().all(|message| message.message_id != orphan.message_id), "{:#?}", user.texts());
    stage.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_on_an_orphan_of_an_earlier_turn_stops_nothing_else() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    let orphan = sees_orphan(&user).await;
    stage.nemo.play(Scenario::Normal);
    stage.nemo.release();
    user.sees("Concrete requests work best").await;
    assert!(stage.rests().await.is_ok(), "{}", stage.story());
    // Beside the next turn, which is not meant.
    stage.nemo.play(Scenario::Hang);
    user.says("and one about the wind");
    stage.journal_has("run", |run| run.data["number"] == 2).await;
    user.presses_on(orphan.message_id, "Stop");
    user.sees("That is already done").await;
    let gone = || user.bot_messages().iter().all(|message| message.message_id != orphan.message_id).then_some(());
    assert!(user.waits_for(gone).await.is_some(), "{:#?}", user.texts());
    assert_eq!(stage.count("run-end"), 1, "the turn goes on\n{}", stage.story());
    stage.nemo.play(Scenario::Normal);
    stage.nemo.release();
    user.sees_times("Concrete requests work best", 2).await;
    assert_eq!(user.count("Stopped waiting"), 0, "{:#?}", user.texts());
    stage.assert_clean();
}
