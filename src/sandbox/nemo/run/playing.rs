//! A run that is being played: the stream asks for the next bytes, and the script goes on.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::super::Scenario;
use super::super::agent::{Change, Step};
use super::super::draft;
use super::super::stream::{Dialect, Event, Shown, Voice};
use super::super::wire::Wire;
use super::super::world::{Hub, Session};

/// A run that is being played.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) hub: Arc<Hub>,
    pub(super) session: String,
    pub(super) user: String,
    /// Counts accepted POSTs from 1 up; 0 for a request without a message, which is no run.
    pub(super) number: u64,
    pub(super) text: String,
    pub(super) hash: String,
    pub(super) breaches: Vec<String>,
    pub(super) steps: VecDeque<Step>,
    pub(super) frames: VecDeque<Bytes>,
    pub(super) voice: Voice,
    pub(super) wire: Wire,
    /// Still reserved.
    pub(super) cost: i64,
    /// How often there had been a release when it began.
    pub(super) released: u64,
    pub(super) ended: bool,
}

impl Run {
    /// ADK takes a request without a message and fails inside the stream.
    pub(super) fn without_message(hub: &Arc<Hub>, session: &str) -> Self {
        let crash = Event::Crash {
            kind: "ValueError",
            message: "Running an agent requires either a new_message or an invocation_id to resume a previous invocation.",
        };
        Self {
            hub: hub.clone(),
            session: session.to_owned(),
            user: String::new(),
            number: 0,
            text: String::new(),
            hash: String::new(),
            breaches: vec!["POST /run_sse: there is no new_message".to_owned()],
            steps: VecDeque::from([Step::Say(crash)]),
            frames: VecDeque::new(),
            voice: Voice::new(Dialect::Adk),
            wire: Wire::Whole,
            cost: 0,
            released: 0,
            ended: true,
        }
    }

    /// The next bytes, an end of the connection, or the close.
    pub(super) async fn next(&mut self) -> Option<io::Result<Bytes>> {
        loop {
            if let Some(frame) = self.frames.pop_front() {
                if !self.frames.is_empty() && self.wire == Wire::Whole && !self.wait(self.hub.settings.pace.word).await
                {
                    return Some(self.cut());
                }
                return Some(Ok(frame));
            }
            match self.steps.pop_front() {
                None => {
                    self.end("closed");
                    return None;
                }
                Some(Step::Wait(time)) => {
                    if !self.wait(time).await {
                        return Some(self.cut());
                    }
                }
                Some(Step::Hold) => {
                    if !self.hold().await {
                        return Some(self.cut());
                    }
                }
                Some(Step::Work(change)) => self.work(&change),
                Some(Step::Say(event)) => self.say(&event),
                Some(Step::Raw(bytes)) => self.send(vec![bytes]),
                Some(Step::Reset) => return Some(self.cut()),
            }
        }
    }

    /// False: the server stops.
    async fn wait(&self, time: Duration) -> bool {
        tokio::select! {
            () = tokio::time::sleep(time) => true,
            () = self.hub.stop.cancelled() => false,
        }
    }

    async fn hold(&self) -> bool {
        let (mut releases, before) = (self.hub.released.subscribe(), self.released);
        self.note_event("hold", "The stream waits to be released.");
        tokio::select! {
            _ = releases.wait_for(|released| *released > before) => true,
            () = self.hub.stop.cancelled() => false,
        }
    }

    /// Breaks the connection.
    fn cut(&mut self) -> io::Result<Bytes> {
        self.end("reset");
        self.steps.clear();
        Err(io::Error::from(io::ErrorKind::ConnectionReset))
    }

    fn work(&mut self, change: &Change) {
        let mut world = self.hub.world();
        world.strikes("work");
        let lags = world.plays(Scenario::StateLag) || world.plays(Scenario::LongRunning);
        if let Some(session) = world.sessions.get_mut(&self.session) {
            session.lagging = lags.then(|| session.state());
            apply(session, change);
        }
        drop(world);
        let data = json!({ "session": self.session, "number": self.number, "change": change.name() });
        self.hub.note("state", change.line(), data);
        self.spend();
    }

