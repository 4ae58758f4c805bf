//! Buttons and what they ask for: the one place that knows their ids.
//!
//! The renderers write an [`Action`] into a button, [`super::request`] reads it back. Values hold
//! words that parse as a question (`#17 revenue`), never data.

use super::request::Action;

/// What a button or a date picker carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// At most 255 characters, unique in its message where `index` differs.
    pub action_id: String,
    /// At most 2,000 characters.
    pub value: String,
}

/// For a button; `None` where the words are too long for one.
#[must_use]
pub fn button(action: &Action, index: usize) -> Option<Button> {
    let _ = (action, index);
    None
}

/// What was pressed; `day` is what a date picker says. `None` for ids that are not ours.
#[must_use]
pub fn pressed(action_id: &str, value: &str, day: Option<&str>) -> Option<Action> {
    let _ = (action_id, value, day);
    None
}
