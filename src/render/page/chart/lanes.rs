//! A history of words as lanes: one for each value, a bar while it was served.

use maud::{Markup, html};

use super::axis::Span;
use super::{Drawing, TOP, hundredth, percent, tenth};
use crate::answer::{Answer, Change};
use crate::render::words::clean::clean;
use crate::value::display;

/// Values that have a lane of their own, the newest first; all others share the last.
const LANES: usize = 7;
const LANE: f64 = 38.0;
/// Of its lane.
const BAR: f64 = 9.0;
/// The longest value beside a bar.
const VALUE: usize = 44;

pub(super) fn drawing(answer: &Answer, span: &Span) -> Drawing {
    let changes: Vec<&Change> = answer.changes.iter().rev().collect();
    let lanes = lanes(answer);
    let lane = |change: &Change| {
        let own = lanes
            .iter()
            .position(|value| *value == change.to.as_deref());
        own.unwrap_or(LANES).min(LANES)
    };
    let shared = changes.iter().any(|change| lane(change) == LANES);
    let count = lanes.len().min(LANES) + usize::from(shared);
    let middle = |lane: usize| TOP - 14.0 + LANE * lane as f64 + LANE - BAR;
    let ends = changes.iter().skip(1).map(|next| span.x(next.at));
    let bars: Vec<(usize, f64, f64)> = changes
        .iter()
        .zip(ends.chain([98.0]))
        .map(|(change, end)| (lane(change), span.x(change.at), end))
        .collect();
    let heights = changes
        .iter()
        .map(|change| Some(middle(lane(change))))
        .collect();
    Drawing {
        height: LANE * count as f64 - 8.0,
        under: html! {
            @for at in 0..count {
                line.grid x1="0" x2="100%" y1=(tenth(middle(at))) y2=(tenth(middle(at))) {}
            }
            @for (lane, from, to) in merged(bars) {
                rect.bar.(format!("l{lane}")).none[lanes.get(lane) == Some(&None)]
                    x=(percent(from)) y=(tenth(middle(lane) - BAR / 2.0))
                    width=(percent(hundredth(to - from).max(0.15))) height=(BAR) rx="2" {}
            }
            @for at in 0..count {
                // Cut off at the edge of a phone.
                svg x="0" y=(tenth(middle(at) - BAR - 14.0)) width="100%" height="18" {
                    text.lane x="0" y="14" { (name(answer, lanes.get(at).filter(|_| at < LANES))) }
                }
            }
        },
        heights,
        last: changes.last().map(|change| middle(lane(change))),
        scale: None,
        remark: None,
    }
}

/// Each value once, the newest first.
fn lanes(answer: &Answer) -> Vec<Option<&str>> {
    let mut lanes: Vec<Option<&str>> = Vec::new();
    for change in &answer.changes {
        if lanes.len() == LANES {
            break;
        }
        if !lanes.contains(&change.to.as_deref()) {
            lanes.push(change.to.as_deref());
        }
    }
    lanes
}

/// Bars of one lane that touch are one.
fn merged(bars: Vec<(usize, f64, f64)>) -> Vec<(usize, f64, f64)> {
    let mut merged: Vec<(usize, f64, f64)> = Vec::new();
    for (lane, from, to) in bars {
        match merged.last_mut() {
            Some(last) if last.0 == lane && from - last.2 < 0.01 => last.2 = to,
            Some(_) | None => merged.push((lane, from, to)),
        }
    }
    merged
}

fn name(answer: &Answer, value: Option<&Option<&str>>) -> Markup {
    html! {
        @match value {
            Some(value) => (clean(&display(*value, answer.attribute.unit.as_deref()), VALUE)),
            None => "older values",
        }
    }
}
