//! What a lake is written anew for, and what becomes of a warning by it.

use super::*;

#[test]
fn a_lake_is_written_anew_only_for_what_somebody_would_notice() {
    // Two small files a month become one: no question reads fewer of them.
    let catalog = months(4);
    let advice = advised(&tally(&catalog, 700, 1), &catalog);
    assert!(!advice.changes(), "{:?}", advice.proposed.layout);
    let other = advice.passed_over.as_ref().unwrap();
    assert_eq!(other.layout.buckets, 1);
    assert_eq!((advice.present.files, other.files), (92.0, 46.0));
    let mut warnings = advice.present.warnings.iter();
    let warning = warnings.find(|w| w.id == Id::TinyFiles).unwrap();
    assert_eq!(advice.outcome(warning), Outcome::Stays);
    assert!(
        warning.advice.ends_with("for another reason."),
        "{warning:?}"
    );
    // Of 5,800 files so many fewer are something.
    let catalog = months(256);
    let advice = advised(&tally(&catalog, 700, 20), &catalog);
    assert_eq!(advice.proposed.layout.buckets, 1);
    assert!(advice.present.files > 5_000.0 && advice.passed_over.is_none());
}

#[test]
fn nothing_is_proposed_that_is_only_worse() {
    for (days, rows, buckets) in [(700, 1, 4), (700, 3, 3), (300, 10, 16), (60, 900, 8)] {
        let catalog = months(buckets);
        let advice = advised(&tally(&catalog, days, rows), &catalog);
        let trade = advice.trade().unwrap_or_default();
        assert!(
            trade.worse.is_empty() || !trade.better.is_empty(),
            "{days} {rows} {buckets}: {trade:?}"
        );
    }
}

#[test]
fn a_file_of_enough_decisions_mends_tiny_ones() {
    let catalog = catalog(
        "layout.first_date = 2024-01-01|layout.step = \"day\"|layout.buckets = 16",
        &["revenue"],
    );
    let mut tally = tally(&catalog, 300, 600);
    tally.weigh_json(tally.decisions() * 3_000);
    let advice = advised(&tally, &catalog);
    let tiny = advice
        .present
        .warnings
        .iter()
        .find(|w| w.id == Id::TinyFiles);
    assert_eq!(advice.outcome(tiny.unwrap()), Outcome::Mended);
}
