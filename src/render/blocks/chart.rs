//! Slack's `data_visualization` of a numeric history, within its limits.
//!
//! Shape: <https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block>.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::limits::{self, clip};
use crate::answer::Answer;
use crate::render::series::{Point, points};
use crate::render::words::clean::clean;
use crate::render::words::tell_apart;

/// One value alone is no line.
const LEAST: usize = 2;

/// The newest changes as a line; `None` where a chart would tell nothing.
pub(super) fn chart(answer: &Answer) -> Option<Value> {
    let points: Vec<Point<'_>> = points(answer, LEAST)
        .into_iter()
        .filter(|point| point.value.is_some())
        .collect();
    let newest = points.get(points.len().saturating_sub(limits::CHART_POINTS)..)?;
    let labelled = labelled(newest);
    if labelled.len() < LEAST {
        return None;
    }
    let mut label = clean(&answer.attribute.label, 30);
    if label.trim().is_empty() {
        "value".clone_into(&mut label);
    }
    let title = match points.len() > newest.len() {
        true => format!("{label}: newest {} changes", newest.len()),
        false => format!("{label}: each change"),
    };
    let categories: Vec<&str> = labelled.iter().map(|(label, _)| label.as_str()).collect();
    let data: Vec<Value> = labelled
        .iter()
        .map(|(label, value)| json!({"label": label, "value": value}))
        .collect();
    let mut axis = json!({"categories": categories});
    let unit = answer.attribute.unit.as_deref().unwrap_or_default();
    let unit = clip(&clean(unit, limits::CHART_LABEL), limits::CHART_TITLE);
    if let (false, Value::Object(fields)) = (unit.trim().is_empty(), &mut axis) {
        fields.insert("y_label".to_owned(), json!(unit));
    }
    Some(json!({
        "type": "data_visualization",
        "title": clip(&title, limits::CHART_TITLE),
        "chart": {
            "type": "line",
            "series": [{"name": clip(&label, limits::CHART_LABEL), "data": data}],
            "axis_config": axis,
        },
    }))
}

/// Each point with a label of its own: Slack wants one point for each category.
fn labelled(points: &[Point<'_>]) -> Vec<(String, f64)> {
    let times: Vec<_> = points.iter().map(|point| point.at).collect();
    let mut taken = HashSet::new();
    points
        .iter()
        .zip(tell_apart(&times))
        .filter_map(|(point, stamp)| {
            let label = match limits::length(&stamp) > limits::CHART_LABEL {
                true => point.at.strftime("%m-%d %H:%M:%S%.3f").to_string(),
                false => stamp,
            };
            let value = point.value?;
            taken.insert(label.clone()).then_some((label, value))
        })
        .collect()
}
