//! What real-looking messages are about, in the directory and the catalog of acme.

use super::found::found;
use super::words::words;
use crate::ask::Names;
use crate::catalog::Catalog;
use crate::directory::{self, Directory, Entity};

fn acme() -> Directory {
    directory(include_str!("../../../data/acme/entities.jsonl"))
}

/// Companies whose names and tickers are everyday words.
fn sp500() -> Directory {
    directory(
        r#"{"entity_id": 1, "name": "Target Corporation", "domain": "target.com", "aliases": ["TGT"], "parent_id": null, "rank": 9}
{"entity_id": 2, "name": "Gartner", "domain": "gartner.com", "aliases": ["IT"], "parent_id": null, "rank": 8}
{"entity_id": 3, "name": "Alexandria Real Estate Equities", "domain": "are.com", "aliases": ["ARE"], "parent_id": null, "rank": 7}
{"entity_id": 4, "name": "Apple Inc.", "domain": "apple.com", "aliases": ["AAPL"], "parent_id": null, "rank": 20}
{"entity_id": 5, "name": "Agilent Technologies", "domain": "agilent.com", "aliases": ["A"], "parent_id": null, "rank": 6}
{"entity_id": 6, "name": "Bank of America", "domain": "bankofamerica.com", "aliases": ["BAC"], "parent_id": null, "rank": 19}
{"entity_id": 7, "name": "Alphabet Inc.", "domain": "google.com", "aliases": ["GOOGL"], "parent_id": null, "rank": 21}"#,
    )
}

fn directory(lines: &str) -> Directory {
    let entities = lines
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| {
            let row: serde_json::Value = serde_json::from_str(line).unwrap();
            let text = |field: &str| row[field].as_str().map(str::to_owned);
            Entity {
                entity_id: row["entity_id"].as_i64().unwrap(),
                name: text("name").unwrap(),
                domain: text("domain"),
                aliases: serde_json::from_value(row["aliases"].clone()).unwrap(),
                parent_id: row["parent_id"].as_i64(),
                rank: row["rank"].as_f64().unwrap_or_default(),
            }
        });
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("directory.why");
    directory::build(entities, &file).unwrap();
    Directory::open(&file).unwrap()
}

/// Found companies by name and the attribute, on one line.
fn check(directory: &Directory, message: &str) -> String {
    let catalog = Catalog::parse(include_str!("../../../data/acme/why.toml"), "why.toml").unwrap();
    let names = Names {
        catalog: &catalog,
        directory,
    };
    let now = "2025-06-01T00:00:00Z".parse().unwrap();
    let found = found(message, names, now);
    let companies: Vec<&str> = found.companies.iter().map(|c| c.label.as_str()).collect();
    format!(
        "{} / {}",
        companies.join(", "),
        found.attribute.as_deref().unwrap_or("-")
    )
}

fn table(directory: &Directory, table: &[(&str, &str)]) {
    let found: Vec<_> = table
        .iter()
        .map(|(message, _)| check(directory, message))
        .collect();
    let expected: Vec<_> = table.iter().map(|(_, expected)| *expected).collect();
    assert_eq!(found, expected);
}

#[test]
fn alerts_and_questions_name_their_company_and_attribute() {
    table(
        &acme(),
        &[
            ("", " / -"),
            ("Good morning, anyone here?", " / -"),
            (
                ":rotating_light: *Revenue of Acme Corp.* dropped by 80 % (job 17, run 4711)",
                "Acme Corporation / revenue",
            ),
            (
                "Hi team, a customer asks why Acme Robotics, Inc. has 12 employees?",
                "Acme Robotics, Inc. / employees",
            ),
            (
                "<mailto:jane@acme.com|jane@acme.com> says our headcount is wrong",
                "Acme Corporation / employees",
            ),
            (
                "see <https://www.acme.com/about?x=1&amp;y=2|their page>: wrong industry",
                "Acme Corporation / industry",
            ),
            (
                "<@U024BE7LH> is acme's head office really in Paris? <#C024BE7LR|sales>",
                "Acme Corporation / headquarters",
            ),
            (
                "[DQ-check] entity=#18 attribute=revenue_growth status=FAIL",
                "Acme Logistics GmbH / revenue_growth",
            ),
        ],
    );
}

#[test]
fn everyday_words_are_no_companies() {
    table(
        &sp500(),
        &[
            (
                "A ticket: IT systems are down, all figures of Apple are late",
                "Apple Inc., Gartner / -",
            ),
            (
                "our target is 10M revenue for Bank of America",
                "Bank of America, Target Corporation / revenue",
            ),
            (
                "AAPL revenue vs. BAC revenue",
                "Apple Inc., Bank of America / revenue",
            ),
            (
                "see https://docs.google.com/document/d/1 about bankofamerica.com employees",
                "Bank of America, Alphabet Inc. / employees",
            ),
            ("are we it", " / -"),
        ],
    );
}

#[test]
fn what_resembles_a_name_counts_where_nothing_is_one() {
    table(
        &sp500(),
        &[
            ("Why is the revenue of Gartnr so low?", "Gartner / revenue"),
            (
                "Agilent and others: employees",
                "Agilent Technologies / employees",
            ),
            ("Gartnr and Apple revenue", "Apple Inc. / revenue"),
        ],
    );
}

#[test]
fn long_messages_are_read_up_to_a_limit() {
    let long = format!("{} Apple revenue", "word ".repeat(500));
    assert_eq!(check(&sp500(), &long), " / -");
    assert_eq!(words(&"<".repeat(3_000)), Vec::<String>::new());
}

#[test]
fn a_day_and_a_value_in_the_message_are_found() {
    let catalog = Catalog::parse(include_str!("../../../data/acme/why.toml"), "why.toml").unwrap();
    let names = Names {
        catalog: &catalog,
        directory: &acme(),
    };
    let now = "2026-11-24T12:00:00Z".parse().unwrap();
    let said = |message: &str| {
        let found = found(message, names, now);
        let day = found
            .as_of
            .map_or_else(|| "-".to_owned(), |day| day.to_string());
        format!("{day} / {}", found.expected.as_deref().unwrap_or("-"))
    };
    for (message, expected) in [
        (
            "acme revenue should be 10M as of 2025-03-01",
            "2025-03-01 / 10M",
        ),
        (
            "Customer says acme revenue is 10M since 2025-03-01, why?",
            "- / 10M",
        ),
        ("acme revenue looks odd", "- / -"),
    ] {
        assert_eq!(said(message), expected, "{message}");
    }
}
