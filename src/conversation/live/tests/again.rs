//! Messages that have to be posted again: somebody deleted them, or nobody knows whether they arrived.

use super::*;
use crate::chat::choice::{Action, Choice};
use crate::chat::reply::ButtonAction;

#[tokio::test(start_paused = true)]
async fn a_deleted_message_comes_back_once_with_all_that_it_should_show() {
    let chat = Chat::new(400, [Answer::Done, Answer::Done, Answer::Deleted]);
    let live = live(&chat, LiveState::default());
    play(&live, &[(0, "one"), (3, " two"), (7, " three")], PACE * 2).await;
    assert_eq!(chat.texts(), ["one two three\n\ndone"]);
}

#[tokio::test(start_paused = true)]
async fn a_deleted_message_begins_again_with_its_words_or_its_sign_of_life() {
    let texts = |chat: &Chat| chat.posted.lock().unwrap().iter().map(|r| r.text.plain_text()).collect::<Vec<_>>();
    let chat = Chat::new(400, [Answer::Done, Answer::Done, Answer::Deleted]);
    let growing = live(&chat, LiveState::default());
    growing.foot(RichText::plain("Working on it"), Vec::new());
    growing.open(&|| true).await;
    growing.foot(RichText::default(), Vec::new());
    play(&growing, &[(0, "one"), (3, " two"), (7, " three")], PACE * 2).await;
    assert_eq!(texts(&chat), ["Working on it", "one two"], "no bare dots");

    let chat = Chat::new(400, [Answer::Done, Answer::Deleted]);
    let silent = live(&chat, LiveState::default());
    for words in ["Working on it", "Still working"] {
        silent.foot(RichText::plain(words), Vec::new());
        silent.show(&|| true).await;
    }
    assert_eq!(texts(&chat), ["Working on it", "Still working"]);
}

#[tokio::test(start_paused = true)]
async fn each_post_has_a_stop_of_its_own_and_those_of_lost_posts_are_known() {
    let chat = Chat::new(400, [Answer::Unreached, Answer::Unreached]);
    let live = live(&chat, LiveState::default());
    let does = ButtonAction::Press(Choice {
        action: Action::Stop,
        owner: UserId::new("5"),
        project: 0,
        argument: String::new(),
    });
    let stop = Button { label: "Stop".to_owned(), does, style: crate::chat::reply::ButtonStyle::Danger };
    live.foot(RichText::plain("Working on it"), vec![stop]);
    live.open(&|| true).await;
    let mark = |reply: &Reply| match &reply.buttons[0].does {
        ButtonAction::Press(choice) => choice.argument.clone(),
        other => panic!("{other:?}"),
    };
    let marks: Vec<_> = chat.posted.lock().unwrap().iter().map(mark).collect();
    assert_eq!(marks.len(), 3, "two lost, one that stands");
    assert_eq!(live.lost(), marks[..2]);
    assert!(!marks[..2].contains(&marks[2]) && !marks[2].is_empty());
    assert_eq!(live.kept().lost, live.lost(), "whoever goes on knows them too");
    let calls = chat.calls.lock().unwrap().len();
    live.show(&|| true).await;
    assert_eq!(chat.calls.lock().unwrap().len(), calls, "a mark alone is no change");
}
