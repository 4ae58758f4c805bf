//! What was typed, freed of what the way here added: Slack's escapes, control
//! characters, gaps.
//!
//! Knows nothing of questions. Slack's markup:
//! <https://docs.slack.dev/messaging/formatting-message-text>. Start at [`clean`].

/// Plain text: mentions dropped, links and channels by their label, `&amp;` decoded,
/// one space between words.
pub(super) fn clean(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, from)) = rest.split_once('<') {
        plain.push_str(before);
        match from
            .split_once('>')
            .and_then(|(inside, after)| Some((shown(inside)?, after)))
        {
            Some((label, after)) => {
                plain.push_str(label);
                rest = after;
            }
            None => {
                plain.push('<');
                rest = from;
            }
        }
    }
    plain.push_str(rest);
    // The ampersand last: `&amp;lt;` is a typed `&lt;`.
    let plain = plain
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
    let visible: String = plain.chars().filter_map(visible).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// As Slack sends it: [`clean`] gives the text back.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// What Slack shows for `<…>`; `None` where it is no markup of Slack's.
fn shown(inside: &str) -> Option<&str> {
    let (target, label) = match inside.split_once('|') {
        Some((target, label)) => (target, Some(label)),
        None => (inside, None),
    };
    let is_link = ["http://", "https://", "mailto:", "tel:"]
        .iter()
        .any(|s| target.starts_with(s));
    match target.chars().next()? {
        // A person, `@here`, a group: who is addressed, not what is asked.
        '@' => Some(" "),
        '!' if target.starts_with("!date^") => label,
        '!' => Some(" "),
        '#' if target.get(1..)?.starts_with(['C', 'G']) => Some(label.unwrap_or(" ")),
        _ if is_link => Some(label.filter(|l| !l.is_empty()).unwrap_or(target)),
        _ => None,
    }
}

/// Controls part words; what has no width (and turns text round) is dropped, but for the
/// joiners that some scripts write with.
fn visible(c: char) -> Option<char> {
    match c {
        '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2060}' | '\u{feff}' => None,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => None,
        _ if c.is_control() => Some(' '),
        _ => Some(c),
    }
}
