//! How far back to read: `since 2024`, `in the last 90 days`, `from 2023 to 2024`, `full history`.
//!
//! Each function reads from one word on and says how many it took. Start at [`since`].

use super::{Clause, Meaning, Sentence, unreadable};
use crate::question::dates::{self, Clarity, moment};
use crate::question::words::{Word, phrase};
use crate::question::{Error, LookBack, shortened};

/// `between 2025-01-01 and 2025-06-30`, `from 2023 to 2024`; `from march to may` may be a name's.
pub(super) fn between(sentence: Sentence<'_>, at: usize) -> Result<Option<Clause>, Error> {
    let clear = |at: usize| {
        let taken = moment(sentence.from(at), sentence.today())?;
        Ok(taken.filter(|(_, moment)| moment.clarity > Clarity::Vague))
    };
    let Some((used, first)) = clear(at + 1)? else {
        return Ok(None);
    };
    let link = at + 1 + used;
    let joins: &[&str] = match sentence.low(at) {
        "between" => &["and"],
        _ => &["to", "until", "till", "through"],
    };
    if !joins.contains(&sentence.low(link)) {
        return Ok(None);
    }
    let Some((more, last)) = clear(link + 1)? else {
        return Ok(None);
    };
    let used = link + 1 + more - at;
    if last.last < first.first {
        let words = sentence.from(at).get(..used).unwrap_or_default();
        return Err(Error::BadDate {
            typed: shortened(&phrase(words)),
        });
    }
    let last = last.end(sentence.today());
    Ok(Some((used, Meaning::Between(first.first, last))))
}

/// `since january`, `since the beginning`, `since the last 90 days`, `since 90 days`.
pub(super) fn since(sentence: Sentence<'_>, at: usize) -> Result<Option<Clause>, Error> {
    let the = usize::from(sentence.low(at + 1) == "the");
    if let Some((used, days)) = span(sentence.from(at + 1)) {
        return Ok(Some((used + 1, Meaning::LookBack(LookBack::Days(days)))));
    }
    if let Some((used, moment)) = moment(sentence.from(at + 1), sentence.today())? {
        return Ok(Some((
            used + 1,
            Meaning::LookBack(LookBack::Since(moment.first)),
        )));
    }
    let counted = dates::count(sentence.low(at + 1)).zip(dates::unit(sentence.low(at + 2)));
    if let Some(days) = counted.and_then(|(count, unit)| unit.days(count)) {
        return Ok(Some((3, Meaning::LookBack(LookBack::Days(days)))));
    }
    if ["beginning", "start", "ever"].contains(&sentence.low(at + 1 + the)) {
        return Ok(Some((2 + the, Meaning::LookBack(LookBack::All))));
    }
    if sentence.named_before_alias(at) {
        return Err(unreadable(sentence, at + 1, "since"));
    }
    Ok(None)
}

/// `in the last 90 days`, `over the past 2 years`, `past year`: how many words, how many days.
pub(super) fn span(words: &[Word]) -> Option<(usize, u32)> {
    let low = |at: usize| words.get(at).map_or("", |w| w.low.as_str());
    let prepositions = ["in", "over", "for", "during", "within", "across", "from"];
    let preposition = usize::from(prepositions.contains(&low(0)));
    let the = usize::from(low(preposition) == "the");
    let at = preposition + the;
    let which = low(at);
    if !["last", "past", "previous"].contains(&which) {
        return None;
    }
    if let (Some(count), Some(unit)) = (dates::count(low(at + 1)), dates::unit(low(at + 2))) {
        return Some((at + 3, unit.days(count)?));
    }
    // `last month` alone is a date; `the past month` and `in the last month` are spans.
    let one = which == "past" || (preposition == 1 && the == 1);
    let unit = dates::unit(low(at + 1)).filter(|_| one)?;
    Some((at + 2, unit.days(1)?))
}

/// `full history`, `all time`, `ever`.
pub(super) fn whole_history(sentence: Sentence<'_>, at: usize) -> Option<Clause> {
    let all = |used: usize| Some((used, Meaning::LookBack(LookBack::All)));
    match (sentence.low(at), sentence.low(at + 1)) {
        ("full" | "whole" | "entire" | "complete", "history") => return all(2),
        ("all", "time" | "history") => return all(2),
        ("all-time", _) => return all(1),
        ("history" | "ever", _) => {}
        _ => return None,
    }
    let last = at + 1 == sentence.words.len();
    let of = at > 0 && ["of", "for"].contains(&sentence.low(at - 1));
    let ever = sentence.low(at) == "ever";
    if ever && ["change", "changed"].contains(&sentence.low(at + 1)) {
        return all(2);
    }
    let apart = sentence.named_before_alias(at) || ever && at > 1 && last && !of;
    if apart { all(1) } else { None }
}
