//! One POST to `/run_sse`: refused, or played to its end. The stream itself drives the run, so that a client that
//! goes away cancels it where it stands, as ADK does.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::stream;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::agent::{self, Change, Heard, Step};
use super::duty::RunRequest;
use super::server::{Refusal, account_in_project, session_of};
use super::stream::{Dialect, Event, Shown, Voice};
use super::world::{Hub, Session, World, digest};
use super::{Scenario, draft, duty};

/// A run whose client has just gone away is not "still running": the news takes a moment.
const GRACE: Duration = Duration::from_millis(250);
/// What the journal keeps of a message.
const TEXT_KEPT: usize = 4_000;

/// `POST /run_sse`.
pub(super) async fn run(State(hub): State<Arc<Hub>>, headers: HeaderMap, body: Bytes) -> Response {
    let refused = |refusal: Refusal| {
        hub.note("run-refused", "A message to the agent is refused.", json!({}));
        refusal.into_response()
    };
    let user = match account_in_project(&hub, &headers) {
        Ok(user) => user,
        Err(refusal) => return refused(refusal),
    };
    let request = match duty::read_run(&headers, &body) {
        Ok(request) => request,
        Err(malformed) => {
            hub.breach(malformed.breach);
            return refused(malformed.refusal);
        }
    };
    wait_for_ended_run(&hub, &request.session).await;
    match begin(&hub, &user, request) {
        Ok(run) => played(run),
        Err(refusal) => refused(refusal),
    }
}

async fn wait_for_ended_run(hub: &Hub, session: &str) {
    let ended = async {
        loop {
            let mut rung = std::pin::pin!(hub.run_ended.notified());
            rung.as_mut().enable();
            if hub.world().sessions.get(session).is_none_or(|session| session.running == 0) {
                return;
            }
            rung.await;
        }
    };
    // Past it the run goes on beside this one, as ADK lets it, and the client has broken a duty.
    let _ = tokio::time::timeout(GRACE, ended).await;
}

/// Everything that is decided before the first byte.
fn begin(hub: &Arc<Hub>, user: &str, request: RunRequest) -> Result<Run, Refusal> {
    let gone = || Refusal::detail(StatusCode::NOT_FOUND, format!("Session not found: {}", request.session));
    if request.app != "nemo_agent" {
        let words =
            format!("Agent not found: '{0}'. No matching directory or module exists in 'agents/{0}'.", request.app);
        return Err(Refusal::detail(StatusCode::NOT_FOUND, words));
    }
    if request.user != "me" {
        hub.breach("POST /run_sse: user_id is not me");
        return Err(gone());
    }
    let pace = &hub.settings.pace;
    let mut world = hub.world();
    let world = &mut *world;
    let scenario = world.scenario();
    let session = session_of(world, user, &request.session, gone)?;
    let Some(text) = request.text else {
        return Ok(Run::without_message(hub, &request.session));
    };
    let mut plan = agent::plan(&Heard::new(&text, session), scenario, pace);
    if world.plays_once(Scenario::RateLimited) {
        let refusal = Refusal::status(StatusCode::TOO_MANY_REQUESTS, "rate limited");
        return Err(refusal.retry_after(pace.retry_after));
    }
    let available = world.accounts.get(user).map_or(0, |account| account.available);
    if scenario == Scenario::OutOfCredits || available < plan.cost {
        return Err(Refusal::code(hub, 2001, "insufficient credits"));
    }
    let (hash, breaches) = duties(world, &request.session, &text, hub.settings.repeat_window);
    let number = accept(world, user, &request.session, &hash, plan.cost);
    let dialect = match scenario {
        Scenario::TypedDialect => Dialect::Typed,
        Scenario::Deltas => Dialect::AdkDeltas,
        _ => Dialect::Adk,
    };
    Ok(Run {
        hub: hub.clone(),
        session: request.session,
        user: user.to_owned(),
        number,
        text,
        hash,
        breaches,
        steps: std::mem::take(&mut plan.steps).into(),
        frames: VecDeque::new(),
        voice: Voice::new(dialect),
        cost: plan.cost,
        released: *hub.released.borrow(),
        ended: false,
    })
}

