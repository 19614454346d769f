//! A clip into the project: checked before a byte moves, streamed from the platform straight to the backend.

mod address;
mod missed;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures::StreamExt;

use self::missed::{Missed, not_uploaded, percent};
use super::answers::{files_of, request_of};
use super::live::Live;
use super::person::Person;
use super::record::{Entry, LiveState, Request, Upload};
use super::setup::{Remedy, Trouble};
use super::shift::Shift;
use super::voice::Key;
use crate::chat::choice::Action;
use crate::chat::inbound::{Attachment, InboundKind, MediaRef};
use crate::chat::reply::{ButtonStyle, Reply};
use crate::crash;
use crate::intent::{self, Intent};
use crate::nemo::media;
use crate::nemo::{NemoError, UploadFile};
use crate::say::Say;
use crate::store::Version;
use crate::work::held::{Also, HeldError};

/// A counter in a message changes this often at most.
const PROGRESS_EVERY: Duration = Duration::from_secs(5);

/// A file that the backend takes.
struct Clip<'a> {
    file: &'a Attachment,
    name: &'a str,
    mime: &'static str,
}

impl Shift {
    /// Takes the files of `entries` into the project, in order, and goes on with `request`, if there is one.
    pub(super) async fn upload(
        &self,
        entries: Vec<(Version, Entry)>,
        files: Vec<Attachment>,
        request: String,
    ) -> Result<(), HeldError> {
        let Some(event) = entries.first().map(|(_, entry)| entry.inbound.id.clone()) else { return Ok(()) };
        let kept = self.held.read(|record| record.upload.clone().filter(|upload| upload.event == event)).await;
        let mut upload = kept.unwrap_or(Upload { event, done: Vec::new(), before: None, message: None, worded: false });
        let (files, unfit) = self.sorted(files);
        self.open_thread(&entries).await?;
        let told = self.take_notice(&entries).await;
        let mut first = upload.message.is_none();
        // Its message goes out beside the transfer, when the chat has room for it, and is stored as soon as it stands.
        let kept = LiveState { open: upload.message.clone().or(told), ..LiveState::default() };
        let live = self.begin_upload(kept);
        self.busy.send_replace(true);
        for file in files.iter().skip(upload.done.len()) {
            if self.cut().is_cancelled() {
                return self.missed(&entries, &live, Missed::Said(Say::UploadCancelled, Remedy::None), &unfit).await;
            }
            let of = std::mem::take(&mut first).then_some(files.len());
            match self.take_file(&live, &mut upload, file, of).await {
                Ok(name) => {
                    upload.done.push(name);
                    upload.before = None;
                }
                Err(missed) => return self.missed(&entries, &live, missed, &unfit).await,
            }
            let name = upload.done.last().cloned().unwrap_or_default();
            let note = |record: &mut super::record::Record| {
                record.upload = Some(shown_by(&upload, &live));
                record.project.clips.push(name);
            };
            self.held.save(note, Also::default()).await?;
            crash::point("upload.stored");
        }
        if self.cut().is_cancelled() {
            return self.missed(&entries, &live, Missed::Said(Say::UploadCancelled, Remedy::None), &unfit).await;
        }
        let request = self.last_words(&entries, request).await;
        if !unfit.is_empty() {
            return self.left_out(&entries, &live, &unfit, request).await;
        }
        if intent::of(&request) == Intent::Export {
            live.foot(self.worded(&Say::UploadCaptionUsed { request }), Vec::new());
            live.land(self).await;
            return self.export(entries).await;
        }
        if request.trim().is_empty() {
            return self.uploaded(&entries, &live, &upload.done).await;
        }
        if self.previews() {
            // The answer grows as a preview and ends in a message of its own, so this one is done.
            live.foot(self.worded(&Say::UploadCaptionUsed { request: request.clone() }), Vec::new());
            live.land(self).await;
            self.remember_lost(&live).await;
            self.set_live(None);
        }
        self.turn(entries, Request::about(request, upload.done)).await
    }

