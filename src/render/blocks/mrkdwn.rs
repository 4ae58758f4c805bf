//! Slack's own markup, around data that must not speak it.
//!
//! `&`, `<` and `>` become entities, which stops mentions and links. The marks
//! of bold, italics, strike and code have no escape: where they could open or
//! close one, a letter that looks alike stands in. Start at [`escape`].

use super::limits::{TEXT, length};

/// A line of data is never longer than this, however much escaping blows it up.
pub(super) const LINE: usize = 1_000;

/// Data as mrkdwn that reads like the data and does nothing; cut at 1,000 characters.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    // At the head of a line this would be a quotation, even as an entity.
    if text.starts_with('>') {
        escaped.push('\u{200b}');
    }
    let mut used = 2;
    let mut before = None;
    for (at, c) in text.char_indices() {
        let rest = text.get(at + c.len_utf8()..).unwrap_or_default();
        let shown = shown(before, c, rest);
        used += length(&shown);
        if used > LINE {
            escaped.push('\u{2026}');
            break;
        }
        escaped.push_str(&shown);
        before = Some(c);
    }
    escaped
}

/// One character between its neighbours.
fn shown(before: Option<char>, c: char, rest: &str) -> String {
    let word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let inside = word(before) && word(rest.chars().next());
    let shown = match c {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        '`' => "\u{2cb}",
        // Inside a word these mean nothing to Slack.
        '*' if !inside => "\u{2217}",
        '_' if !inside => "\u{2cd}",
        '~' if !inside => "\u{223c}",
        ':' if !before.is_some_and(|c| c.is_ascii_digit()) && opens_emoji(rest) => ":\u{200b}",
        _ => return c.to_string(),
    };
    shown.to_owned()
}

/// Whether a colon before this would make it an emoji: `tada: …`.
fn opens_emoji(rest: &str) -> bool {
    let name = |c: char| c.is_alphanumeric() || "_+-'".contains(c);
    rest.find(|c| !name(c))
        .is_some_and(|end| end > 0 && rest.get(end..).is_some_and(|rest| rest.starts_with(':')))
}

/// The label, as a link where the address is one that may be pressed.
pub(in crate::render) fn link(url: Option<&str>, label: &str) -> String {
    let label = escape(label);
    let safe = |url: &&str| {
        let web = url.starts_with("https://") || url.starts_with("http://");
        web && url.len() <= LINE && url.bytes().all(|b| b.is_ascii_graphic())
    };
    match url.filter(safe) {
        Some(url) => {
            let url = url
                .replace('&', "&amp;")
                .replace('<', "%3C")
                .replace('>', "%3E")
                .replace('|', "%7C");
            format!("<{url}|{label}>")
        }
        None => label,
    }
}

/// As many whole lines as a text may hold; says how many are left out.
pub(in crate::render) fn fitting(lines: &[String]) -> String {
    let mut text = String::new();
    let mut used = 0;
    for (at, line) in lines.iter().enumerate() {
        used += length(line) + 1;
        // Room for the last line.
        if used + 30 > TEXT {
            text.push_str(&format!("\n\u{2026} and {} more", lines.len() - at));
            return text;
        }
        if at > 0 {
            text.push('\n');
        }
        text.push_str(line);
    }
    text
}
