//! Phrases one by one: cleaning, times, and the lines that are rare.

use super::super::sample::*;
use crate::answer::{Answer, Cause, Current, Status};
use crate::render::words::{
    self,
    clean::{clean, clean_name},
};

#[test]
fn what_acts_becomes_visible() {
    let rows = [
        ("Acme", "Acme"),
        ("", ""),
        ("a\nb\tc\r", "a\\nb\\tc\\r"),
        ("\u{1b}[31mred", "\\u{1b}[31mred"),
        ("\u{9b}31m", "\\u{9b}31m"),
        ("abc\u{202e}cba", "abc\\u{202e}cba"),
        ("\u{2066}x\u{2069}", "\\u{2066}x\\u{2069}"),
        ("a\u{200b}b", "a\\u{200b}b"),
        ("a\u{2028}b", "a\\u{2028}b"),
        ("\u{feff}", "\\u{feff}"),
        ("\u{200d}", "\\u{200d}"),
        ("\u{301}", "\\u{301}"),
        ("   ", "(blank)"),
        // Joiners within words and emoji stay.
        ("\u{1f468}\u{200d}\u{1f469}", "\u{1f468}\u{200d}\u{1f469}"),
        (
            "\u{5e9}\u{5dc}\u{5d5}\u{5dd}",
            "\u{5e9}\u{5dc}\u{5d5}\u{5dd}",
        ),
    ];
    for (text, shown) in rows {
        assert_eq!(clean(text, 40), shown, "{text:?}");
    }
}

#[test]
fn what_is_too_long_loses_its_middle() {
    let rows = [
        ("Industrial Conglomerates", 24, "Industrial Conglomerates"),
        ("Industrial Conglomerates", 12, "Industri\u{2026}tes"),
        ("one two three four", 10, "one tw\u{2026}our"),
        (
            "\u{4e2d}\u{6587}\u{4e2d}\u{6587}\u{4e2d}\u{6587}",
            8,
            "\u{4e2d}\u{6587}\u{2026}\u{6587}",
        ),
    ];
    for (text, columns, shown) in rows {
        assert_eq!(clean(text, columns), shown);
    }
    let heaped = format!("a{}", "\u{301}".repeat(5_000));
    assert!(clean(&heaped, 40).chars().count() <= 160);
}

#[test]
fn times_tell_apart_what_fell_on_one_day() {
    let shown = |times: &[&str]| {
        let times: Vec<_> = times.iter().map(|t| at(t)).collect();
        words::tell_apart(&times).join(", ")
    };
    let rows: [(&[&str], &str); 4] = [
        (&["2026-03-02", "2026-03-03"], "2026-03-02, 2026-03-03"),
        (
            &["2026-03-02T06:00:00Z", "2026-03-02T07:00:00Z", "2026-03-03"],
            "2026-03-02 06:00, 2026-03-02 07:00, 2026-03-03",
        ),
        (
            &["2026-03-02T06:00:01Z", "2026-03-02T06:00:02Z"],
            "2026-03-02 06:00:01, 2026-03-02 06:00:02",
        ),
        (
            &["2026-03-02T06:00:01.001Z", "2026-03-02T06:00:01.002Z"],
            "2026-03-02 06:00:01.001, 2026-03-02 06:00:01.002",
        ),
    ];
    for (times, expected) in rows {
        assert_eq!(shown(times), expected);
    }
}

#[test]
fn line_one_says_when_it_was_asked_about_only_where_that_was_said() {
    let rows = [
        ("2026-04-01T09:30:00.123456Z", ""),
        ("2025-03-01T23:59:59.999Z", " on 2025-03-01"),
        ("2025-03-01T12:00:00Z", " at 2025-03-01 12:00 UTC"),
    ];
    for (as_of, said) in rows {
        let mut answer = acme();
        answer.question.as_of = at(as_of);
        let subject = format!("Acme Corporation \u{b7} revenue{said}");
        assert_eq!(words::headline(&answer).subject, subject);
    }
}

fn because(edit: impl FnOnce(&mut Answer)) -> String {
    let mut answer = acme();
    edit(&mut answer);
    words::because(&answer).unwrap()
}

