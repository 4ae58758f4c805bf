//! A history in the size of a word: beside a value, without axes or marks.

use jiff::Timestamp;
use maud::{Markup, html};

use super::axis::{Scale, Span};
use super::{hundredth, tenth};
use crate::answer::Answer;
use crate::render::series::points;

const HEIGHT: f64 = 28.0;
const WIDE: f64 = 200.0;
const MOST: usize = 200;

/// Decoration: what it shows is said beside it.
pub(in crate::render::page) fn spark(answer: &Answer) -> Markup {
    let Some(span) = Span::of(answer) else {
        return html! {};
    };
    html! {
        svg.spark width="100%" height=(HEIGHT) viewBox=(format!("0 0 {WIDE} {HEIGHT}"))
            preserveAspectRatio="none" aria-hidden="true" {
            (steps(answer, &span).unwrap_or_else(|| bands(answer, &span)))
        }
    }
}

/// From edge to edge.
fn along(span: &Span, at: Timestamp) -> f64 {
    hundredth(span.share(at) * WIDE)
}

fn steps(answer: &Answer, span: &Span) -> Option<Markup> {
    let points = points(answer, 1);
    let values: Vec<f64> = points.iter().filter_map(|point| point.value).collect();
    let scale = Scale::of(&values)?;
    let thin = points.len().div_ceil(MOST).max(1);
    let mut path = String::new();
    for point in points.iter().step_by(thin) {
        let Some(value) = point.value else {
            continue;
        };
        let x = along(span, point.at);
        let y = tenth(3.0 + (1.0 - scale.share(value)) * (HEIGHT - 6.0));
        match path.is_empty() {
            true => path.push_str(&format!("M{x} {y}")),
            false => path.push_str(&format!("H{x}V{y}")),
        }
    }
    path.push_str(&format!("H{WIDE}"));
    Some(html! { path.line d=(path) vector-effect="non-scaling-stroke" {} })
}

/// One row, another shade with each change of the text.
fn bands(answer: &Answer, span: &Span) -> Markup {
    let mut values: Vec<Option<&str>> = Vec::new();
    let changes = answer.changes.iter().rev();
    let ends = changes.clone().skip(1).map(|next| along(span, next.at));
    let bars: Vec<(usize, f64, f64)> = changes
        .zip(ends.chain([WIDE]))
        .take(MOST)
        .map(|(change, end)| {
            let value = change.to.as_deref();
            let lane = values.iter().position(|known| *known == value);
            let lane = lane.unwrap_or_else(|| {
                values.push(value);
                values.len() - 1
            });
            (lane % 8, along(span, change.at), end)
        })
        .collect();
    html! {
        @for (lane, from, to) in bars {
            rect.bar.(format!("l{lane}")) x=(from) y="11" width=((to - from).max(1.0)) height="6" {}
        }
    }
}
