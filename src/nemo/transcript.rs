//! What the agent has said so far: deltas and their repetition folded into one text (contract 5.3).

use super::frame::{Event, Failure, Frame, ToolKind};
use super::stream::AgentEvent;

/// The most text that is kept of one turn, in bytes. A chat shows a few thousand; the rest of a flood is dropped.
const TEXT_LIMIT: usize = 1024 * 1024;
/// Voices that may have unfinished text at once. Each is an agent of a team; beyond this the eldest is committed.
const VOICES_LIMIT: usize = 16;
/// Long-running calls that are remembered. More than one at a time has not been seen.
const CALLS_LIMIT: usize = 64;
/// What the agent appends now and then although all went well (contract 4.1).
const NOISE: &str = "I encountered a temporary issue";
/// A text of up to this many bytes that begins with [`NOISE`] is noise as a whole; a longer one has something to say.
const NOISE_LIMIT: usize = 200;
/// Between two committed texts.
const GAP: &str = "\n\n";

/// The text of one turn and what else is known of it.
///
/// Committed text is only ever added to. Pending text is a preview: it may grow, shrink and be replaced, until it is
/// committed. Folding costs no more than the frames are long; the whole text is put together only when asked for.
#[derive(Debug, Default)]
pub struct Transcript {
    /// Everything committed, trailing noise included.
    said: String,
    /// Up to here `said` is shown; noise behind it is, too, once other text follows.
    shown: usize,
    /// Where the last committed text begins.
    last: usize,
    /// Unfinished texts, the eldest first.
    pending: Vec<((String, String), String)>,
    pending_bytes: usize,
    /// How long `said` was at the last tool call or result.
    last_tool: Option<usize>,
    unanswered: Vec<String>,
    state_changed: bool,
    failure: Option<Failure>,
}

impl Transcript {
    /// The text that will not change any more; it is only added to.
    pub fn committed(&self) -> &str {
        &self.said[..self.shown]
    }

    /// Previews of what is being said, to be shown after the committed text, each after a blank line.
    pub fn pending(&self) -> impl Iterator<Item = &str> {
        self.pending.iter().map(|(_, text)| text.as_str()).filter(|text| !text.trim().is_empty() && !self.holds(text))
    }

    /// The whole text that a user should see now. Costs its length: ask when it is shown, not at each event.
    pub fn text(&self) -> String {
        self.committed().to_owned() + &self.preview()
    }

    /// What [`Transcript::text`] has behind the committed text.
    pub fn preview(&self) -> String {
        let mut preview = String::new();
        for text in self.pending() {
            if self.shown > 0 || !preview.is_empty() {
                preview.push_str(GAP);
            }
            preview.push_str(text);
        }
        preview
    }

    /// Whether there is any text to show.
    pub fn has_text(&self) -> bool {
        self.shown > 0 || self.pending().next().is_some()
    }

    /// Whether a tool was used at all.
    pub fn used_tools(&self) -> bool {
        self.last_tool.is_some()
    }

    /// Whether text followed the last tool call or result, or there was none. If not, the user does not know yet what
    /// came of it (contract 8, step 5).
    pub fn text_after_tools(&self) -> bool {
        self.last_tool.is_none_or(|at| self.shown > at) || self.pending().next().is_some()
    }

    /// Long-running calls without a result (contract 5.3, step 4).
    pub fn unanswered(&self) -> &[String] {
        &self.unanswered
    }

    /// Whether an event hinted that the project changed. The truth is [`Nemo::project`](super::Nemo::project).
    pub fn state_changed(&self) -> bool {
        self.state_changed
    }

    /// The first failure that the agent reported; one that tells what to do goes before those that do not.
    pub fn failure(&self) -> Option<&Failure> {
        self.failure.as_ref()
    }

    /// Takes in a frame and says what it means for whoever shows this text.
    pub(super) fn fold(&mut self, frame: Frame) -> Vec<AgentEvent> {
        match frame {
            Frame::Heartbeat => vec![AgentEvent::Heartbeat],
            Frame::Failure(failure) => {
                self.fail(&failure);
                vec![AgentEvent::Failed(failure)]
            }
            Frame::Event(event) => self.fold_event(event),
        }
    }

    /// Commits what is pending, at the end of the stream, however it ended. Says whether there was anything.
    pub(super) fn close(&mut self) -> bool {
        let pending = std::mem::take(&mut self.pending);
        self.pending_bytes = 0;
        let any = !pending.is_empty();
        for (_, text) in pending {
            self.commit(&text);
        }
        any
    }

    fn fail(&mut self, failure: &Failure) {
        let tells = |known: &Failure| known.decision.is_some();
        if self.failure.as_ref().is_none_or(|known| tells(failure) && !tells(known)) {
            self.failure = Some(failure.clone());
        }
    }

