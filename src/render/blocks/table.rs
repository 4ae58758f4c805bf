//! Slack's `data_table`, within its limits.
//!
//! Cells are `raw_text`: Slack shows them as they are. Shape:
//! <https://docs.slack.dev/reference/block-kit/blocks/data-table-block>.

use serde_json::{Value, json};

use super::limits::{self, length};

/// Rows that are seen before one pages on.
const PAGE: usize = 5;

/// What all tables of a message may still hold.
#[derive(Debug)]
pub(super) struct Budget {
    left: usize,
}

impl Budget {
    pub(super) fn new() -> Self {
        Budget {
            left: limits::TABLES,
        }
    }
}

/// Rows of a table, so many as fit.
#[derive(Debug)]
pub(super) struct Table<const N: usize> {
    caption: String,
    head: [&'static str; N],
    rows: Vec<[String; N]>,
}

impl<const N: usize> Table<N> {
    /// Takes rows while they fit into `share` of what is left.
    pub(super) fn new(
        caption: &str,
        head: [&'static str; N],
        rows: impl Iterator<Item = [String; N]>,
        budget: &mut Budget,
        share: usize,
    ) -> Self {
        let mut most = budget.left.min(share);
        // The caption may still grow by a remark on what is left out.
        most = most.saturating_sub(limits::length(caption) + 200);
        most = most.saturating_sub(head.iter().map(|cell| length(cell)).sum());
        let mut used = 0;
        let rows: Vec<[String; N]> = rows
            .take(limits::TABLE_ROWS)
            .map(|row| row.map(|cell| cell_text(&cell)))
            .take_while(|row| {
                used += row.iter().map(|cell| length(cell)).sum::<usize>();
                used <= most
            })
            .collect();
        budget.left = budget
            .left
            .saturating_sub(used.min(most) + 200 + length(caption));
        Table {
            caption: caption.to_owned(),
            head,
            rows,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// `None` without rows: Slack refuses a table that is only a header.
    pub(super) fn block(&self, remark: Option<&str>) -> Option<Value> {
        if self.rows.is_empty() {
            return None;
        }
        let caption = match remark {
            Some(remark) => format!("{} ({})", self.caption, limits::clip(remark, 190)),
            None => self.caption.clone(),
        };
        let head: Vec<Value> = self.head.iter().map(|cell| raw(cell)).collect();
        let rows = self
            .rows
            .iter()
            .map(|row| row.iter().map(|cell| raw(cell)).collect());
        let rows: Vec<Vec<Value>> = std::iter::once(head).chain(rows).collect();
        Some(json!({
            "type": "data_table",
            "caption": caption,
            "page_size": PAGE,
            "row_header_column_index": 0,
            "rows": rows,
        }))
    }
}

fn raw(text: &str) -> Value {
    json!({"type": "raw_text", "text": text})
}

/// Never empty: a cell that says nothing says so.
fn cell_text(text: &str) -> String {
    match text.trim() {
        "" => "\u{2013}".to_owned(),
        text => text.to_owned(),
    }
}
