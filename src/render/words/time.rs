//! Days, moments and lengths of time, in words. All UTC.

use std::collections::HashMap;

use jiff::Timestamp;

/// From coarse to fine; the finest tells any two stored times apart.
const STAMPS: [&str; 4] = [
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M:%S%.3f",
];

/// `2026-03-02`
pub(in crate::render) fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

/// `2026-03-02 06:00 UTC`
pub(crate) fn minute(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// Each as its day; with the time of day where several fall on one day, as fine
/// as it takes to tell them apart.
pub(in crate::render) fn tell_apart(times: &[Timestamp]) -> Vec<String> {
    let mut told: Vec<Option<String>> = vec![None; times.len()];
    for format in STAMPS {
        let mut seen: HashMap<String, usize> = HashMap::new();
        let stamps: Vec<String> = times
            .iter()
            .map(|at| at.strftime(format).to_string())
            .collect();
        for stamp in &stamps {
            *seen.entry(stamp.clone()).or_default() += 1;
        }
        let finest = STAMPS.last() == Some(&format);
        for (told, stamp) in told.iter_mut().zip(stamps) {
            if told.is_none() && (finest || seen.get(&stamp) == Some(&1)) {
                *told = Some(stamp);
            }
        }
    }
    told.into_iter().flatten().collect()
}

/// A length of time in its largest sensible unit, rounded, without its sign: `4 months`.
pub(super) fn span(seconds: f64) -> String {
    const DAY: f64 = 86_400.0;
    const UNITS: [(f64, f64, &str); 5] = [
        (2.0 * 365.25 * DAY, 365.25 * DAY, "year"),
        (60.0 * DAY, 30.44 * DAY, "month"),
        (DAY, DAY, "day"),
        (3_600.0, 3_600.0, "hour"),
        (60.0, 60.0, "minute"),
    ];
    let length = seconds.abs();
    let (size, name) = UNITS
        .iter()
        .find(|(from, _, _)| length >= *from)
        .map_or((1.0, "second"), |(_, size, name)| (*size, *name));
    let many = (length / size).round();
    let plural = if many == 1.0 { "" } else { "s" };
    format!("{many} {name}{plural}")
}
