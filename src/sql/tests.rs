//! The SQL of plans, and what can never be in it.

use insta::assert_snapshot;
use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::catalog::example;
use crate::plan::tests::asked;
use crate::plan::{self, Covered};
use crate::question::{LookBack, Question};

const NOW: &str = "2026-11-24T12:00:00Z";

fn planned(catalog: &Catalog, entity_id: i64) -> Plan {
    let now: Timestamp = NOW.parse().unwrap();
    let question = Question {
        text: "why is acme's revenue 10M?".to_owned(),
        entity_id,
        entity_name: "Acme".to_owned(),
        attribute: "revenue".to_owned(),
        as_of: now,
        expected: Some("10M".to_owned()),
        look_back: LookBack::Auto,
    };
    plan::plan(&question, catalog, now).unwrap()
}

fn hudi() -> Catalog {
    let text = "[lake]\nformat = \"hudi\"\ndatabase = \"mdm\"\nlatest = \"newest\"\n\
        [layout]\nfirst_date = 2020-02-29\nstep = \"day\"\nbuckets = 8\n\
        [columns]\nvalue = \"Chosen\"\ncreated_date = \"day\"\nentity_id_mod = \"bucket\"\n\
        [attributes.revenue]";
    Catalog::parse(text, "why.toml").unwrap()
}

