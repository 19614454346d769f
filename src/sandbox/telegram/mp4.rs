//! Size and length of a clip, read from the boxes of an MP4 or MOV file (ISO/IEC 14496-12).

use std::io::{self, Read, Seek, SeekFrom};

/// The index of a clip is rarely over a mebibyte; a larger one is not read.
const MOOV_LIMIT: u64 = 16 << 20;
/// Boxes at the top of a file; more than this is no ordinary clip.
const TOP_BOXES: usize = 64;

/// What the index of a clip says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Picture {
    pub(super) width: u64,
    pub(super) height: u64,
    /// In whole seconds, rounded.
    pub(super) duration: u64,
}

/// Reads the index, wherever it stands; `None` if this is no such file.
pub(super) fn read(file: &mut (impl Read + Seek)) -> io::Result<Option<Picture>> {
    let mut at = 0;
    for _ in 0..TOP_BOXES {
        file.seek(SeekFrom::Start(at))?;
        let mut head = [0; 16];
        if file.read_exact(&mut head[..8]).is_err() {
            return Ok(None);
        }
        let (size, header) = match number(&head[..4]) {
            1 => {
                file.read_exact(&mut head[8..])?;
                (number(&head[8..]), 16)
            }
            size => (size, 8),
        };
        if size < header {
            return Ok(None);
        }
        if &head[4..8] == b"moov" {
            let mut moov = Vec::new();
            file.take((size - header).min(MOOV_LIMIT)).read_to_end(&mut moov)?;
            return Ok(picture(&moov));
        }
        at += size;
    }
    Ok(None)
}

fn picture(moov: &[u8]) -> Option<Picture> {
    let mvhd = boxes(moov).find(|(kind, _)| *kind == b"mvhd")?.1;
    let (scale, length) = match mvhd.first()? {
        0 => (number(mvhd.get(12..16)?), number(mvhd.get(16..20)?)),
        _ => (number(mvhd.get(20..24)?), number(mvhd.get(24..32)?)),
    };
    let track = boxes(moov)
        .filter(|(kind, _)| *kind == b"trak")
        .filter_map(|(_, trak)| boxes(trak).find(|(kind, _)| *kind == b"tkhd").map(|(_, tkhd)| tkhd))
        .find_map(|tkhd| {
            // Width and height are the last eight bytes, in 16.16 fixed point; sound has zero.
            let (width, height) = tkhd.get(tkhd.len().checked_sub(8)?..)?.split_at(4);
            let size = (number(width) >> 16, number(height) >> 16);
            (size.0 > 0 && size.1 > 0).then_some(size)
        })?;
    Some(Picture { width: track.0, height: track.1, duration: (length + scale / 2).checked_div(scale)? })
}

/// The boxes in `bytes`: kind and content.
fn boxes(mut bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    std::iter::from_fn(move || {
        let size = usize::try_from(number(bytes.get(..4)?)).ok().filter(|size| *size >= 8)?;
        let (this, rest) = bytes.split_at_checked(size)?;
        bytes = rest;
        Some((&this[4..8], &this[8..]))
    })
}

/// A big-endian number of up to eight bytes.
fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}
