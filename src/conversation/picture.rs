//! Pictures of timelines: drawn beside the work of a conversation and never in its way. Where there is none in time,
//! the text alone does.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tracing::warn;

use crate::chat::id::Platform;
use crate::chat::reply::{FileSource, OutFile};
use crate::language::Language;
use crate::nemo::{Change, Timeline};
use crate::timeline::picture::{Fonts, Picture, PictureError, Scene, Theme, draw};
use crate::timeline::words;

/// A picture takes some 30 ms; who waits for one longer has a busy machine and a text.
const PATIENCE: Duration = Duration::from_secs(2);
/// Pictures that are drawn at once: threads cannot be cut, so no more of them may hang.
const BRUSHES: usize = 2;
/// No picture is larger, in bytes. Ordinary ones have 30 to 100 KB.
const PICTURE_LIMIT: usize = 1_000_000;
/// Files that are read of a folder of fonts.
const FONTS_LIMIT: usize = 16;
/// What is read of them in all, in bytes. Noto Sans CJK has 20 MB.
const FONTS_BYTES: u64 = 64_000_000;

/// Draws timelines. One for all conversations.
#[derive(Clone, Debug)]
pub struct Painter {
    fonts: Fonts,
    /// None: as the platform is.
    theme: Option<Theme>,
    brushes: Arc<Semaphore>,
    patience: Duration,
}

impl Painter {
    /// With the font files of a folder before the embedded ones. A folder that cannot be read is told in the log.
    /// `dark`: always, never, or where the platform mostly is.
    pub fn new(dark: Option<bool>, folder: Option<&Path>) -> Self {
        let files = folder.map(read).transpose().unwrap_or_else(|error| {
            warn!(%error, "picture.fonts cannot be read; pictures use the fonts inside the program");
            None
        });
        let theme = dark.map(|dark| if dark { Theme::Dark } else { Theme::Light });
        let fonts = Fonts::with(files.unwrap_or_default());
        Self { fonts, theme, brushes: Arc::new(Semaphore::new(BRUSHES)), patience: PATIENCE }
    }

    /// A picture of `timeline` with `changes`, which led to it from `before`. None where there is nothing to see, and
    /// where it failed or took too long, which the log tells: the text alone does.
    pub async fn paint(
        &self,
        platform: Platform,
        timeline: &Timeline,
        before: Option<&Timeline>,
        changes: &[Change],
        language: &Language,
    ) -> Option<OutFile> {
        let theme = self.theme.unwrap_or(match platform {
            Platform::Discord => Theme::Dark,
            Platform::Telegram => Theme::Light,
        });
        let words = words(timeline, changes, language);
        let scene = Scene { timeline: timeline.clone(), before: before.cloned(), words, theme };
        let fonts = self.fonts.clone();
        match self.beside(move || draw(&scene, &fonts)).await {
            Some(Ok(picture)) if picture.png.len() <= PICTURE_LIMIT => Some(painted(picture)),
            Some(Ok(picture)) => {
                warn!(bytes = picture.png.len(), "a picture of a timeline is too large");
                None
            }
            Some(Err(PictureError::Empty)) => None,
            Some(Err(error)) => {
                warn!(%error, "a timeline could not be drawn");
                None
            }
            None => {
                warn!("a timeline was not drawn in time");
                None
            }
        }
    }

    /// Works on a thread that may block. None if it is not done in time, or dies.
    async fn beside<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let brushes = Arc::clone(&self.brushes);
        let drawn = timeout(self.patience, async move {
            let brush = brushes.acquire_owned().await.ok()?;
            let work = move || {
                // Held by the thread, which goes on when nobody waits for it any more.
                let _brush = brush;
                work()
            };
            tokio::task::spawn_blocking(work).await.ok()
        });
        drawn.await.ok().flatten()
    }
}

/// A picture, ready to be sent.
fn painted(Picture { png, size: (width, height), alt }: Picture) -> OutFile {
    OutFile {
        name: "timeline.png".to_owned(),
        mime: "image/png".to_owned(),
        size: Some(png.len() as u64),
        source: FileSource::Bytes(Bytes::from(png)),
        resolution: Some((width.into(), height.into())),
        duration: None,
        alt: Some(alt),
    }
}

