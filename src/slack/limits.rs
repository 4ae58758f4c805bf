//! Slack's limits, as its documentation has them, and how text is cut to them.
//!
//! Slack refuses a whole message for one character too many, so every block is
//! built within these. Lengths are counted in UTF-16 units, which is never less
//! than the number of characters, whichever of the two Slack counts.

/// A section's or a context element's text.
pub(crate) const TEXT: usize = 3_000;
/// The top-level text: more is cut by some clients.
pub(crate) const ALT: usize = 4_000;
/// Rows of a `data_table` without its header.
pub(crate) const TABLE_ROWS: usize = 100;
/// All cells and captions of a message's tables.
pub(crate) const TABLES: usize = 10_000;
/// A `data_visualization`'s title, and its axis labels.
pub(crate) const CHART_TITLE: usize = 50;
/// Points of a series, one for each category.
pub(crate) const CHART_POINTS: usize = 20;
/// A category, a point's label, a series' name.
pub(crate) const CHART_LABEL: usize = 20;
/// A button's text.
pub(crate) const BUTTON: usize = 75;
/// A button's value.
pub(crate) const BUTTON_VALUE: usize = 2_000;
/// A button's URL.
pub(crate) const BUTTON_URL: usize = 3_000;

/// An action_id, and a block_id.
pub(crate) const ID: usize = 255;
/// A choice of a menu: its text is as long as a button's.
pub(crate) const CHOICE_VALUE: usize = 150;
/// Choices of a menu.
pub(crate) const CHOICES: usize = 100;
/// Blocks of a message.
pub(crate) const BLOCKS: usize = 50;
/// Charts of a message.
pub(crate) const CHARTS: usize = 2;

/// How long Slack takes a text to be, at most.
pub(crate) fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// At most so long; what is cut ends in an ellipsis. For text without markup.
pub(crate) fn clip(text: &str, most: usize) -> String {
    if length(text) <= most {
        return text.to_owned();
    }
    let mut clipped = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.len_utf16();
        if used > most {
            break;
        }
        clipped.push(c);
    }
    clipped.push('\u{2026}');
    clipped
}
