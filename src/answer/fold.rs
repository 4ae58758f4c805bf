//! A history for reading: runs that swap between two values become one line.
//!
//! Pure and for renderers of every kind; the answer itself lists every change.
//! It compares stored text and knows nothing of kinds. Start at [`fold`].

use super::Change;

#[cfg(test)]
mod tests;

/// Fewer changes than this are listed one by one.
const SHORTEST_RUN: usize = 4;

/// One line of a history.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Line<'a> {
    One(&'a Change),
    /// The value swapped back and forth from `oldest.at` to `newest.at`.
    Swaps {
        newest: &'a Change,
        oldest: &'a Change,
        /// The two values: first the one that the newest change left, then the
        /// one that it led to.
        between: (Option<&'a str>, Option<&'a str>),
        /// How many changes; at least four.
        count: usize,
    },
}

/// Folds changes, newest first, into lines, newest first.
#[must_use]
pub fn fold(changes: &[Change]) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut rest = changes;
    while let Some((newest, older)) = rest.split_first() {
        let count = swaps(rest);
        let oldest = rest.get(count.saturating_sub(1)).unwrap_or(newest);
        if count < SHORTEST_RUN {
            lines.push(Line::One(newest));
            rest = older;
        } else {
            lines.push(Line::Swaps {
                newest,
                oldest,
                between: (newest.from.as_deref(), newest.to.as_deref()),
                count,
            });
            rest = rest.get(count..).unwrap_or_default();
        }
    }
    lines
}

/// How many changes from the newest on undo each other in turn; at least 1.
fn swaps(changes: &[Change]) -> usize {
    let undone = changes
        .iter()
        .zip(changes.iter().skip(1))
        .take_while(|(newer, older)| {
            newer.from != newer.to && newer.from == older.to && newer.to == older.from
        });
    1 + undone.count()
}
