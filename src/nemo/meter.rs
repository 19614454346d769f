//! A cap on the bytes of one frame, in front of the parser, which has none.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures::stream::{BoxStream, Stream};

/// The largest frame, in bytes: the state delta of an event can hold a whole draft.
pub(super) const FRAME_LIMIT: usize = 16 * 1024 * 1024;
/// What the unfinished frames of all streams may hold together, in bytes: sixteen of the largest at once.
const MEMORY_LIMIT: usize = 16 * FRAME_LIMIT;

/// The bytes that all unfinished frames of one client hold.
#[derive(Debug, Default)]
pub(super) struct Memory(AtomicUsize);

/// Why the bytes of a stream ended early.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Cut {
    #[error("a frame is over the limit")]
    FrameTooLarge,
    #[error("the connection broke")]
    Broken,
    #[error("no byte came for too long")]
    Idle,
}

/// Passes bytes on and counts them from one blank line to the next.
pub(super) struct Metered {
    bytes: BoxStream<'static, Result<Bytes, Cut>>,
    limit: usize,
    memory: Arc<Memory>,
    /// Bytes since the last blank line.
    held: usize,
    line_is_empty: bool,
    after_cr: bool,
    failed: bool,
}

impl Metered {
    pub(super) fn new(bytes: BoxStream<'static, Result<Bytes, Cut>>, limit: usize, memory: Arc<Memory>) -> Self {
        Self { bytes, limit, memory, held: 0, line_is_empty: true, after_cr: false, failed: false }
    }

    /// How much of `chunk` is within the limits: all of it, or less if a frame in it is too large.
    fn count(&mut self, chunk: &[u8]) -> usize {
        let before = self.held;
        let mut good = chunk.len();
        for (at, byte) in chunk.iter().enumerate() {
            let ends_line = match byte {
                b'\n' if self.after_cr => false,
                b'\n' | b'\r' => true,
                _ => {
                    self.line_is_empty = false;
                    false
                }
            };
            self.after_cr = *byte == b'\r';
            self.held += 1;
            if ends_line {
                if self.line_is_empty {
                    self.held = 0;
                }
                self.line_is_empty = true;
            }
            if self.held > self.limit {
                good = at;
                break;
            }
        }
        let all = if self.held >= before {
            self.memory.0.fetch_add(self.held - before, Ordering::Relaxed) + (self.held - before)
        } else {
            self.memory.0.fetch_sub(before - self.held, Ordering::Relaxed) - (before - self.held)
        };
        if all > MEMORY_LIMIT && self.held > before { 0 } else { good }
    }
}

impl Stream for Metered {
    type Item = Result<Bytes, Cut>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.failed {
            return Poll::Ready(Some(Err(Cut::FrameTooLarge)));
        }
        let next = ready!(self.bytes.as_mut().poll_next(cx));
        Poll::Ready(match next {
            Some(Ok(mut chunk)) => {
                let good = self.count(&chunk);
                self.failed = good < chunk.len();
                chunk.truncate(good);
                Some(Ok(chunk))
            }
            other => other,
        })
    }
}

impl Drop for Metered {
    fn drop(&mut self) {
        self.memory.0.fetch_sub(self.held, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use futures::StreamExt;
    use proptest::prelude::*;

    use super::*;

    fn metered(chunks: Vec<Vec<u8>>, limit: usize, memory: &Arc<Memory>) -> Metered {
        let chunks = futures::stream::iter(chunks.into_iter().map(|chunk| Ok(Bytes::from(chunk))));
        Metered::new(chunks.boxed(), limit, Arc::clone(memory))
    }

    async fn passed(mut metered: Metered) -> (Vec<u8>, bool) {
        let mut all = Vec::new();
        while let Some(chunk) = metered.next().await {
            match chunk {
                Ok(chunk) => all.extend_from_slice(&chunk),
                Err(cut) => {
                    assert_eq!(cut, Cut::FrameTooLarge);
                    return (all, false);
                }
            }
        }
        (all, true)
    }

    #[tokio::test]
    async fn the_limit_is_for_one_frame_whatever_ends_its_lines() {
        let memory = Arc::default();
        for text in ["12345\n\n12345\n\n", "1234\r\n\r\n1234\r\n\r\n", "12345\r\r12345\r\r", "12\n34\n\n12345\n\n"] {
            let (all, whole) = passed(metered(vec![text.into()], 8, &memory)).await;
            assert_eq!((all, whole), (text.as_bytes().to_vec(), true), "{text:?}");
        }
        for (text, good) in
            [("12\n\n123456789\n\n", 12), ("123456789", 8), ("1\n2\n3\n4\n5\n6", 8), ("1\r\n2\r\n3\r\n4", 8)]
        {
            let (all, whole) = passed(metered(vec![text.into()], 8, &memory)).await;
            assert_eq!((all, whole), (text.as_bytes()[..good].to_vec(), false), "{text:?}");
        }
    }

    #[tokio::test]
    async fn all_streams_together_have_a_limit_and_give_back_what_they_held() {
        let memory: Arc<Memory> = Arc::default();
        memory.0.store(MEMORY_LIMIT - 4, Ordering::Relaxed);
        let (all, whole) = passed(metered(vec![b"1\n\n".to_vec(), b"1234".to_vec(), b"5".to_vec()], 99, &memory)).await;
        assert_eq!((all.as_slice(), whole), (&b"1\n\n1234"[..], false));
        assert_eq!(memory.0.load(Ordering::Relaxed), MEMORY_LIMIT - 4);
    }

    proptest! {
        #[test]
        fn where_the_bytes_are_cut_does_not_matter(
            text in prop::collection::vec(prop::sample::select(b"a\r\n".to_vec()), 0..60),
            size in 1_usize..8,
        ) {
            let memory = Arc::default();
            let run = |chunks| futures::executor::block_on(passed(metered(chunks, 6, &memory)));
            let whole = run(vec![text.clone()]);
            prop_assert_eq!(run(text.chunks(size).map(<[u8]>::to_vec).collect()), whole);
        }
    }
}
