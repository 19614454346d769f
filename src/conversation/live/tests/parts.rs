//! Parts that are closed and stored, and last texts that wait for their chat.

use super::*;

#[tokio::test(start_paused = true)]
async fn what_may_still_change_is_never_closed_in_a_part_and_what_is_settled_is() {
    let chat = Chat::new(40, []);
    let live = live(&chat, LiveState::default());
    let long = "é".repeat(30) + " " + &"ü".repeat(30);
    let write = async {
        live.write(0, &long);
        tokio::time::sleep(PACE * 5).await;
        assert_eq!(chat.texts(), ["é".repeat(30)], "what follows waits");
        live.write(0, "éé and another end");
        tokio::time::sleep(PACE * 5).await;
        assert_eq!(chat.texts(), ["éé and another end"]);
        live.write(0, &long);
        live.settle(long.len());
        tokio::time::sleep(PACE * 5).await;
        assert_eq!(chat.texts(), ["é".repeat(30), "ü".repeat(30)]);
    };
    tokio::select! {
        () = write => {}
        () = live.pump(&|| true) => {}
    }
}

/// Notes how a message stands whenever it is to be stored, and says yes only while it may.
pub(super) struct Notes {
    pub(super) kept: Mutex<Vec<LiveState>>,
    pub(super) live: Arc<Live>,
    pub(super) may: bool,
}

impl Keeper for Notes {
    fn may(&self) -> bool {
        true
    }

    async fn keep(&self) -> bool {
        self.kept.lock().unwrap().push(self.live.kept());
        self.may
    }
}

#[tokio::test(start_paused = true)]
async fn each_part_is_stored_before_anything_else_goes_out() {
    let text = "word ".repeat(30);
    let chat = Chat::new(60, []);
    let live = Arc::new(live(&chat, LiveState::default()));
    let notes = Notes { kept: Mutex::default(), live: Arc::clone(&live), may: true };
    live.write(0, &text);
    assert_eq!(live.land(&notes).await, Landed::Done);
    let kept = notes.kept.lock().unwrap().clone();
    let steps: Vec<_> = kept.iter().map(|kept| (kept.closed, kept.open.is_some())).collect();
    assert_eq!(steps, [(1, false), (1, true), (2, false), (2, true)]);
    // Whoever goes on from any of them shows each word once.
    assert!(kept.iter().all(|kept| kept.text.len() < text.len()), "{kept:?}");
}

#[tokio::test(start_paused = true)]
async fn nothing_goes_out_behind_a_part_that_is_not_stored() {
    let chat = Chat::new(60, []);
    let live = Arc::new(live(&chat, LiveState::default()));
    let notes = Notes { kept: Mutex::default(), live: Arc::clone(&live), may: false };
    live.write(0, &"word ".repeat(30));
    let landing = tokio::time::timeout(Duration::from_mins(1), live.land(&notes)).await;
    assert!(landing.is_err());
    assert_eq!(chat.texts().len(), 1, "{:?}", chat.texts());
}

#[tokio::test(start_paused = true)]
async fn a_platform_that_stays_away_holds_nobody_up_and_the_text_is_shown_later() {
    let away = std::iter::repeat_n(Answer::Unreached, 200);
    let chat = Chat::new(400, [Answer::Done].into_iter().chain(away));
    let first = live(&chat, LiveState::default());
    first.write(0, "The whole answer");
    first.foot(RichText::plain("done"), Vec::new());
    let begun = Instant::now();
    assert_eq!(first.land(&|| true).await, Landed::Later);
    assert!(begun.elapsed() < LAND_PATIENCE * 2, "{:?}", begun.elapsed());
    let text = first.unshown(Timestamp::from_millis(0));
    chat.answers.lock().unwrap().clear();
    let second = live(&chat, text.live);
    second.foot(text.foot, text.buttons);
    assert_eq!(second.land(&|| true).await, Landed::Done);
    assert_eq!(chat.texts(), ["The whole answer\n\ndone"]);
}
