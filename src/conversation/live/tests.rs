mod again;
mod overflow;
mod parts;
mod previews;

use std::collections::VecDeque;

use async_trait::async_trait;
use proptest::prelude::*;

use super::*;
use crate::chat::id::{ConversationId, PlaceId, Platform, UserId};
use crate::chat::inbound::MediaRef;
use crate::chat::reply::{FileSource, Reply};
use crate::chat::rich::TextLimit;
use crate::chat::surface::{Capabilities, DeliveryKey, MediaStream, Signal, SurfaceError};

const PACE: Duration = Duration::from_secs(1);

/// How a chat answers one call.
#[derive(Clone, Copy, Debug)]
enum Answer {
    Done,
    /// After this long.
    Late(Duration),
    Wait(Duration),
    Unreached,
    Refused,
    /// The user deleted the message before.
    Deleted,
}

/// A chat that holds what it was sent.
#[derive(Debug)]
struct Chat {
    limit: usize,
    most: Option<usize>,
    files: Mutex<Vec<String>>,
    answers: Mutex<VecDeque<Answer>>,
    messages: Mutex<Vec<Option<(String, usize)>>>,
    /// What each message was posted with.
    posted: Mutex<Vec<Reply>>,
    calls: Mutex<Vec<Instant>>,
    /// How often a preview has to be shown again, where there are any.
    renewal: Option<Duration>,
    previews: Mutex<Vec<(Instant, u32, String)>>,
}

impl Chat {
    fn new(limit: usize, answers: impl IntoIterator<Item = Answer>) -> Arc<Self> {
        Arc::new(Self::build(limit, answers, None))
    }

    fn build(limit: usize, answers: impl IntoIterator<Item = Answer>, renewal: Option<Duration>) -> Self {
        let answers = Mutex::new(answers.into_iter().collect());
        let (messages, calls, previews) = (Mutex::default(), Mutex::default(), Mutex::default());
        let (files, posted) = (Mutex::default(), Mutex::default());
        Self { limit, most: None, files, answers, messages, posted, calls, renewal, previews }
    }

    fn texts(&self) -> Vec<String> {
        self.messages.lock().unwrap().iter().flatten().map(|(text, _)| text.clone()).collect()
    }

    fn buttons(&self) -> Vec<usize> {
        self.messages.lock().unwrap().iter().flatten().map(|(_, buttons)| *buttons).collect()
    }

    async fn answer(&self) -> Result<bool, SurfaceError> {
        self.calls.lock().unwrap().push(Instant::now());
        let answer = self.answers.lock().unwrap().pop_front().unwrap_or(Answer::Done);
        match answer {
            Answer::Done => Ok(false),
            Answer::Late(late) => {
                tokio::time::sleep(late).await;
                Ok(false)
            }
            Answer::Wait(retry_after) => Err(SurfaceError::RateLimited { retry_after }),
            Answer::Unreached => Err(SurfaceError::Unavailable("down".into())),
            Answer::Refused => Err(SurfaceError::Refused("no".into())),
            Answer::Deleted => Ok(true),
        }
    }

    fn checked(&self, reply: &Reply) -> Result<(String, usize), SurfaceError> {
        let text = reply.text.plain_text();
        if text.chars().count() > self.limit { Err(SurfaceError::TooLarge) } else { Ok((text, reply.buttons.len())) }
    }
}

#[async_trait]
impl Surface for Chat {
    fn capabilities(&self, _: &PlaceId) -> Capabilities {
        Capabilities {
            text_limit: TextLimit::Chars(self.limit),
            caption_limit: TextLimit::Chars(self.limit),
            edit_interval: PACE,
            open_limit: 0,
            file_limit: 0,
            files: 1,
            shared: false,
            messages: self.most,
            threads: false,
            copies: true,
        }
    }

    fn previews(&self, _: &PlaceId) -> Option<Duration> {
        self.renewal
    }

    async fn preview(&self, _: &Target, id: PreviewId, reply: &Reply) -> Result<(), SurfaceError> {
        let (text, _) = self.checked(reply)?;
        if self.answer().await? {
            return Err(SurfaceError::Gone);
        }
        self.previews.lock().unwrap().push((Instant::now(), id.number(), text));
        Ok(())
    }

    async fn post(&self, _: &Target, reply: &Reply, _: DeliveryKey) -> Result<MessageId, SurfaceError> {
        let message = self.checked(reply)?;
        self.posted.lock().unwrap().push(reply.clone());
        self.answer().await?;
        if let Some(file) = reply.files.first() {
            let FileSource::Bytes(bytes) = &file.source else { panic!("a file of text") };
            self.files.lock().unwrap().push(String::from_utf8(bytes.to_vec()).unwrap());
            return Ok(MessageId::new("file"));
        }
        let mut messages = self.messages.lock().unwrap();
        messages.push(Some(message));
        Ok(MessageId::new((messages.len() - 1).to_string()))
    }

