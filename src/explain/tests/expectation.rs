//! For every kind of hit: where it is found, and the nearest case where it is not.

use super::{Asked, D, ask, crm, d};

/// `kind (source): sentence`, in order.
fn said(asked: &Asked) -> String {
    let expectation = asked.answer().expectation.unwrap();
    let line = |hit: &crate::answer::Hit| {
        format!(
            "{} ({}): {}",
            hit.kind.as_str(),
            hit.source.as_deref().unwrap_or("-"),
            hit.text
        )
    };
    expectation
        .hits
        .iter()
        .map(line)
        .collect::<Vec<_>>()
        .join("\n")
}

fn kinds(attribute: &str, decisions: &[D], expected: &str) -> Vec<&'static str> {
    let answer = ask(attribute, decisions).expecting(expected).answer();
    answer
        .expectation
        .unwrap()
        .hits
        .iter()
        .map(|hit| hit.kind.as_str())
        .collect()
}

#[test]
fn without_an_expectation_there_is_none() {
    assert_eq!(
        ask("revenue", &[crm("2024-01-01", "12M")])
            .answer()
            .expectation,
        None
    );
}

#[test]
fn without_a_hit_or_a_decision_there_are_no_hits() {
    assert_eq!(
        kinds("revenue", &[crm("2024-01-01", "12M")], "77M"),
        [""; 0]
    );
    assert_eq!(kinds("revenue", &[d("2024-01-01")], "77M"), [""; 0]);
    assert_eq!(kinds("revenue", &[], "77M"), [""; 0]);
}

#[test]
fn it_is_the_value() {
    let decisions = [
        crm("2024-01-01", "12M"),
        crm("2024-02-01", "13M"),
        crm("2024-03-01", "12,000,000"),
    ];
    let asked = ask("revenue", &decisions).expecting("$ 12m");
    insta::assert_snapshot!(said(&asked), @"is (crm): $ 12m is the value since 2024-03-01.");
    let bounded = ask("revenue", &[crm("2024-01-01", "12M").after("12M")])
        .bounded()
        .expecting("12M");
    insta::assert_snapshot!(said(&bounded), @"is (crm): 12M is the value, at least since 2024-01-01.");
}

