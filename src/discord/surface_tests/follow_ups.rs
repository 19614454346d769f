//! Where the bot is a guest: Discord takes five follow-ups of an interaction, and nothing that comes after them is lost.

use super::*;

/// What a command may be followed by where the bot is a guest.
const MOST: usize = 5;

/// A command with its answer and as many follow-ups as it may have. Returns the last of these, too.
async fn exhausted(stage: &Stage) -> (Target, u64, MessageId) {
    let foreign = stage.emulator.a_foreign_channel("elsewhere");
    let to = stage.commands(foreign).await;
    let mut last = stage.post(&to, &reply("The answer")).await.unwrap();
    for number in 1..=MOST {
        last = stage.post(&to, &reply(&format!("Part {number}"))).await.unwrap();
    }
    (to, foreign, last)
}

fn texts(stage: &Stage, channel: u64) -> Vec<String> {
    stage.shown(channel).into_iter().map(|message| message.content).collect()
}

#[tokio::test]
async fn what_comes_after_the_last_follow_up_stands_below_its_words() {
    let stage = Stage::open().await;
    let (to, foreign, last) = exhausted(&stage).await;
    let sixth = stage.post(&to, &reply("The sixth").with_buttons(vec![stop()])).await.unwrap();
    let shown = stage.shown(foreign);
    assert_eq!(shown.len(), 1 + MOST);
    assert_eq!(shown[MOST].content, "Part 5\n\nThe sixth");
    assert_eq!(shown[MOST].buttons.len(), 1);
    stage.post(&to, &reply("The seventh")).await.unwrap();
    assert_eq!(texts(&stage, foreign)[MOST], "Part 5\n\nThe sixth\n\nThe seventh");

    // Each of them still changes by itself.
    stage.surface.edit(&to, &sixth, &reply("The sixth, done")).await.unwrap();
    stage.surface.edit(&to, &last, &reply("Part five")).await.unwrap();
    assert_eq!(texts(&stage, foreign)[MOST], "Part five\n\nThe sixth, done\n\nThe seventh");
    assert!(stage.shown(foreign)[MOST].buttons.is_empty(), "who is edited without buttons has none");
    stage.surface.remove(&to, &sixth).await.unwrap();
    assert_eq!(texts(&stage, foreign)[MOST], "Part five\n\nThe seventh");
    let first: Vec<_> = texts(&stage, foreign).into_iter().take(MOST).collect();
    assert_eq!(first, ["The answer", "Part 1", "Part 2", "Part 3", "Part 4"]);
    let refused = stage.calls("POST", "/webhooks/").len();
    assert_eq!(refused, MOST + 1, "Discord was asked for a sixth once");
    stage.is_clean();
}

#[tokio::test]
async fn what_has_no_room_below_the_last_follow_up_comes_as_its_file() {
    let stage = Stage::open().await;
    let (to, foreign, last) = exhausted(&stage).await;
    stage.surface.edit(&to, &last, &reply(&"word ".repeat(300))).await.unwrap();
    let long = "line ".repeat(200);
    stage.post(&to, &reply(&long)).await.unwrap();
    let message = stage.shown(foreign).remove(MOST);
    assert!(message.content.starts_with("word word") && !message.content.contains("line"), "{message:#?}");
    let (path, _) = stage.emulator.file(message.files[0].id).unwrap();
    assert_eq!(std::fs::read_to_string(path).unwrap().trim(), long.trim());

    // A file of its own joins it there.
    let video = file("cut.mp4", FileSource::Bytes(Bytes::from_static(b"MOVIE!")));
    stage.post(&to, &Reply { files: vec![video], ..reply("Your video") }).await.unwrap();
    let message = stage.shown(foreign).remove(MOST);
    let names: Vec<_> = message.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["reply.md", "cut.mp4"]);
    assert!(message.content.ends_with("Your video"), "{message:#?}");
    stage.is_clean();
}

#[tokio::test]
async fn after_a_restart_the_answer_itself_takes_what_comes() {
    let stage = Stage::open().await;
    let (to, foreign, _) = exhausted(&stage).await;
    let restarted = discord(&stage.emulator, stage.emulator.token(), Duration::ZERO).surface();
    restarted.post(&to, &reply("The sixth"), DeliveryKey::random()).await.unwrap();
    assert_eq!(texts(&stage, foreign)[0], "The answer\n\nThe sixth");
    assert_eq!(texts(&stage, foreign).len(), 1 + MOST);
    stage.is_clean();
}
