//! Text on its way from a file to its readers.

use fearless_simd::prelude::*;
use fearless_simd::{Level, dispatch, u8x64};

/// How many bytes behind the end of a text its readers may look at.
pub(super) const BEHIND: usize = 256;
/// What stands there: nothing that ends a line or a value.
const NOTHING: u8 = b'_';
/// Where what is read begins is a multiple of this: to places a few bytes behind one, some
/// processors copy out of the system's memory three times slower.
const PAGE: usize = 4096;

/// Whole lines, with room around them so that none has to be copied once it was read.
#[derive(Clone, Debug, Default)]
pub struct Buffer {
    bytes: Vec<u8>,
    start: usize,
    end: usize,
}

impl Buffer {
    /// A buffer with this text.
    pub fn of(text: &[u8]) -> Self {
        Self { bytes: text.to_vec(), start: 0, end: text.len() }
    }

    /// The text.
    pub fn text(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }

    /// How many lines end in the text.
    pub fn line_ends(&self) -> u64 {
        let (parts, rest) = self.text().as_chunks::<64>();
        let in_parts: u64 = dispatch!(Level::new(), simd => {
            let end = u8x64::splat(simd, b'\n');
            let ends = |part| u8x64::from_slice(simd, part).simd_eq(end).to_bitmask().count_ones();
            parts.iter().map(|part| u64::from(ends(part))).sum()
        });
        in_parts + memchr::memchr_iter(b'\n', rest).count() as u64
    }

    /// Where the last whole record of CSV ends in a text, with this character between cells; zero
    /// where there is none. And where a quote opens a cell behind it that nothing closes.
    ///
    /// Within quotes no line end ends a record. A quote opens a cell only at its start; a doubled one
    /// closes and opens again.
    pub fn last_record_end(text: &[u8], delimiter: u8) -> (usize, Option<usize>) {
        let (mut end, mut opened, mut closed) = (0, None, (0, 0));
        let mut visit = |place: usize| {
            if text[place] == b'\n' {
                end = if opened.is_some() { end } else { place + 1 };
            } else if let Some(from) = opened {
                (opened, closed) = (None, (from, place + 1));
            } else if place == closed.1 && place > 0 {
                opened = Some(closed.0);
            } else {
                let before = place.checked_sub(1).map_or(b'\n', |before| text[before]);
                opened = (before == b'\n' || before == delimiter).then_some(place);
            }
        };
        let (parts, rest) = text.as_chunks::<64>();
        dispatch!(Level::new(), simd => {
            let [quote, line_end] = [b'"', b'\n'].map(|byte| u8x64::splat(simd, byte));
            for (nth, part) in parts.iter().enumerate() {
                let part = u8x64::from_slice(simd, part);
                let mut bits = (part.simd_eq(quote) | part.simd_eq(line_end)).to_bitmask();
                while bits != 0 {
                    visit(nth * 64 + bits.trailing_zeros() as usize);
                    bits &= bits - 1;
                }
            }
        });
        for place in memchr::memchr2_iter(b'"', b'\n', rest) {
            visit(parts.len() * 64 + place);
        }
        (end, opened)
    }

    /// Takes a text, and gives room for so many bytes behind it.
    pub fn room(&mut self, before: &[u8], bytes: usize) -> &mut [u8] {
        let ahead = before.len().next_multiple_of(PAGE);
        let length = PAGE + ahead + bytes + BEHIND;
        if self.bytes.len() < length {
            self.bytes.resize(length, NOTHING);
        }
        let from = self.bytes.as_ptr().align_offset(PAGE).min(PAGE) + ahead;
        (self.start, self.end) = (from - before.len(), from);
        self.bytes[self.start..from].copy_from_slice(before);
        &mut self.bytes[from..from + bytes]
    }

    /// Takes the first bytes of the room for more of the text.
    pub fn take(&mut self, bytes: usize) {
        self.end += bytes;
    }

    /// Leaves no text.
    pub fn clear(&mut self) {
        self.end = self.start;
    }

    /// Keeps the first bytes, and gives those behind them to `rest`.
    pub fn keep(&mut self, length: usize, rest: &mut Vec<u8>) {
        rest.clear();
        rest.extend_from_slice(&self.text()[length..]);
        self.end = self.start + length;
    }