    async fn edit(&self, _: &Target, message: &MessageId, reply: &Reply) -> Result<(), SurfaceError> {
        let shown = self.checked(reply)?;
        let deleted = self.answer().await?;
        let mut messages = self.messages.lock().unwrap();
        let slot = &mut messages[message.as_str().parse::<usize>().unwrap()];
        if deleted {
            *slot = None;
        }
        if slot.is_none() {
            return Err(SurfaceError::Gone);
        }
        *slot = Some(shown);
        Ok(())
    }

    async fn rebutton(&self, _: &Target, _: &MessageId, _: &[Button]) -> Result<(), SurfaceError> {
        Ok(())
    }

    async fn remove(&self, _: &Target, _: &MessageId) -> Result<(), SurfaceError> {
        Ok(())
    }

    async fn signal(&self, _: &Target, _: Signal) -> Result<(), SurfaceError> {
        Ok(())
    }

    async fn open(&self, _: &MediaRef) -> Result<MediaStream, SurfaceError> {
        Err(SurfaceError::Gone)
    }
}

fn target() -> Target {
    let conversation =
        ConversationId { platform: Platform::Telegram, place: PlaceId::new("5"), user: UserId::new("5") };
    Target { conversation, back: None, thread: None }
}

fn live(chat: &Arc<Chat>, kept: LiveState) -> Live {
    Live::new(Arc::clone(chat) as Arc<dyn Surface>, target(), kept)
}

