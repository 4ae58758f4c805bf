//! Durations as a catalog writes them: `90d`, `12h`, `2w`, `1y`.
//!
//! One unit each, whole numbers; a year is 365 days. Months are left out: they
//! have no one length.

use jiff::SignedDuration;

/// Longest first, so that a duration is written in the largest unit that fits.
const UNITS: [(&str, i64); 6] = [
    ("y", 365 * DAY),
    ("w", 7 * DAY),
    ("d", DAY),
    ("h", 3_600),
    ("min", 60),
    ("s", 1),
];
const DAY: i64 = 86_400;
/// 200 years: longer than any trace, and far from every overflow.
const LONGEST: i64 = 200 * 365 * DAY;

/// Says how durations are written, to follow "Write".
pub(super) const WANTED: &str =
    "a whole number and a unit, such as \"90d\" (units: y, w, d, h, min, s)";

/// `None` for what is not a duration, is nothing, or is longer than 200 years.
pub(super) fn parse(text: &str) -> Option<SignedDuration> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at_checked(digits)?;
    let (_, seconds) = UNITS.iter().find(|(name, _)| *name == unit.trim_start())?;
    let total = number.parse::<i64>().ok()?.checked_mul(*seconds)?;
    (total > 0 && total <= LONGEST).then(|| SignedDuration::from_secs(total))
}

/// What [`parse`] reads back; fractions of a second are dropped.
pub(super) fn write(duration: SignedDuration) -> String {
    let seconds = duration.as_secs();
    UNITS
        .iter()
        // Weeks read well only where a person chose them.
        .filter(|(name, _)| *name != "w")
        .find(|(_, unit)| seconds % unit == 0)
        .map_or_else(
            || format!("{seconds}s"),
            |(name, unit)| format!("{}{name}", seconds / unit),
        )
}

/// Whole days, where it is that.
pub(super) fn whole_days(duration: SignedDuration) -> Option<u32> {
    let seconds = duration.as_secs();
    if seconds % DAY != 0 {
        return None;
    }
    u32::try_from(seconds / DAY).ok()
}