/// What this message breaks, seen from the runs before it.
fn duties(world: &mut World, id: &str, text: &str, window: Duration) -> (String, Vec<String>) {
    let hash = digest(text.as_bytes());
    let mut broken = Vec::new();
    let Some(session) = world.sessions.get(id) else { return (hash, broken) };
    if session.running > 0 {
        broken.push(format!("POST /run_sse: a second run in session {id} while one is going on"));
    }
    let soon = |ended: Option<Instant>| ended.is_none_or(|ended| ended.elapsed() <= window);
    if session.posted.get(&hash).is_some_and(|posted| soon(posted.ended)) {
        if world.allowed_repeats > 0 {
            world.allowed_repeats -= 1;
        } else {
            broken.push(format!("POST /run_sse: a message was sent again in session {id} after its run had begun"));
        }
    }
    if duty::is_bare_export(text) {
        broken.push("POST /run_sse: a wish to export was sent to the agent".to_owned());
    }
    (hash, broken)
}

/// Reserves the credits and counts the run.
fn accept(world: &mut World, user: &str, id: &str, hash: &str, cost: i64) -> u64 {
    if let Some(account) = world.accounts.get_mut(user) {
        account.available -= cost;
        account.frozen += cost;
    }
    if let Some(session) = world.sessions.get_mut(id) {
        session.running += 1;
        let posted = session.posted.entry(hash.to_owned()).or_default();
        posted.times += 1;
        posted.ended = None;
    }
    world.runs += 1;
    world.runs
}

/// A run that is being played.
#[derive(Debug)]
struct Run {
    hub: Arc<Hub>,
    session: String,
    user: String,
    /// Counts accepted POSTs from 1 up; 0 for a request without a message, which is no run.
    number: u64,
    text: String,
    hash: String,
    breaches: Vec<String>,
    steps: VecDeque<Step>,
    frames: VecDeque<Bytes>,
    voice: Voice,
    /// Still reserved.
    cost: i64,
    /// How often there had been a release when it began.
    released: u64,
    ended: bool,
}

/// Answers with the run as a stream of events.
fn played(mut run: Run) -> Response {
    for breach in std::mem::take(&mut run.breaches) {
        run.hub.breach(breach);
    }
    if run.number > 0 {
        let times = {
            let world = run.hub.world();
            let session = world.sessions.get(&run.session);
            session.and_then(|session| session.posted.get(&run.hash)).map_or(0, |posted| posted.times)
        };
        let text: String = super::world::redact(&run.text).chars().take(TEXT_KEPT).collect();
        let data = json!({ "session": run.session, "number": run.number, "text": text, "hash": run.hash,
            "times": times });
        run.hub.note("run", format!("Run {} begins: {}", run.number, short(&text)), data);
        if run.cost > 0 {
            run.hub.note_credits(&run.user);
        }
    }
    let body = Body::from_stream(stream::unfold(run, |mut run| async move {
        let item = run.next().await?;
        Some((item, run))
    }));
    ([(header::CONTENT_TYPE, "text/event-stream; charset=utf-8"), (header::SERVER, "uvicorn")], body).into_response()
}

impl Run {
    /// ADK takes a request without a message and fails inside the stream.
    fn without_message(hub: &Arc<Hub>, session: &str) -> Self {
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
            cost: 0,
            released: 0,
            ended: true,
        }
    }

    /// The next bytes, an end of the connection, or the close.
    async fn next(&mut self) -> Option<io::Result<Bytes>> {
        loop {
            if let Some(frame) = self.frames.pop_front() {
                if !self.frames.is_empty() && !self.wait(self.hub.settings.pace.word).await {
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
        if let Some(session) = self.hub.world().sessions.get_mut(&self.session) {
            apply(session, change);
        }
        let data = json!({ "session": self.session, "number": self.number, "change": change.name() });
        self.hub.note("state", change.line(), data);
        self.spend();
    }

    fn say(&mut self, event: &Event) {
        let delta = match event {
            Event::Result { shown, .. } => self.delta(*shown),
            _ => json!({}),
        };
        self.frames = self.voice.frames(event, &delta, self.hub.clock.now()).into();
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
fn short(text: &str) -> String {
    const LONGEST: usize = 90;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
