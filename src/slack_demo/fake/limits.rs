//! What Slack refuses, and why: each payload is held to the limits its documentation has.
//!
//! Written from Slack's side, so that it knows nothing of how our blocks are built. Lengths are
//! counted in UTF-16 units, the stricter of the two ways. Start at [`message`] and [`view`].

use std::collections::BTreeSet;

use serde_json::Value;

#[cfg(test)]
mod tests;

/// Slack's error code, and what it is about: kept for tests and for whoever reads the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {reason}")]
pub struct Refused {
    pub code: &'static str,
    pub reason: String,
}

impl Refused {
    pub(super) fn new(code: &'static str, reason: impl Into<String>) -> Self {
        Refused {
            code,
            reason: reason.into(),
        }
    }
}

type Checked = Result<(), String>;

const TEXT: usize = 3_000;
const MESSAGE_TEXT: usize = 40_000;
const ID: usize = 255;
const TEXTS: &[&str] = &["plain_text", "mrkdwn"];
const PLAIN: &[&str] = &["plain_text"];

/// Blocks that not every workspace has yet.
pub(super) const RICH: [&str; 2] = ["data_table", "data_visualization"];

/// Whether a workspace that has no rich blocks would refuse this.
pub(super) fn is_rich(message: &Value) -> bool {
    list(message, "blocks")
        .iter()
        .any(|block| RICH.contains(&kind(block)))
}

/// A message: `text`, `blocks`.
///
/// # Errors
/// Slack's code and the first limit that is broken.
pub fn message(message: &Value) -> Result<(), Refused> {
    let said = text(message, "text").unwrap_or_default();
    if said.is_empty() && list(message, "blocks").is_empty() {
        return Err(Refused::new("no_text", "neither text nor blocks"));
    }
    if length(said) > MESSAGE_TEXT {
        let reason = format!("text has {} characters", length(said));
        return Err(Refused::new("msg_too_long", reason));
    }
    blocks(message, 50, &["alert"]).map_err(|reason| Refused::new("invalid_blocks", reason))
}

/// What is shown under one link.
///
/// # Errors
/// Slack's code and the first limit that is broken.
pub fn unfurl(unfurl: &Value) -> Result<(), Refused> {
    let wrong = |reason| Refused::new("invalid_unfurls_format", reason);
    // None of the newer blocks is documented for unfurls.
    if is_rich(unfurl) {
        return Err(wrong("a rich block".to_owned()));
    }
    counted("blocks", list(unfurl, "blocks").len(), 1, 50).map_err(wrong)?;
    blocks(unfurl, 50, &["alert", "input"]).map_err(wrong)?;
    let title = unfurl.pointer("/preview/title");
    optional_text("preview title", title, PLAIN, TEXT).map_err(wrong)
}

/// A modal or the Home tab.
///
/// # Errors
/// Slack's code and the first limit that is broken.
pub fn view(view: &Value) -> Result<(), Refused> {
    surface(view).map_err(|reason| Refused::new("invalid_arguments", reason))
}

fn surface(view: &Value) -> Checked {
    let metadata = text(view, "private_metadata").unwrap_or_default();
    within("private_metadata", metadata, 0, 3_000)?;
    let callback = text(view, "callback_id").unwrap_or_default();
    within("callback_id", callback, 0, ID)?;
    if !view.get("blocks").is_some_and(Value::is_array) {
        return Err("a view without blocks".to_owned());
    }
    match kind(view) {
        "home" => blocks(view, 100, &["alert"]),
        "modal" => {
            text_object("title", view.get("title"), PLAIN, 24)?;
            for label in ["submit", "close"] {
                optional_text(label, view.get(label), PLAIN, 24)?;
            }
            let has_input = list(view, "blocks").iter().any(|b| kind(b) == "input");
            if has_input && view.get("submit").is_none() {
                return Err("a modal with inputs needs submit".to_owned());
            }
            blocks(view, 100, &[])
        }
        other => Err(format!("a view of type {other:?}")),
    }
}

fn blocks(holder: &Value, most: usize, foreign: &[&str]) -> Checked {
    let blocks = list(holder, "blocks");
    counted("blocks", blocks.len(), 0, most)?;
    let mut ids = BTreeSet::new();
    let mut totals = Totals::default();
    for (at, one) in blocks.iter().enumerate() {
        if foreign.contains(&kind(one)) {
            return Err(format!("block {at}: {} does not go here", kind(one)));
        }
        let id = text(one, "block_id").unwrap_or_default();
        within("block_id", id, 0, ID)?;
        if !id.is_empty() && !ids.insert(id) {
            return Err(format!("block_id {id:?} comes twice"));
        }
        block(one, &mut totals).map_err(|e| format!("block {at} ({}): {e}", kind(one)))?;
    }
    counted("characters in tables", totals.tables, 0, 10_000)?;
    counted("characters of markdown", totals.markdown, 0, 12_000)?;
    counted("charts", totals.charts, 0, 2)
}

