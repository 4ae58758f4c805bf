//! `acme changes`, `what changed for acme`, `what's new at acme this week`.
//!
//! Like an attribute, the words that ask what changed may be a name's as well
//! (`Sea Changes Ltd`): each is tried, the last first, and the directory decides.
//! Start at [`asked`].

use jiff::civil::Date;

use super::aliases::Aliases;
use super::clauses::Clauses;
use super::dates::moment;
use super::readings::{self, may_name, owner};
use super::words::Word;
use super::{EntityRef, Reading};

/// Beside the words that ask what changed, these say nothing more.
const HEDGES: [&str; 7] = [
    "recent", "recently", "anything", "any", "lately", "latest", "all",
];

/// What the words mean where they ask what changed.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// Readings with an attribute: `acme revenue changes` is a question about it.
    pub(super) attributes: Vec<Reading>,
    /// Whose changes, best first; `None` where no word is left for a company.
    pub(super) companies: Vec<Option<EntityRef>>,
}

/// `left` are the words that are no clause's.
pub(super) fn asked(left: &[Word], aliases: &Aliases<'_>) -> Asked {
    let mut asked = Asked::default();
    for at in (0..left.len()).rev().filter(|at| asks(left, *at)) {
        let rest = without(left, at);
        let mut readings = readings::readings(&rest.unpossessed(), aliases);
        readings.extend(readings::readings(&rest.words(), aliases));
        let mut companies: Vec<Option<EntityRef>> = Vec::new();
        for reading in readings {
            match reading.attribute {
                Some(_) if reading.entity.is_some() => asked.attributes.push(reading),
                Some(_) => {}
                None if companies.contains(&reading.entity) => {}
                None => companies.push(reading.entity),
            }
        }
        if companies.is_empty() && !may_name(&rest.words()) {
            companies.push(None);
        }
        let new = companies
            .into_iter()
            .filter(|company| !asked.companies.contains(company));
        let new: Vec<_> = new.collect();
        asked.companies.extend(new);
    }
    asked
}

/// `changes`, `changed`, `change`; `new` only after `what's`.
fn asks(words: &[Word], at: usize) -> bool {
    let is = |at: Option<usize>, any: &[&str]| {
        at.and_then(|at| words.get(at))
            .is_some_and(|w| w.is_any(any))
    };
    let before = at.checked_sub(1);
    is(Some(at), &["changes", "changed", "change"])
        || is(Some(at), &["new"])
            && (is(before, &["what's", "whats", "anything"])
                || is(before, &["is"]) && is(at.checked_sub(2), &["what"]))
}

/// The words without those that ask what changed.
struct Rest {
    before: Vec<Word>,
    after: Vec<Word>,
}

impl Rest {
    fn words(&self) -> Vec<Word> {
        [self.before.as_slice(), &self.after].concat()
    }

    /// `acme's changes`: of Acme, unless its name ends so.
    fn unpossessed(&self) -> Vec<Word> {
        let mut words = self.before.clone();
        if let Some(last) = words.last_mut() {
            *last = owner(last);
        }
        words.extend_from_slice(&self.after);
        words
    }
}

fn without(words: &[Word], at: usize) -> Rest {
    let (before, after) = words.split_at(at);
    let after = after.get(1..).unwrap_or_default();
    let hedge = |word: &&Word| word.is_any(&HEDGES);
    let lead = before.iter().rev().take_while(hedge).count();
    let next = after.iter().take_while(hedge).count();
    let last = after.iter().rev().take_while(hedge).count();
    let after = after.get(next..).unwrap_or_default();
    let kept = after.len().saturating_sub(last);
    Rest {
        before: before.iter().take(before.len() - lead).cloned().collect(),
        after: after.iter().take(kept).cloned().collect(),
    }
}

/// The first day of the time that the words name without `since`: `this week`, `yesterday`.
/// `as of` a day names its end only.
pub(super) fn from(words: &[Word], clauses: &Clauses, today: Date) -> Option<Date> {
    const ENDS: [&str; 7] = ["of", "as-of", "asof", "by", "before", "until", "till"];
    let taken = clauses
        .taken
        .iter()
        .enumerate()
        .filter(|(_, taken)| **taken);
    taken.map(|(at, _)| at).find_map(|at| {
        let ends = at.checked_sub(1).and_then(|before| words.get(before));
        if ends.is_some_and(|word| word.is_any(&ENDS)) {
            return None;
        }
        let (_, moment) = moment(words.get(at..)?, today).ok()??;
        moment.instant.is_none().then_some(moment.first)
    })
}
