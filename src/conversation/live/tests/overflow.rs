//! Replies that are longer than a place takes messages of one.

use super::*;

const SAYS: &str = "All of it is in the file.";

fn capped(limit: usize, answers: impl IntoIterator<Item = Answer>) -> Arc<Chat> {
    Arc::new(Chat { most: Some(4), ..Chat::build(limit, answers, None) })
}

fn overflowing(chat: &Arc<Chat>, kept: LiveState) -> Live {
    let overflow = Overflow { whole: RichText::plain(SAYS), part: RichText::plain("Some of it is.") };
    live(chat, kept).overflowing(overflow)
}

fn long() -> String {
    (0..300).map(|n| format!("word{n} ")).collect()
}

#[tokio::test(start_paused = true)]
async fn a_reply_of_more_than_four_messages_ends_with_a_file_of_all_of_it() {
    let (chat, text) = (capped(300, []), long());
    let live = overflowing(&chat, LiveState::default());
    let grow = async {
        for end in (50..text.len()).step_by(50).chain([text.len()]) {
            live.write(0, &text[..end]);
            live.settle(end);
            tokio::time::sleep(PACE / 4).await;
        }
    };
    tokio::select! {
        () = grow => {}
        () = live.pump(&|| true) => {}
    }
    assert!(chat.files.lock().unwrap().is_empty(), "a file comes when the reply has ended");
    live.foot(RichText::plain("done"), Vec::new());
    assert_eq!(live.land(&|| true).await, Landed::Done);
    let shown = chat.texts();
    assert_eq!(shown.len(), 4, "{shown:?}");
    assert!(shown[3].ends_with(&format!("{SAYS}\n\ndone")), "{shown:?}");
    assert!(text.starts_with(shown[0].as_str()), "{shown:?}");
    assert_eq!(*chat.files.lock().unwrap(), [text]);
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_just_fits_has_no_file() {
    let chat = capped(300, []);
    let text = "word ".repeat(220);
    let live = overflowing(&chat, LiveState::default());
    live.write(0, &text);
    assert_eq!(live.land(&|| true).await, Landed::Done);
    assert_eq!(chat.texts().len(), 4);
    assert!(chat.files.lock().unwrap().is_empty());
    assert!(!chat.texts().concat().contains(SAYS));
}

#[tokio::test(start_paused = true)]
async fn whoever_goes_on_after_a_crash_sends_the_same_file_and_sends_it_once() {
    let text = format!("```rust\n{}```\n", (0..200).map(|n| format!("let x{n} = {n};\n")).collect::<String>());
    let chat = capped(300, []);
    let first = Arc::new(overflowing(&chat, LiveState::default()));
    let notes = parts::Notes { kept: Mutex::default(), live: Arc::clone(&first), may: true };
    first.write(0, &text);
    first.settle(text.len());
    assert_eq!(first.land(&notes).await, Landed::Done);
    let kept = notes.kept.lock().unwrap().clone();
    assert_eq!(*chat.files.lock().unwrap(), [text.as_str()]);
    // From any part that was stored the file is the same; from after it, there is no other.
    for state in kept.into_iter().filter(|state| state.open.is_some() || state.earlier.filed) {
        let filed = state.earlier.filed;
        chat.files.lock().unwrap().clear();
        assert_eq!(overflowing(&chat, state).land(&|| true).await, Landed::Done);
        let again: Vec<_> = chat.files.lock().unwrap().clone();
        assert_eq!(again, if filed { Vec::new() } else { vec![text.clone()] });
    }
}

#[tokio::test(start_paused = true)]
async fn where_the_chat_takes_no_file_the_rest_follows_in_messages() {
    // Four messages, of which all but the first are a placeholder and its text; then the file.
    let chat = capped(300, std::iter::repeat_n(Answer::Done, 8).chain([Answer::Refused]));
    let live = overflowing(&chat, LiveState::default());
    let text = long();
    live.write(0, &text);
    assert_eq!(live.land(&|| true).await, Landed::Done);
    assert!(chat.files.lock().unwrap().is_empty());
    let shown: Vec<String> =
        chat.texts().iter().flat_map(|text| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>()).collect();
    assert_eq!(shown, text.split_whitespace().collect::<Vec<_>>());
}