/// What is limited over a whole message.
#[derive(Default)]
struct Totals {
    tables: usize,
    markdown: usize,
    charts: usize,
}

fn block(block: &Value, totals: &mut Totals) -> Checked {
    match kind(block) {
        "section" => section(block),
        "header" => text_object("text", block.get("text"), PLAIN, 150),
        "context" => {
            let elements = list(block, "elements");
            counted("elements", elements.len(), 1, 10)?;
            elements.iter().try_for_each(|one| match kind(one) {
                "image" => image(one),
                _ => text_object("element", Some(one), TEXTS, TEXT),
            })
        }
        "actions" => actions(block),
        "input" => {
            text_object("label", block.get("label"), PLAIN, 2_000)?;
            optional_text("hint", block.get("hint"), PLAIN, 2_000)?;
            element(block.get("element").unwrap_or(&Value::Null))
        }
        "divider" => Ok(()),
        "image" => image(block),
        "markdown" => {
            totals.markdown += length(text(block, "text").ok_or("no text")?);
            Ok(())
        }
        "rich_text" => counted("elements", list(block, "elements").len(), 1, usize::MAX),
        "alert" => text_object("text", block.get("text"), TEXTS, TEXT),
        "data_table" => {
            totals.tables += data_table(block)?;
            Ok(())
        }
        "data_visualization" => {
            totals.charts += 1;
            chart(block)
        }
        other => Err(format!("no block is called {other:?}")),
    }
}

fn section(block: &Value) -> Checked {
    let fields = list(block, "fields");
    counted("fields", fields.len(), 0, 10)?;
    for field in fields {
        text_object("field", Some(field), TEXTS, 2_000)?;
    }
    if fields.is_empty() {
        text_object("text", block.get("text"), TEXTS, TEXT)?;
    } else {
        optional_text("text", block.get("text"), TEXTS, TEXT)?;
    }
    block.get("accessory").map_or(Ok(()), element)
}

fn actions(block: &Value) -> Checked {
    let elements = list(block, "elements");
    counted("elements", elements.len(), 1, 25)?;
    let mut ids = BTreeSet::new();
    for one in elements {
        element(one)?;
        let id = text(one, "action_id").unwrap_or_default();
        if !id.is_empty() && !ids.insert(id) {
            return Err(format!("action_id {id:?} comes twice"));
        }
    }
    Ok(())
}

fn image(image: &Value) -> Checked {
    within(
        "image_url",
        text(image, "image_url").unwrap_or_default(),
        1,
        3_000,
    )?;
    within(
        "alt_text",
        text(image, "alt_text").unwrap_or_default(),
        1,
        2_000,
    )
}

fn element(element: &Value) -> Checked {
    within(
        "action_id",
        text(element, "action_id").unwrap_or_default(),
        0,
        ID,
    )?;
    optional_text("placeholder", element.get("placeholder"), PLAIN, 150)?;
    if let Some(confirm) = element.get("confirm") {
        text_object("confirm title", confirm.get("title"), PLAIN, 100)?;
        text_object("confirm text", confirm.get("text"), TEXTS, 300)?;
    }
    match kind(element) {
        "button" => {
            text_object("button", element.get("text"), PLAIN, 75)?;
            within(
                "value",
                text(element, "value").unwrap_or_default(),
                0,
                2_000,
            )?;
            within("url", text(element, "url").unwrap_or_default(), 0, 3_000)?;
            match text(element, "style") {
                None | Some("primary" | "danger") => Ok(()),
                Some(style) => Err(format!("no style is called {style:?}")),
            }
        }
        "overflow" => options(element, 5),
        "static_select" | "multi_static_select" => options(element, 100),
        "external_select" => element.get("initial_option").map_or(Ok(()), option),
        "checkboxes" | "radio_buttons" => options(element, 10),
        "datepicker" => match text(element, "initial_date") {
            Some(day) if day.parse::<jiff::civil::Date>().is_err() => {
                Err(format!("initial_date {day:?} is no day"))
            }
            Some(_) | None => Ok(()),
        },
        "plain_text_input" | "url_text_input" => within(
            "initial_value",
            text(element, "initial_value").unwrap_or_default(),
            0,
            TEXT,
        ),
        "conversations_select" | "channels_select" | "users_select" => Ok(()),
        "image" => image(element),
        other => Err(format!("no element is called {other:?}")),
    }
}