/// The font files of a folder, by name.
fn read(folder: &Path) -> io::Result<Vec<Vec<u8>>> {
    let mut paths: Vec<_> = fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| {
        let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
        matches!(ending.as_deref(), Some("ttf" | "otf" | "ttc" | "otc")) && path.is_file()
    });
    paths.sort();
    let mut files = Vec::new();
    let mut room = FONTS_BYTES;
    for path in paths.into_iter().take(FONTS_LIMIT) {
        let mut file = Vec::new();
        let length = fs::File::open(path)?.take(room + 1).read_to_end(&mut file)? as u64;
        if length > room {
            return Err(io::Error::other(format!("its fonts have more than {FONTS_BYTES} bytes")));
        }
        room -= length;
        files.push(file);
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;
    use crate::nemo::RawDraft;

    fn timeline(json: &str) -> Timeline {
        RawDraft::parse(json).unwrap().timeline()
    }

    fn start(png: &OutFile) -> Vec<u8> {
        let FileSource::Bytes(bytes) = &png.source else { panic!("{png:?}") };
        assert_eq!(png.size, Some(bytes.len() as u64));
        bytes[..8].to_vec()
    }

    #[tokio::test]
    async fn a_timeline_becomes_a_file_with_its_words() {
        let painter = Painter { patience: Duration::from_mins(1), ..Painter::new(None, None) };
        let drawn = timeline(r#"{"t":[{"tt":0,"sg":[{"d":5000,"m":{"title":"城市 timelapse"}}]}]}"#);
        let english = Language::known("en");
        let one = painter.paint(Platform::Discord, &drawn, None, &[], &english).await.unwrap();
        assert_eq!(start(&one), b"\x89PNG\r\n\x1a\n");
        assert_eq!((one.name.as_str(), one.resolution.unwrap().0), ("timeline.png", 720));
        assert_eq!(one.alt.as_deref(), Some("Timeline, 0:05, 1 track. 1. Video: 城市 timelapse (0-5s)"));
        let other = painter.paint(Platform::Telegram, &drawn, None, &[], &english).await.unwrap();
        assert_ne!(one.source, other.source, "dark on Discord, light on Telegram");
        let always = Painter { patience: Duration::from_mins(1), ..Painter::new(Some(true), None) };
        let third = always.paint(Platform::Telegram, &drawn, None, &[], &english).await.unwrap();
        assert_eq!(one.source, third.source);
        assert_eq!(painter.paint(Platform::Discord, &timeline("{}"), None, &[], &english).await, None);
    }

    #[tokio::test]
    async fn who_waits_in_vain_gets_the_text_alone_and_holds_up_nobody_else_for_good() {
        let painter = Painter { patience: Duration::from_millis(20), ..Painter::new(None, None) };
        let (free, held) = mpsc::channel::<()>();
        assert_eq!(painter.beside(move || held.recv().is_err()).await, None, "it hangs");
        assert_eq!(painter.brushes.available_permits(), BRUSHES - 1, "what hangs keeps its brush");
        drop(free);
        let all = Arc::clone(&painter.brushes).acquire_many_owned(u32::try_from(BRUSHES).unwrap()).await;
        drop(all);
        let patient = Painter { patience: Duration::from_mins(1), ..painter };
        assert_eq!(patient.beside(|| panic!("a flaw")).await, None::<()>, "a flaw in the drawing ends no work");
        assert_eq!(patient.beside(|| 7).await, Some(7));
    }

    #[test]
    fn a_folder_of_fonts_is_read_by_name_and_nothing_else_in_it() {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in [("b.TTF", "2"), ("a.otf", "1"), ("readme.txt", "x")] {
            fs::write(folder.path().join(name), content).unwrap();
        }
        assert_eq!(read(folder.path()).unwrap(), [b"1".to_vec(), b"2".to_vec()]);
        assert!(read(&folder.path().join("none")).is_err());
    }
}
