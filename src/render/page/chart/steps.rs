//! A numeric history as steps.

use maud::{Markup, html};

use super::axis::{Scale, Span, short};
use super::{Drawing, TOP, hundredth, tenth};
use crate::answer::Answer;
use crate::render::series::{Point, points};

const HEIGHT: f64 = 190.0;
/// Units of the drawing's width, which is stretched.
const WIDE: f64 = 1000.0;
/// One value alone is a line, where it is known when it began.
const LEAST: usize = 1;
/// Points of the line: more than a screen has columns tells nothing more.
const MOST: usize = 1_200;

/// `None` where the values are no numbers.
pub(super) fn drawing(answer: &Answer, span: &Span) -> Option<Drawing> {
    let points = points(answer, LEAST);
    let values: Vec<f64> = points.iter().filter_map(|point| point.value).collect();
    let scale = Scale::of(&values)?;
    let y = |value: f64| TOP + (1.0 - scale.share(value)) * HEIGHT;
    // What is no number stands at the bottom, without a line.
    let heights: Vec<Option<f64>> = points
        .iter()
        .map(|point| Some(point.value.map_or(TOP + HEIGHT - 8.0, y)))
        .collect();
    let last = points.last().and_then(|point| point.value).map(y);
    Some(Drawing {
        height: HEIGHT,
        under: html! {
            @for tick in &scale.ticks {
                line.grid x1="0" x2="100%" y1=(tenth(y(*tick))) y2=(tenth(y(*tick))) {}
            }
            (line(&points, span, &scale, y))
        },
        scale: Some(html! {
            @for tick in &scale.ticks {
                text.tick-label x="36" y=(tenth(y(*tick) + 4.0)) text-anchor="end" { (short(*tick)) }
            }
        }),
        heights,
        last,
        remark: scale
            .is_logarithmic
            .then_some("The scale is logarithmic: each line is a multiple of the one below."),
    })
}

/// The line, and the area under it where that means something, stretched to the width; a gap where there was no number.
fn line(points: &[Point<'_>], span: &Span, scale: &Scale, y: impl Fn(f64) -> f64) -> Markup {
    let bottom = TOP + HEIGHT;
    let mut path = String::new();
    let mut area = String::new();
    let thin = points.len().div_ceil(MOST).max(1);
    let mut drawing = false;
    for (at, point) in points.iter().enumerate().filter(|(at, _)| at % thin == 0) {
        let from = hundredth(span.x(point.at) * WIDE / 100.0);
        let next = points.get(at + thin);
        let to = next.map_or(98.0, |next| span.x(next.at));
        let to = hundredth(to * WIDE / 100.0);
        let Some(value) = point.value else {
            drawing = false;
            continue;
        };
        let height = tenth(y(value));
        match drawing {
            true => path.push_str(&format!("V{height}H{to}")),
            false => path.push_str(&format!("M{from} {height}H{to}")),
        }
        area.push_str(&format!("M{from} {bottom}V{height}H{to}V{bottom}Z"));
        drawing = true;
    }
    html! {
        svg x="0" y="0" width="100%" height=(bottom) viewBox=(format!("0 0 {WIDE} {bottom}")) preserveAspectRatio="none" {
            @if scale.begins_at_zero() { path.area d=(area) {} }
            path.line d=(path) vector-effect="non-scaling-stroke" {}
        }
    }
}
