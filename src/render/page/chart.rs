//! The history drawn: steps for numbers, lanes for all else. SVG, made on the server.
//!
//! Widths are in percent and heights in pixels, so that a chart fills a phone or a desk without
//! stretching its letters. Each change is a link to the answer as of then; shapes, not colours
//! alone, tell causes apart. Start at [`chart`].

use jiff::Timestamp;
use maud::{Markup, html};

use super::links::Place;
use super::marks::{self, Shape};
use super::parts;
use crate::answer::{Answer, Change};
use crate::render::words;
use crate::render::words::clean::clean;
use axis::{Span, Ticks};

mod axis;
mod lanes;
mod spark;
mod steps;

pub(super) use spark::spark;

/// More changes than this are drawn, but not each marked.
const MARKS: usize = 240;
/// More links than this are not stepped through with the keyboard: the list has the same.
const TAB_STOPS: usize = 24;
/// What is pressed without a mark is at least this wide, in percent.
const NARROWEST: f64 = 0.7;
/// Room above the highest value, for marks.
const TOP: f64 = 22.0;

/// The chart with its legend; nothing where a chart would tell nothing.
pub(super) fn chart(answer: &Answer, place: Place<'_>) -> Markup {
    let Some(span) = Span::of(answer) else {
        return html! {};
    };
    let drawing = steps::drawing(answer, &span).unwrap_or_else(|| lanes::drawing(answer, &span));
    let label = format!(
        "{} of {} over time: {}. The list after it says the same.",
        parts::label(answer),
        parts::company(&answer.question.entity_name),
        words::count(answer.changes.len(), "change")
    );
    let bottom = drawing.height + TOP;
    let height = bottom + 26.0;
    html! {
        figure.chart {
            div.plot {
                // Beside the plot, in pixels: letters are as wide on a phone as on a desk.
                @if let Some(scale) = &drawing.scale {
                    svg.scale width="44" height=(height) aria-hidden="true" { (scale) }
                }
                svg.drawn width="100%" height=(height) role="group" aria-label=(label) {
                    (time_axis(&span, bottom))
                    g { (drawing.under) }
                    (points(answer, &drawing, &span, place))
                    (alarm(answer, &drawing))
                }
            }
            (legend(answer, &drawing))
        }
    }
}

/// What the two kinds of charts have in common.
struct Drawing {
    height: f64,
    /// What the heights stand for, where that is not said in the plot.
    scale: Option<Markup>,
    /// Lines, bars and their labels.
    under: Markup,
    /// Where each change stands, oldest first: its height.
    heights: Vec<Option<f64>>,
    /// The height of today's value.
    last: Option<f64>,
    /// Said under the chart.
    remark: Option<&'static str>,
}

fn time_axis(span: &Span, bottom: f64) -> Markup {
    let Ticks { at, format } = span.ticks();
    html! {
        line.axis x1="0" x2="100%" y1=(bottom) y2=(bottom) {}
        @for (index, tick) in at.into_iter().enumerate() {
            @let x = span.x(tick);
            line.tick x1=(percent(x)) x2=(percent(x)) y1=(bottom) y2=(bottom + 5.0) {}
            text.tick-label.odd[index % 2 == 1] x=(percent(x)) y=(bottom + 19.0) text-anchor=(anchor(x)) { (tick.strftime(format).to_string()) }
        }
    }
}

/// Labels at the edges stay within the chart.
fn anchor(x: f64) -> &'static str {
    match x {
        x if x < 4.0 => "start",
        x if x > 96.0 => "end",
        _ => "middle",
    }
}

