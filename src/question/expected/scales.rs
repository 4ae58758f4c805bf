//! Scales in words: `10 million` is `10M`, as values are written.
//!
//! Only for what a person types; how stored values are read is in `value`. Start at
//! [`with_suffix`].

use crate::question::{dates, words::fold};
use crate::value::number;

/// Words for a scale, and the suffix that says the same.
const SCALES: [(&str, &str); 6] = [
    ("thousand", "k"),
    ("million", "M"),
    ("mio", "M"),
    ("billion", "B"),
    ("mrd", "B"),
    ("trillion", "T"),
];

/// `$ 12.5 million`, `10 Mio. EUR`, `ten million` as `$ 12.5M`, `10M EUR`, `10M`; `None` for what
/// is no number with a scale in words.
pub(super) fn with_suffix(typed: &str) -> Option<String> {
    let low = typed.to_ascii_lowercase();
    SCALES.iter().find_map(|(name, suffix)| {
        let at = low.find(name)?;
        let count = typed.get(..at)?.trim_end();
        let rest = typed.get(at + name.len()..)?.trim_start_matches('.');
        let count = match dates::count(&fold(count)) {
            Some(count) => count.to_string(),
            None => count.to_owned(),
        };
        let written = format!("{count}{suffix}{rest}");
        number(&written).is_some().then_some(written)
    })
}
