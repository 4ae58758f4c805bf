//! What changed: whose, since when; and names that say so without asking.

use super::*;

/// `acme; from 2026-03-16`: whose changes first of all, and from when without `since`.
fn changes(typed: &str) -> String {
    let parsed = parse(typed, &CATALOG, now()).unwrap();
    let company = |company: &Option<EntityRef>| match company {
        Some(EntityRef::Id(id)) => format!("#{id}"),
        Some(EntityRef::Name(name)) => name.clone(),
        None => "?".to_owned(),
    };
    let mut line = parsed.changes.first().map(company).unwrap_or_default();
    if let Some(from) = parsed.from {
        line.push_str(&format!("; from {from}"));
    }
    if parsed.look_back != LookBack::Auto {
        line.push_str(&format!("; {}", parsed.look_back));
    }
    line
}

#[test]
fn what_changed_is_asked_in_many_ways() {
    let rows = [
        ("acme changes", "acme"),
        ("acme's changes", "acme"),
        ("changes for acme", "acme"),
        ("recent changes at acme", "acme"),
        ("#17 changes", "#17"),
        ("what changed for acme", "acme"),
        ("What has changed at acme lately?", "acme"),
        ("has anything changed at acme?", "acme"),
        ("what's new at acme this week", "acme; from 2026-03-16"),
        ("what is new at acme", "acme"),
        ("acme changes yesterday", "acme; from 2026-03-16"),
        ("acme changes since yesterday", "acme; since 2026-03-16"),
        (
            "what changed for acme since 2025-11-01",
            "acme; since 2025-11-01",
        ),
        ("acme changes in the last 30 days", "acme; 30d"),
        ("acme changes as of 2025-03-01", "acme"),
        ("what changed?", "?"),
        ("changes since yesterday", "?; since 2026-03-16"),
        ("acme", ""),
        ("acme revenue", ""),
        ("New Relic", ""),
        ("\"sea changes\"", ""),
    ];
    let wrong: Vec<String> = rows
        .iter()
        .map(|(typed, expected)| (typed, expected, changes(typed)))
        .filter(|(_, expected, got)| got != *expected)
        .map(|(typed, expected, got)| format!("{typed}: wanted {expected}, got {got}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_name_that_says_changes_is_read_as_a_name_too() {
    check(&[
        ("Sea Changes Ltd", "-/Sea Changes Ltd"),
        (
            "Sea Changes Ltd revenue",
            "revenue/Sea Changes Ltd | -/Sea Changes Ltd revenue | revenue/Sea Ltd",
        ),
    ]);
    assert_eq!(changes("Sea Changes Ltd"), "Sea Ltd");
    assert_eq!(changes("Sea Changes Ltd changes"), "Sea Changes Ltd");
}

#[test]
fn changes_of_one_attribute_are_a_question_about_it() {
    let parsed = parse("acme revenue changes", &CATALOG, now()).unwrap();
    let reading = Reading {
        attribute: Some("revenue".to_owned()),
        entity: Some(EntityRef::Name("acme".to_owned())),
    };
    assert!(parsed.readings.contains(&reading), "{parsed:?}");
}

#[test]
fn words_that_only_make_a_sentence_leave_the_company_to_the_thread() {
    for typed in [
        "headquarters?",
        "and headquarters",
        "And the headquarters?",
        "what about headquarters",
        "their headquarters",
    ] {
        let parsed = parse(typed, &CATALOG, now()).unwrap();
        let first = parsed.readings.first().unwrap();
        assert_eq!(first.attribute.as_deref(), Some("headquarters"), "{typed}");
        assert_eq!(first.entity, None, "{typed}");
    }
    let named = parse("IT headquarters", &CATALOG, now()).unwrap();
    assert!(named.readings.first().unwrap().entity.is_some());
}
