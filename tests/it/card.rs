//! Titles, description and tags that can be pasted: as a card, by a tap, as files, and once more.

use nemo_bot::sandbox::nemo::Scenario;
use rstest::rstest;

use super::bot::Platform::{self, Discord, Telegram};
use super::bot::{Seen, Stage, User};

const WISH: &str = "generate titles, descriptions, and tags for my YouTube video";

/// A person whose clip has its card. Returns the text of that.
async fn described(user: &User<'_>) -> Seen {
    user.sends_clip(Some(WISH)).await;
    user.sees("Fits YouTube limits").await
}

/// The title of this number: beside it, or in the block below it.
fn title(card: &Seen, number: usize) -> Option<String> {
    let number = format!("{number}.");
    let mut lines = card.text.lines().map(|line| line.trim_matches('`').trim()).filter(|line| !line.is_empty());
    let beside = lines.find_map(|line| line.strip_prefix(&number))?.trim();
    let line = if matches!(beside, "" | "(recommended)") { lines.next()? } else { beside };
    Some(line.to_owned())
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_reply_with_titles_becomes_a_card_that_is_one_tap_from_the_clipboard(
    #[values(Telegram, Discord)] on: Platform,
) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    let card = described(&user).await;
    for words in ["Titles, description and tags for landscape.mp4", "1.", "3.", "Description", "Tags"] {
        assert!(card.text.contains(words), "{words}: {}", card.text);
    }
    assert_eq!(
        card.text.matches("What Nobody Shows You").count(),
        1,
        "the card stands in the reply's place: {}",
        card.text
    );
    assert_eq!(user.count("Fits YouTube limits"), 1, "the card is the end of the answer, not a second one");
    let keys: Vec<_> = card.buttons.iter().flatten().collect();
    let copies: Vec<_> = keys.iter().filter(|key| key.kind == "copy").map(|key| key.value.as_str()).collect();
    if on == Telegram {
        // What is copied is what is shown.
        assert!(copies.len() >= 4, "{copies:?}");
        assert!(copies.iter().all(|copied| card.text.contains(copied)), "{copies:?}");
    } else {
        // Three titles, the description and the tags, each in a block.
        assert!(card.raw.matches("```").count() >= 10, "{}", card.raw);
    }
    for label in ["More titles", "Shorter", "Another language", "Files", "Full reply"] {
        assert!(keys.iter().any(|key| key.text == label), "{label}");
    }
    user.presses("Full reply").await;
    user.sees_times("Let me know if you'd like another set", 2).await;
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_card_is_shown_again_and_asked_for_only_once(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.says("/meta");
    user.sees("There is no clip in this project yet").await;
    described(&user).await;
    user.says("/meta");
    user.sees_times("Fits YouTube limits", 2).await;
    assert_eq!(stage.count("run"), 1, "what is there is not paid for again\n{}", stage.story());
    user.says("/export");
    let result = user.sees("Your MP4 is ready").await;
    assert!(result.text.contains("Titles, description and tags"), "{}", result.text);
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_card_of_nothing_is_not_asked_for(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.says("write a poem about the sea");
    user.sees("Concrete requests work best").await;
    user.rests().await;
    user.says("/meta");
    user.sees("There is no clip in this project yet").await;
    assert_eq!(stage.count("run"), 1, "{}", stage.story());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

/// The pairs of a phone's rows: what copies belongs together.
#[tokio::test(flavor = "multi_thread")]
async fn below_a_result_what_copies_stands_first_and_the_file_tells_its_details_once() {
    let stage = Stage::open().await;
    let user = stage.user("en");
    described(&user).await;
    user.says("/export");
    let result = user.sees("Your MP4 is ready: 0:04").await;
    let rows: Vec<Vec<&str>> =
        result.buttons.iter().map(|row| row.iter().map(|button| button.text.as_str()).collect()).collect();
    assert_eq!(rows[0], ["Copy title 1", "Copy title 2"], "{rows:?}");
    assert!(rows.concat().contains(&"Edit more"), "{rows:?}");
    let video = user.sees_video().await;
    assert_eq!(video.text, "✅ Your MP4 is ready.");
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn more_titles_change_nothing_else_of_what_is_kept(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    let first = described(&user).await;
    user.presses("More titles").await;
    user.sees_one("five titles", |seen| title(seen, 5).is_some()).await;
    user.rests().await;
    user.says("/meta");
    user.sees_times("Description", 3).await;
    let again = user.bot_messages().pop().unwrap();
    assert!(title(&again, 5).is_some(), "{}", again.text);
    assert_ne!(first.text, again.text);
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn files_hold_what_the_card_shows(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    let card = described(&user).await;
    user.presses("Files").await;
    // Whatever platform they are for.
    let words = user.sees("The CSV opens in Excel").await.text;
    assert!(!words.contains("YouTube"), "{words}");
    if on == Telegram {
        // One message each, at the pace of the chat.
        user.sees_one_of("the last file", |message| message.file.as_ref().is_some_and(|file| file.name == "tags.txt"))
            .await;
    }
    let files: Vec<_> = user.bot_messages().into_iter().filter(|message| message.file.is_some()).collect();
    let named = |name: &str| files.iter().find(|message| message.file.as_ref().is_some_and(|file| file.name == name));
    if on == Telegram {
        for name in
            ["metadata.json", "metadata.csv", "titles.txt", "description.txt", "tags.txt", "youtube-snippet.json"]
        {
            assert!(named(name).is_some(), "{name} is missing");
        }
        let titles = String::from_utf8(user.downloads(named("titles.txt").unwrap())).unwrap();
        assert!(titles.lines().all(|title| card.text.contains(title)), "{titles}");
    } else {
        assert!(!files.is_empty());
    }
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

/// Waits for the run of this number and returns what was asked in it.
async fn asked(stage: &Stage, number: u64) -> String {
    let run = stage.journal_has("run", |run| run.data["number"] == number).await;
    run.data["text"].as_str().unwrap().to_owned()
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn shorter_asks_once_and_its_answer_takes_the_cards_place(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    let first = described(&user).await;
    user.presses("Shorter").await;
    assert_eq!(asked(&stage, 2).await, "Make the titles and the description shorter.\n(landscape.mp4)");
    let shorter = user.sees("Meet Landscape").await;
    assert!(shorter.text.contains("Landscape, start to finish."), "{}", shorter.text);
    user.rests().await;
    let keys = |of: i64| {
        let message = user.messages().into_iter().find(|message| message.message_id == of).unwrap();
        message.buttons.into_iter().flatten().map(|key| key.text).collect::<Vec<_>>()
    };
    assert!(!keys(first.message_id).contains(&"Shorter".to_owned()), "pressed once: {:?}", keys(first.message_id));
    user.says("/meta");
    user.sees_times("Meet Landscape", 2).await;
    assert_eq!(stage.count("run"), 2, "{}", stage.story());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn another_language_is_chosen_by_a_press(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    described(&user).await;
    user.presses("Another language").await;
    user.sees("Which language should they be in?").await;
    assert_eq!(stage.count("run"), 1, "nothing is asked before the choice\n{}", stage.story());
    user.presses("Español").await;
    assert_eq!(asked(&stage, 2).await, "Write the titles, the description and the tags in Español.\n(landscape.mp4)");
    let card = user.sees("Landscape de cerca y sin guion").await;
    assert!(card.text.contains("Titles, description and tags"), "the bot's own words stay: {}", card.text);
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_title_that_is_too_long_is_shortened_by_the_agent_and_the_others_stay(
    #[values(Telegram, Discord)] on: Platform,
) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.sends_as("the morning market of the old town by the sea.mp4", Some(WISH)).await;
    let card = user.sees("YouTube shows only the first 70 characters of title 2").await;
    let first = title(&card, 1).unwrap();
    user.presses("Shorten it").await;
    let ask = asked(&stage, 2).await;
    assert!(ask.starts_with("Shorten title 2 to at most 70 characters: \"I Filmed The Morning"), "{ask}");
    let again = |seen: &Seen| {
        seen.message_id != card.message_id
            && title(seen, 1).as_ref() == Some(&first)
            && title(seen, 2).is_some_and(|second| second.starts_with("I Filmed The Morning"))
            && !seen.text.contains("characters of title 2")
    };
    user.sees_one("the card with one other title", again).await;
    user.rests().await;
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn chapters_that_youtube_would_ignore_are_mended_without_the_agent(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.sends_clip(Some("write titles, a description with chapters and tags")).await;
    user.sees("YouTube will ignore these chapters: the first has to be at 0:00").await;
    user.presses("Fix it").await;
    let mended = user.sees("0:00 Opening").await;
    assert!(!mended.text.contains("will ignore"), "{}", mended.text);
    assert!(mended.text.contains("0:25 Up close"), "{}", mended.text);
    user.rests().await;
    assert_eq!(stage.count("run"), 1, "{}", stage.story());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_title_of_the_card_goes_into_the_picture_by_a_press(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    described(&user).await;
    user.presses("Use title 1").await;
    assert_eq!(asked(&stage, 2).await, "Use title 1: \"Landscape: What Nobody Shows You\"\n(landscape.mp4)");
    user.sees("Title added").await;
    user.rests().await;
    assert_eq!(stage.count("run"), 2, "{}", stage.story());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_button_under_an_older_clips_card_means_that_clip(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.sends_as("beach.mp4", Some(WISH)).await;
    let beach = user.sees("tags for beach.mp4").await;
    user.rests().await;
    user.sends_as("lamp.mp4", Some(WISH)).await;
    let lamp = user.sees("tags for lamp.mp4").await;
    user.rests().await;
    user.presses_on(beach.message_id, "More titles");
    let ask = asked(&stage, 3).await;
    assert_eq!(ask, "Write five more titles for this video. Change nothing else.\n(beach.mp4)");
    let more = |seen: &Seen| seen.text.contains("tags for beach.mp4") && title(seen, 5).is_some();
    let five = user.sees_one("five titles for the beach", more).await;
    assert!(five.text.contains("Beach") && !five.text.contains("Lamp"), "{}", five.text);
    user.rests().await;
    user.presses_on(beach.message_id, "Another language");
    user.presses("Español").await;
    let ask = asked(&stage, 4).await;
    assert_eq!(ask, "Write the titles, the description and the tags in Español.\n(beach.mp4)");
    let spanish =
        |seen: &Seen| seen.text.contains("tags for beach.mp4") && seen.text.contains("grabado tal como ocurre");
    user.sees_one("the beach in Spanish", spanish).await;
    user.rests().await;
    user.presses_on(beach.message_id, "Use title 1");
    user.sees("I no longer have these titles").await;
    user.rests().await;
    // What needs no agent means it as well, and what stands under the newest clip's card goes on to mean that one.
    user.presses_on(beach.message_id, "Files");
    user.sees("Files for beach.mp4").await;
    user.rests().await;
    user.says("/meta");
    let untouched = |seen: &Seen| {
        let is_its = seen.text.contains("tags for lamp.mp4") && title(seen, 1) == title(&lamp, 1);
        seen.message_id > five.message_id && is_its
    };
    user.sees_one("the lamp's card as it was", untouched).await;
    user.presses_on(lamp.message_id, "Shorter");
    assert_eq!(asked(&stage, 5).await, "Make the titles and the description shorter.\n(lamp.mp4)");
    user.sees("Meet Lamp").await;
    user.rests().await;
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_only_asks_back_is_answered_while_a_request_runs(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.sends_clip(None).await;
    let uploaded = user.sees("What should I do with it?").await;
    user.presses("Titles + tags").await;
    let card = user.sees("Fits YouTube limits").await;
    user.rests().await;
    stage.nemo.play(Scenario::Hang);
    user.says("write a poem about it");
    stage.journal_has("run", |run| run.data["number"] == 2).await;
    user.presses_on(card.message_id, "Another language");
    user.sees("Which language should they be in?").await;
    user.presses_on(uploaded.message_id, "Edit");
    user.sees("What should I change?").await;
    assert_eq!((stage.count("run"), user.count("in line")), (2, 0), "{}", stage.story());
    // What they lead to is a request, and waits.
    user.presses("Español").await;
    stage.nemo.play(Scenario::Normal);
    stage.nemo.release();
    user.sees("grabado tal como ocurre").await;
    user.rests().await;
    stage.assert_clean();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_a_clip_is_called_is_no_word_of_its_person(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.sends_as("tiktok.mp4", Some("write titles, a description and tags")).await;
    let card = user.sees("tags for tiktok.mp4").await;
    assert!(card.text.contains("Fits YouTube limits") && !card.text.contains("Fits TikTok"), "{}", card.text);
    user.rests().await;
    user.sends_as("instagram.mp4", None).await;
    user.sees("What should I do with it?").await;
    user.presses("Titles + tags").await;
    let card = user.sees("tags for instagram.mp4").await;
    assert!(card.text.contains("Fits YouTube limits") && !card.text.contains("Fits Instagram"), "{}", card.text);
    user.rests().await;
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn clips_of_one_name_are_told_apart(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.sends_as("video.mp4", Some(WISH)).await;
    let first = user.sees("tags for video.mp4").await;
    user.rests().await;
    user.sends_as("video.mp4", Some(WISH)).await;
    let second = user.sees("tags for video-2.mp4").await;
    user.rests().await;
    user.presses_on(first.message_id, "Shorter");
    assert_eq!(asked(&stage, 3).await, "Make the titles and the description shorter.\n(video.mp4)");
    let shorter = |seen: &Seen| seen.message_id > second.message_id && seen.text.contains("tags for video.mp4");
    user.sees_one("the first clip's card", shorter).await;
    user.rests().await;
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_tried_again_later_still_means_its_clip(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.sends_as("beach.mp4", Some(WISH)).await;
    user.sees("tags for beach.mp4").await;
    user.rests().await;
    stage.nemo.play(Scenario::OutOfCredits);
    user.presses("Shorter").await;
    let refused = user.sees("No credits left").await;
    user.rests().await;
    stage.nemo.play(Scenario::Normal);
    user.sends_as("lamp.mp4", Some(WISH)).await;
    user.sees("tags for lamp.mp4").await;
    user.rests().await;
    user.presses_on(refused.message_id, "Try again");
    let asked = "Make the titles and the description shorter.\n(beach.mp4)";
    stage.journal_has("run", |run| run.data["text"] == asked).await;
    user.sees("Meet Beach").await;
    user.rests().await;
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_mends_an_older_clips_card_leaves_the_newest_alone(#[values(Telegram, Discord)] on: Platform) {
    let stage = Stage::on(on).await;
    let user = stage.user_on(on, "en");
    user.sends_as("beach.mp4", Some("write titles, a description with chapters and tags")).await;
    let beach = user.sees("YouTube will ignore these chapters: the first has to be at 0:00").await;
    user.rests().await;
    user.sends_as("lamp.mp4", Some(WISH)).await;
    let lamp = user.sees("tags for lamp.mp4").await;
    user.rests().await;
    user.presses_on(beach.message_id, "Fix it");
    let mended = user.sees("0:00 Opening").await;
    assert!(mended.text.contains("tags for beach.mp4") && !mended.text.contains("will ignore"), "{}", mended.text);
    user.says("/meta");
    let same = |seen: &Seen| {
        seen.message_id > mended.message_id
            && seen.text.contains("tags for lamp.mp4")
            && title(seen, 1) == title(&lamp, 1)
            && !seen.text.contains("Opening")
    };
    user.sees_one("the newest card as it was", same).await;
    assert_eq!(stage.count("run"), 2, "{}", stage.story());
    stage.assert_clean();
    stage.assert_calls_pass_the_checker();
}
