//! From "export" to a job in the ledger. The courier takes it from there.

use std::time::Duration;

use super::record::Entry;
use super::setup::Trouble;
use super::shift::Shift;
use super::voice::Key;
use crate::chat::id::Back;
use crate::chat::inbound::InboundKind;
use crate::chat::reply::Reply;
use crate::crash;
use crate::nemo::RenderId;
use crate::render::{Payer, RenderJob, ResultCard, STOP_RENDER};
use crate::say::Say;
use crate::store::{Agenda, Expect, Version, Write};
use crate::work::held::{Also, HeldError};

/// How people ask for more than 1080x1920, which is the most that the service renders.
const TOO_MUCH: [&str; 6] = ["1440p", "2160p", "2k", "4k", "8k", "uhd"];

impl Shift {
    /// Starts a render of the project as it stands, or joins the one that runs.
    pub(super) async fn export(&self, entries: Vec<(Version, Entry)>) -> Result<(), HeldError> {
        if let Some((name, job)) = self.active_render().await? {
            let elapsed = self.worker.clock.now().since(job.requested);
            self.tell(Say::ExportRunning { elapsed }, Vec::new()).await;
            // Asks at once instead of waiting for the next poll.
            let wake =
                Write::Wake { agenda: Agenda::Renders, item: self.shelf.render_item(&name), after: Duration::ZERO };
            return self.finish(&entries, settled, vec![wake]).await;
        }
        let number = self.held.read(|record| record.project.number).await;
        let (account, session) = match self.export_ready().await {
            Ok(Some(ready)) => ready,
            Ok(None) => {
                let moved = self.held.read(|record| record.project.number != number).await;
                self.tell_asker(if moved { Say::SessionRenewed } else { Say::ExportNothing }, Vec::new()).await;
                return self.finish(&entries, settled, Vec::new()).await;
            }
            Err(trouble) if trouble.is_wait() && self.cut().is_cancelled() => {
                self.pay_stop();
                self.tell(Say::ExportStopped, Vec::new()).await;
                return self.finish(&entries, settled, Vec::new()).await;
            }
            Err(trouble) => {
                let (say, remedy) = self.explain(trouble)?;
                self.judge(false);
                let gone = matches!(say, Say::SessionRenewed);
                let mut keys = remedy.keys(None);
                keys.extend((!gone).then(Key::export));
                self.tell_asker(say, keys).await;
                return self.finish(&entries, settled, Vec::new()).await;
            }
        };
        if self.cut().is_cancelled() && self.pay_stop().is_some() {
            self.tell(Say::ExportStopped, Vec::new()).await;
            return self.finish(&entries, settled, Vec::new()).await;
        }
        if entries.iter().any(|(_, entry)| asks_too_much(entry)) {
            self.tell(Say::ExportMax, Vec::new()).await;
        }
        // What waits for the pace of the chat goes first: from the post to the batch nobody else knows the message.
        self.tidy_rest().await;
        self.remove_notices(&entries).await;
        let reply = Reply::new(self.worded(&Say::ExportQueued)).quietly();
        let reply =
            reply.with_buttons(self.buttons(vec![Key { argument: STOP_RENDER.to_owned(), ..Key::stop() }]).await);
        let status = self.post(reply).await;
        crash::point("export.status");
        let name = RenderId::random();
        let number = self.held.read(|record| record.project.number).await;
        let web = self.has_web(&account.kind).await;
        let job = RenderJob::new(
            name.clone(),
            self.target(),
            self.language(),
            Payer::new(account),
            session,
            number,
            status,
            self.worker.clock.now(),
        );
        let job = RenderJob { card: self.latest_card().await, web, ..job };
        let key = self.shelf.job(&name);
        let put = self.worker.vault.put_write(&key, &job, Some(self.worker.settings.keep))?;
        let wake = Write::Wake { agenda: Agenda::Renders, item: self.shelf.render_item(&name), after: Duration::ZERO };
        let stop = self.worker.vault.put_write(&self.shelf.render_stop(&name), &(), Some(self.worker.settings.keep))?;
        let note = |record: &mut super::record::Record| {
            settled(record);
            // It may have made room for the next project already, if another write of the person's came first.
            if record.project.number == number {
                record.project.render = Some(name.clone());
            }
        };
        let list = |person: &mut super::person::Person, stopped: bool| {
            let gone = person.list_job(&name, self.worker.clock.now(), self.worker.settings.keep);
            let mut writes = vec![put.clone(), wake.clone()];
            // Stopped while it was begun; its courier says so.
            writes.extend(stopped.then(|| stop.clone()));
            for job in gone {
                let keys = [self.shelf.job(&job), self.shelf.render_stop(&job), self.shelf.render_way(&job)];
                writes.extend(keys.map(|key| Write::Delete { key }));
            }
            writes
        };
        self.finish_listed(&entries, note, list).await?;
        crash::point("export.stored");
        Ok(())
    }

    /// What was written for the clip, to stand below the result.
    async fn latest_card(&self) -> Option<ResultCard> {
        let latest = self.held.read(|record| record.project.latest().cloned()).await?;
        let (text, buttons) = self.card(&latest).await;
        Some(ResultCard { text, buttons })
    }

