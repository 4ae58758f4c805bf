//! Terminal text at the widths of a phone, a terminal and a wide screen.

use unicode_width::UnicodeWidthStr;

use super::super::sample::*;
use crate::answer::{Answer, Cause, Expectation};
use crate::question::LookBack;
use crate::render::text::{self, Colour, Style, Verbosity};

fn style(width: usize) -> Style {
    Style {
        width,
        colour: Colour::Off,
        verbosity: Verbosity::Usual,
    }
}

fn show(answer: &Answer, width: usize) -> String {
    text::answer(answer, &style(width))
}

#[test]
fn an_answer_at_80_columns() {
    insta::assert_snapshot!(show(&acme(), 80), @"
    Acme Corporation · revenue: 12.4M USD, since 2026-03-02
    because Registry won under source_priority v3 (“most trusted source with a
      value”); CRM and Vendor lost.

    Candidates                   seen        confidence
      won   Registry  12.4M USD  2026-03-01  0.95
      lost  CRM       11.9M USD  2025-11-02  0.8
        lower priority; 4 months older; less confident
      lost  Vendor    10M USD

    - Sources disagree: CRM says 11.9M and Vendor says 10M; chosen was 12.4M
      (Registry). If one of them is right, report this value as wrong.

    History: 4 changes, confirmed 41 times
      ▂▂▂▂▂▂▂▂▂▂▂▂▁▁▁▁▁▁▁▁▁▇▇▇▇█ 9.8M to 12.4M USD, 2024-01-05 to 2026-04-01
      2026-03-02: 11.9M → 12.4M USD, another source won: Registry; arrived late
      2025-11-03: 9.8M → 11.9M USD, CRM reported a new value
      2025-02-10: 10M → 9.8M USD, CRM corrected an old record
      2024-01-05: 10M USD, first seen: Vendor

    Read 2024-01-01 to 2026-04-01, all there is; data as of 2026-04-01 05:30 UTC.
    ");
}

#[test]
fn an_answer_at_40_columns_has_lists_instead_of_tables() {
    insta::assert_snapshot!(show(&acme(), 40), @"
    Acme Corporation · revenue: 12.4M USD,
      since 2026-03-02
    because Registry won under
      source_priority v3 (“most trusted
      source with a value”); CRM and Vendor
      lost.

    Candidates
      won: Registry, 12.4M USD; seen
        2026-03-01; confidence 0.95
      lost: CRM, 11.9M USD; lower priority;
        4 months older; less confident
      lost: Vendor, 10M USD

    - Sources disagree: CRM says 11.9M and
      Vendor says 10M; chosen was 12.4M
      (Registry). If one of them is right,
      report this value as wrong.

    History: 4 changes, confirmed 41 times
      ▂▂▂▂▂▂▂▁▁▁▁▁▁▇▇█ 9.8M to 12.4M USD
      2026-03-02: 11.9M → 12.4M USD, another
        source won: Registry; arrived late
      2025-11-03: 9.8M → 11.9M USD, CRM
        reported a new value
      2025-02-10: 10M → 9.8M USD, CRM
        corrected an old record
      2024-01-05: 10M USD, first seen:
        Vendor

    Read 2024-01-01 to 2026-04-01, all there
      is; data as of 2026-04-01 05:30 UTC.
    ");
}

#[test]
fn an_answer_at_120_columns() {
    insta::assert_snapshot!(show(&acme(), 120), @"
    Acme Corporation · revenue: 12.4M USD, since 2026-03-02
    because Registry won under source_priority v3 (“most trusted source with a value”); CRM and Vendor lost.

    Candidates                   seen        confidence
      won   Registry  12.4M USD  2026-03-01  0.95
      lost  CRM       11.9M USD  2025-11-02  0.8         lower priority; 4 months older; less confident
      lost  Vendor    10M USD

    - Sources disagree: CRM says 11.9M and Vendor says 10M; chosen was 12.4M (Registry). If one of them is right, report
      this value as wrong.

    History: 4 changes, confirmed 41 times
      ▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▁▁▁▁▁▁▁▁▁▁▁▁▁▇▇▇▇▇▇██ 9.8M to 12.4M USD, 2024-01-05 to 2026-04-01
      2026-03-02: 11.9M → 12.4M USD, another source won: Registry; arrived late
      2025-11-03: 9.8M → 11.9M USD, CRM reported a new value
      2025-02-10: 10M → 9.8M USD, CRM corrected an old record
      2024-01-05: 10M USD, first seen: Vendor

    Read 2024-01-01 to 2026-04-01, all there is; data as of 2026-04-01 05:30 UTC.
    ");
}

#[test]
fn the_expectation_comes_right_after_the_answer() {
    insta::assert_snapshot!(show(&expecting(), 80), @"
    Acme Corporation · revenue on 2026-03-31: 12.4M USD, at least since 2026-03-02
    because Registry won under source_priority v3 (“most trusted source with a
      value”); CRM and Vendor lost.

    Expected 10M:
    - 10M was the value from 2024-01-05 until 2025-02-10; then the source corrected
      an old record: 9.8M.
    - Vendor says 10M, but was not chosen: ranks 3rd of 3.

    Candidates                   seen        confidence
      won   Registry  12.4M USD  2026-03-01  0.95
      lost  CRM       11.9M USD  2025-11-02  0.8
        lower priority; 4 months older; less confident
      lost  Vendor    10M USD

    ! An earlier value came back 3 times in the 30 days before 2026-03-31. Ask the
      owner of the pipeline which source is right.
    - Sources disagree: CRM says 11.9M and Vendor says 10M; chosen was 12.4M
      (Registry). If one of them is right, report this value as wrong.

    History: 4 changes, confirmed 41 times
      ▂▂▂▂▂▂▂▂▂▂▂▂▁▁▁▁▁▁▁▁▁▇▇▇▇█ 9.8M to 12.4M USD, 2024-01-05 to 2026-03-31
      2026-03-02: 11.9M → 12.4M USD, another source won: Registry; arrived late
      2025-11-03: 9.8M → 11.9M USD, CRM reported a new value
      2025-02-10: 10M → 9.8M USD, CRM corrected an old record
      2024-01-05: 10M USD, first seen: Vendor

    Read 2024-01-01 to 2026-03-31, not the whole past; data as of 2026-04-01 05:30
      UTC.
    ");
}

#[test]
fn an_expectation_that_nobody_shares_says_where_was_looked() {
    let mut answer = by_hand();
    answer.expectation = Some(Expectation {
        expected: "10M".to_owned(),
        hits: vec![],
    });
    insta::assert_snapshot!(show(&answer, 80), @"
    Acme Corporation · revenue: 12.4M USD, since 2026-03-02
    because a person decided: jane.doe (“confirmed with their CFO”).

    Expected 10M: no source said so in what was read (2024-01-01 to 2026-04-01).

    History: 1 change, confirmed 41 times
      2026-03-02: 11.9M → 12.4M USD, a person decided: jane.doe, “confirmed with
        their CFO”

    Read 2024-01-01 to 2026-04-01, all there is; data as of 2026-04-01 05:30 UTC.
    ");
}

#[test]
fn a_value_that_a_person_cleared() {
    insta::assert_snapshot!(show(&cleared(), 80), @"
    Acme Corporation · revenue: no value (cleared by jane.doe), since 2026-03-02
    because a person decided: jane.doe (“not theirs”).

    History: 1 change, confirmed 41 times
      2026-03-02: 11.9M → no value, a person decided: jane.doe, “not theirs”

    Read 2024-01-01 to 2026-04-01, all there is; data as of 2026-04-01 05:30 UTC.
    ");
}

#[test]
fn without_a_single_winner_it_says_so() {
    insta::assert_snapshot!(show(&no_single_winner(), 80), @"
    Acme Corporation · revenue: 12.4M USD, since 2026-03-02
    because the pipeline said so under source_priority v3; Registry and CRM are
      marked as winners, so what decided can't be told.

    Candidates                     seen        confidence
      marked  Registry  12.4M USD  2026-03-01  0.95
      marked  CRM       11.9M USD  2025-11-02  0.8         lower priority

    ! 2 candidates are marked as the winner: 12.4M (Registry) and 11.9M (CRM). What
      decided can't be told: report it to the owner of the pipeline.

    History: 1 change, confirmed 41 times
      2026-03-02: 11.9M → 12.4M USD, cause unknown; arrived late

    Read 2024-01-01 to 2026-04-01, all there is; data as of 2026-04-01 05:30 UTC.
    ");
}

#[test]
fn where_nothing_was_found() {
    insta::assert_snapshot!(show(&not_found(), 80), @"
    Acme Corporation · revenue: no decision found
    No decision about revenue of Acme Corporation (#17) from 2024-01-01 to
      2026-04-01; what came before was not read.
    Add “full history” to the question to read all there is.
    This company has a trace of employees, sector: ask for one of them.
    ");
}

#[test]
fn swaps_between_two_values_are_one_line() {
    insta::assert_snapshot!(show(&sector(), 80), @"
    3M · sector: Industrials, since 2023-04-13
    because Constituents won under source_priority 4f1d09c2…e55 (“Update
      constituents”); Financials agrees.

    Candidates                           seen        confidence
      won     Constituents  Industrials  2026-03-01  0.95
      agrees  Financials    Industrials  2026-03-01  0.95

    History: 9 changes, confirmed 41 times
      2022-01-01 to 2023-04-13: Industrial Conglomerates ⇄ Industrials, swapped 8
        times
      2012-12-27: Industrials, first seen: Registry

    Read 2024-01-01 to 2026-04-01, all there is; data as of 2026-04-01 05:30 UTC.
    ");
}

#[test]
fn verbose_adds_the_receipt_and_all_there_is_to_say_of_candidates() {
    let verbose = Style {
        verbosity: Verbosity::Verbose,
        ..style(80)
    };
    let whole = text::answer(&acme(), &verbose);
    let candidates = whole.find("Candidates").unwrap();
    let warnings = whole.find("\n- Sources").unwrap();
    let receipt = whole.find("Receipt").unwrap();
    let more = [&whole[candidates..warnings], &whole[receipt..]].concat();
    insta::assert_snapshot!(more, @"
    Candidates                   seen        confidence
      won   Registry  12.4M USD  2026-03-01  0.95
      lost  CRM       11.9M USD  2025-11-02  0.8
        lower priority; 4 months older; 0.15 less confident; ranks 2nd of 3 in
        source priority; would win if Registry had no value
      lost  Vendor    10M USD
        ranks 3rd of 3 in source priority; would win if Registry and CRM had no
        value
    Receipt
      engine: direct
      partitions: 27 planned, 5 read
      read: 5 files, 46 rows, 48.2 kB in 11 requests
      time: 0.4 ms planning, 6.2 ms in all
      cost: nothing (read directly)
      decision: d-2026-04-01
      run: run-149
      by: nightly
      rule: source_priority v3
      record: https://registry.example/acme?year=2025&page=1
      answer: 5f0c3a9be1d27a44
    ");
}

#[test]
fn a_receipt_of_athena_says_what_athena_says() {
    let verbose = Style {
        verbosity: Verbosity::Verbose,
        ..style(120)
    };
    let receipt = |answer: &Answer| {
        let whole = text::answer(answer, &verbose);
        let from = whole.find("Receipt").unwrap();
        let to = whole.find("  decision:").unwrap();
        whole[from..to].to_owned()
    };
    insta::assert_snapshot!(receipt(&through_athena()), @"
    Receipt
      engine: athena (up to 1826 partitions, more than 200)
      partitions: 27 planned, 5 read
      read: 46 rows, 12.3 MB scanned by 1 query, 6 requests
      time: 110.0 ms planning, 1043.2 ms in all; Athena's: 60 ms queued, 800 ms engine, 40 ms service
      cost: 0.000065 USD
      query: 0b1f2c3d-q
    ");
    let mut again = through_athena();
    again.read.cost_usd = 0.0;
    again.read.athena.as_mut().unwrap().reused = 1;
    let again = receipt(&again);
    assert!(
        again.contains("1 query, answered by an earlier result"),
        "{again}"
    );
    assert!(
        again.contains("cost: nothing (an earlier result)"),
        "{again}"
    );
}

#[test]
fn failures_say_what_to_type_instead() {
    insta::assert_snapshot!(text::failure(&ambiguous(), &style(60)), @"
    Two companies are called “acme”.
    Choose one of them:
      Acme Corporation (acme.com · #17): why '#17 revenue'
      Acme Holding: why acme holding revenue
    ");
    insta::assert_snapshot!(text::failure(&internal(), &style(60)), @"
    Something went wrong on our side.
    Try again, and give the reference to the operators if it
      happens again.
    Reference: 7f3a91
    ");
}

#[test]
fn a_path_in_a_failure_can_be_copied() {
    let mut failure = internal();
    let path = "lake6a/./attribute_trace/date=2026-11-25/part-20261125T090000-0001.parquet";
    failure.text = format!("{path} holds no column \u{201c}decided_at\u{201d}.");
    failure.advice = format!("Look into {path}.");
    let shown = text::failure(&failure, &style(40));
    assert_eq!(shown.matches(path).count(), 2, "{shown}");
    assert!(
        !shown.lines().any(|l| !l.contains(path) && l.width() > 40),
        "{shown}"
    );
}

#[test]
fn a_long_history_shows_its_newest_and_how_to_see_the_rest() {
    let mut answer = acme();
    answer.changes = (1..=20)
        .rev()
        .map(|n| {
            let when = format!("2026-01-01T{n:02}:00:00Z");
            change(
                &when,
                Some("1"),
                Some(&n.to_string()),
                Cause::NewObservation,
            )
        })
        .collect();
    let few = show(&answer, 80);
    assert_eq!(few.matches("\n  2026-01-01 ").count(), 5, "{few}");
    assert!(few.contains("2026-01-01 20:00: 1 \u{2192} 20 USD"), "{few}");
    assert!(
        few.contains("20 changes, confirmed 41 times; 15 older: add \u{201c}full history\u{201d}"),
        "{few}"
    );
    answer.question.look_back = LookBack::All;
    let all = show(&answer, 80);
    assert_eq!(all.matches("\n  2026-01-01 ").count(), 20, "{all}");
    assert!(!all.contains("\u{2026} and"), "{all}");
}

#[test]
fn many_candidates_are_counted() {
    let mut answer = acme();
    if let Some(current) = &mut answer.current {
        let loser = current.candidates[1].clone();
        current.candidates.extend(vec![loser; 300]);
    }
    assert!(show(&answer, 80).contains("\u{2026} and 295 more; --json has all"));
}

#[test]
fn colour_adds_codes_and_nothing_else() {
    let coloured = Style {
        colour: Colour::On,
        ..style(80)
    };
    for answer in answers() {
        let shown = text::answer(&answer, &coloured);
        assert!(shown.contains("\u{1b}[1;32m"), "the value stands out");
        assert_eq!(without_codes(&shown), show(&answer, 80));
    }
}

/// Without the five styles' codes.
pub(super) fn without_codes(text: &str) -> String {
    ["1", "1;32", "31", "2", "0"]
        .iter()
        .fold(text.to_owned(), |text, code| {
            text.replace(&format!("\u{1b}[{code}m"), "")
        })
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for answer in answers() {
        for width in 20..130 {
            for line in show(&answer, width).lines() {
                assert!(line.width() <= width, "{width}: {line}");
            }
        }
    }
}

#[test]
fn the_chart_steps_with_the_value() {
    let bars = |edit: &dyn Fn(&mut Answer)| {
        let mut answer = acme();
        edit(&mut answer);
        let shown = show(&answer, 80);
        let line = shown
            .lines()
            .find(|l| l.contains(['\u{2581}', '\u{2588}']))
            .map(str::to_owned);
        line.map(|l| l.trim().to_owned())
    };
    insta::assert_snapshot!(bars(&|_| {}).unwrap(), @"▂▂▂▂▂▂▂▂▂▂▂▂▁▁▁▁▁▁▁▁▁▇▇▇▇█ 9.8M to 12.4M USD, 2024-01-05 to 2026-04-01");
    let gap = bars(&|a| {
        let mut gone = change("2025-06-01", Some("9.8M"), None, Cause::Cleared);
        gone.at = at("2025-06-01");
        a.changes.insert(2, gone);
    });
    insta::assert_snapshot!(gap.unwrap(), @"▂▂▂▂▂▂▂▂▂▂▂▂▁▁▁▁·····▇▇▇▇█ 9.8M to 12.4M USD, 2024-01-05 to 2026-04-01");
    let extremes = bars(&|a| {
        a.changes[0].to = Some("1.7e308".to_owned());
        a.changes[1].to = Some("-1.7e308".to_owned());
    });
    insta::assert_snapshot!(extremes.unwrap(), @"▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▁▁▁▁█ -1.7e308 to 1.7e308 USD, 2024-01-05 to 2026-04-01");
    assert_eq!(
        bars(&|a| a.changes.truncate(2)),
        None,
        "two values need no chart"
    );
    assert_eq!(
        bars(&|a| a.question.as_of = at("2024-01-05")),
        None,
        "no time has passed"
    );
}
