//! Length and picture size out of an MP4 or MOV file: the boxes `moov/mvhd` and `moov/trak/tkhd` (ISO/IEC 14496-12).

use std::io::{Read, Seek, SeekFrom};

/// Real files have a few dozen; a broken one must not keep us busy.
const BOX_LIMIT: usize = 10_000;

/// What the boxes say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Facts {
    pub(super) seconds: f64,
    pub(super) width: u32,
    pub(super) height: u32,
}

/// Reads only headers, never the film. `None`: no such file, or nothing usable in it.
pub(super) fn read(file: &mut (impl Read + Seek)) -> Option<Facts> {
    let end = file.seek(SeekFrom::End(0)).ok()?;
    let mut left = BOX_LIMIT;
    let (from, to) = find(file, 0, end, *b"moov", &mut left)?;
    let (at, _) = find(file, from, to, *b"mvhd", &mut left)?;
    let seconds = length(file, at)?;
    let mut next = from;
    while let Some((inside, after)) = find(file, next, to, *b"trak", &mut left) {
        let size = find(file, inside, after, *b"tkhd", &mut left).and_then(|(at, _)| size(file, at));
        if let Some((width, height)) = size {
            return Some(Facts { seconds, width, height });
        }
        next = after;
    }
    None
}

/// The inside of the first box of this kind between `from` and `to`.
fn find(file: &mut (impl Read + Seek), from: u64, to: u64, kind: [u8; 4], left: &mut usize) -> Option<(u64, u64)> {
    let mut at = from;
    while at.checked_add(8)? <= to {
        *left = left.checked_sub(1)?;
        let head: [u8; 8] = bytes(file, at)?;
        let (mut header, mut size) = (8, u64::from(u32::from_be_bytes(head[..4].try_into().ok()?)));
        if size == 1 {
            (header, size) = (16, u64::from_be_bytes(bytes(file, at + 8)?));
        } else if size == 0 {
            size = to - at; // up to the end of the file
        }
        let end = at.checked_add(size)?;
        if size < header || end > to {
            return None;
        }
        if head[4..] == kind {
            return Some((at + header, end));
        }
        at = end;
    }
    None
}

/// Of `mvhd`.
#[allow(clippy::cast_precision_loss, reason = "a film of 2^53 ticks is longer than history")]
fn length(file: &mut (impl Read + Seek), at: u64) -> Option<f64> {
    let [version, ..]: [u8; 4] = bytes(file, at)?;
    let (scale, ticks) = if version == 1 {
        (u32::from_be_bytes(bytes(file, at + 20)?), u64::from_be_bytes(bytes(file, at + 24)?))
    } else {
        (u32::from_be_bytes(bytes(file, at + 12)?), u64::from(u32::from_be_bytes(bytes(file, at + 16)?)))
    };
    (scale > 0).then(|| ticks as f64 / f64::from(scale))
}

/// Of `tkhd`, as it is shown: a phone films upright by turning the picture. `None` for sound.
fn size(file: &mut (impl Read + Seek), at: u64) -> Option<(u32, u32)> {
    let [version, ..]: [u8; 4] = bytes(file, at)?;
    let matrix = at + if version == 1 { 52 } else { 40 };
    // 16.16 fixed point.
    let width = u32::from_be_bytes(bytes(file, matrix + 36)?) >> 16;
    let height = u32::from_be_bytes(bytes(file, matrix + 40)?) >> 16;
    let turned = bytes::<4>(file, matrix)? == [0; 4] && bytes::<4>(file, matrix + 16)? == [0; 4];
    (width > 0 && height > 0).then_some(if turned { (height, width) } else { (width, height) })
}

fn bytes<const N: usize>(file: &mut (impl Read + Seek), at: u64) -> Option<[u8; N]> {
    let mut out = [0; N];
    file.seek(SeekFrom::Start(at)).ok()?;
    file.read_exact(&mut out).ok()?;
    Some(out)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::{Facts, read};
    use crate::sandbox::nemo::file::SAMPLE;

    #[test]
    fn the_sample_is_four_seconds_of_640_by_360() {
        let Facts { seconds, width, height } = read(&mut Cursor::new(SAMPLE)).unwrap();
        assert_eq!((width, height), (640, 360));
        assert!((seconds - 4.0).abs() < 0.2, "{seconds}");
    }

    #[test]
    fn anything_else_is_no_film() {
        for junk in [&b""[..], b"not a film at all", b"\0\0\0\x01moov", b"\0\0\0\0moov", &[0xff; 64]] {
            assert_eq!(read(&mut Cursor::new(junk)), None);
        }
        for cut in [40, 400, 1_000] {
            assert_eq!(read(&mut Cursor::new(&SAMPLE[..cut])), None, "cut at {cut}");
        }
    }
}