#[test]
fn it_was_the_value() {
    let decisions = [
        crm("2023-03-07", "Industrial Conglomerates"),
        d("2023-04-13")
            .value("Industrials")
            .by("vendor", "v1", "Industrials")
            .against("crm", "r1", "x"),
        d("2023-05-01")
            .value("industrial conglomerates")
            .by("vendor", "v1", "x"),
        crm("2023-06-01", "Industrials"),
    ];
    insta::assert_snapshot!(said(&ask("sector", &decisions).expecting("Industrial Conglomerates")), @"
    was (vendor): “Industrial Conglomerates” was the value from 2023-05-01 until 2023-06-01; then the source took its value back: “Industrials”.
    was (crm): “Industrial Conglomerates” was the value from 2023-03-07 until 2023-04-13; then another source won: “Industrials”.
    ");
    // Of one source only the newest run.
    let runs = ["1", "2", "1", "2", "1", "3"].map(|v| v.to_owned());
    let runs: Vec<D> = (1..)
        .zip(&runs)
        .map(|(day, v)| crm(&format!("2024-01-{day:02}"), v))
        .collect();
    let answer = ask("headcount", &runs).expecting("1").answer();
    let hits = answer.expectation.unwrap().hits;
    assert_eq!(hits.len(), 1);
    assert_eq!(hits[0].at, Some(super::at("2024-01-05")));
    assert_eq!(hits[0].until, Some(super::at("2024-01-06")));
}

#[test]
fn it_was_the_value_before_what_was_read() {
    let asked = ask("revenue", &[crm("2024-01-01", "12M").after("7M")])
        .bounded()
        .expecting("7M");
    insta::assert_snapshot!(said(&asked), @"was (-): 7M was the value until 2024-01-01; then 12M.");
    assert_eq!(
        kinds("revenue", &[crm("2024-01-01", "12M").after("8M")], "7M"),
        [""; 0]
    );
}

#[test]
fn a_candidate_says_it() {
    let lost = || crm("2024-01-01", "12M").against("vendor", "v1", "7,000,000");
    let said_by = |d: D| said(&ask("revenue", &[d]).expecting("7M"));
    insta::assert_snapshot!(said_by(lost()), @"candidate (vendor): data vendor says 7,000,000, but was not chosen: no reason is recorded.");
    insta::assert_snapshot!(said_by(lost().with(|c| c.reason = Some("less trusted".to_owned()))), @"candidate (vendor): data vendor says 7,000,000, but was not chosen: less trusted.");
    insta::assert_snapshot!(said_by(lost().rule("priority", "1")), @"candidate (vendor): data vendor says 7,000,000, but was not chosen: ranks 3rd of 3 in source priority.");
    assert_eq!(kinds("revenue", &[lost()], "8M"), [""; 0]);
    // One that agrees with the value has not lost.
    let agrees = crm("2024-01-01", "12M").against("vendor", "v1", "12M");
    assert_eq!(kinds("revenue", &[agrees], "12M"), ["is"]);
    // Where nobody won, those that say something else than the value count.
    let undecided = d("2024-01-01")
        .value("12M")
        .against("a", "1", "12M")
        .against("b", "1", "7M");
    assert_eq!(
        kinds("revenue", std::slice::from_ref(&undecided), "7M"),
        ["candidate"]
    );
    assert_eq!(kinds("revenue", &[undecided], "12M"), ["is"]);
}

#[test]
fn an_older_candidate_said_it() {
    let old = |value: &str| crm("2024-01-01", value).against("vendor", "v1", "7M");
    let now = || crm("2024-02-01", "13M");
    insta::assert_snapshot!(said(&ask("revenue", &[old("12M"), now()]).expecting("7M")), @"older_candidate (vendor): data vendor said 7M (seen 2024-01-01), but 12M was chosen on 2024-01-01.");
    assert_eq!(kinds("revenue", &[old("12M"), now()], "8M"), [""; 0]);
    // The source's own words, the decision's own day; a day it was seen only where there is one.
    let told = |c: D| said(&ask("revenue", &[c, now()]).expecting("€7M"));
    insta::assert_snapshot!(told(old("12M").observed("2023-12-24")), @"older_candidate (vendor): data vendor said 7M (seen 2023-12-24), but 12M was chosen on 2024-01-01.");
    insta::assert_snapshot!(told(old("12M").never_observed()), @"older_candidate (vendor): data vendor said 7M, but 12M was chosen on 2024-01-01.");
    // Chosen then, by value: it was the value.
    assert_eq!(kinds("revenue", &[old("7M"), now()], "7M"), ["was"]);
    // Of one source the newest.
    let newest = [
        old("12M"),
        crm("2024-01-05", "12.5M").against("vendor", "v1", "7M"),
        now(),
    ];
    let hits = ask("revenue", &newest)
        .expecting("7M")
        .answer()
        .expectation
        .unwrap()
        .hits;
    assert_eq!(
        hits.iter().map(|hit| hit.at).collect::<Vec<_>>(),
        [Some(super::at("2024-01-05"))]
    );
    insta::assert_snapshot!(hits[0].text, @"data vendor said 7M (seen 2024-01-05), but 12.5M was chosen on 2024-01-05.");
}

#[test]
fn it_is_said_in_other_units() {
    let decisions = [
        crm("2024-01-01", "12").against("vendor", "v1", "63802"),
        crm("2024-02-01", "63.802").against("filings", "f1", "63802"),
    ];
    insta::assert_snapshot!(said(&ask("revenue", &decisions).expecting("63.802M")), @"
    units (crm): 63.802M is 63.802 times 1,000,000, and that is the value.
    units (filings): 63.802M is 63802 times 1,000, and filings said that on 2024-02-01.
    units (vendor): 63.802M is 63802 times 1,000, and data vendor said that on 2024-01-01.
    ");
    insta::assert_snapshot!(said(&ask("revenue", &decisions).expecting("1200")), @"units (crm): 1200 is 12 times 100, and that was the value on 2024-01-01.");
    insta::assert_snapshot!(said(&ask("revenue", &[crm("2024-01-01", "63.802B")]).expecting("63.802")), @"units (crm): 63.802 is 63.802B divided by 1,000,000,000, and that is the value.");
    // Where the value is what was expected, other units add nothing.
    let agreed = crm("2024-01-01", "63.802M").against("vendor", "v1", "63802");
    assert_eq!(kinds("revenue", &[agreed], "63.802M"), ["is"]);
    let now = || [crm("2024-01-01", "63.802")];
    assert_eq!(kinds("revenue", &now(), "6380.2"), ["units"]);
    assert_eq!(kinds("revenue", &now(), "6380.3"), [""; 0]);
    assert_eq!(kinds("revenue", &now(), "638.02"), [""; 0]);
    assert_eq!(kinds("revenue", &now(), "638020"), [""; 0]);
    assert_eq!(kinds("revenue", &now(), "-6380.2"), [""; 0]);
    assert_eq!(kinds("revenue", &[crm("2024-01-01", "0")], "0"), ["is"]);
    assert_eq!(
        kinds("legal_name", &[crm("2024-01-01", "12")], "1200"),
        [""; 0]
    );
}

#[test]
fn it_is_close_to_the_value() {
    insta::assert_snapshot!(said(&ask("revenue", &[crm("2024-01-01", "10M")]).expecting("10.2M")), @"close (crm): 10.2M is close: the value 10M differs by 2.0 %.");
    insta::assert_snapshot!(said(&ask("sector", &[crm("2024-01-01", "Industrial Goods")]).expecting("industrial")), @"close (crm): “industrial” is close: the value “Industrial Goods” contains it.");
    insta::assert_snapshot!(said(&ask("sector", &[crm("2024-01-01", "Industrials")]).expecting("Industrial")), @"close (crm): “Industrial” is close: the value “Industrials” contains it.");
    insta::assert_snapshot!(said(&ask("sector", &[crm("2024-01-01", "Industrials")]).expecting("Indutsrials")), @"close (crm): “Indutsrials” is close: the value “Industrials” differs by one letter.");
    let rows: &[(&str, &str, &str, bool)] = &[
        ("revenue", "100", "105", true),
        ("revenue", "100", "95", true),
        ("revenue", "2", "2.1", true),
        ("revenue", "100", "105.1", false),
        ("revenue", "100", "94.9", false),
        ("revenue", "-100", "-104", true),
        ("revenue", "0", "0.001", false),
        ("revenue", "100", "about 100", false),
        ("headcount", "100", "119", true),
        ("sector", "Energy", "ner", true),
        ("sector", "Energy", "er", false),
        ("sector", "Energy", "Enemy", false),
        ("sector", "Energy", "Synergy", false),
        ("sector", "A", "B", false),
        ("sector", "Energy", "Energy and gas", false),
        ("website", "acme.com/about", "https://acme.com", true),
        ("founded", "1999", "1998", false),
        ("listed", "2024-01-02", "2024-01-03", false),
    ];
    for (attribute, value, expected, close) in rows {
        let kinds = kinds(attribute, &[crm("2024-01-01", value)], expected);
        assert_eq!(
            kinds == ["close"],
            *close,
            "{value} against {expected}: {kinds:?}"
        );
    }
}

#[test]
fn hits_come_by_kind_and_at_most_five_of_each() {
    let sources = ["a", "b", "c", "d", "e", "f", "g"];
    let crowd = |day: &str, value: &str| {
        sources
            .iter()
            .fold(crm(day, value), |d, source| d.against(source, "1", "7M"))
    };
    let decisions = [
        crm("2024-01-01", "7M"),
        crowd("2024-02-01", "70k"),
        crowd("2024-03-01", "7.1M").against("h", "1", "7B"),
    ];
    let expected = [
        &["was"][..],
        &["candidate"; 5],
        &["older_candidate"; 5],
        &["units"; 2],
        &["close"],
    ];
    assert_eq!(kinds("revenue", &decisions, "7M"), expected.concat());
}
