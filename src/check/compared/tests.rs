//! What a row of the latest table is blamed for, and what not.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{Date, date};

use super::super::chain::Link;
use super::super::finding::Findings;
use super::{Company, Group, Judge, Stored, Told};
use crate::catalog::Catalog;
use crate::layout::utc_date;
use crate::trace::Decision;

const JANUARY: Date = date(2024, 1, 1);
const FEBRUARY: Date = date(2024, 2, 1);
const MARCH: Date = date(2024, 3, 1);

fn link(id: &str, day: Date) -> Link {
    let decided_at: Timestamp = format!("{day}T12:00:00Z").parse().unwrap();
    Link {
        decision: Decision {
            value: Some(id.to_owned()),
            ..Decision::bare(id, (5, "revenue"), decided_at)
        },
        is_placed: true,
        says_value: true,
        says_previous: true,
    }
}

fn stored(link: Link, dates: &[Date]) -> Stored {
    let folder = utc_date(link.decision.decided_at).first_of_month();
    Stored {
        link,
        folders: [folder; 2],
        says_dates: true,
        dates: Some(dates.to_vec()),
        rows: 1,
        is_new: false,
    }
}

/// What is found, of a trace with these folders, of which these were read.
fn judged(
    there: &[Date],
    read: &[Date],
    company: Option<Company>,
    row: Option<Stored>,
) -> (Vec<(&'static str, String)>, Told) {
    let text =
        "[layout]\nbuckets = 4\nstep = \"month\"\nfirst_date = 2024-01-01\n[attributes.revenue]";
    let catalog = Catalog::parse(text, "why.toml").unwrap();
    let judge = Judge {
        catalog: &catalog,
        table: "attribute_latest",
        attribute: "revenue",
        there,
    };
    let group = Group {
        read: read.to_vec(),
        companies: company.into_iter().map(|company| (5, company)).collect(),
    };
    let stored: BTreeMap<i64, Stored> = row.into_iter().map(|row| (5, row)).collect();
    let mut findings = Findings::default();
    let mut told = Told::default();
    judge.compare(&group, &stored, &mut findings, &mut told);
    let told_of = |f: super::Finding| (f.kind.code(), f.examples.join("|"));
    (findings.sorted().into_iter().map(told_of).collect(), told)
}

fn codes(found: &[(&'static str, String)]) -> Vec<&'static str> {
    found.iter().map(|(code, _)| *code).collect()
}

#[test]
fn a_folder_that_was_not_read_speaks_against_nobody() {
    let there = [JANUARY, FEBRUARY, MARCH];
    let known = || Some(Company::new(&link("a", JANUARY), JANUARY));
    // What is newer may lie in March; whether February holds one is not known.
    let row = || Some(stored(link("c", MARCH), &there));
    let (found, told) = judged(&there, &[JANUARY], known(), row());
    assert_eq!((codes(&found), told.compared), (vec![], 1), "{found:?}");
    // In a folder that was read it should have been seen.
    let (found, _) = judged(&there, &there, known(), row());
    assert_eq!(codes(&found), ["latest_ahead", "latest_dates_extra"]);
    assert!(
        found[1]
            .1
            .ends_with("names 2024-02-01, 2024-03-01, without a decision of it")
    );
    // Nor is a company that those folders do not have.
    let (found, _) = judged(&there, &[JANUARY], None, row());
    assert_eq!(codes(&found), [""; 0], "{found:?}");
    let (found, _) = judged(&there, &[MARCH], None, row());
    assert_eq!(codes(&found), ["latest_ahead"]);
    // A date that was read has to be named, whatever else was not.
    let silent = Some(stored(link("c", MARCH), &[MARCH]));
    let (found, _) = judged(&there, &[JANUARY], known(), silent);
    assert_eq!(codes(&found), ["latest_dates_missing"]);
    assert!(
        found[0]
            .1
            .ends_with("does not name 2024-01-01, where it has decisions")
    );
}

#[test]
fn a_row_that_was_written_meanwhile_is_counted_and_not_blamed_for_being_ahead() {
    let there = [JANUARY];
    let known = || Some(Company::new(&link("a", JANUARY), JANUARY));
    let new = |id: &str, day: Date| {
        let mut row = stored(link(id, day), &[JANUARY, day]);
        row.is_new = true;
        Some(row)
    };
    let (found, told) = judged(&there, &there, known(), new("b", FEBRUARY));
    assert_eq!((codes(&found), told.meanwhile), (vec![], 1), "{found:?}");
    // That it is older is its fault all the same.
    let mut company = Company::new(&link("a", JANUARY), JANUARY);
    company.see(&link("b", FEBRUARY), FEBRUARY);
    let there = [JANUARY, FEBRUARY];
    let (found, _) = judged(&there, &there, Some(company), new("a", JANUARY));
    assert_eq!(codes(&found), ["latest_stale", "latest_dates_missing"]);
}

#[test]
fn of_decisions_of_one_millisecond_the_last_of_the_chain_has_to_be_there() {
    let there = [JANUARY];
    let known = || Some(Company::new(&link("b", JANUARY), JANUARY));
    let (found, _) = judged(
        &there,
        &there,
        known(),
        Some(stored(link("a", JANUARY), &there)),
    );
    assert_eq!(codes(&found), ["latest_stale"]);
    let (found, _) = judged(
        &there,
        &there,
        known(),
        Some(stored(link("b", JANUARY), &there)),
    );
    assert_eq!(codes(&found), [""; 0]);
}

#[test]
fn what_can_not_be_read_of_a_row_is_not_compared() {
    let there = [JANUARY];
    let known = || Some(Company::new(&link("a", JANUARY), JANUARY));
    let mut row = stored(link("a", JANUARY), &[FEBRUARY]);
    row.link.decision.value = None;
    row.link.says_value = false;
    row.says_dates = false;
    let (found, told) = judged(&there, &there, known(), Some(row));
    assert_eq!((codes(&found), told.compared), (vec![], 1), "{found:?}");
}

#[test]
fn of_several_rows_the_newest_counts_with_the_dates_of_all() {
    let there = [JANUARY, FEBRUARY];
    let mut company = Company::new(&link("a", JANUARY), JANUARY);
    company.see(&link("b", FEBRUARY), FEBRUARY);
    let mut row = stored(link("b", FEBRUARY), &[FEBRUARY]);
    row.join(stored(link("a", JANUARY), &[JANUARY]));
    let (found, _) = judged(&there, &there, Some(company), Some(row));
    assert_eq!(codes(&found), ["latest_several"], "{found:?}");
}

#[test]
fn of_a_time_just_before_midnight_either_day_is_right() {
    // Written on the last day of January; rounded to milliseconds it is of February.
    let row = || {
        let mut row = stored(link("b", FEBRUARY), &[JANUARY]);
        row.folders = [JANUARY, FEBRUARY];
        Some(row)
    };
    let known = || Some(Company::new(&link("a", JANUARY), JANUARY));
    let (found, _) = judged(&[JANUARY, MARCH], &[MARCH], None, row());
    assert_eq!(codes(&found), [""; 0], "January is there and was not read");
    let (found, _) = judged(&[JANUARY], &[JANUARY], known(), row());
    assert_eq!(codes(&found), ["latest_ahead"]);
    assert!(
        found[0]
            .1
            .ends_with("the trace has no such decision in 2024-01-01")
    );
}

#[test]
fn of_a_company_with_a_decision_in_another_day_s_folder_nothing_is_said() {
    let astray = Link {
        is_placed: false,
        ..link("a", JANUARY)
    };
    let mut company = Company::new(&astray, JANUARY);
    company.see(&link("b", FEBRUARY), FEBRUARY);
    let there = [JANUARY, FEBRUARY];
    let (found, told) = judged(&there, &there, Some(company), None);
    assert_eq!((codes(&found), told.compared), (vec![], 0), "{found:?}");
}
