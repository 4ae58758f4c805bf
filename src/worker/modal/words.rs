//! The words of a message as Slack sends it: without its markup, with what links lead to.

/// The most of a message that is looked at.
const MOST_CHARACTERS: usize = 2_000;

/// In the order of the text. People, channels and dates are no words; a link is its address and
/// its text.
pub(super) fn words(message: &str) -> Vec<String> {
    let start: String = message.chars().take(MOST_CHARACTERS).collect();
    let mut plain = String::with_capacity(start.len());
    let mut rest = start.as_str();
    while let Some((before, after)) = rest.split_once('<') {
        plain.push_str(before);
        plain.push(' ');
        let (inside, after) = after.split_once('>').unwrap_or(("", after));
        plain.push_str(&shown(inside));
        plain.push(' ');
        rest = after;
    }
    plain.push_str(rest);
    let plain = plain
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
    plain
        .split(|c: char| c.is_whitespace() || matches!(c, '|' | '(' | ')' | '[' | ']' | '"' | '='))
        .map(trimmed)
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .map(str::to_owned)
        .collect()
}

/// What stands between angle brackets.
fn shown(inside: &str) -> String {
    if inside.starts_with(['@', '#', '!']) {
        return String::new();
    }
    let address = inside.strip_prefix("mailto:").unwrap_or(inside);
    address.replace('|', " ")
}

/// Without marks at its ends, Slack's own for bold and code among them, and without a possessive.
fn trimmed(word: &str) -> &str {
    let mark = |c: char| !c.is_alphanumeric();
    let word = word
        .trim_start_matches(|c: char| mark(c) && c != '#')
        .trim_end_matches(mark);
    ["'s", "\u{2019}s"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending))
        .unwrap_or(word)
}