#[test]
fn line_two_says_why_and_never_guesses() {
    let mut said = vec![because(|_| {})];
    said.push(because(|a| {
        let current = a.current.as_mut().unwrap();
        current.candidates.truncate(1);
        current.rule = None;
        current.reason = None;
    }));
    said.push(because(|a| {
        let candidates = &mut a.current.as_mut().unwrap().candidates;
        candidates[1].status = Status::Agrees;
        candidates[2].status = Status::NoValue;
        candidates.extend([
            candidate("ERP", Some("1"), Status::Lost),
            candidate("Web", Some("1"), Status::Lost),
            candidate("Fax", Some("1"), Status::Lost),
            candidate("Fax", Some("2"), Status::Lost),
            candidate("Rumour", Some("1"), Status::Lost),
        ]);
    }));
    said.push(because(|a| {
        let candidates = &mut a.current.as_mut().unwrap().candidates;
        candidates
            .iter_mut()
            .for_each(|c| c.status = Status::Undecided);
        candidates
            .iter_mut()
            .for_each(|c| c.candidate.selected = false);
    }));
    said.push(because(|a| a.current.as_mut().unwrap().candidates.clear()));
    said.push(because(|a| a.current.as_mut().unwrap().value = None));
    said.push(because(|a| {
        let current = a.current.as_mut().unwrap();
        current.value = None;
        current
            .candidates
            .iter_mut()
            .for_each(|c| c.candidate.value = None);
    }));
    said.push(because(|a| {
        let current = a.current.as_mut().unwrap();
        current.is_override = true;
        current.actor = None;
        current.reason = None;
    }));
    insta::assert_snapshot!(said.join("\n"), @"
    because Registry won under source_priority v3 (“most trusted source with a value”); CRM and Vendor lost.
    because Registry won; it is the only candidate.
    because Registry won under source_priority v3 (“most trusted source with a value”); ERP, Web and 2 more lost.
    because the pipeline said so under source_priority v3 (“most trusted source with a value”); no candidate is marked as the winner, so what decided can't be told.
    because the pipeline said so under source_priority v3 (“most trusted source with a value”); no candidate was recorded, so which source it came from is not known.
    because the pipeline cleared it under source_priority v3 (“most trusted source with a value”).
    because no source had a value under source_priority v3 (“most trusted source with a value”).
    because a person decided.
    ");
}

/// What is said of each candidate: in a few words, and in all.
fn told(edit: impl FnOnce(&mut Current)) -> Vec<String> {
    let mut answer = acme();
    edit(answer.current.as_mut().unwrap());
    let current = answer.current.as_ref().unwrap();
    let candidates = current.candidates.iter();
    let words = candidates.map(|explained| words::candidate(&answer, current, explained));
    words
        .map(|c| format!("{}: {} | {}", c.outcome, c.brief, c.why))
        .collect()
}

#[test]
fn a_long_name_loses_its_end_and_a_sentence_its_second_full_stop() {
    assert_eq!(
        clean_name("Acme Spedition und Logistik", 15),
        "Acme Spedition\u{2026}"
    );
    assert_eq!(clean_name("Acme", 4), "Acme");
    let sentence = "There is no attribute for Apple Inc..";
    assert_eq!(
        words::sentences(sentence),
        ["There is no attribute for Apple Inc."]
    );
    assert_eq!(words::sentences("and so on..."), ["and so on..."]);
}

#[test]
fn nothing_is_said_twice_of_a_candidate() {
    let mut said = told(|current| {
        let [_, crm, vendor] = current.candidates.as_mut_slice() else {
            panic!("three candidates");
        };
        crm.candidate.reason = Some("less confident".to_owned());
        crm.rule_says = Some("confidence 0.8, 0.15 below the winner".to_owned());
        crm.would_win_if = None;
        vendor.status = Status::NoValue;
        vendor.candidate.reason = Some("No value".to_owned());
        vendor.rule_says = Some("ranks 3rd of 3 in source priority, but has no value".to_owned());
        vendor.would_win_if = None;
    });
    said.extend(told(|current| {
        for lost in &mut current.candidates {
            lost.candidate.reason = Some("further down".to_owned());
        }
    }));
    said.extend(told(|current| {
        current.is_override = true;
        for candidate in &mut current.candidates {
            candidate.status = Status::Undecided;
            candidate.candidate.selected = false;
        }
    }));
    insta::assert_snapshot!(said.join("\n"), @"
    won:  | 
    lost: 4 months older; less confident | 4 months older; confidence 0.8, 0.15 below the winner
    no value:  | ranks 3rd of 3 in source priority, but has no value
    won:  | 
    lost: 4 months older; less confident | 4 months older; 0.15 less confident; ranks 2nd of 3 in source priority; would win if Registry had no value
    lost:  | ranks 3rd of 3 in source priority; would win if Registry and CRM had no value
    set aside:  | 
    set aside: lower priority | lower priority; 4 months older; 0.15 less confident; ranks 2nd of 3 in source priority; would win if Registry had no value
    set aside:  | ranks 3rd of 3 in source priority; would win if Registry and CRM had no value
    ");
}

#[test]
fn a_reason_that_all_losers_share_is_in_line_two() {
    let said = because(|answer| {
        for candidate in &mut answer.current.as_mut().unwrap().candidates {
            candidate.candidate.reason = Some("by the order".to_owned());
        }
    });
    insta::assert_snapshot!(said, @"because Registry won under source_priority v3 (“by the order”, “most trusted source with a value”); CRM and Vendor lost (“by the order”).");
}

#[test]
fn a_value_that_went_says_who_cleared_it() {
    let value = |edit: &dyn Fn(&mut Answer)| {
        let mut answer = cleared();
        edit(&mut answer);
        words::headline(&answer).value
    };
    assert_eq!(value(&|_| {}), "no value (cleared by jane.doe)");
    assert_eq!(value(&|a| a.changes[0].actor = None), "no value (cleared)");
    assert_eq!(
        value(&|a| a.changes[0].cause = Cause::FirstSeen),
        "no value"
    );
    assert_eq!(value(&|a| a.changes.clear()), "no value");
}

#[test]
fn every_cause_reads_well_in_a_line() {
    let mut answer = acme();
    answer.changes = Cause::ALL
        .into_iter()
        .enumerate()
        .map(|(n, cause)| {
            let when = format!("2026-01-{:02}", 31 - n);
            let from = Some(format!("{n}"));
            let to = (cause != Cause::Cleared).then(|| format!("{}", n + 1));
            change(&when, from.as_deref(), to.as_deref(), cause)
        })
        .collect();
    let history = words::history(&answer, usize::MAX);
    let lines: Vec<String> = history
        .events
        .iter()
        .map(|event| format!("{}: {}, {}", event.when, event.what, event.why))
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @"
    2026-01-31: 1 USD, first seen: Registry
    2026-01-30: 1 → 2 USD, what came before was not read; Registry won
    2026-01-29: 3 USD, same value, decided differently; Registry won
    2026-01-28: 3 → 4 USD, a person decided: nightly
    2026-01-27: 4 → no value, value cleared: nightly
    2026-01-26: 5 → 6 USD, a person's decision was lifted; Registry won
    2026-01-25: 6 → 7 USD, written differently, same value; Registry won
    2026-01-24: 7 → 8 USD, the rule changed: source_priority v3
    2026-01-23: 8 → 9 USD, a value appeared: Registry
    2026-01-22: 9 → 10 USD, the source took its value back; Registry won
    2026-01-21: 10 → 11 USD, the source's record got another id: Registry
    2026-01-20: 11 → 12 USD, another source won: Registry
    2026-01-19: 12 → 13 USD, Registry corrected an old record
    2026-01-18: 13 → 14 USD, Registry reported a new value
    2026-01-17: 14 → 15 USD, cause unknown; Registry won
    ");
}

#[test]
fn what_is_left_out_of_a_history_is_counted_in_changes() {
    let history = |most| {
        let history = words::history(&sector(), most);
        (history.events.len(), history.older)
    };
    assert_eq!(history(usize::MAX), (2, 0));
    assert_eq!(history(1), (1, 1));
    assert_eq!(history(0), (0, 9));
    let mut kept = words::history(&sector(), 2);
    kept.keep(1);
    assert_eq!((kept.events.len(), kept.older), (1, 1));
    kept.keep(0);
    assert_eq!(kept.older, 9);
}

#[test]
fn nothing_found_says_what_there_is_instead() {
    let said = |outside, complete, others: &[&str]| {
        let mut answer = not_found();
        answer.read.complete = complete;
        let nothing = answer.nothing.as_mut().unwrap();
        nothing.outside_range = outside;
        nothing.other_attributes = others.iter().map(|o| (*o).to_owned()).collect();
        words::nothing(&answer).join(" ")
    };
    let many: Vec<String> = (0..15).map(|n| format!("a{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let all = [
        said(true, true, &[]),
        said(false, false, &["sector"]),
        said(false, true, &many),
    ];
    insta::assert_snapshot!(all.join("\n"), @"
    No decision about revenue of Acme Corporation (#17) by 2026-04-01. The lake begins on 2024-01-01: ask about that day or a later one.
    No decision about revenue of Acme Corporation (#17) from 2024-01-01 to 2026-04-01; what came before was not read. Add “full history” to the question to read all there is. This company has a trace of sector: ask for that.
    No decision about revenue of Acme Corporation (#17) by 2026-04-01; the lake begins on 2024-01-01. This company has a trace of a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11 and 3 more: ask for one of them.
    ");
}