    /// Takes bytes off the start.
    pub fn skip(&mut self, length: usize) {
        self.start = self.end.min(self.start.saturating_add(length));
    }

    /// The text, its last line ended where it is not, and `BEHIND` bytes more, which begin as a
    /// line does.
    pub(super) fn lines(&mut self) -> (&[u8], usize) {
        self.close();
        let mut end = self.end;
        if self.text().last().is_some_and(|&byte| byte != b'\n') {
            self.bytes[end] = b'\n';
            end += 1;
        }
        self.bytes[end] = b'{';
        (&self.bytes[self.start..], end - self.start)
    }

    /// The text and `BEHIND` bytes more.
    pub(super) fn records(&mut self) -> (&[u8], usize) {
        self.close();
        (&self.bytes[self.start..], self.end - self.start)
    }

    /// Sees to it that nothing stands behind the text.
    fn close(&mut self) {
        // Two bytes more, for the end of a last line, and the start of one behind it.
        let behind = self.end + BEHIND + 2;
        self.bytes.resize(self.bytes.len().max(behind), NOTHING);
        self.bytes[self.end..behind].fill(NOTHING);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_kept_in_order_and_nothing_stands_behind_it() {
        let text: Vec<u8> = (0..50_000_u32).map(|n| (n % 251).to_le_bytes()[0]).collect();
        let (mut unread, mut buffer) = (text.as_slice(), Buffer::default());
        let (mut rest, mut found) = (Vec::new(), Vec::new());
        loop {
            let before = std::mem::take(&mut rest);
            let read = unread.len().min(7_000);
            buffer.room(&before, 7_000)[..read].copy_from_slice(&unread[..read]);
            buffer.take(read);
            unread = &unread[read..];
            let kept = buffer.text().len() * 2 / 3;
            buffer.keep(kept, &mut rest);
            found.extend_from_slice(buffer.text());
            let (all, end) = buffer.records();
            assert_eq!(end, kept);
            assert!(
                all.len() > end + BEHIND && all[end..].iter().take(BEHIND).all(|&it| it == NOTHING)
            );
            if read < 7_000 {
                break;
            }
        }
        found.extend(rest);
        assert_eq!(found, text);
        for length in [0, 63, 64, 10_000] {
            let ends = text[..length].split(|&byte| byte == b'\n').count() - 1;
            assert_eq!(Buffer::of(&text[..length]).line_ends(), ends as u64);
        }
    }

    /// The end of the last record, and whether a cell is open at the end, byte by byte.
    fn last_record_end(text: &[u8]) -> (usize, bool) {
        let (mut end, mut quoted, mut begins) = (0, false, true);
        for (place, &byte) in text.iter().enumerate() {
            match byte {
                b'"' if quoted || begins => {
                    quoted = !quoted;
                    begins = !quoted;
                }
                b'\n' if !quoted => {
                    end = place + 1;
                    begins = true;
                }
                _ => begins = !quoted && byte == b',',
            }
        }
        (end, quoted)
    }

    #[test]
    fn a_record_ends_at_no_line_end_within_quotes() {
        let mut seed = 1_u32;
        let text: Vec<u8> = (0..20_000)
            .map(|_| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                b"\"\"\n,,ab\r"[(seed >> 29) as usize]
            })
            .collect();
        let mut within = 0;
        for from in 0..200 {
            for length in (0..=200).chain([text.len() - from]) {
                let text = &text[from..from + length];
                let (end, opened) = Buffer::last_record_end(text, b',');
                let shown = String::from_utf8_lossy(text);
                assert_eq!((end, opened.is_some()), last_record_end(text), "{shown}");
                if let Some(opened) = opened {
                    assert!(opened >= end && text[opened] == b'"', "{shown}");
                    assert!(!last_record_end(&text[..opened]).1, "{shown}");
                }
                within += usize::from(memchr::memrchr(b'\n', text).map_or(0, |at| at + 1) != end);
            }
        }
        assert!(within > 1000);
    }

    #[test]
    fn a_last_line_is_ended_for_its_reader_alone() {
        let mut buffer = Buffer::of(b"a\nb");
        let (all, end) = buffer.lines();
        assert_eq!((&all[..=end], end), (b"a\nb\n{".as_slice(), 4));
        assert_eq!(buffer.text(), b"a\nb");
        let (all, end) = buffer.records();
        assert_eq!(&all[..=end], b"a\nb_");
    }
}
