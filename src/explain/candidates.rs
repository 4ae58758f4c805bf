//! The candidates of the current decision, and why the others lost.
//!
//! Knows the winner, the catalog's labels and links, and asks the declared rule
//! (`rules.rs`). Start at [`candidates`].

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::history::{Claim, Step, same};
use super::rules::Judgement;
use crate::answer::{Explained, Status};
use crate::catalog::Catalog;
use crate::trace::Candidate;

/// All that is not "unreserved" (RFC 3986, 2.3), so that a record id stays one
/// path segment or one query value.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

const RECORD_ID: &str = "{record_id}";

/// All candidates, in the order of [`crate::answer::Current::candidates`].
pub(super) fn candidates(
    step: &Step<'_>,
    judgement: Option<&Judgement<'_>>,
    catalog: &Catalog,
) -> Vec<Explained> {
    let winner = step.winner();
    let explained = step.claims.iter().map(|claim| {
        let status = status(winner, claim);
        let compared = winner.filter(|_| status != Status::Winner);
        let loser = judgement.filter(|_| status != Status::Winner);
        Explained {
            candidate: claim.candidate.clone(),
            label: catalog.source_label(&claim.candidate.source).to_owned(),
            url: url(claim.candidate, catalog),
            status,
            older_by_s: compared.and_then(|winner| older_by_s(winner, claim)),
            confidence_margin: compared.and_then(|winner| margin(winner, claim)),
            rule_says: judgement.and_then(|judgement| judgement.says(claim)),
            would_win_if: loser.and_then(|judgement| judgement.would_win_if(claim)),
        }
    });
    let mut explained: Vec<Explained> = explained.collect();
    explained.sort_by(|a, b| {
        let record = |e: &Explained| (e.candidate.source.clone(), e.candidate.record_id.clone());
        place(a.status)
            .cmp(&place(b.status))
            .then_with(|| record(a).cmp(&record(b)))
    });
    explained
}

fn status(winner: Option<&Claim<'_>>, claim: &Claim<'_>) -> Status {
    match winner {
        Some(winner) if std::ptr::eq(winner, claim) => Status::Winner,
        Some(_) | None if claim.value.is_none() => Status::NoValue,
        Some(winner) if same(winner.value.as_ref(), claim.value.as_ref()) => Status::Agrees,
        Some(_) => Status::Lost,
        None => Status::Undecided,
    }
}

fn place(status: Status) -> u8 {
    match status {
        Status::Winner => 0,
        Status::Lost | Status::Undecided => 1,
        Status::Agrees => 2,
        Status::NoValue => 3,
    }
}

fn older_by_s(winner: &Claim<'_>, claim: &Claim<'_>) -> Option<f64> {
    let (winner, own) = winner
        .candidate
        .observed_at
        .zip(claim.candidate.observed_at)?;
    Some(winner.duration_since(own).as_secs_f64())
}

fn margin(winner: &Claim<'_>, claim: &Claim<'_>) -> Option<f64> {
    let (winner, own) = winner.confidence().zip(claim.confidence())?;
    Some(winner - own).filter(|margin| margin.is_finite())
}

/// The candidate's own, else the source's link; a link without a record id
/// leads nowhere.
fn url(candidate: &Candidate, catalog: &Catalog) -> Option<String> {
    let own = candidate
        .url
        .as_deref()
        .filter(|url| !url.trim().is_empty());
    if let Some(own) = own {
        return Some(own.to_owned());
    }
    let link = catalog.source(&candidate.source)?.link.as_deref()?;
    let record = candidate.record_id.as_deref().filter(|id| !id.is_empty())?;
    Some(link.replace(RECORD_ID, &utf8_percent_encode(record, ESCAPED).to_string()))
}
