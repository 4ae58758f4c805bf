//! A numeric history as points of a chart, for whoever draws one.

use jiff::Timestamp;

use crate::answer::Answer;
use crate::value::number;

/// From `at` on the value was `value`; `None` where there was none, or none
/// that reads as a finite number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point<'a> {
    pub(super) at: Timestamp,
    pub(super) value: Option<f64>,
    /// As stored.
    pub(super) text: Option<&'a str>,
}

/// Oldest first. Empty for attributes that are no numbers, and where fewer than
/// `least` different numbers were served: a flat line tells nothing.
pub(super) fn points(answer: &Answer, least: usize) -> Vec<Point<'_>> {
    if !answer.attribute.kind.is_numeric() {
        return Vec::new();
    }
    let points: Vec<Point<'_>> = answer
        .changes
        .iter()
        .rev()
        .map(|change| Point {
            at: change.at,
            value: change
                .to
                .as_deref()
                .and_then(number)
                .filter(|v| v.is_finite()),
            text: change.to.as_deref(),
        })
        .collect();
    let mut distinct: Vec<f64> = points.iter().filter_map(|point| point.value).collect();
    distinct.sort_by(f64::total_cmp);
    distinct.dedup();
    if distinct.len() < least {
        return Vec::new();
    }
    points
}
