//! How the bytes of a stream travel: whole frames, or as proxies and networks cut and change them.

use axum::body::Bytes;

use super::Scenario;

/// What happens to the bytes on their way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wire {
    /// Each frame is a chunk.
    Whole,
    /// Chunks of seven bytes: through frames, and through characters.
    Split,
    /// One byte at a time.
    Single,
    /// LF becomes CRLF.
    Crlf,
    /// The last frame loses its blank line.
    Unended,
}

impl Wire {
    pub(super) fn of(scenario: Scenario) -> Self {
        match scenario {
            Scenario::SplitChunks => Self::Split,
            Scenario::ByteByByte => Self::Single,
            Scenario::Crlf => Self::Crlf,
            Scenario::Unended => Self::Unended,
            _ => Self::Whole,
        }
    }

    /// The chunks of these frames; `last` if the stream ends with them.
    pub(super) fn chunks(self, frames: Vec<Bytes>, last: bool) -> Vec<Bytes> {
        let cut = |size: usize| {
            let pieces = |frame: &Bytes| {
                (0..frame.len())
                    .step_by(size)
                    .map(|at| frame.slice(at..(at + size).min(frame.len())))
                    .collect::<Vec<_>>()
            };
            frames.iter().flat_map(pieces).collect()
        };
        match self {
            Self::Whole => frames,
            Self::Split => cut(7),
            Self::Single => cut(1),
            Self::Crlf => frames.iter().map(crlf).collect(),
            Self::Unended => {
                let end = frames.len().saturating_sub(1);
                let whole = |(at, frame): (usize, Bytes)| {
                    if last && at == end { frame.slice(..frame.len().saturating_sub(2)) } else { frame }
                };
                frames.into_iter().enumerate().map(whole).collect()
            }
        }
    }
}

fn crlf(frame: &Bytes) -> Bytes {
    let mut out = Vec::with_capacity(frame.len() + 4);
    for byte in frame {
        if *byte == b'\n' {
            out.push(b'\r');
        }
        out.push(*byte);
    }
    Bytes::from(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_keeps_what_was_said() {
        let frames = || vec![Bytes::from_static("data: é\n\n".as_bytes()), Bytes::from_static(b"data: b\n\n")];
        let joined = |wire: Wire| wire.chunks(frames(), true).concat();
        assert_eq!(joined(Wire::Whole), joined(Wire::Split));
        assert_eq!(joined(Wire::Whole), joined(Wire::Single));
        assert_eq!(joined(Wire::Crlf), "data: é\r\n\r\ndata: b\r\n\r\n".as_bytes());
        assert_eq!(joined(Wire::Unended), "data: é\n\ndata: b".as_bytes());
        assert!(Wire::Split.chunks(frames(), true).iter().any(|chunk| std::str::from_utf8(chunk).is_err()));
    }
}
