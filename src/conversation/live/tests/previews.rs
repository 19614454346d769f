//! Replies that grow as previews.

use super::parts::Notes;
use super::*;

/// Telegram shows a draft for 30 s, and asks for it every 25 s at least.
const RENEWAL: Duration = Duration::from_secs(20);
const LIFE: Duration = Duration::from_secs(25);

impl Chat {
    fn with_previews(limit: usize, answers: impl IntoIterator<Item = Answer>) -> Arc<Self> {
        Arc::new(Self::build(limit, answers, Some(RENEWAL)))
    }

    fn previewed(&self) -> Vec<String> {
        self.previews.lock().unwrap().iter().map(|(_, _, text)| text.clone()).collect()
    }

    fn ids(&self) -> Vec<u32> {
        self.previews.lock().unwrap().iter().map(|(_, id, _)| *id).collect()
    }

    fn shown_at(&self) -> Vec<Instant> {
        self.previews.lock().unwrap().iter().map(|(at, _, _)| *at).collect()
    }
}

fn previewed() -> LiveState {
    LiveState { preview: Some(PreviewId::random()), ..LiveState::default() }
}

#[tokio::test(start_paused = true)]
async fn it_grows_as_previews_and_is_posted_once_it_is_complete() {
    let chat = Chat::with_previews(400, []);
    let live = live(&chat, previewed());
    live.foot(RichText::plain("Working"), Vec::new());
    live.open(&|| true).await;
    assert!(chat.texts().is_empty() && chat.previewed() == ["Working"], "{chat:?}");
    live.foot(RichText::default(), Vec::new());
    play(&live, &[(0, "one"), (3, " two"), (7, " three")], PACE * 3).await;
    assert_eq!(chat.texts(), ["one two three\n\ndone"]);
    assert!(chat.previewed().contains(&"one two".to_owned()), "{:?}", chat.previewed());
    assert!(live.rang() && live.kept().open.is_some() && live.kept().preview.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_silent_preview_is_renewed_in_time_and_no_more_often() {
    let chat = Chat::with_previews(400, []);
    let live = live(&chat, previewed());
    live.write(0, "half an ans");
    let silence = Duration::from_mins(10);
    let _ = tokio::time::timeout(silence, live.pump(&|| true)).await;
    let times = chat.shown_at();
    assert!(times.windows(2).all(|pair| pair[1] - pair[0] < LIFE), "{times:?}");
    assert!(Instant::now() - *times.last().unwrap() < LIFE, "to the end");
    assert!(times.len() as u64 <= silence.as_secs() / RENEWAL.as_secs() + 1, "{}", times.len());
    assert!(chat.texts().is_empty());
}

#[tokio::test(start_paused = true)]
async fn after_a_penalty_the_preview_comes_back_and_the_text_is_posted_once() {
    let chat = Chat::with_previews(400, [Answer::Done, Answer::Wait(Duration::from_mins(5))]);
    let live = live(&chat, previewed());
    play(&live, &[(0, "one"), (3, " two"), (7, " three")], Duration::from_mins(6)).await;
    assert_eq!(chat.texts(), ["one two three\n\ndone"]);
    let calls = chat.calls.lock().unwrap().clone();
    assert!(calls.windows(2).any(|pair| pair[1] - pair[0] >= Duration::from_mins(5)), "waited in full");
    assert!(chat.previewed().contains(&"one two three".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_renewal_that_is_always_due_holds_nobody_up() {
    let chat = Arc::new(Chat::build(400, [], Some(Duration::ZERO)));
    let live = live(&chat, previewed());
    live.foot(RichText::plain("Working"), Vec::new());
    tokio::time::timeout(Duration::from_secs(30), live.open(&|| true)).await.expect("it is open");
}

#[tokio::test(start_paused = true)]
async fn what_was_stopped_is_not_previewed_again_and_still_posted() {
    let chat = Chat::with_previews(400, []);
    let kept = previewed();
    let id = kept.preview.unwrap();
    let live = live(&chat, kept);
    live.write(0, "one");
    live.open(&|| true).await;
    assert!(!live.hush(id.next()) && live.hush(id), "its own and no other");
    live.write(3, " two");
    live.renew();
    let _ = tokio::time::timeout(RENEWAL * 3, live.pump(&|| true)).await;
    assert_eq!(chat.previewed(), ["one"]);
    live.land(&|| true).await;
    assert_eq!(chat.texts(), ["one two"]);
}

#[tokio::test(start_paused = true)]
async fn a_stop_on_the_preview_of_a_part_that_is_closed_still_counts() {
    let chat = Chat::with_previews(60, []);
    let kept = previewed();
    let id = kept.preview.unwrap();
    let live = live(&chat, kept);
    let text = "word ".repeat(40);
    live.write(0, &text);
    live.settle(text.len());
    play(&live, &[(text.len(), "and more")], PACE * 9).await;
    let ids = chat.ids();
    assert!(chat.texts().len() > 2, "{:?}", chat.texts());
    assert!(ids.iter().all(|later| *later > id.number()), "a part has a preview of its own: {ids:?}");
    assert!(live.hush(id), "{ids:?}");
}

#[tokio::test(start_paused = true)]
async fn a_refused_preview_turns_into_edits_for_the_rest() {
    for refused in 0..3 {
        let answers = std::iter::repeat_n(Answer::Done, refused).chain([Answer::Refused]);
        let chat = Chat::with_previews(400, answers);
        let live = live(&chat, previewed());
        play(&live, &[(0, "one"), (3, " two"), (7, " three")], PACE * 3).await;
        assert_eq!((chat.texts(), chat.previewed().len()), (vec!["one two three\n\ndone".to_owned()], refused));
        assert!(live.kept().preview.is_none() && !live.rang());
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_goes_on_previews_the_same_and_posts_all_of_it() {
    let chat = Chat::with_previews(400, []);
    let first = live(&chat, previewed());
    first.write(0, "Half of an ans");
    first.open(&|| true).await;
    let kept = first.kept();
    assert!(kept.open.is_none() && kept.preview.is_some());
    let second = live(&chat, kept);
    second.foot(RichText::plain("I was restarted"), Vec::new());
    second.show(&|| true).await;
    assert!(chat.texts().is_empty() && chat.ids()[0] == chat.ids()[1], "{chat:?}");
    second.land(&|| true).await;
    assert_eq!(chat.texts(), ["Half of an ans\n\nI was restarted"]);
}

#[tokio::test(start_paused = true)]
async fn each_part_and_the_last_text_are_stored_as_soon_as_they_are_posted() {
    let text = "word ".repeat(30);
    let chat = Chat::with_previews(60, []);
    let live = Arc::new(live(&chat, previewed()));
    let notes = Notes { kept: Mutex::default(), live: Arc::clone(&live), may: true };
    live.write(0, &text);
    assert_eq!(live.land(&notes).await, Landed::Done);
    let kept = notes.kept.lock().unwrap().clone();
    let steps: Vec<_> = kept.iter().map(|kept| (kept.closed, kept.open.is_some())).collect();
    assert_eq!(steps, [(1, false), (2, false), (2, true)]);
    assert_eq!(chat.texts().len(), 3, "{:?}", chat.texts());
}

#[tokio::test(start_paused = true)]
async fn nothing_is_posted_behind_a_part_that_is_not_stored() {
    let chat = Chat::with_previews(60, []);
    let live = Arc::new(live(&chat, previewed()));
    let notes = Notes { kept: Mutex::default(), live: Arc::clone(&live), may: false };
    live.write(0, &"word ".repeat(30));
    let landing = tokio::time::timeout(Duration::from_mins(1), live.land(&notes)).await;
    assert!(landing.is_err());
    assert_eq!((chat.texts().len(), chat.previewed().len()), (1, 0), "{chat:?}");
}

#[tokio::test(start_paused = true)]
async fn a_preview_that_cannot_be_posted_now_is_kept_whole_and_posted_once_later() {
    let chat = Chat::with_previews(400, [Answer::Done]);
    let first = live(&chat, previewed());
    first.write(0, "The whole answer");
    first.open(&|| true).await;
    first.foot(RichText::plain("done"), Vec::new());
    chat.answers.lock().unwrap().extend(std::iter::repeat_n(Answer::Unreached, 200));
    assert_eq!(first.land(&|| true).await, Landed::Later);
    assert!(chat.texts().is_empty());
    let text = first.unshown(Timestamp::from_millis(0));
    chat.answers.lock().unwrap().clear();
    let second = live(&chat, text.live);
    second.foot(text.foot, text.buttons);
    assert_eq!(second.land(&|| true).await, Landed::Done);
    assert_eq!(chat.texts(), ["The whole answer\n\ndone"]);
    assert!(second.rang(), "a message of its own makes a sound");
}

proptest! {
    /// Whatever the chat does, the text is posted once and whole, and never edited.
    #[test]
    fn no_previewed_text_is_lost_or_doubled(
        pieces in proptest::collection::vec("[a-zéß漢🎬]{1,12}( [a-zéß漢🎬]{1,12}){0,12}", 1..12),
        answers in answers(),
        pause in 0u64..4,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let whole = pieces.join(" ");
        let shown = runtime.block_on(async {
            let chat = Chat::with_previews(80, answers);
            let live = live(&chat, previewed());
            let mut steps = Vec::new();
            let mut committed = 0;
            for (index, piece) in pieces.iter().enumerate() {
                let end = committed + piece.len() + usize::from(index > 0);
                let half = whole[committed..end].floor_char_boundary((end - committed) / 2);
                steps.push((committed, &whole[committed..committed + half]));
                steps.push((committed, &whole[committed..end]));
                committed = end;
            }
            play(&live, &steps, Duration::from_secs(pause)).await;
            chat.texts().join("\n")
        });
        prop_assert_eq!(words(&shown), words(&whole) + "done");
    }
}