#[test]
fn a_rung_over_parquet() {
    let catalog = example::example().unwrap();
    let plan = planned(&catalog, 17);
    assert_snapshot!(select(&plan, &catalog, plan.rungs[0]).unwrap(), @r#"
    SELECT
      "decision_id",
      "entity_id",
      "decided_at",
      "value",
      "previous_value",
      "rule",
      "rule_version",
      "reason",
      "run_id",
      "actor",
      "override",
      json_format(CAST("evidence" AS json)) AS "evidence",
      "created_date" AS "partition",
      "$path" AS "written"
    FROM "why"."attribute_trace"
    WHERE "attribute_name" = 'revenue'
      AND "entity_id_mod" = 1
      AND "created_date" BETWEEN DATE '2026-08-01' AND DATE '2026-11-25'
      AND "entity_id" = 17
    "#);
}

#[test]
fn the_latest_row_over_parquet() {
    let catalog = example::example().unwrap();
    let plan = planned(&catalog, 17);
    assert_snapshot!(latest(&plan, &catalog).unwrap().unwrap(), @r#"
    SELECT
      "decision_id",
      "entity_id",
      "decided_at",
      "value",
      "previous_value",
      "rule",
      "rule_version",
      "reason",
      "run_id",
      "actor",
      "override",
      json_format(CAST("evidence" AS json)) AS "evidence",
      json_format(CAST("decision_dates" AS json)) AS "decision_dates",
      "$path" AS "written"
    FROM "why"."attribute_latest"
    WHERE "attribute_name" = 'revenue'
      AND "entity_id_mod" = 1
      AND "entity_id" = 17
    "#);
}

#[test]
fn a_rung_over_hudi_with_own_names() {
    let catalog = hudi();
    let plan = planned(&catalog, -17);
    assert_snapshot!(select(&plan, &catalog, plan.rungs[1]).unwrap(), @r#"
    SELECT
      "decision_id",
      "entity_id",
      "decided_at",
      "Chosen" AS "value",
      "previous_value",
      "rule",
      "rule_version",
      "reason",
      "run_id",
      "actor",
      "override",
      json_format(CAST("evidence" AS json)) AS "evidence",
      "day" AS "partition",
      "_hoodie_commit_time" AS "written"
    FROM "mdm"."attribute_trace"
    WHERE "attribute_name" = 'revenue'
      AND "bucket" = 7
      AND "day" BETWEEN DATE '2024-11-23' AND DATE '2026-08-24'
      AND "entity_id" = -17
    "#);
}

#[test]
fn the_latest_row_over_hudi() {
    let catalog = hudi();
    let plan = planned(&catalog, i64::MIN);
    assert_snapshot!(latest(&plan, &catalog).unwrap().unwrap(), @r#"
    SELECT
      "decision_id",
      "entity_id",
      "decided_at",
      "Chosen" AS "value",
      "previous_value",
      "rule",
      "rule_version",
      "reason",
      "run_id",
      "actor",
      "override",
      json_format(CAST("evidence" AS json)) AS "evidence",
      json_format(CAST("decision_dates" AS json)) AS "decision_dates",
      "_hoodie_commit_time" AS "written"
    FROM "mdm"."newest"
    WHERE "attribute_name" = 'revenue'
      AND "bucket" = 0
      AND "entity_id" = (-9223372036854775807 - 1)
    "#);
}

#[test]
fn the_latest_row_and_the_newest_days_in_one_query() {
    let catalog = hudi();
    let plan = planned(&catalog, 17);
    let span = plan.newest(&catalog, 256).unwrap();
    assert_snapshot!(latest_and(&plan, &catalog, span).unwrap().unwrap(), @r#"
    SELECT
      "decision_id",
      "entity_id",
      "decided_at",
      "Chosen" AS "value",
      "previous_value",
      "rule",
      "rule_version",
      "reason",
      "run_id",
      "actor",
      "override",
      json_format(CAST("evidence" AS json)) AS "evidence",
      json_format(CAST("decision_dates" AS json)) AS "decision_dates",
      CAST(NULL AS date) AS "partition",
      "_hoodie_commit_time" AS "written"
    FROM "mdm"."newest"
    WHERE "attribute_name" = 'revenue'
      AND "bucket" = 1
      AND "entity_id" = 17
    UNION ALL
    SELECT
      "decision_id",
      "entity_id",
      "decided_at",
      "Chosen" AS "value",
      "previous_value",
      "rule",
      "rule_version",
      "reason",
      "run_id",
      "actor",
      "override",
      json_format(CAST("evidence" AS json)) AS "evidence",
      CAST(NULL AS varchar) AS "decision_dates",
      "day" AS "partition",
      "_hoodie_commit_time" AS "written"
    FROM "mdm"."attribute_trace"
    WHERE "attribute_name" = 'revenue'
      AND "bucket" = 1
      AND "day" BETWEEN DATE '2026-03-15' AND DATE '2026-11-25'
      AND "entity_id" = 17
    "#);
    let catalog = example::example().unwrap();
    let plan = planned(&catalog, 17);
    let span = plan.newest(&catalog, 256).unwrap();
    assert_snapshot!(latest_and(&plan, &catalog, span).unwrap().unwrap(), @r#"
    SELECT
      "decision_id",
      "entity_id",
      "decided_at",
      "value",
      "previous_value",
      "rule",
      "rule_version",
      "reason",
      "run_id",
      "actor",
      "override",
      json_format(CAST("evidence" AS json)) AS "evidence",
      json_format(CAST("decision_dates" AS json)) AS "decision_dates",
      CAST(NULL AS date) AS "partition",
      "$path" AS "written"
    FROM "why"."attribute_latest"
    WHERE "attribute_name" = 'revenue'
      AND "entity_id_mod" = 1
      AND "entity_id" = 17
    UNION ALL
    SELECT
      "decision_id",
      "entity_id",
      "decided_at",
      "value",
      "previous_value",
      "rule",
      "rule_version",
      "reason",
      "run_id",
      "actor",
      "override",
      json_format(CAST("evidence" AS json)) AS "evidence",
      CAST(NULL AS varchar) AS "decision_dates",
      "created_date" AS "partition",
      "$path" AS "written"
    FROM "why"."attribute_trace"
    WHERE "attribute_name" = 'revenue'
      AND "entity_id_mod" = 1
      AND "created_date" BETWEEN DATE '2015-01-01' AND DATE '2026-11-25'
      AND "entity_id" = 17
    "#);
}

#[test]
fn which_attributes_have_a_trace() {
    let mut catalog = Catalog::parse(
        "[lake]\nlatest = \"newest\"\n[layout]\nfirst_date = 2020-02-29\n[attributes.revenue]\n[attributes.employees]",
        "why.toml",
    )
    .unwrap();
    let plan = planned(&catalog, 17);
    let span = plan.newest(&catalog, 3);
    let names = ["revenue".to_owned(), "employees".to_owned()];
    assert_snapshot!(attributes(&plan, &catalog, &names, span).unwrap(), @r#"
    SELECT DISTINCT
      "attribute_name" AS "attribute"
    FROM "why"."newest"
    WHERE "attribute_name" IN ('revenue', 'employees')
      AND "entity_id_mod" = 1
      AND "entity_id" = 17
    "#);
    catalog.lake.latest = None;
    assert_snapshot!(attributes(&plan, &catalog, &names, span).unwrap(), @r#"
    SELECT DISTINCT
      "attribute_name" AS "attribute"
    FROM "why"."attribute_trace"
    WHERE "attribute_name" IN ('revenue', 'employees')
      AND "entity_id_mod" = 1
      AND "created_date" BETWEEN DATE '2026-09-01' AND DATE '2026-11-25'
      AND "entity_id" = 17
    "#);
    let nowhere = attributes(&plan, &catalog, &[], None).unwrap();
    assert_eq!(nowhere.matches("FALSE").count(), 2);
    assert!(attributes(&plan, &catalog, &["x' OR 1=1".to_owned()], span).is_err());
}

#[test]
fn exactly_the_dates_of_a_history() {
    let catalog = hudi();
    let plan = planned(&catalog, 17);
    let dates = [Date::constant(2024, 2, 29), Date::constant(2026, 11, 1)];
    let condition = |dates: &[Date]| {
        let sql = select_dates(&plan, &catalog, dates).unwrap();
        sql.split_once("WHERE ").unwrap().1.to_owned()
    };
    assert_snapshot!(condition(&dates), @r#"
    "attribute_name" = 'revenue'
      AND "bucket" = 1
      AND "day" IN (DATE '2024-02-29', DATE '2026-11-01')
      AND "entity_id" = 17
    "#);
    assert_snapshot!(condition(&[]), @r#"
    "attribute_name" = 'revenue'
      AND "bucket" = 1
      AND FALSE
      AND "entity_id" = 17
    "#);
}

#[test]
fn a_catalog_without_a_latest_table_has_no_sql_for_it() {
    let mut catalog = hudi();
    catalog.lake.latest = None;
    let plan = planned(&catalog, 17);
    assert_eq!(latest(&plan, &catalog), Ok(None));
    assert_eq!(latest_and(&plan, &catalog, plan.rungs[0]), Ok(None));
}

/// Its partition would silently be empty.
#[test]
fn an_attribute_outside_the_catalog_is_refused() {
    let catalog = hudi();
    let mut plan = planned(&catalog, 17);
    plan.attribute = "x' OR 1=1 --".to_owned();
    assert!(select(&plan, &catalog, plan.rungs[0]).is_err());
    assert!(latest(&plan, &catalog).is_err());
    assert!(latest_and(&plan, &catalog, plan.rungs[0]).is_err());
    assert!(select_dates(&plan, &catalog, &[]).is_err());
}

#[test]
fn quotes_are_doubled_and_nothing_else_is_an_escape() {
    assert_eq!(identifier("a\"b'c\\"), "\"a\"\"b'c\\\"");
    assert_eq!(literal("a'b\"c\\"), "'a''b\"c\\'");
}

#[test]
fn a_query_costs_its_megabytes_and_at_least_the_minimum() {
    let catalog = example::example().unwrap();
    let dollars = |bytes| format!("{:.8}", cost(bytes, &catalog));
    assert_eq!(dollars(0), "0.00005000");
    assert_eq!(dollars(10_000_000), "0.00005000");
    assert_eq!(dollars(10_000_001), "0.00005500");
    assert_eq!(dollars(1_000_000_000_000), "5.00000000");
    let free = Catalog {
        cost: Cost {
            usd_per_tb: 5.0,
            minimum_bytes: 0,
        },
        ..catalog
    };
    assert_eq!(cost(0, &free).to_bits(), 0.0f64.to_bits());
}

#[derive(Debug, PartialEq)]
enum Token {
    Identifier(String),
    Literal(String),
    /// A key word, a function, a type or a number.
    Word(String),
    Sign(char),
}

/// Trino's tokens, as far as this SQL has them; panics where a quote stays open.
fn tokens(sql: &str) -> Vec<Token> {
    let mut chars = sql.chars().peekable();
    let mut tokens = Vec::new();
    while let Some(c) = chars.next() {
        if c == '"' || c == '\'' {
            let mut text = String::new();
            loop {
                let next = chars.next().expect("an open quote");
                if next != c {
                    text.push(next);
                } else if chars.next_if_eq(&c).is_some() {
                    text.push(c);
                } else {
                    break;
                }
            }
            tokens.push(if c == '"' {
                Token::Identifier(text)
            } else {
                Token::Literal(text)
            });
        } else if c.is_ascii_alphanumeric() {
            let mut word = c.to_string();
            while let Some(more) = chars.next_if(|c| c.is_ascii_alphanumeric() || *c == '_') {
                word.push(more);
            }
            tokens.push(Token::Word(word));
        } else if !c.is_whitespace() {
            tokens.push(Token::Sign(c));
        }
    }
    tokens
}

/// Whether a token comes from the catalog, or is an integer, a date or a word of ours.
fn is_ours(token: &Token, catalog: &Catalog, plan: &Plan) -> bool {
    const WORDS: [&str; 19] = [
        "SELECT",
        "AS",
        "json_format",
        "CAST",
        "json",
        "FROM",
        "WHERE",
        "AND",
        "BETWEEN",
        "DATE",
        "IN",
        "FALSE",
        "1",
        "UNION",
        "ALL",
        "NULL",
        "DISTINCT",
        "date",
        "varchar",
    ];
    const CONTRACT: [&str; 17] = [
        "decision_id",
        "entity_id",
        "decided_at",
        "value",
        "previous_value",
        "rule",
        "rule_version",
        "reason",
        "run_id",
        "actor",
        "override",
        "evidence",
        "decision_dates",
        "partition",
        "attribute",
        "written",
        "$path",
    ];
    let columns = format!("{:?}", catalog.columns);
    let (layout, lake) = (&catalog.layout, &catalog.lake);
    match token {
        Token::Identifier(name) => {
            let tables = [
                Some(&lake.database),
                Some(&lake.trace),
                lake.latest.as_ref(),
            ];
            let partitions = &layout.columns;
            let partitions = [&partitions.attribute, &partitions.bucket, &partitions.date];
            CONTRACT.contains(&name.as_str())
                || name == "_hoodie_commit_time"
                || tables.contains(&Some(name))
                || partitions.contains(&name)
                || columns.contains(&format!("\"{name}\""))
        }
        Token::Literal(text) => {
            catalog.attribute(text).is_some()
                || text.parse::<Date>().is_ok_and(|d| d.to_string() == *text)
        }
        Token::Word(word) => {
            let id = plan.entity_id.unsigned_abs();
            WORDS.contains(&word.as_str())
                || *word == id.to_string()
                || *word == (id - u64::from(id > 0)).to_string()
                || *word == plan.bucket.to_string()
        }
        Token::Sign(sign) => "(),.=-".contains(*sign),
    }
}

proptest! {
    #[test]
    fn nothing_of_what_was_typed_enters_the_sql((catalog, question, now) in asked()) {
        let Ok(plan) = plan::plan(&question, &catalog, now) else { return Ok(()) };
        let plain = Question {
            text: String::new(),
            entity_name: String::new(),
            expected: None,
            ..question.clone()
        };
        prop_assert_eq!(&Ok(plan.clone()), &plan::plan(&plain, &catalog, now));

        let dates = [catalog.layout.first_date, plan.days_read(&catalog, Covered::NoLatestRow).to];
        let mut written = vec![select_dates(&plan, &catalog, &dates).unwrap()];
        written.extend(latest(&plan, &catalog).unwrap());
        let newest = plan.newest(&catalog, 256);
        if let Some(span) = newest {
            written.extend(latest_and(&plan, &catalog, span).unwrap());
            prop_assert!(catalog.layout.step_count(span.from, span.to) <= 256);
        }
        let all: Vec<String> = catalog.attributes.iter().map(|a| a.name.clone()).collect();
        written.push(attributes(&plan, &catalog, &all, newest).unwrap());
        written.extend(plan.rungs.iter().map(|rung| select(&plan, &catalog, *rung).unwrap()));
        for sql in written {
            for token in tokens(&sql) {
                prop_assert!(is_ours(&token, &catalog, &plan), "{token:?} in\n{sql}");
            }
            let attribute = Token::Literal(plan.attribute.clone());
            prop_assert!(tokens(&sql).contains(&attribute), "{}", sql);
        }
    }
}
