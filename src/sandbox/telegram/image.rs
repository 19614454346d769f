//! Size of a photo, read from the head of a PNG or JPEG, and what Telegram refuses as one.

use std::io::{self, Read, Seek, SeekFrom};

use super::mp4::Picture;
use super::refusal::Refusal;

/// Segments before a JPEG's size; more than this is no ordinary photo.
const SEGMENTS: usize = 64;
/// Width and height together. Source: Bot API, `sendPhoto`.
const SIDES_LIMIT: u64 = 10_000;
/// The longer side in terms of the shorter one. Source: Bot API, `sendPhoto`.
const RATIO_LIMIT: u64 = 20;

/// Reads the size; `None` if this is no picture of these kinds.
pub(super) fn read(file: &mut (impl Read + Seek)) -> io::Result<Option<Picture>> {
    let mut head = [0; 24];
    let size = match file.read_exact(&mut head) {
        Ok(()) if head.starts_with(b"\x89PNG\r\n\x1a\n") && &head[12..16] == b"IHDR" => {
            Some((number(&head[16..20]), number(&head[20..24])))
        }
        Ok(()) if head.starts_with(b"\xff\xd8") => jpeg(file)?,
        _ => None,
    };
    Ok(size.map(|(width, height)| Picture { width, height, duration: 0 }))
}

/// Width and height stand in the first "start of frame".
fn jpeg(file: &mut (impl Read + Seek)) -> io::Result<Option<(u64, u64)>> {
    file.seek(SeekFrom::Start(2))?;
    for _ in 0..SEGMENTS {
        let mut head = [0; 9];
        if file.read_exact(&mut head).is_err() || head[0] != 0xff {
            return Ok(None);
        }
        if matches!(head[1], 0xc0..=0xcf) && !matches!(head[1], 0xc4 | 0xc8 | 0xcc) {
            return Ok(Some((number(&head[7..9]), number(&head[5..7]))));
        }
        // The length counts itself; seven bytes of the segment are read already.
        let length = i64::try_from(number(&head[2..4])).unwrap_or_default();
        file.seek(SeekFrom::Current(length - 7))?;
    }
    Ok(None)
}

/// Big-endian.
fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

/// What Telegram refuses as a photo.
pub(super) fn check(Picture { width, height, .. }: Picture) -> Result<(), Refusal> {
    let (longer, shorter) = (width.max(height), width.min(height));
    if shorter == 0 {
        return Err(Refusal::bad("IMAGE_PROCESS_FAILED"));
    }
    if longer + shorter > SIDES_LIMIT || longer > shorter * RATIO_LIMIT {
        return Err(Refusal::bad("PHOTO_INVALID_DIMENSIONS"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let start: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR";
        [start, &width.to_be_bytes()[..], &height.to_be_bytes()[..]].concat()
    }

    fn size(bytes: &[u8]) -> Option<(u64, u64)> {
        read(&mut Cursor::new(bytes)).unwrap().map(|picture| (picture.width, picture.height))
    }

    #[test]
    fn the_size_of_a_photo_stands_in_its_head() {
        assert_eq!(size(&png(1200, 416)), Some((1200, 416)));
        let comment: &[u8] = b"\xff\xd8\xff\xfe\x00\x0cten  bytes";
        let frame: &[u8] = b"\xff\xc0\x00\x11\x08\x01\xa0\x04\xb0\x03\x01\x22\x00";
        assert_eq!(size(&[comment, frame].concat()), Some((1200, 416)));
        for junk in [&b""[..], b"no picture, but long enough to be one", b"\xff\xd8 and then nothing of the kind"] {
            assert_eq!(size(junk), None);
        }
    }

    #[test]
    fn telegram_refuses_what_is_no_photo_or_a_strange_one() {
        let refused = |width, height| check(Picture { width, height, duration: 0 }).err().map(|no| no.description);
        assert_eq!(refused(1200, 416), None);
        assert_eq!(refused(0, 0).as_deref(), Some("Bad Request: IMAGE_PROCESS_FAILED"));
        for (width, height) in [(9_000, 1_001), (2_100, 100)] {
            assert_eq!(refused(width, height).as_deref(), Some("Bad Request: PHOTO_INVALID_DIMENSIONS"));
        }
    }
}