/// Each change: a mark, and a band to press that reaches to the next one.
fn points(answer: &Answer, drawing: &Drawing, span: &Span, place: Place<'_>) -> Markup {
    let changes: Vec<&Change> = answer.changes.iter().rev().collect();
    let many = changes.len() > TAB_STOPS;
    let ends = changes.iter().skip(1).map(|next| span.x(next.at));
    let ends = ends.chain([100.0]);
    let all = changes.len() <= MARKS;
    let mut pressed_to = f64::NEG_INFINITY;
    let shown: Vec<_> = changes
        .iter()
        .zip(ends)
        .zip(&drawing.heights)
        .map(|((change, end), y)| {
            let shape = Shape::of(change);
            let marked =
                all || shape == Shape::Person || shape == Shape::Rule || marks::is_alarming(change);
            let x = span.x(change.at);
            // Of those without a mark, no more than a finger tells apart.
            let end = if marked { end } else { end.max(x + NARROWEST) };
            let takes = marked || x >= pressed_to;
            if takes {
                pressed_to = end;
            }
            (*change, (x, end.min(100.0)), y.filter(|_| marked), takes)
        })
        .collect();
    html! {
        @for (change, (x, end), y, takes) in shown {
            @if takes {
                @let shape = Shape::of(change);
                @let told = told(answer, change);
                @let inner = html! {
                    title { (told) }
                    rect.band x=(percent(x)) y="0" width=(percent((end - x).max(0.0))) height=(drawing.height + TOP) {}
                    @if let Some(y) = y {
                        svg x=(percent(x)) y=(tenth(y)) overflow="visible" {
                            (shape.drawn())
                            @if marks::is_alarming(change) { g transform="translate(0 -16)" { (Shape::Alarm.drawn()) } }
                        }
                    }
                };
                @if place.is_open() {
                    a.point href=(parts::as_of(answer, change.at)) aria-label=(told) tabindex=[many.then_some("-1")] { (inner) }
                } @else { g.point { (inner) } }
            }
        }
    }
}

/// `2026-03-02: 11.9M → 12.4M USD, another source won: Registry`
fn told(answer: &Answer, change: &Change) -> String {
    let (what, why) = words::change(&answer.attribute, change);
    let when = change.at.strftime("%Y-%m-%d %H:%M");
    format!("{when}: {what}, {why}")
}

/// At the right edge, where today's value has one.
fn alarm(answer: &Answer, drawing: &Drawing) -> Markup {
    let told = marks::alarm(answer).map(|text| format!("Alarm: {}", clean(text, words::SENTENCE)));
    html! {
        @if let (Some(y), Some(told)) = (drawing.last, told) {
            svg.now x="100%" y=(tenth(y)) overflow="visible" {
                title { (told) }
                g transform="translate(-4 -13)" { (Shape::Alarm.drawn()) }
            }
        }
    }
}

fn legend(answer: &Answer, drawing: &Drawing) -> Markup {
    let mut shapes: Vec<Shape> = answer.changes.iter().map(Shape::of).collect();
    if marks::alarm(answer).is_some() || answer.changes.iter().any(marks::is_alarming) {
        shapes.push(Shape::Alarm);
    }
    let many = answer.changes.len() > MARKS;
    html! {
        figcaption {
            ul.legend {
                @for shape in Shape::ALL.into_iter().filter(|shape| shapes.contains(shape)) {
                    li { (shape.icon()) " " (shape.words()) }
                }
            }
            @if let Some(remark) = drawing.remark { p { (remark) } }
            @if many { p { "Of so many changes only people\u{2019}s decisions, rules and alarms are marked." } }
        }
    }
}

/// A place from left to right.
fn percent(x: f64) -> String {
    format!("{}%", hundredth(x))
}

fn hundredth(x: f64) -> f64 {
    (x * 100.0).round() / 100.0
}

fn tenth(y: f64) -> f64 {
    (y * 10.0).round() / 10.0
}

/// From the oldest change to as-of: whoever is asked about a moment sees nothing after it.
fn ends(answer: &Answer) -> Option<(Timestamp, Timestamp)> {
    let first = answer.changes.last()?.at;
    let last = answer.question.as_of;
    (first < last).then_some((first, last))
}