    fn say(&mut self, event: &Event) {
        let delta = match event {
            Event::Result { shown, .. } => self.delta(*shown),
            _ => json!({}),
        };
        let frames = self.voice.frames(event, &delta, self.hub.clock.now());
        self.send(frames);
        let (kind, line) = match event {
            Event::Text(text) => ("text", format!("Agent: {}", short(text))),
            Event::Call { tool, text: None, .. } => ("call", format!("Agent calls {tool}")),
            Event::Call { tool, text: Some(text), .. } => ("call", format!("Agent calls {tool}: {}", short(text))),
            Event::Result { tool, .. } => ("result", format!("{tool} is done")),
            Event::Error { code, .. } => ("error", format!("The model fails: {code}")),
            Event::Crash { kind, .. } => ("crash", format!("The server fails: {kind}")),
            Event::Heartbeat(_) => ("heartbeat", "Heartbeat".to_owned()),
        };
        self.note_event(kind, &line);
    }

    fn send(&mut self, frames: Vec<Bytes>) {
        let more = self.steps.iter().any(|step| matches!(step, Step::Say(_) | Step::Raw(_)));
        self.frames = self.wire.chunks(frames, !more).into();
    }

    fn note_event(&self, event: &str, line: &str) {
        let data = json!({ "session": self.session, "number": self.number, "event": event });
        self.hub.note("run-event", line, data);
    }

    fn delta(&self, shown: Shown) -> Value {
        let world = self.hub.world();
        match (shown, world.sessions.get(&self.session)) {
            (Shown::Draft, Some(session)) => json!({ "draft": session.draft }),
            (Shown::Media, Some(session)) => json!({ "generated_media": session.generated_media }),
            _ => json!({}),
        }
    }

    /// What was reserved is used up.
    fn spend(&mut self) {
        let cost = std::mem::take(&mut self.cost);
        if cost == 0 {
            return;
        }
        if let Some(account) = self.hub.world().accounts.get_mut(&self.user) {
            account.frozen -= cost;
        }
        self.hub.note_credits(&self.user);
    }

    /// The run ends here, once. What was paid for and not done is given back.
    fn end(&mut self, how: &str) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        if how == "closed" {
            self.spend();
        }
        let refund = std::mem::take(&mut self.cost);
        {
            let mut world = self.hub.world();
            if let Some(account) = world.accounts.get_mut(&self.user) {
                account.frozen -= refund;
                account.available += refund;
            }
            if let Some(session) = world.sessions.get_mut(&self.session) {
                session.running = session.running.saturating_sub(1);
                if let Some(posted) = session.posted.get_mut(&self.hash) {
                    posted.ended = Some(Instant::now());
                }
            }
        }
        if refund > 0 {
            self.hub.note_credits(&self.user);
        }
        let data = json!({ "session": self.session, "number": self.number, "how": how });
        self.hub.note("run-end", format!("Run {} ends: {how}", self.number), data);
        self.hub.run_ended.notify_waiters();
    }
}

/// The client went away.
impl Drop for Run {
    fn drop(&mut self) {
        self.end("cancelled");
    }
}

/// Does to the project what a tool of the agent does.
fn apply(session: &mut Session, change: &Change) {
    let draft = &mut session.draft;
    match change {
        Change::Title(text) => draft::add_title(draft, text),
        Change::Music(name) => draft::add_music(draft, name),
        Change::Effect(name) => draft::add_effect(draft, name),
        Change::Trim(millis) => draft::trim(draft, *millis),
        Change::Remove(kinds) => draft::remove(draft, kinds),
        Change::RawClip { subject, millis } => {
            let url = format!("https://static.example.com/generated/{}.mp4", session.generated_media.len() + 1);
            draft::add_clip(draft, subject, &url, *millis, (1080, 1920));
            session.generated_media.push(json!({ "type": "video", "url": url, "prompt": subject }));
            session.video_infos.push(json!({ "filename": format!("{subject}.mp4"), "file_type": "video",
                "cdn_url": url, "generated": true }));
        }
        Change::Reply => session.replies += 1,
    }
    if matches!(change, Change::Title(_) | Change::Music(_) | Change::Effect(_) | Change::Trim(_) | Change::Remove(_)) {
        session.edit_paid = true;
    }
}

/// The beginning of a text, on one line.
pub(super) fn short(text: &str) -> String {
    const LONGEST: usize = 90;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