    fn fold_event(&mut self, event: Event) -> Vec<AgentEvent> {
        let mut seen = Vec::new();
        let mut text = !event.text.is_empty();
        match (text, event.partial) {
            (true, true) => self.append(event.voice, &event.text),
            // White space alone is no answer, and must not replace one.
            (true, false) if !event.text.trim().is_empty() => {
                self.take_pending(&event.voice);
                self.commit(&event.text);
            }
            _ => {}
        }
        if !event.tools.is_empty() {
            text |= self.close();
            self.last_tool = Some(self.said.len());
        }
        if text {
            seen.push(AgentEvent::Text);
        }
        let mut kinds: Vec<ToolKind> = Vec::new();
        let running = event.long_running.into_iter().filter(|id| !id.is_empty());
        self.unanswered.extend(running.take(CALLS_LIMIT.saturating_sub(self.unanswered.len())));
        for tool in event.tools {
            if let Some(id) = &tool.answers {
                self.unanswered.retain(|open| open != id);
            }
            if !kinds.contains(&tool.kind) {
                kinds.push(tool.kind);
            }
        }
        seen.extend(kinds.into_iter().map(AgentEvent::Progress));
        if event.state {
            self.state_changed = true;
            seen.push(AgentEvent::StateChanged);
        }
        if let Some(failure) = event.failure {
            self.fail(&failure);
            seen.push(AgentEvent::Failed(failure));
        }
        if seen.is_empty() {
            seen.push(AgentEvent::Activity);
        }
        seen
    }

    /// Adds a delta to the pending text of its voice.
    fn append(&mut self, voice: (String, String), delta: &str) {
        let room = TEXT_LIMIT.saturating_sub(self.said.len() + self.pending_bytes);
        let delta = super::error::head(delta, room);
        self.pending_bytes += delta.len();
        if let Some((_, text)) = self.pending.iter_mut().find(|(other, _)| *other == voice) {
            text.push_str(delta);
            return;
        }
        if self.pending.len() == VOICES_LIMIT {
            let (_, eldest) = self.pending.remove(0);
            self.pending_bytes -= eldest.len();
            self.commit(&eldest);
        }
        self.pending.push((voice, delta.to_owned()));
    }

    fn take_pending(&mut self, voice: &(String, String)) {
        if let Some(at) = self.pending.iter().position(|(other, _)| other == voice) {
            self.pending_bytes -= self.pending.remove(at).1.len();
        }
    }

    fn commit(&mut self, text: &str) {
        let room = TEXT_LIMIT.saturating_sub(self.said.len());
        let text = super::error::head(text, room);
        if text.trim().is_empty() || (!self.said.is_empty() && self.said[self.last..] == *text) {
            return;
        }
        let noise = self.holds(text);
        if !self.said.is_empty() {
            self.said.push_str(GAP);
        }
        self.last = self.said.len();
        self.said.push_str(text);
        if !noise {
            self.shown = self.last + without_noise(text).len();
        }
    }

    /// Whether `text` is noise after other text, or may become so: it is held back until something follows.
    fn holds(&self, text: &str) -> bool {
        let text = text.trim_start();
        self.shown > 0 && (NOISE.starts_with(text) || (text.starts_with(NOISE) && text.len() <= NOISE_LIMIT))
    }
}

/// `text` without the noise at its end, if something else stands before it.
fn without_noise(text: &str) -> &str {
    let tail = text.ceil_char_boundary(text.len().saturating_sub(NOISE_LIMIT));
    let Some(at) = text[tail..].rfind(NOISE) else { return text };
    let before = text[..tail + at].trim_end();
    // In the middle of a sentence ("it said: I encountered…") it is part of what is told.
    let within = |c: char| c.is_alphanumeric() || matches!(c, ':' | '：' | ',' | '，' | '"' | '“' | '\'' | '(');
    let ended = !before.ends_with(within) || text[before.len()..tail + at].contains('\n');
    if ended && !before.is_empty() { before } else { text }
}

#[cfg(test)]
mod tests {
    use sse_stream::Sse;

    use super::*;

    fn told(frames: &[&str]) -> Transcript {
        let mut transcript = Transcript::default();
        let mut committed = String::new();
        for frame in frames {
            transcript.fold(Frame::read(&Sse::default().data(*frame), None));
            assert!(transcript.committed().starts_with(&committed), "committed text changed at {frame}");
            committed = transcript.committed().to_owned();
        }
        transcript
    }