    /// The files that can be used, in order, and what is said of the others: by their size and type, so that whoever goes
    /// on after a crash finds the same.
    fn sorted(&self, files: Vec<Attachment>) -> (Vec<Attachment>, Vec<Say>) {
        let (mut fit, mut unfit) = (Vec::new(), Vec::new());
        for file in files {
            match &file.media {
                MediaRef::Link(_) => fit.push(file),
                MediaRef::Held(_) => match self.check(&file, &file_name(&file)) {
                    Ok(_) => fit.push(file),
                    Err(say) => unfit.push(say),
                },
            }
        }
        (fit, unfit)
    }

    /// The request in its newest wording: a caption can be corrected until the files have arrived.
    async fn last_words(&self, entries: &[(Version, Entry)], request: String) -> String {
        let is_command = |entry: &Entry| matches!(entry.inbound.kind, InboundKind::Command { .. });
        let corrects = |entry: &Entry| !files_of(entry).is_empty();
        if entries.iter().any(|(_, entry)| is_command(entry)) || !entries.iter().any(|(_, entry)| corrects(entry)) {
            return request;
        }
        let close = |record: &mut super::record::Record| {
            if let Some(upload) = &mut record.upload {
                upload.worded = true;
            }
        };
        self.held.note(close).await;
        request_of(self.words(entries).await)
    }

    /// One file: from the check of its size to the backend's word that it is there. Returns its name. The first tells
    /// how many there are.
    async fn take_file(
        &self,
        live: &Live,
        upload: &mut Upload,
        file: &Attachment,
        of: Option<usize>,
    ) -> Result<String, Missed> {
        if let MediaRef::Link(link) = &file.media {
            return self.take_link(live, upload, link, of.is_some()).await;
        }
        let name = file_name(file);
        let mime = self.check(file, &name).map_err(|say| Missed::Said(say, Remedy::None))?;
        let name = self.own_name(&name).await;
        let clip = Clip { file, name: &name, mime };
        if let Some(of) = of {
            self.notice().await;
            live.foot(self.worded(&greeting(&name, file, of)), self.buttons(vec![Key::stop()]).await);
        }
        let (mut account, session, project) = self.ready().await?;
        if self.has_arrived(live, upload, project.video_infos).await? {
            return Ok(name);
        }
        crash::point("upload.before");
        let (mut renewed, mut waited) = (false, false);
        let outcome = loop {
            // After a refusal nothing has arrived. The attachment is opened anew, for another pass over its bytes.
            match self.bring(live, &account, &session, upload, &clip).await {
                Err(Missed::Trouble(Trouble::Nemo(NemoError::TokenRefused, _))) if !renewed => {
                    renewed = true;
                    account = self.renew(&account).await?;
                }
                Err(Missed::Trouble(Trouble::Nemo(NemoError::RateLimited { retry_after }, _)))
                    if !waited && self.wait_out(retry_after).await =>
                {
                    waited = true;
                }
                outcome => break outcome,
            }
        };
        match outcome {
            Ok(()) => {
                crash::point("upload.arrived");
                Ok(name)
            }
            Err(Missed::Trouble(Trouble::Nemo(NemoError::SessionGone, kind))) => {
                self.replace_session().await?;
                Err(Trouble::Nemo(NemoError::SessionGone, kind).into())
            }
            // A broken answer proves nothing: the clip may be there, and "nothing was added" would be wrong.
            Err(Missed::Unsure(_)) if self.came_in(&account, &session, upload).await => Ok(name),
            Err(missed) => Err(missed),
        }
    }

    /// One attachment: by its address, where the surface gives one out and the backend gets it so, else by its bytes.
    async fn bring(
        &self,
        live: &Live,
        account: &super::person::Account,
        session: &crate::nemo::SessionId,
        upload: &Upload,
        clip: &Clip<'_>,
    ) -> Result<(), Missed> {
        if self.pass_on(account, session, upload, &clip.file.media).await? {
            return Ok(());
        }
        self.relay(live, account, session, clip).await
    }

