//! Wrong catalogs, and the whole message that each of them gives.

use insta::assert_snapshot;

use crate::catalog::Catalog;

mod attributes;
mod lake;

/// What a person reads; `case` is completed so that only its own slips count.
fn refusal(case: &str) -> String {
    let mut text = case.to_owned();
    if !case.contains("first_date") && !case.contains("[layout]") {
        text.push_str("\n[layout]\nfirst_date = 2015-01-01");
    }
    if !case.contains("attributes") {
        text.push_str("\n[attributes.revenue]");
    }
    match Catalog::parse(&text, "why.toml") {
        Ok(_) => panic!("nothing is wrong with\n{text}"),
        Err(errors) => errors.to_string(),
    }
}

/// Each case and its message.
fn refusals(cases: &[&str]) -> String {
    let told: Vec<String> = cases
        .iter()
        .map(|case| format!("{}\n{}", case.replace('\n', "↵"), refusal(case)))
        .collect();
    told.join("\n\n")
}

#[test]
fn unknown_sections_say_what_was_meant() {
    assert_snapshot!(refusals(&[
        "[atributes.revenue]\nkind = \"money\"\n[layout]\nfirst_date = 2015-01-01",
        "[source.crm]",
        "[slack]",
        "buckets = 16",
    ]), @r#"
    [atributes.revenue]↵kind = "money"↵[layout]↵first_date = 2015-01-01
    why.toml:1:2: the catalog has no key `atributes`
        Did you mean `attributes`?
    1 error in why.toml

    [source.crm]
    why.toml:1:2: the catalog has no key `source`
        Did you mean `sources`?
    1 error in why.toml

    [slack]
    why.toml:1:2: the catalog has no key `slack`
        Known keys: lake, layout, columns, attributes, sources, rules, thresholds, cost.
    1 error in why.toml

    buckets = 16
    why.toml:1:1: the catalog has no key `buckets`
        Move it to [layout].
    1 error in why.toml
    "#);
}

#[test]
fn broken_toml_says_what_to_write() {
    assert_snapshot!(refusals(&[
        "[lake]\nlocation = here",
        "[lake]\nlocation = \"here",
        "[lake]\nlocation",
        "[lake\nlocation = \".\"",
        "[lake]\nlocation = \".\"\nlocation = \"here\"",
        "[lake]\n[lake]",
        "[layout]\nfirst_date = 2015-02-30",
        "[layout]\nfirst_date = 01/02/2015",
        "[attributes.chiffre d'affaires]",
    ]), @r#"
    [lake]↵location = here
    why.toml:2:12: not TOML: string values must be quoted, expected literal string
        Put text between double quotes: key = "text".
    1 error in why.toml

    [lake]↵location = "here
    why.toml:2:17: not TOML: invalid basic string, expected `"`
        Put text between double quotes: key = "text".
    1 error in why.toml

    [lake]↵location
    why.toml:2:9: not TOML: key with no value, expected `=`
        Write `key = value` lines under [section] headers; text stands in double quotes.
    1 error in why.toml

    [lake↵location = "."
    why.toml:1:6: not TOML: unclosed table, expected `]`
        Close the header with ]; a name with spaces or signs stands in quotes: [attributes."head office"].
    1 error in why.toml

    [lake]↵location = "."↵location = "here"
    why.toml:3:1: not TOML: duplicate key
        Keep one of the two.
    1 error in why.toml

    [lake]↵[lake]
    why.toml:2:2: not TOML: duplicate key
        Keep one of the two.
    1 error in why.toml

    [layout]↵first_date = 2015-02-30
    why.toml:2:14: not TOML: invalid date, expected day between 01 and 28
        Write a date as year-month-day, such as 2015-01-01.
    1 error in why.toml

    [layout]↵first_date = 01/02/2015
    why.toml:2:14: not TOML: string values must be quoted, expected literal string
        Put text between double quotes: key = "text".
    1 error in why.toml

    [attributes.chiffre d'affaires]
    why.toml:1:20: not TOML: unclosed table, expected `]`
        Close the header with ]; a name with spaces or signs stands in quotes: [attributes."head office"].
    1 error in why.toml
    "#);
}

#[test]
fn every_error_of_a_file_is_told_at_once_in_its_order() {
    assert_snapshot!(refusal(
        "# Ours.
[lake]
location = \"s3a://acme/lake\"
fromat = \"hudi\"

[layout]
buckets = 20000
step = \"weekly\"
first_date = 2015

[attributes.revenue]
kind = \"mony\"
aliases = [\"sales\", 5]

[attributes.turnover]
aliases = [\"sales\"]

[rules.best]
kind = \"source_priority\"
order = [\"crm\"]
"
    ), @r#"
    why.toml:3:12: `location` in [lake] can't be "s3a://acme/lake"
        Athena silently reads nothing through s3a://; write s3://acme/lake
    why.toml:4:1: [lake] has no key `fromat`
        Did you mean `format`?
    why.toml:7:11: `buckets` in [layout] can't be 20000
        Write a whole number from 1 to 10000, without quotes.
    why.toml:8:8: `step` in [layout] can't be "weekly"
        Write "day" or "month".
    why.toml:9:14: `first_date` in [layout] can't be 2015
        Write the day of the oldest decision as year-month-day, such as 2015-01-01.
    why.toml:12:8: `kind` in [attributes.revenue] can't be "mony"
        Did you mean "money"? It can be "text", "enum", "number", "money", "percent", "date", "year" or "url".
    why.toml:13:21: `aliases` in [attributes.revenue] can't be 5
        Write a word that people type for it.
    why.toml:16:12: "sales" means both revenue and turnover
        A name, label or alias belongs to one attribute (case and _ do not count): change one.
    why.toml:20:10: there is no source "crm"
        Declare it: [sources.crm].
    9 errors in why.toml
    "#);
}

#[test]
fn broken_syntax_does_not_hide_what_else_is_wrong() {
    assert_snapshot!(refusal(
        "[lake]
location = s3://acme/lake
format = \"hudy\"

[attributes.revenue]
kind = \"monye\"
"
    ), @r#"
    why.toml:2:12: not TOML: string values must be quoted, expected literal string
        Put text between double quotes: key = "text".
    why.toml:3:10: `format` in [lake] can't be "hudy"
        Did you mean "hudi"? It can be "parquet" or "hudi".
    why.toml:6:8: `kind` in [attributes.revenue] can't be "monye"
        Did you mean "money"? It can be "text", "enum", "number", "money", "percent", "date", "year" or "url".
    3 errors in why.toml
    "#);
}

#[test]
fn a_column_counts_characters_not_bytes() {
    assert_snapshot!(refusal("[attributes.\"größe\"]\nlabel = \"größe\"; kind = 5"), @r"
    why.toml:2:16: not TOML: unexpected key or value, expected newline, `#`
        Write `key = value` lines under [section] headers; text stands in double quotes.
    1 error in why.toml
    ");
}

#[test]
fn a_failure_says_how_to_go_on() {
    let errors = Catalog::parse("[attributes.revenue]", "why.toml").unwrap_err();
    assert_snapshot!(errors.failure(), @r"
    why.toml:1:1: [layout] has no `first_date`
        Add the day of the oldest decision, such as first_date = 2015-01-01: what is older is never read.
    1 error in why.toml
    Mend these lines, then run `why catalog check`.
    ");
}