    /// The render of the open project that has not ended.
    pub(super) async fn active_render(&self) -> Result<Option<(RenderId, RenderJob)>, HeldError> {
        let Some(name) = self.held.read(|record| record.project.render.clone()).await else { return Ok(None) };
        self.running_render(name).await
    }

    /// Whether a render runs, of this project or of an earlier one.
    pub(super) async fn any_render(&self) -> Result<bool, HeldError> {
        Ok(self.active_render().await?.is_some() || self.stoppable_render_of(None).await?.is_some())
    }

    async fn running_render(&self, name: RenderId) -> Result<Option<(RenderId, RenderJob)>, HeldError> {
        let job = self.worker.vault.load::<RenderJob>(&self.shelf.job(&name)).await?;
        Ok(job.map(|(_, job)| job).filter(|job| !job.is_settled()).map(|job| (name, job)))
    }

    /// The newest render that can still be stopped, and the version of its row: of this project, an earlier one too, or
    /// of any.
    async fn stoppable_render_of(&self, project: Option<u64>) -> Result<Option<(RenderId, Version)>, HeldError> {
        let known = |record: &super::record::Record| {
            let open = record.project.render.clone().map(|render| (record.project.number, render));
            open.into_iter().chain(record.renders.iter().rev().cloned()).collect::<Vec<_>>()
        };
        for (number, name) in self.held.read(known).await {
            if project.is_none_or(|project| project == number)
                && let Some((version, job)) = self.worker.vault.load::<RenderJob>(&self.shelf.job(&name)).await?
                && job.can_stop()
            {
                return Ok(Some((name, version)));
            }
        }
        Ok(None)
    }

    /// Has the courier look at the render of the open project now: it rests long where the user had blocked the bot.
    pub(super) async fn wake_render(&self) -> Result<(), HeldError> {
        let Some((name, _)) = self.active_render().await? else { return Ok(()) };
        let wake = Write::Wake { agenda: Agenda::Renders, item: self.shelf.render_item(&name), after: Duration::ZERO };
        self.held.save(|_| (), Also { writes: vec![wake], ..Also::default() }).await.map(drop)
    }

    /// Account and session, if the project has anything to render.
    async fn export_ready(&self) -> Result<Option<(super::person::Account, crate::nemo::SessionId)>, Trouble> {
        if self.held.read(|record| record.project.session.is_none()).await {
            return Ok(None);
        }
        let mut account = self.account().await?;
        let Some(session) = self.held.read(|record| record.project.session.clone()).await else { return Ok(None) };
        let project = self.project_in_time(&mut account, &session).await?;
        Ok(project.draft.exportable().then_some((account, session)))
    }

    /// Has the courier show what became of the render of that project, by the way that the press has brought.
    pub(super) async fn lead_render(&self, project: u64, back: &Back) -> Result<(), HeldError> {
        let known = |record: &super::record::Record| {
            let open = record.project.render.clone().map(|render| (record.project.number, render));
            open.into_iter().chain(record.renders.iter().rev().cloned()).find(|(number, _)| *number == project)
        };
        let Some((_, name)) = self.held.read(known).await else { return Ok(()) };
        let mark = self.shelf.render_way(&name);
        let way = self.worker.vault.put_write(&mark, back, Some(self.worker.settings.keep))?;
        let wake = Write::Wake { agenda: Agenda::Renders, item: self.shelf.render_item(&name), after: Duration::ZERO };
        self.held.save(|_| (), Also { writes: vec![way, wake], ..Also::default() }).await.map(drop)
    }

    /// Stops the render of that project, which may be an earlier one: its button is pressed. Without one, the newest that
    /// runs in this conversation. `false`: there is nothing to stop, also where a finished file is on its way.
    pub(super) async fn stop_render(&self, project: Option<u64>) -> Result<bool, HeldError> {
        while let Some((name, version)) = self.stoppable_render_of(project).await? {
            let mark = self.shelf.render_stop(&name);
            let stop = self.worker.vault.put_write(&mark, &(), Some(self.worker.settings.keep))?;
            let wake =
                Write::Wake { agenda: Agenda::Renders, item: self.shelf.render_item(&name), after: Duration::ZERO };
            let expects = vec![Expect::Absent(mark), Expect::At(self.shelf.job(&name), version)];
            match self.held.save(|_| (), Also { expects, writes: vec![stop, wake], ..Also::default() }).await {
                // Asked twice: the first is on its way.
                Ok(_) | Err(HeldError::Refused(0)) => return Ok(true),
                // It went on meanwhile, and may be done.
                Err(HeldError::Refused(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(false)
    }
}

/// Whether a picture is asked for that is larger than the service makes.
fn asks_too_much(entry: &Entry) -> bool {
    let words = match &entry.inbound.kind {
        InboundKind::Message { text, .. } => text,
        InboundKind::Command { argument, .. } => argument,
        _ => return false,
    };
    let words = words.to_lowercase();
    words.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| TOO_MUCH.contains(&word))
}

/// What asked for the file is done: an upload, or a turn whose user wanted the file too.
fn settled(record: &mut super::record::Record) {
    (record.upload, record.turn) = (None, None);
}