    /// The bytes of one attachment, from the platform to the backend.
    async fn relay(
        &self,
        live: &Live,
        account: &super::person::Account,
        session: &crate::nemo::SessionId,
        clip: &Clip<'_>,
    ) -> Result<(), Missed> {
        let Clip { file, name, mime } = *clip;
        let size = file.size.unwrap_or_default();
        let cut = self.cut();
        let opened = tokio::select! {
            opened = self.surface.open(&file.media) => opened.map_err(|error| self.not_opened(error, size))?,
            () = cut.cancelled() => return Err(Missed::Said(Say::UploadCancelled, Remedy::None)),
        };
        let length = opened.length.or(file.size).ok_or(Missed::Said(Say::UploadNoLength, Remedy::None))?;
        let moved = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&moved);
        let bytes = opened.bytes.map(move |chunk| {
            chunk
                .inspect(|chunk| {
                    counter.fetch_add(chunk.len() as u64, Ordering::Relaxed);
                })
                .map_err(Into::into)
        });
        let sending = self.worker.nemo.upload(
            &account.token,
            session,
            UploadFile { name: name.to_owned(), mime: mime.to_owned(), length, bytes: bytes.boxed() },
        );
        let outcome = tokio::select! {
            outcome = sending => outcome,
            () = cut.cancelled() => return Err(Missed::Said(Say::UploadCancelled, Remedy::None)),
            () = self.show_progress(live, name, &moved, length) => return Err(Missed::Said(Say::UploadCancelled, Remedy::None)),
        };
        outcome.map(drop).map_err(|error| match error {
            error if error.is_ambiguous() => {
                tracing::warn!(%error, "Nobody knows whether a clip has arrived");
                Missed::Unsure(percent(moved.load(Ordering::Relaxed).min(length), length))
            }
            error => not_uploaded(error, name, &moved, length, account.kind.clone()),
        })
    }

    /// Whether the project holds more clips than before this upload.
    async fn came_in(
        &self,
        account: &super::person::Account,
        session: &crate::nemo::SessionId,
        upload: &Upload,
    ) -> bool {
        let known = self.worker.nemo.project(&account.token, session).await.map(|project| project.video_infos);
        known.is_ok_and(|known| upload.before.is_some_and(|before| known > before))
    }

    /// Whether the file under way had arrived when the last holder went away, now that the project has `known` clips.
    /// If not, it goes out from here on: that is stored first.
    async fn has_arrived(&self, live: &Live, upload: &mut Upload, known: usize) -> Result<bool, HeldError> {
        if upload.before.is_some_and(|before| known > before) {
            return Ok(true);
        }
        upload.before = Some(known);
        self.held.save(|record| record.upload = Some(shown_by(upload, live)), Also::default()).await?;
        Ok(false)
    }

    /// The name of a clip in its project. Phones call every clip the same, or nothing.
    pub(super) async fn own_name(&self, name: &str) -> String {
        self.held.read(|record| unlike(name, &record.project.clips)).await
    }

    /// Size and type, before a byte moves.
    fn check(&self, file: &Attachment, name: &str) -> Result<&'static str, Say> {
        let Some(mime) = media::accepts(name, file.mime.as_deref()) else {
            let ext = name
                .rsplit_once('.')
                .map_or_else(|| file.mime.clone().unwrap_or_else(|| "?".to_owned()), |(_, ext)| ext.to_uppercase());
            return Err(Say::UploadUnsupported { ext, formats: formats() });
        };
        let size = file.size.unwrap_or_default();
        if size > media::SIZE_LIMIT {
            return Err(Say::UploadTooLargeService { name: name.to_owned(), size, limit: media::SIZE_LIMIT });
        }
        let limit = self.surface.capabilities(&self.conversation.place).open_limit;
        if size > limit {
            return Err(Say::UploadTooLargePlatform { limit, size });
        }
        Ok(mime)
    }

    /// The notice on data, in a message of its own that stays; once for each person, before the first upload.
    async fn notice(&self) {
        let mut due = false;
        let changed = self
            .worker
            .vault
            .change(&self.shelf.person(), Some(self.worker.settings.keep), |person: Option<Person>| {
                let mut person = person.unwrap_or_default();
                due = !std::mem::replace(&mut person.notice, true);
                Some(person)
            })
            .await;
        if changed.is_ok() && due {
            self.post(Reply::new(self.worded(&Say::StartNotice)).quietly()).await;
            // What it announces comes below it.
            if self.live().is_none_or(|live| live.message().is_none()) {
                self.below.store(false, Ordering::Relaxed);
            }
        }
    }

    /// Shows how far the bytes are, for as long as it is polled.
    async fn show_progress(&self, live: &Live, name: &str, moved: &AtomicU64, length: u64) {
        let stop = self.buttons(vec![Key::stop()]).await;
        loop {
            tokio::time::sleep(PROGRESS_EVERY).await;
            let done = moved.load(Ordering::Relaxed).min(length);
            let say = Say::UploadProgress { name: name.to_owned(), pct: percent(done, length), done, size: length };
            live.foot(self.worded(&say), stop.clone());
        }
    }

    /// What can be done with clips of which nothing was asked.
    async fn first_keys(&self, done: &[String]) -> Vec<Key> {
        let ask = self.meta_request(done.last().cloned()).await;
        let meta = Key { request: Some(ask), ..Key::once(Say::BtnMeta, Action::Meta) };
        vec![meta.styled(ButtonStyle::Primary), Key::new(Say::BtnEdit, Action::Edit), Key::export()]
    }

    /// Files are there and nothing was asked: offer what can be done.
    async fn uploaded(&self, entries: &[(Version, Entry)], live: &Live, done: &[String]) -> Result<(), HeldError> {
        tracing::debug!(files = done.len(), "Files arrived without a request");
        self.judge(true);
        live.foot(self.worded(&Say::UploadDone), self.buttons(self.first_keys(done).await).await);
        self.land_last(live).await;
        self.finish(entries, |record| record.upload = None, Vec::new()).await
    }
}

