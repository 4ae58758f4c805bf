//! A numeric history as a row of steps, one column a stretch of time.

use crate::answer::Answer;
use crate::render::series::{Point, points};
use crate::render::words::{clean::clean, day};
use crate::value::display;

const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// Fewer different values are told by the list alone.
const LEAST: usize = 3;
/// Columns: of the bars, and of what usually stands beside them.
const NARROWEST: usize = 16;
const WIDEST: usize = 40;
const RANGE: usize = 54;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chart {
    /// One character a stretch of time; a dot where there was no number.
    pub(super) bars: String,
    /// ` 9.8M to 12.4M USD, 2024-01-05 to 2026-03-02`
    pub(super) range: String,
}

/// From the first change to as-of; `None` where a chart would tell nothing.
pub(super) fn chart(answer: &Answer, width: usize) -> Option<Chart> {
    let points = points(answer, LEAST);
    let (first, end) = (points.first()?.at, answer.question.as_of);
    let (start_ms, end_ms) = (first.as_millisecond(), end.as_millisecond());
    let least = extreme(&points, |value, best| value < best)?;
    let most = extreme(&points, |value, best| value > best)?;
    let columns = width.saturating_sub(RANGE).clamp(NARROWEST, WIDEST) as i64;
    if end_ms <= start_ms {
        return None;
    }
    let bars = (1..=columns)
        .map(|column| {
            // Whole milliseconds of some ten thousand years times 40 fit easily.
            let until = start_ms + (end_ms - start_ms) * column / columns;
            let served = points.iter().rev().find(|p| p.at.as_millisecond() <= until);
            served
                .and_then(|p| p.value)
                .map_or('\u{b7}', |value| bar(value, least.0, most.0))
        })
        .collect();
    let unit = answer.attribute.unit.as_deref();
    let mut range = format!(
        " {} to {}",
        clean(least.1, 20),
        clean(&display(Some(most.1), unit), 24)
    );
    // Where they would take a line of their own, the events tell the days.
    if width >= NARROWEST + RANGE {
        range.push_str(&format!(", {} to {}", day(first), day(end)));
    }
    Some(Chart { bars, range })
}

/// The number that beats all others, and its stored text.
fn extreme<'a>(points: &[Point<'a>], beats: fn(f64, f64) -> bool) -> Option<(f64, &'a str)> {
    let mut best: Option<(f64, &'a str)> = None;
    for point in points {
        if let (Some(value), Some(text)) = (point.value, point.text)
            && best.is_none_or(|(so_far, _)| beats(value, so_far))
        {
            best = Some((value, text));
        }
    }
    best
}

fn bar(value: f64, least: f64, most: f64) -> char {
    // Halves: the difference of two extremes may be more than a double can hold.
    let (low, high) = (least / 2.0, most / 2.0);
    let share = (value / 2.0 - low) / (high - low);
    let level = (share * (LEVELS.len() - 1) as f64).round();
    // Saturates: what is no number is level 0.
    LEVELS.get(level as usize).copied().unwrap_or('█')
}
