//! Takes names out of free text, however they are written there.
//!
//! Case does not count, nor whether words are parted by a space, a hyphen or an underscore. A name
//! is found as a word, also inside `crm_first`, `crm2` and `crmSync`. Start at [`Scrub::text`].

/// What to look for, and what to write instead.
#[derive(Debug, Default)]
pub(super) struct Scrub {
    /// Longest first, so that a name within another is not taken out of it.
    terms: Vec<(Vec<char>, String)>,
}

impl Scrub {
    pub(super) fn new(terms: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut terms: Vec<(Vec<char>, String)> = terms
            .into_iter()
            .map(|(term, instead)| (term.trim().chars().map(fold).collect(), instead))
            .filter(|(term, _): &(Vec<char>, String)| !term.is_empty())
            .collect();
        terms.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
        Scrub { terms }
    }

    /// The same text without them.
    pub(super) fn text(&self, text: &str) -> String {
        let typed: Vec<char> = text.chars().collect();
        let mut scrubbed = String::with_capacity(text.len());
        let mut at = 0;
        while let Some(own) = typed.get(at) {
            match self.terms.iter().find(|(term, _)| is_at(term, &typed, at)) {
                Some((term, instead)) => {
                    scrubbed.push_str(instead);
                    at += term.len();
                }
                None => {
                    scrubbed.push(*own);
                    at += 1;
                }
            }
        }
        scrubbed
    }

    pub(super) fn option(&self, text: Option<String>) -> Option<String> {
        text.map(|text| self.text(&text))
    }
}

/// One character for one, so that places stay what they are.
fn fold(c: char) -> char {
    if c.is_whitespace() || c == '-' || c == '_' {
        return ' ';
    }
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) => one,
        (Some(_) | None, _) => c,
    }
}

fn is_at(term: &[char], typed: &[char], at: usize) -> bool {
    let end = at + term.len();
    let Some(here) = typed.get(at..end) else {
        return false;
    };
    here.iter()
        .zip(term)
        .all(|(own, wanted)| fold(*own) == *wanted)
        && is_edge(
            at.checked_sub(1).and_then(|before| typed.get(before)),
            typed.get(at),
        )
        && (is_edge(typed.get(end - 1), typed.get(end)) || is_plural(typed, end))
}

/// Whether a word ends between these two.
fn is_edge(before: Option<&char>, after: Option<&char>) -> bool {
    let (Some(before), Some(after)) = (before, after) else {
        return true;
    };
    let letters = before.is_alphabetic() && after.is_alphabetic();
    let digits = before.is_numeric() && after.is_numeric();
    !digits && !(letters && !(before.is_lowercase() && after.is_uppercase()))
}

/// `CRMs`
fn is_plural(typed: &[char], end: usize) -> bool {
    matches!(typed.get(end), Some('s' | 'S')) && is_edge(typed.get(end), typed.get(end + 1))
}
