//! Candidates: their order, their status, what tells them from the winner, their links.

use super::{D, ask, crm, d};
use crate::answer::{Explained, Status};

fn candidates(decision: D) -> Vec<Explained> {
    ask("revenue", &[decision])
        .answer()
        .current
        .unwrap()
        .candidates
}

/// `source status`, in order.
fn check(decision: D, expected: &[&str]) {
    let lines: Vec<String> = candidates(decision)
        .iter()
        .map(|e| format!("{} {}", e.candidate.source, e.status.as_str()))
        .collect();
    assert_eq!(lines, expected);
}

#[test]
fn every_candidate_has_a_status_and_a_place() {
    check(
        d("2024-01-01")
            .value("12M")
            .against("a", "1", "-")
            .against("b", "1", "12,000,000")
            .against("d", "1", "11M")
            .against("c", "1", "10M")
            .by("z", "1", "12M"),
        &["z winner", "c lost", "d lost", "b agrees", "a no_value"],
    );
    check(
        d("2024-01-01")
            .value("12M")
            .against("b", "1", "12M")
            .against("a", "1", "-"),
        &["b undecided", "a no_value"],
    );
    check(
        d("2024-01-01")
            .value("12M")
            .by("b", "1", "12M")
            .by("a", "1", "11M"),
        &["a undecided", "b undecided"],
    );
    // A winner without a value: the pipeline cleared it knowingly.
    check(
        d("2024-01-01")
            .by("a", "1", "-")
            .against("b", "1", "-")
            .against("c", "1", "11M"),
        &["a winner", "c lost", "b no_value"],
    );
    check(d("2024-01-01").value("12M"), &[]);
}

#[test]
fn one_source_is_in_the_order_of_its_records() {
    let records: Vec<Option<String>> = candidates(
        crm("2024-01-01", "12M")
            .against("b", "2", "1")
            .against("b", "-", "1")
            .against("b", "1", "1"),
    )
    .into_iter()
    .map(|explained| explained.candidate.record_id)
    .collect();
    let expected = [Some("r1"), None, Some("1"), Some("2")];
    assert_eq!(records, expected.map(|id| id.map(str::to_owned)));
}

#[test]
fn differences_are_the_winners_minus_the_losers() {
    let decision = crm("2024-01-10", "12M")
        .against("vendor", "v1", "11M")
        .observed("2024-01-09");
    let all = candidates(decision);
    assert_eq!((all[0].older_by_s, all[0].confidence_margin), (None, None));
    assert_eq!(all[1].older_by_s, Some(86_400.0));
    assert!((all[1].confidence_margin.unwrap() - 0.2).abs() < 1e-9);

    let newer = crm("2024-01-10", "12M")
        .against("vendor", "v1", "11M")
        .observed("2024-01-11")
        .sure(1.0);
    let newer = &candidates(newer)[1];
    assert_eq!(newer.older_by_s, Some(-86_400.0));
    assert!((newer.confidence_margin.unwrap() + 0.1).abs() < 1e-9);

    let unknown = crm("2024-01-10", "12M")
        .against("vendor", "v1", "11M")
        .never_observed()
        .sure(f64::NAN);
    let unknown = &candidates(unknown)[1];
    assert_eq!(
        (unknown.older_by_s, unknown.confidence_margin),
        (None, None)
    );

    let undecided = candidates(d("2024-01-01").value("1").against("a", "1", "1"));
    assert_eq!(
        (undecided[0].older_by_s, undecided[0].confidence_margin),
        (None, None)
    );
}

#[test]
fn links_come_from_the_candidate_or_from_its_source() {
    let link = |source: &str, record: &str, own: Option<&str>| {
        let own = own.map(str::to_owned);
        let decision = d("2024-01-01")
            .value("1")
            .by(source, record, "1")
            .with(|c| c.url = own);
        candidates(decision)[0].url.clone()
    };
    let of_crm = |id: &str| Some(format!("https://crm.example.com/records/{id}?from=why"));
    assert_eq!(link("crm", "r1", None), of_crm("r1"));
    assert_eq!(link("crm", "a-b.c_d~e", None), of_crm("a-b.c_d~e"));
    assert_eq!(
        link("crm", "a/b?c=d&e#f %", None),
        of_crm("a%2Fb%3Fc%3Dd%26e%23f%20%25")
    );
    assert_eq!(link("crm", "\u{e9}", None), of_crm("%C3%A9"));
    assert_eq!(
        link("crm", "../{record_id}", None),
        of_crm("..%2F%7Brecord_id%7D")
    );
    assert_eq!(
        link("crm", "r1", Some("https://own/")),
        Some("https://own/".to_owned())
    );
    assert_eq!(link("crm", "r1", Some(" ")), of_crm("r1"));
    assert_eq!(link("crm", "-", None), None);
    assert_eq!(link("filings", "r1", None), None);
    assert_eq!(link("unlisted", "r1", None), None);
}

#[test]
fn labels_come_from_the_catalog() {
    let all = candidates(
        crm("2024-01-01", "1")
            .against("unlisted", "1", "2")
            .against("vendor", "1", "2"),
    );
    let labels: Vec<&str> = all
        .iter()
        .map(|explained| explained.label.as_str())
        .collect();
    assert_eq!(labels, ["CRM", "unlisted", "data vendor"]);
}

#[test]
fn the_winner_is_the_one_with_that_status() {
    let current = ask("revenue", &[crm("2024-01-01", "1")])
        .answer()
        .current
        .unwrap();
    assert_eq!(
        current.winner().map(|winner| winner.status),
        Some(Status::Winner)
    );
    let none = ask("revenue", &[d("2024-01-01").value("1")])
        .answer()
        .current
        .unwrap();
    assert_eq!(none.winner(), None);
}