fn options(element: &Value, most: usize) -> Checked {
    let options = list(element, "options");
    counted("options", options.len(), 1, most)?;
    options.iter().try_for_each(option)?;
    match element.get("initial_option") {
        Some(first) if !options.contains(first) => {
            Err("initial_option is none of the options".to_owned())
        }
        Some(_) | None => Ok(()),
    }
}

/// One of a select's options; the typeahead answers with these too.
pub(super) fn option(option: &Value) -> Checked {
    text_object("option", option.get("text"), TEXTS, 75)?;
    within(
        "option value",
        text(option, "value").unwrap_or_default(),
        1,
        150,
    )
}

/// How many characters it holds.
fn data_table(block: &Value) -> Result<usize, String> {
    let caption = text(block, "caption").unwrap_or_default();
    within("caption", caption, 1, usize::MAX)?;
    let rows = list(block, "rows");
    counted("rows", rows.len(), 2, 101)?;
    let columns = rows.first().map(items).unwrap_or_default().len();
    counted("columns", columns, 1, 20)?;
    let mut total = length(caption);
    for (at, row) in rows.iter().enumerate() {
        if items(row).len() != columns {
            return Err(format!(
                "row {at} has {} cells, not {columns}",
                items(row).len()
            ));
        }
        for cell in items(row) {
            total += match kind(cell) {
                "raw_text" => {
                    let said = text(cell, "text").unwrap_or_default();
                    within("cell", said, 1, usize::MAX)?;
                    length(said)
                }
                "raw_number" => length(&cell.get("value").unwrap_or(&Value::Null).to_string()),
                "rich_text" => 0,
                other => return Err(format!("no cell is called {other:?}")),
            };
        }
    }
    Ok(total)
}

fn chart(block: &Value) -> Checked {
    within("title", text(block, "title").unwrap_or_default(), 1, 50)?;
    let chart = block.get("chart").unwrap_or(&Value::Null);
    match kind(chart) {
        "pie" => return counted("segments", list(chart, "segments").len(), 1, 6),
        "line" | "bar" | "area" => {}
        other => return Err(format!("no chart is called {other:?}")),
    }
    let axis = chart.get("axis_config").unwrap_or(&Value::Null);
    for label in ["x_label", "y_label"] {
        within(label, text(axis, label).unwrap_or_default(), 0, 50)?;
    }
    let categories = list(axis, "categories");
    counted("categories", categories.len(), 1, 20)?;
    for category in categories {
        within("category", category.as_str().unwrap_or_default(), 1, 20)?;
    }
    let distinct: BTreeSet<_> = categories.iter().filter_map(Value::as_str).collect();
    if distinct.len() != categories.len() {
        return Err("a category comes twice".to_owned());
    }
    let series = list(chart, "series");
    counted("series", series.len(), 1, 6)?;
    for one in series {
        within("series name", text(one, "name").unwrap_or_default(), 1, 20)?;
        let points = list(one, "data");
        let labels: BTreeSet<_> = points.iter().filter_map(|p| text(p, "label")).collect();
        if points.len() != categories.len() || labels != distinct {
            return Err("a series needs one point for each category".to_owned());
        }
        if !points
            .iter()
            .all(|p| p.get("value").is_some_and(Value::is_number))
        {
            return Err("a point without a number".to_owned());
        }
    }
    Ok(())
}

fn optional_text(what: &str, object: Option<&Value>, kinds: &[&str], most: usize) -> Checked {
    object.map_or(Ok(()), |_| text_object(what, object, kinds, most))
}

fn text_object(what: &str, object: Option<&Value>, kinds: &[&str], most: usize) -> Checked {
    let object = object.ok_or_else(|| format!("no {what}"))?;
    if !kinds.contains(&kind(object)) {
        return Err(format!(
            "{what} is {:?}, not one of {kinds:?}",
            kind(object)
        ));
    }
    within(what, text(object, "text").unwrap_or_default(), 1, most)
}

fn within(what: &str, text: &str, least: usize, most: usize) -> Checked {
    counted(&format!("characters in {what}"), length(text), least, most)
}

fn counted(what: &str, found: usize, least: usize, most: usize) -> Checked {
    if (least..=most).contains(&found) {
        return Ok(());
    }
    Err(match found < least {
        true => format!("{found} {what}, at least {least}"),
        false => format!("{found} {what}, at most {most}"),
    })
}

fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

fn kind(value: &Value) -> &str {
    text(value, "type").unwrap_or_default()
}

fn text<'a>(value: &'a Value, field: &str) -> Option<&'a str> {
    value.get(field)?.as_str()
}

fn list<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value.get(field).map(items).unwrap_or_default()
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
