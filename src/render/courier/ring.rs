//! The one new message of a finished render, because an edit does not notify: the video itself where it fits, else a
//! line.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use futures::StreamExt;

use super::ask::is_unsure;
use super::speak::{UNREACHED_WAIT, button, worded};
use super::{Errand, UNREACHED_LONGEST};
use crate::chat::choice::Action;
use crate::chat::reply::{ButtonStyle, FileSource, Opens, OutFile, Reply};
use crate::chat::surface::{DeliveryKey, MediaStream, SurfaceError};
use crate::conversation::missing;
use crate::nemo::{Download, Nemo, NemoError, RenderFile, RenderId, Token};
use crate::render::{Finished, RenderJob};
use crate::say::Say;
use crate::work::held::HeldError;

/// How often a file is fetched that breaks off on its way to the chat.
const FETCHES: u32 = 3;
/// The wait before it is fetched again.
const FETCH_WAIT: Duration = Duration::from_secs(1);

/// How the sending of a video ended.
enum Sent {
    /// It is there.
    Yes,
    /// Nobody knows; it is not sent again.
    Unknown,
    /// The chat does not take it.
    Refused,
    /// It broke off before the chat had it.
    Lost,
}

impl Errand<'_> {
    /// Sends the message that rings. The result stands above it, so losing it loses nothing but a sound; after an
    /// answer that nobody got, nothing more is sent.
    pub(super) async fn ring(&self, job: &mut RenderJob, file: &Finished) -> Result<(), HeldError> {
        let key = DeliveryKey::random();
        let fits = self.fits(job, file);
        let sent = match &file.url {
            _ if !fits => Sent::Refused,
            Some(url) => self.send(job, file, FileSource::Link(url.clone()), &key).await,
            None => self.fetch(job, file, &key).await?,
        };
        let instead = match sent {
            Sent::Yes | Sent::Unknown => return Ok(()),
            // Where a link stands above, that is said there. So it is of a file that is too large.
            Sent::Refused if file.url.is_some() || !fits => Say::ExportPing,
            Sent::Refused => Say::ExportFileTooLarge,
            Sent::Lost => Say::ExportFileLost,
        };
        let announced = file.url.is_none() && fits;
        let again = announced.then(|| button(job, &Say::BtnExport, Action::Export, ButtonStyle::Plain));
        let reply = Reply::new(worded(job, &instead)).with_buttons(again.into_iter().collect());
        if announced {
            // Nobody is to wait for what was announced there.
            let result = self.result(job, file, &instead);
            self.put(job, result).await?;
        }
        while let Err(SurfaceError::RateLimited { retry_after }) =
            self.surface.post(&job.target, &reply, key.clone()).await
        {
            tokio::time::sleep(retry_after).await;
        }
        self.name_missing(job).await;
        Ok(())
    }

    /// Says why the chat does not take the video, where it is a permission that was never named there.
    async fn name_missing(&self, job: &RenderJob) {
        let (vault, to) = (&self.courier.vault, &job.target);
        let outcome = match missing::unnamed(vault, self.surface.as_ref(), to).await {
            Ok(missing) if missing.is_empty() => return,
            Ok(missing) => {
                let reply = Reply::new(worded(job, &missing::sentence(&missing, &job.language))).for_asker();
                if self.surface.post(to, &reply, DeliveryKey::random()).await.is_err() {
                    return;
                }
                missing::named(vault, to, &missing, self.courier.keep).await
            }
            Err(error) => Err(error),
        };
        if let Err(error) = outcome {
            tracing::debug!(%error, "What was named of missing permissions could not be read or stored");
        }
    }

    /// Sends the video from wherever it is.
    async fn send(&self, job: &RenderJob, file: &Finished, source: FileSource, key: &DeliveryKey) -> Sent {
        let video = OutFile {
            name: "video.mp4".to_owned(),
            mime: "video/mp4".to_owned(),
            source,
            size: file.size,
            resolution: file.resolution,
            duration: file.duration,
            alt: None,
        };
        // The result right above tells the details. On a locked phone this is what is read.
        let reply = Reply { files: vec![video], ..Reply::new(worded(job, &Say::ExportDonePlain)) };
        let mut wait = UNREACHED_WAIT;
        loop {
            match self.surface.post(&job.target, &reply, key.clone()).await {
                Ok(_) => return Sent::Yes,
                // Nothing went out, so trying again cannot double it.
                Err(SurfaceError::Unreached(_)) if wait < UNREACHED_LONGEST => {
                    tokio::time::sleep(wait).await;
                    wait *= 2;
                }
                Err(SurfaceError::RateLimited { retry_after }) => tokio::time::sleep(retry_after).await,
                Err(SurfaceError::Unavailable(cause) | SurfaceError::Unreached(cause)) => {
                    tracing::warn!(render = %self.name, %cause, "Nobody knows whether the video arrived");
                    return Sent::Unknown;
                }
                Err(refused) => {
                    tracing::info!(render = %self.name, error = %refused, "The chat does not take the video");
                    return Sent::Refused;
                }
            }
        }
    }

    /// Sends a video that the backend hands out itself: its bytes go through us piece by piece. One that broke off on
    /// the way to us has not arrived in the chat, since it was announced with its length; it is fetched again.
    async fn fetch(&self, job: &mut RenderJob, file: &Finished, key: &DeliveryKey) -> Result<Sent, HeldError> {
        for _ in 0..FETCHES {
            let nemo = Arc::clone(&self.courier.nemo);
            let token = job.payer.token.clone();
            let fetch = Arc::new(Fetch { nemo, token, render: job.render.clone(), broken: Arc::default() });
            let sent = self.send(job, file, FileSource::Opens(Arc::clone(&fetch) as Arc<dyn Opens>), key).await;
            let Some(error) = fetch.broken() else { return Ok(sent) };
            tracing::warn!(render = %self.name, %error, "A rendered file broke off on its way");
            match error {
                NemoError::TokenRefused => {
                    if self.renew(job).await?.is_err() {
                        break;
                    }
                }
                error if is_unsure(&error) => tokio::time::sleep(FETCH_WAIT).await,
                _ => break,
            }
        }
        Ok(Sent::Lost)
    }
}

/// A finished file that only the payer's account can open.
#[derive(Debug)]
struct Fetch {
    nemo: Arc<Nemo>,
    token: Token,
    render: RenderId,
    broken: Arc<Mutex<Option<NemoError>>>,
}

impl Fetch {
    /// Why the bytes ended before their time, if they did.
    fn broken(&self) -> Option<NemoError> {
        self.broken.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl Opens for Fetch {
    async fn open(&self) -> Result<MediaStream, SurfaceError> {
        let broken = Arc::clone(&self.broken);
        let breaks = move |error: NemoError| {
            *broken.lock().unwrap_or_else(PoisonError::into_inner) = Some(error.clone());
            SurfaceError::Unavailable(Box::new(error))
        };
        match self.nemo.render_download(&self.token, &self.render).await {
            Ok(Some(Download::Here(RenderFile { length, bytes }))) => {
                Ok(MediaStream { length, bytes: bytes.map(move |piece| piece.map_err(&breaks)).boxed() })
            }
            // It was handed out a moment ago.
            Ok(_) => Err(breaks(NemoError::UnknownRender)),
            Err(error) => Err(breaks(error)),
        }
    }
}