/// The upload with the message that shows it by now.
fn shown_by(upload: &Upload, live: &Live) -> Upload {
    Upload { message: live.message(), ..upload.clone() }
}

/// The name, with a number where a clip of the project has it already.
fn unlike(name: &str, taken: &[String]) -> String {
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => (stem, format!(".{extension}")),
        _ => (name, String::new()),
    };
    let numbered = (2u64..).map(|number| format!("{stem}-{number}{extension}"));
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    names.find(|name| !taken.contains(name)).unwrap_or_default()
}

/// The accepted formats, to be read.
pub(super) fn formats() -> String {
    media::formats().collect::<Vec<_>>().join(", ")
}

/// The first words on files that were taken.
fn greeting(name: &str, file: &Attachment, of: usize) -> Say {
    match (of, file.size, file.duration) {
        (2.., _, _) => Say::UploadAlbum { n: of as u64 },
        (_, Some(size), Some(duration)) => Say::UploadReceived { name: name.to_owned(), size, duration },
        (_, Some(size), None) => Say::UploadReceivedPlain { name: name.to_owned(), size },
        (_, None, _) => Say::SetupConnecting,
    }
}

/// The file's name, or one that tells its kind.
fn file_name(file: &Attachment) -> String {
    const LONGEST: usize = 120;
    let given = file.name.as_deref().map(|name| name.rsplit(['/', '\\']).next().unwrap_or(name).trim());
    match given {
        Some(name) if !name.is_empty() => name.chars().filter(|c| !c.is_control()).take(LONGEST).collect(),
        // The backend's client gives it the extension of its type.
        _ => "clip".to_owned(),
    }
}
