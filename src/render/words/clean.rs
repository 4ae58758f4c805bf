//! Text from outside, made fit to be shown on one line.
//!
//! Values, names and remarks come from a lake that anyone may write to. What
//! could break a line, command a terminal or turn the order of letters round
//! becomes a visible escape; what is too long loses its middle, a name its end. The stored text
//! is in the JSON. Start at [`clean`].

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// One line of at most `columns` columns.
pub(in crate::render) fn clean(text: &str, columns: usize) -> String {
    // What is cut away later need not be escaped first.
    let few = columns.saturating_mul(8).saturating_add(64);
    if text.chars().nth(few * 2).is_none() {
        return shorten(&printable(text), columns);
    }
    let head: String = text.chars().take(few).collect();
    let mut tail: Vec<char> = text.chars().rev().take(few).collect();
    tail.reverse();
    let tail: String = tail.into_iter().collect();
    shorten(&printable(&format!("{head}{tail}")), columns)
}

/// The same for the names of companies, which begin with what tells them apart:
/// what is too long loses its end.
pub(in crate::render) fn clean_name(name: &str, columns: usize) -> String {
    let few = columns.saturating_mul(4);
    let head: String = name.chars().take(few).collect();
    let shown = printable(&head);
    if fits(&shown, columns) && head.len() == name.len() {
        return shown;
    }
    let head = taken(shown.chars(), columns.saturating_sub(1));
    let head: String = head.into_iter().collect();
    format!("{}\u{2026}", head.trim_end())
}

/// One line without anything that acts instead of being seen, of whatever length.
#[must_use]
pub fn printable(text: &str) -> String {
    if !text.is_empty() && text.trim().is_empty() && !text.contains(acts) {
        return "(blank)".to_owned();
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if acts(c) {
            shown.extend(escaped(c));
        } else {
            shown.push(c);
        }
    }
    if shown.width() == 0 {
        shown = shown.chars().flat_map(char::escape_unicode).collect();
    }
    shown
}

/// A printed line that nothing which reads it as a build's log takes for a command: GitHub's runners
/// obey `::` at a line's beginning and, as Azure's agents do with `##vso[`, `##[` anywhere in it.
#[must_use]
pub fn unobeyed(line: &str) -> String {
    // Theirs is a comparison that may pass over what has no width.
    let seen: String = line.chars().filter(|c| c.width() != Some(0)).collect();
    if seen.contains("##[") || seen.contains("##vso[") {
        return unobeyed(&line.replace('#', "\\u{23}"));
    }
    match seen.trim_start().starts_with("::") {
        true => line.replacen(':', "\\u{3a}", 1),
        false => line.to_owned(),
    }
}

/// `\n` and `\t` as they are known, all else as `\u{202e}`.
fn escaped(c: char) -> Vec<char> {
    match c {
        '\n' | '\r' | '\t' => c.escape_default().collect(),
        _ => c.escape_unicode().collect(),
    }
}

/// Controls, line separators, what changes the direction of text, and what is
/// invisible and joins nothing. Joiners (U+200C, U+200D) belong to words.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// Leaves out the middle: `Industrial Cong…omerates`. Counts columns, and
/// characters too, since marks without width can be heaped without end.
fn shorten(text: &str, columns: usize) -> String {
    if fits(text, columns) {
        return text.to_owned();
    }
    let room = columns.saturating_sub(1);
    let tail_room = room / 3;
    let head = taken(text.chars(), room - tail_room);
    let mut tail = taken(text.chars().rev(), tail_room);
    // A mark that stands on a letter must not land on the ellipsis.
    while tail.last().is_some_and(|c| c.width() == Some(0)) {
        tail.pop();
    }
    let tail: String = tail.into_iter().rev().collect();
    format!(
        "{}\u{2026}{}",
        head.into_iter().collect::<String>().trim_end(),
        tail.trim_start()
    )
}

fn fits(text: &str, columns: usize) -> bool {
    text.width() <= columns && text.chars().nth(columns.saturating_mul(2)).is_none()
}

fn taken(chars: impl Iterator<Item = char>, columns: usize) -> Vec<char> {
    let mut used = 0;
    chars
        .take(columns.saturating_mul(2))
        .take_while(|c| {
            used += c.width().unwrap_or(0);
            used <= columns
        })
        .collect()
}
