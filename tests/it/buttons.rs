//! Buttons that outlive what they were made for.

use nemo_bot::sandbox::nemo::Scenario;

use super::bot::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn a_button_of_an_earlier_project_leaves_the_turn_of_the_next_alone() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    user.sends_clip(None).await;
    user.sees("What should I do with it?").await;
    stage.nemo.play(Scenario::Hang);
    user.says("write a poem about it");
    stage.journal_has("run", |_| true).await;
    user.says("/new");
    let asked = user.sees("still working on the current project").await;
    // Asked twice: the button that is pressed goes, the other stays.
    user.says("/new");
    user.sees_times("still working on the current project", 2).await;
    user.presses("Start a new one").await;
    user.sees("New project.").await;
    stage.journal_has("run-end", |_| true).await;
    user.says("write a haiku about the sea");
    stage.journal_has("run", |run| run.data["number"] == 2).await;
    user.sees_button("Stop").await;
    // What is pressed meanwhile was made for the project before.
    user.presses_on(asked.message_id, "Start a new one");
    user.sees("belongs to an earlier project").await;
    assert_eq!(stage.count("run-end"), 1, "the turn goes on\n{}", stage.story());
    stage.nemo.play(Scenario::Normal);
    stage.nemo.release();
    user.sees("Concrete requests work best").await;
    assert_eq!(user.count("New project."), 1, "{:#?}", user.texts());
    stage.assert_clean();
}
