//! A turn's stream, read to its end into the live message: the text, the stage while none comes, and how it ended.

use std::time::Duration;

use futures::StreamExt;
use tokio::time::Instant;

use super::live::Live;
use super::shape::shaped;
use super::shift::Shift;
use super::stage::Stage;
use super::turn::Outcome;
use super::voice::Key;
use crate::chat::rich::RichText;
use crate::crash;
use crate::gui;
use crate::nemo::{AgentEvent, AgentEvents, StreamError, ToolKind};
use crate::say::Say;

/// What has come in is put together for the live message this often at most.
const SHOW_EVERY: Duration = Duration::from_millis(200);

/// What has been shown of a reply so far. Talk of an interface never is: it is taken out while the text grows.
#[derive(Debug, Default)]
pub(super) struct Shown {
    growing: gui::Growing,
    /// Bytes of the committed text that are in it.
    taken: usize,
    text: String,
    /// Up to here the text will not change any more.
    settled: usize,
}

impl Shown {
    /// Writes what the agent has said into the live message: what is new of the committed text, and the preview behind
    /// it.
    pub(super) fn show(&mut self, live: &Live, events: &AgentEvents) {
        let transcript = events.transcript();
        let committed = transcript.committed();
        let keep = self.settled;
        self.text.truncate(keep);
        self.text.push_str(&self.growing.take(committed.get(self.taken..).unwrap_or_default()));
        self.taken = committed.len();
        self.settled = self.text.len();
        self.text.push_str(&self.growing.preview(&transcript.preview()));
        live.write(keep, &self.text[keep..]);
        live.settle(self.settled);
    }

    /// The reply does not go on: what there is of it shows to its last word.
    pub(super) fn cut(mut self, live: &Live, events: &AgentEvents) {
        self.show(live, events);
        let text = events.transcript().text();
        let said = gui::translate(&text, &[]).text;
        self.end(live, if said.trim().is_empty() { &text } else { &said });
    }

    /// The reply is complete, and this is what stays of it. `false`: all of it stands as it was.
    pub(super) fn end(&self, live: &Live, words: &str) -> bool {
        self.text == words || live.rewrite(&self.text, words)
    }
}

impl Shift {
    /// Reads the stream to its end, into the live message.
    pub(super) async fn follow(&self, mut events: AgentEvents, live: &Live, request: &str) -> Outcome {
        let started = Instant::now();
        let cut = self.cut();
        let every = self.worker.settings.still_working_every;
        let mut still = tokio::time::interval_at(started + every, every);
        let stop = self.buttons(vec![Key::stop()]).await;
        // Text is put together when it is to be shown, not at each event.
        let (mut unshown, mut show_at) = (false, Instant::now());
        let mut shown = Shown::default();
        let mut stage = Stage::default();
        // The first stage of a generation is told once, unless the agent tells it itself.
        let (mut generated, mut raw_told) = (false, false);
        let mut begun = false;
        loop {
            let due = stage.due(Instant::now());
            let event = tokio::select! {
                event = events.next() => event,
                () = cut.cancelled() => {
                    shown.cut(live, &events);
                    return Outcome::Stopped;
                }
                _ = still.tick() => {
                    live.foot(self.worded(&Say::WorkStill { elapsed: started.elapsed() }), stop.clone());
                    continue;
                }
                () = tokio::time::sleep_until(show_at), if unshown => {
                    unshown = false;
                    shown.show(live, &events);
                    live.foot(self.staged(&stage), stop.clone());
                    continue;
                }
                () = tokio::time::sleep_until(due.unwrap_or(started)), if due.is_some() => {
                    stage.turn(Instant::now());
                    live.foot(self.staged(&stage), stop.clone());
                    continue;
                }
            };
            if matches!(event, Some(Ok(_))) {
                crash::point(if std::mem::replace(&mut begun, true) { "turn.mid-stream" } else { "turn.first-event" });
            }
            match event {
                Some(Ok(AgentEvent::Text)) => {
                    still.reset();
                    stage.speaks();
                    if !std::mem::replace(&mut unshown, true) {
                        show_at = Instant::now() + SHOW_EVERY;
                    }
                }
                Some(Ok(AgentEvent::Progress(kind))) => {
                    generated |= kind == ToolKind::Generate;
                    // That the first result is there tells more than what comes after it.
                    if !raw_told {
                        stage.works(kind);
                    }
                }
                Some(Ok(AgentEvent::StateChanged)) if generated && !std::mem::replace(&mut raw_told, true) => {
                    stage.speaks();
                    live.foot(self.worded(&Say::WorkRawReady), stop.clone());
                }
                // Tools stay inside; a failure is read from the transcript once the stream has closed.
                Some(Ok(_)) => {}
                Some(Err(error)) => {
                    shown.cut(live, &events);
                    tracing::info!(conversation = %self.conversation, %error, "A turn's stream ended early");
                    return match error {
                        StreamError::Overdue(_) => Outcome::TimedOut,
                        StreamError::Broken(_) => Outcome::Lost,
                    };
                }
                None => {
                    crash::point("turn.last-byte");
                    shown.show(live, &events);
                    let transcript = events.transcript();
                    return match transcript.failure() {
                        Some(failure) => Outcome::Failed(failure.decision.clone()),
                        None if transcript.has_text() => {
                            let mut shaped = Box::new(shaped(&transcript.text(), request));
                            if !shown.end(live, &shaped.text) {
                                shaped.shape.trail.clear();
                            }
                            if shaped.shape.changed {
                                live.complete();
                            }
                            Outcome::Answered { after_tools: transcript.text_after_tools(), generated, shaped }
                        }
                        None => Outcome::Silent { generated },
                    };
                }
            }
        }
    }

    /// What the tools are at, in words.
    fn staged(&self, stage: &Stage) -> RichText {
        stage.says().iter().map(|say| self.worded(say)).reduce(RichText::then).unwrap_or_default()
    }
}