fn words(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Writes `steps` one after the other while the message is kept up to date, then lands.
async fn play(live: &Live, steps: &[(usize, &str)], every: Duration) {
    let write = async {
        for (keep, tail) in steps {
            live.write(*keep, tail);
            tokio::time::sleep(every).await;
        }
        live.foot(RichText::plain("done"), Vec::new());
        live.land(&|| true).await;
    };
    tokio::select! {
        () = write => {}
        () = live.pump(&|| true) => {}
    }
}

#[tokio::test(start_paused = true)]
async fn a_complete_text_is_shown_to_its_last_mark() {
    for text in [
        "Two tags:\n\n| tag | why |\n|---|---|\n| cats | loved |\n| dogs | also",
        "Pick one:\n\n1. short\n2",
        "| just a line that looks like a table",
        "See [the docs](https://exa",
    ] {
        let chat = Chat::new(400, []);
        let live = live(&chat, LiveState::default());
        live.write(0, text);
        live.land(&|| true).await;
        assert_eq!(chat.texts(), [RichText::markdown(text).plain_text()], "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_foot_goes_to_the_next_message_where_the_text_leaves_no_room() {
    let chat = Chat::new(100, []);
    let live = live(&chat, LiveState::default());
    let text = format!("{} (end", "word ".repeat(18));
    play(&live, &[(0, &text)], PACE * 3).await;
    assert_eq!(chat.texts(), [text, "done".to_owned()]);
}

#[tokio::test(start_paused = true)]
async fn a_growing_text_is_not_cut_for_a_foot_that_will_go() {
    let chat = Chat::new(100, []);
    let live = live(&chat, LiveState::default());
    let write = async {
        live.foot(RichText::plain("Still working for two minutes"), Vec::new());
        live.write(0, &"word ".repeat(18));
        tokio::time::sleep(PACE * 3).await;
        assert_eq!(chat.texts().len(), 1, "{:?}", chat.texts());
    };
    tokio::select! {
        () = write => {}
        () = live.pump(&|| true) => {}
    }
}

#[tokio::test(start_paused = true)]
async fn a_foot_that_no_message_holds_still_lands_with_its_first_part() {
    let chat = Chat::new(100, []);
    let live = live(&chat, LiveState::default());
    live.foot(RichText::plain("Working"), Vec::new());
    live.land(&|| true).await;
    live.foot(RichText::plain(&"line of a timeline\n".repeat(20)), Vec::new());
    live.land(&|| true).await;
    let shown = chat.texts();
    assert!(shown.len() == 1 && shown[0].starts_with("line of a timeline"), "{shown:?}");
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_a_slot_that_nothing_needs() {
    let chat = Chat::new(400, []);
    let live = live(&chat, LiveState::default());
    live.foot(RichText::plain("Working on it"), Vec::new());
    let begun = Instant::now();
    live.open(&|| true).await;
    assert!(begun.elapsed() < PACE, "{:?}", begun.elapsed());
    live.write(0, "An answer");
    live.land(&|| true).await;
    assert!(begun.elapsed() < PACE * 2, "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn what_is_complete_does_not_shrink_before_its_end_lands() {
    let chat = Chat::new(100, []);
    let live = live(&chat, LiveState::default());
    let (written, words) = ("Here you go! One. Two. Three.", "Here you go!");
    let write = async {
        live.write(0, written);
        tokio::time::sleep(PACE * 3).await;
        assert_eq!(chat.texts(), [written]);
        live.rewrite(written, words);
        live.complete();
        tokio::time::sleep(PACE * 3).await;
        live.foot(RichText::plain("Titles: One, Two, Three"), Vec::new());
        tokio::time::sleep(PACE * 3).await;
        assert_eq!(chat.texts(), [written], "there is no less to read before the card stands");
        live.land(&|| true).await;
    };
    tokio::select! {
        () = write => {}
        () = live.pump(&|| true) => {}
    }
    assert_eq!(chat.texts(), ["Here you go!\n\nTitles: One, Two, Three"]);
}

#[tokio::test(start_paused = true)]
async fn an_edit_in_the_middle_may_be_refused_and_the_last_one_lands() {
    let chat = Chat::new(400, [Answer::Done, Answer::Refused]);
    let live = live(&chat, LiveState::default());
    play(&live, &[(0, "one"), (3, " two"), (7, " three")], PACE * 3).await;
    assert_eq!(chat.texts(), ["one two three\n\ndone"]);
}

#[tokio::test(start_paused = true)]
async fn a_penalty_is_waited_out_in_full_and_the_last_edit_lands() {
    let chat = Chat::new(400, [Answer::Done, Answer::Done, Answer::Wait(Duration::from_mins(5))]);
    let live = live(&chat, LiveState::default());
    let begun = Instant::now();
    play(&live, &[(0, "one"), (3, " two"), (7, " three")], PACE * 2).await;
    assert_eq!(chat.texts(), ["one two three\n\ndone"]);
    let calls = chat.calls.lock().unwrap().clone();
    let longest = calls.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap();
    assert!(longest >= Duration::from_mins(5), "{longest:?}");
    assert!(begun.elapsed() < Duration::from_secs(330), "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn what_was_kept_is_shown_again_with_a_report_below() {
    let chat = Chat::new(400, []);
    let first = live(&chat, LiveState::default());
    first.write(0, "Half of an ans");
    first.land(&|| true).await;
    let second = live(&chat, first.kept());
    second.foot(RichText::plain("I was restarted"), Vec::new());
    second.land(&|| true).await;
    assert_eq!(chat.texts(), ["Half of an ans\n\nI was restarted"]);
}

#[tokio::test(start_paused = true)]
async fn nothing_goes_out_while_it_may_not() {
    let chat = Chat::new(400, []);
    let live = live(&chat, LiveState::default());
    live.write(0, "one");
    let landing = tokio::time::timeout(Duration::from_mins(1), live.land(&|| false)).await;
    assert!(landing.is_err() && chat.texts().is_empty());
}

#[tokio::test(start_paused = true)]
async fn buttons_go_with_the_last_message_alone() {
    let chat = Chat::new(60, []);
    let live = live(&chat, LiveState::default());
    let button = Button {
        label: "Stop".to_owned(),
        does: crate::chat::reply::ButtonAction::Copy("x".to_owned()),
        style: crate::chat::reply::ButtonStyle::Plain,
    };
    live.foot(RichText::default(), vec![button]);
    live.write(0, &"word ".repeat(40));
    live.land(&|| true).await;
    let buttons = chat.buttons();
    assert!(buttons.len() > 2 && buttons.iter().sum::<usize>() == 1 && buttons.last() == Some(&1), "{buttons:?}");
}

fn answers() -> impl Strategy<Value = Vec<Answer>> {
    let answer = prop_oneof![
        4 => Just(Answer::Done),
        1 => (1u64..4).prop_map(|s| Answer::Late(Duration::from_secs(s))),
        1 => (1u64..30).prop_map(|s| Answer::Wait(Duration::from_secs(s))),
        1 => Just(Answer::Unreached),
    ];
    proptest::collection::vec(answer, 0..12)
}

proptest! {
    /// Committed text is added to, and a preview behind it is replaced: what stands in the chat at the end is the text,
    /// whatever its characters and however the chat behaved.
    #[test]
    fn no_text_is_lost_or_doubled(
        pieces in proptest::collection::vec("[a-zéß漢🎬]{1,12}( [a-zéß漢🎬]{1,12}){0,12}", 1..12),
        answers in answers(),
        pause in 0u64..4,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let whole = pieces.join(" ");
        let shown = runtime.block_on(async {
            let chat = Chat::new(80, answers);
            let live = live(&chat, LiveState::default());
            let mut steps = Vec::new();
            let mut committed = 0;
            for (index, piece) in pieces.iter().enumerate() {
                let end = committed + piece.len() + usize::from(index > 0);
                // A preview first, which grows; then the same, committed.
                let half = whole[committed..end].floor_char_boundary((end - committed) / 2);
                steps.push((committed, &whole[committed..committed + half]));
                steps.push((committed, &whole[committed..end]));
                committed = end;
            }
            play(&live, &steps, Duration::from_secs(pause)).await;
            chat.texts().join("\n")
        });
        let shown = words(&shown);
        prop_assert_eq!(shown, words(&whole) + "done");
    }
}
