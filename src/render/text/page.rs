//! Lines that never get wider than the terminal.
//!
//! Breaks at spaces, by columns and not by characters; a word that is wider
//! than the line is broken where it must be,
//! unless it is a path in a failure. Continued lines hang under the
//! text of their first. Knows nothing of answers.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::paint::{Span, plain, span};
use super::{Colour, Style};

/// Below this nothing can be laid out sensibly.
const NARROWEST: usize = 20;

/// What becomes of a word that is wider than the line.
#[derive(Debug, Clone, Copy)]
enum Long {
    Broken,
    /// As [`Long::Broken`], but for paths.
    PathsWhole,
}

#[derive(Debug)]
pub(super) struct Page {
    width: usize,
    colour: Colour,
    out: String,
}

impl Page {
    pub(super) fn new(style: &Style) -> Self {
        Page {
            width: style.width.max(NARROWEST),
            colour: style.colour,
            out: String::new(),
        }
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }

    pub(super) fn fits(&self, columns: usize) -> bool {
        columns <= self.width
    }

    /// An empty line between parts.
    pub(super) fn gap(&mut self) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
    }

    /// A paragraph.
    pub(super) fn line(&mut self, spans: &[Span]) {
        self.wrapped(spans, (0, 2), Long::Broken);
    }

    /// A paragraph whose paths can be copied: none is broken, however long.
    pub(super) fn with_paths(&mut self, spans: &[Span]) {
        self.wrapped(spans, (0, 2), Long::PathsWhole);
    }

    /// A paragraph that begins in this column.
    pub(super) fn indented(&mut self, spans: &[Span], column: usize) {
        self.wrapped(spans, (column, column), Long::Broken);
    }

    /// A paragraph beside a label, under which it goes on; its paths are whole.
    pub(super) fn behind(&mut self, label: &str, words: &str) {
        let (begin, column) = (self.out.len(), label.width());
        let columns = (column, column.max(2));
        self.wrapped(&[plain(words)], columns, Long::PathsWhole);
        let end = self.out.len().min(begin + column);
        self.out.replace_range(begin..end, label);
    }

    /// An entry of a list: set in, and set in further where it goes on.
    pub(super) fn entry(&mut self, spans: &[Span]) {
        self.wrapped(spans, (2, 4), Long::Broken);
    }

    /// A row of a table that begins in this column.
    pub(super) fn row(&mut self, cells: &[Span], widths: &[usize], column: usize) {
        let mut line = " ".repeat(column);
        for (cell, width) in cells.iter().zip(widths) {
            let padding = " ".repeat(width.saturating_sub(cell.text.width()));
            line.push_str(&cell.paint.apply(&cell.text, self.colour));
            line.push_str(&padding);
            line.push_str("  ");
        }
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    /// `columns`: where the first line begins, and those that continue it.
    fn wrapped(&mut self, spans: &[Span], columns: (usize, usize), long: Long) {
        let mut line = Pen {
            text: " ".repeat(columns.0),
            used: columns.0,
            start: columns.0,
        };
        let mut space = false;
        for piece in pieces(spans) {
            let Some((word, glued)) = piece else {
                space = true;
                continue;
            };
            let gap = usize::from(space && line.used > line.start);
            if line.used + gap + glued > self.width && line.used > line.start && space {
                self.end(&mut line, columns.1);
            } else if gap > 0 {
                line.text.push(' ');
                line.used += 1;
            }
            space = false;
            match long {
                Long::PathsWhole if word.text.contains('/') => self.put_whole(&mut line, &word),
                Long::PathsWhole | Long::Broken => self.put(&mut line, &word, columns.1),
            }
        }
        self.end(&mut line, columns.1);
    }

    /// Writes a word, breaking it where the line ends.
    fn put(&mut self, line: &mut Pen, word: &Span, continued: usize) {
        let mut part = String::new();
        let mut part_width = 0;
        for c in word.text.chars() {
            let width = columns(c);
            if line.used + part_width + width > self.width && line.used + part_width > line.start {
                line.text.push_str(&word.paint.apply(&part, self.colour));
                self.end(line, continued);
                part.clear();
                part_width = 0;
            }
            part.push(c);
            part_width += width;
        }
        line.text.push_str(&word.paint.apply(&part, self.colour));
        line.used += part_width;
    }

    fn put_whole(&self, line: &mut Pen, word: &Span) {
        line.text
            .push_str(&word.paint.apply(&word.text, self.colour));
        line.used += word.text.width();
    }

    fn end(&mut self, line: &mut Pen, continued: usize) {
        self.out.push_str(line.text.trim_end());
        self.out.push('\n');
        *line = Pen {
            text: " ".repeat(continued),
            used: continued,
            start: continued,
        };
    }
}

/// The selector of emoji presentation may widen the character before it.
fn columns(c: char) -> usize {
    match c {
        '\u{fe0f}' => 1,
        _ => c.width().unwrap_or(0),
    }
}

/// The line that is being written.
#[derive(Debug)]
struct Pen {
    text: String,
    used: usize,
    start: usize,
}

/// Words and spaces (`None`); a word comes with the width of all that is glued
/// to it, so that `12M` and the comma of the next span stay together.
fn pieces(spans: &[Span]) -> Vec<Option<(Span, usize)>> {
    let mut pieces: Vec<Option<Span>> = Vec::new();
    for part in spans {
        for (at, word) in part.text.split(' ').enumerate() {
            if at > 0 && pieces.last() != Some(&None) {
                pieces.push(None);
            }
            if !word.is_empty() {
                pieces.push(Some(span(part.paint, word)));
            }
        }
    }
    let mut glued = 0;
    let mut sized: Vec<Option<(Span, usize)>> = pieces
        .into_iter()
        .rev()
        .map(|piece| match piece {
            None => {
                glued = 0;
                None
            }
            Some(word) => {
                glued += word.text.width();
                Some((word, glued))
            }
        })
        .collect();
    sized.reverse();
    sized
}

/// The width of each column.
pub(super) fn widths<const N: usize>(rows: &[[String; N]]) -> [usize; N] {
    let mut widths = [0; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    widths
}