    fn delta(author: &str, text: &str) -> String {
        let text = serde_json::to_string(text).unwrap();
        format!(r#"{{"author":"{author}","partial":true,"content":{{"parts":[{{"text":{text}}}]}}}}"#)
    }

    fn whole(author: &str, text: &str) -> String {
        delta(author, text).replace("\"partial\":true,", "")
    }

    const CALL: &str = r#"{"author":"a","content":{"parts":[{"functionCall":{"name":"edit"}}]}}"#;
    const RESULT: &str = r#"{"author":"a","content":{"role":"user","parts":[{"functionResponse":{"name":"edit"}}]}}"#;

    #[test]
    fn a_complete_event_replaces_its_deltas() {
        let mut transcript = told(&[&delta("a", "One "), &delta("a", "two")]);
        assert_eq!((transcript.committed(), transcript.text().as_str()), ("", "One two"));
        transcript.fold(Frame::read(&Sse::default().data(whole("a", "One two three.")), None));
        assert_eq!(transcript.committed(), "One two three.");
        assert_eq!(transcript.pending().count(), 0);
    }

    #[test]
    fn deltas_that_grow_to_the_whole_text_end_right_too() {
        assert_eq!(told(&[&delta("a", "One"), &delta("a", "One two"), &whole("a", "One two")]).text(), "One two");
    }

    #[test]
    fn a_complete_event_of_another_author_or_without_text_leaves_pending_text() {
        let mut transcript = told(&[
            &delta("a", "Looking"),
            &whole("b", "Cut done."),
            r#"{"author":"a","content":{"parts":[]}}"#,
            &whole("a", " "),
        ]);
        assert_eq!((transcript.committed(), transcript.text().as_str()), ("Cut done.", "Cut done.\n\nLooking"));
        assert!(transcript.close());
        assert_eq!(transcript.committed(), "Cut done.\n\nLooking");
    }

    #[test]
    fn a_tool_commits_what_is_pending_and_its_repetition_is_dropped() {
        let transcript = told(&[&delta("a", "Adding."), CALL, &whole("a", "Adding."), RESULT]);
        assert_eq!(transcript.committed(), "Adding.");
        assert!(transcript.used_tools() && !transcript.text_after_tools());
        let transcript = told(&[&whole("a", "Adding."), CALL, RESULT, &delta("a", "Done")]);
        assert!(transcript.text_after_tools());
    }

    #[test]
    fn only_an_exact_repeat_of_the_last_text_is_dropped() {
        let texts = ["A", "A", "B", "A"].map(|text| whole("a", text));
        assert_eq!(told(&texts.each_ref().map(String::as_str)).text(), "A\n\nB\n\nA");
    }

    #[test]
    fn noise_is_dropped_at_the_end_after_other_text_and_only_there() {
        let noisy = format!("{NOISE}. Please try again.");
        assert_eq!(told(&[&whole("a", "Done."), &whole("a", &noisy)]).text(), "Done.");
        assert_eq!(told(&[&whole("a", "Done."), &delta("a", "I enc")]).text(), "Done.");
        assert_eq!(told(&[&whole("a", "Done."), &delta("a", "I end")]).text(), "Done.\n\nI end");
        assert_eq!(told(&[&whole("a", &format!("Done.\n\n{noisy}"))]).text(), "Done.");
        assert_eq!(told(&[&whole("a", &noisy)]).text(), noisy);
        assert_eq!(
            told(&[&whole("a", "A"), &whole("a", &noisy), &whole("a", "B")]).text(),
            format!("A\n\n{noisy}\n\nB")
        );
        let quoted = format!("It told me: {NOISE}");
        assert_eq!(told(&[&whole("a", &quoted)]).text(), quoted);
        let long = format!("{NOISE}, {}", "so this is what I did instead. ".repeat(9));
        assert_eq!(told(&[&whole("a", "A"), &whole("a", &long)]).text(), format!("A\n\n{long}"));
        let silent = told(&[&whole("a", "Adding."), CALL, RESULT, &whole("a", &noisy)]);
        assert!(!silent.text_after_tools(), "noise is no answer");
    }

    #[test]
    fn long_running_calls_stay_unanswered_until_their_result() {
        let call = r#"{"author":"a","longRunningToolIds":["c1","c2"],"content":{"parts":[{"functionCall":{}}]}}"#;
        let result = r#"{"author":"a","content":{"parts":[{"functionResponse":{"id":"c1"}}]}}"#;
        assert_eq!(told(&[call]).unanswered(), ["c1", "c2"]);
        assert_eq!(told(&[call, result]).unanswered(), ["c2"]);
    }

    #[test]
    fn a_flood_of_text_and_voices_stays_bounded() {
        let big = "é".repeat(TEXT_LIMIT / 4);
        let mut transcript = Transcript::default();
        for round in 0..20 {
            for frame in [delta(&format!("v{round}"), &big), whole("w", &format!("{round}{big}"))] {
                transcript.fold(Frame::read(&Sse::default().data(frame), None));
            }
        }
        assert!(transcript.pending.len() <= VOICES_LIMIT);
        transcript.close();
        assert!(transcript.said.len() <= TEXT_LIMIT + 64, "{}", transcript.said.len());
        assert!(transcript.text().len() > TEXT_LIMIT / 2);
    }

    #[test]
    fn events_come_in_the_order_text_progress_state_failure() {
        let mut transcript = Transcript::default();
        let data = r#"{"author":"a","content":{"parts":[{"text":"A"},{"functionCall":{"name":"edit"}},
            {"functionCall":{"name":"edit"}}]},"actions":{"stateDelta":{"draft":{}}}}"#;
        let seen = transcript.fold(Frame::read(&Sse::default().data(data), None));
        assert_eq!(seen, [AgentEvent::Text, AgentEvent::Progress(ToolKind::Edit), AgentEvent::StateChanged]);
        assert!(transcript.state_changed());
        let thought = r#"{"author":"a","content":{"parts":[{"text":"hm","thought":true}]}}"#;
        assert_eq!(transcript.fold(Frame::read(&Sse::default().data(thought), None)), [AgentEvent::Activity]);
    }
}
