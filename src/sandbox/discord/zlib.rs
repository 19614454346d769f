//! Compression without compressing: zlib streams of stored blocks, which every inflater takes.

/// The largest stored block.
const BLOCK: usize = 0xffff;

/// One payload, compressed by itself.
pub(super) fn whole(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let mut rest = bytes.chunks(BLOCK).peekable();
    if rest.peek().is_none() {
        out.extend(stored(&[], true));
    }
    while let Some(chunk) = rest.next() {
        out.extend(stored(chunk, rest.peek().is_none()));
    }
    out.extend(adler32(bytes).to_be_bytes());
    out
}

/// The next payload of a stream that goes on: flushed, so that it ends in `00 00 ff ff`.
pub(super) fn next(bytes: &[u8], is_first: bool) -> Vec<u8> {
    let mut out = if is_first { vec![0x78, 0x01] } else { Vec::new() };
    bytes.chunks(BLOCK).for_each(|chunk| out.extend(stored(chunk, false)));
    out.extend(stored(&[], false));
    out
}

fn stored(chunk: &[u8], is_last: bool) -> Vec<u8> {
    let length = u16::try_from(chunk.len()).unwrap_or(u16::MAX);
    let mut out = vec![u8::from(is_last)];
    out.extend(length.to_le_bytes());
    out.extend((!length).to_le_bytes());
    out.extend(chunk);
    out
}

fn adler32(bytes: &[u8]) -> u32 {
    let (mut low, mut high) = (1_u32, 0_u32);
    for byte in bytes {
        low = (low + u32::from(*byte)) % 65_521;
        high = (high + low) % 65_521;
    }
    (high << 16) | low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_that_of_the_format_and_a_flush_ends_in_its_mark() {
        assert_eq!(adler32(b"Wikipedia"), 0x11E6_0398);
        assert_eq!(whole(b"ab"), [0x78, 1, 1, 2, 0, 0xfd, 0xff, b'a', b'b', 1, 0x26, 0, 0xc4]);
        let flushed = next(&vec![7; 70_000], false);
        assert_eq!(flushed.len(), 70_000 + 3 * 5);
        assert!(flushed.ends_with(&[0, 0, 0xff, 0xff]));
    }
}
