//! The file: a header, then its parts one after another.
//!
//! All numbers are little-endian. The header: [`MAGIC`], version (u32), CRC-32
//! of all that follows it (u32), number of companies (u64), length of each part
//! (u64 each). Knows no names. Start at [`split`].

use std::ops::Range;
use std::sync::Arc;

use super::Error;

pub(super) const MAGIC: [u8; 8] = *b"whynames";
pub(super) const VERSION: u32 = 1;
/// Where what the checksum covers begins.
const CHECKED: usize = 16;
/// Records, their offsets, ids; then keys and postings of names, inner words, domains.
pub(super) const PARTS: usize = 9;
pub(super) const HEADER: usize = CHECKED + 8 + PARTS * 8;

/// A part of the file, which all parts keep in memory together.
#[derive(Clone)]
pub(super) struct Part {
    file: Arc<Vec<u8>>,
    range: Range<usize>,
}

impl AsRef<[u8]> for Part {
    fn as_ref(&self) -> &[u8] {
        self.file.get(self.range.clone()).unwrap_or_default()
    }
}

/// What [`split`] finds.
pub(super) struct Split {
    pub(super) count: u64,
    pub(super) parts: [Part; PARTS],
}

/// The header over parts of these lengths, whose checksum `body` is.
pub(super) fn header(count: u64, lengths: [u64; PARTS], body: &crc32fast::Hasher) -> Vec<u8> {
    let mut checked = count.to_le_bytes().to_vec();
    checked.extend(lengths.iter().flat_map(|length| length.to_le_bytes()));
    let mut checksum = crc32fast::Hasher::new();
    checksum.update(&checked);
    checksum.combine(body);
    let mut header = MAGIC.to_vec();
    header.extend(VERSION.to_le_bytes());
    header.extend(checksum.finalize().to_le_bytes());
    header.extend(checked);
    header
}

/// Checks a file and finds its parts.
///
/// # Errors
/// Says of which kind the damage is.
pub(super) fn split(bytes: Vec<u8>, origin: &str) -> Result<Split, Error> {
    let corrupt = |reason: String| Error::Corrupt {
        file: origin.to_owned(),
        reason,
    };
    let length = bytes.len();
    if length == 0 {
        return Err(corrupt("it is empty".to_owned()));
    }
    if !bytes.iter().zip(MAGIC.iter()).all(|(a, b)| a == b) {
        return Err(corrupt("it is another kind of file".to_owned()));
    }
    let within_header = || corrupt(format!("it ends after {length} bytes, within its header"));
    let version = number::<4>(&bytes, 8)
        .map(u32::from_le_bytes)
        .ok_or_else(within_header)?;
    if version != VERSION {
        return Err(Error::Version {
            file: origin.to_owned(),
            found: version,
            expected: VERSION,
        });
    }
    let checksum = number::<4>(&bytes, 12)
        .map(u32::from_le_bytes)
        .ok_or_else(within_header)?;
    let count = number::<8>(&bytes, CHECKED)
        .map(u64::from_le_bytes)
        .ok_or_else(within_header)?;
    let mut ranges = [const { 0..0 }; PARTS];
    let mut end = HEADER;
    for (part, range) in ranges.iter_mut().enumerate() {
        let long = number(&bytes, CHECKED + 8 + part * 8).map(u64::from_le_bytes);
        let long = usize::try_from(long.ok_or_else(within_header)?).unwrap_or(usize::MAX);
        *range = end..end.saturating_add(long);
        end = range.end;
    }
    if end > length {
        return Err(corrupt(format!(
            "it is cut off: {length} of {end} bytes are there"
        )));
    }
    if end < length {
        return Err(corrupt(format!("{} bytes follow its end", length - end)));
    }
    if crc32fast::hash(bytes.get(CHECKED..).unwrap_or_default()) != checksum {
        return Err(corrupt(
            "its checksum is wrong, so some of its bytes have changed".to_owned(),
        ));
    }
    let file = Arc::new(bytes);
    Ok(Split {
        count,
        parts: ranges.map(|range| Part {
            file: Arc::clone(&file),
            range,
        }),
    })
}

/// The bytes of a number at this place.
pub(super) fn number<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}
