//! Texts of Athena's that are no decisions, and those that are.

use super::{COLUMNS, catalog, planned, row};
use crate::engine::athena::decode;
use crate::engine::athena::query::Table;
use crate::question::LookBack;

fn table(rows: Vec<Vec<Option<String>>>) -> Table {
    Table {
        query_id: "q-1".to_owned(),
        columns: COLUMNS.map(str::to_owned).to_vec(),
        rows,
    }
}

fn decoded(differs: &[(&str, Option<&str>)]) -> Result<decode::Found, String> {
    let plan = planned(&catalog(), LookBack::Auto);
    let mut rows = decode::rows(&table(vec![row(differs)]), &plan).map_err(|e| e.to_string())?;
    Ok(rows.remove(0))
}

#[test]
fn a_row_is_a_decision() {
    let found = decoded(&[
        ("decided_at", Some("2026-11-03T10:00:00.123456")),
        ("value", Some("")),
        ("override", Some("true")),
        ("partition", Some("2026-11-01")),
        (
            "written",
            Some("s3://lake/attribute_trace/created_date=2026-11-01/part-7.parquet"),
        ),
    ]);
    insta::assert_debug_snapshot!(found.unwrap(), @r#"
    Found {
        row: Row {
            decision: Decision {
                decision_id: "d1",
                entity_id: 17,
                attribute: "revenue",
                decided_at: 2026-11-03T10:00:00.123Z,
                value: Some(
                    "",
                ),
                previous_value: None,
                rule: Some(
                    "recency",
                ),
                rule_version: None,
                reason: None,
                run_id: None,
                actor: None,
                is_override: true,
                evidence: [
                    Candidate {
                        source: "crm",
                        record_id: None,
                        value: Some(
                            "12M",
                        ),
                        observed_at: None,
                        confidence: None,
                        selected: true,
                        reason: None,
                        url: None,
                    },
                ],
                written: "part-7.parquet",
            },
            decision_dates: None,
        },
        partition: Some(
            2026-11-01,
        ),
        path: Some(
            "s3://lake/attribute_trace/created_date=2026-11-01/part-7.parquet",
        ),
    }
    "#);
}

#[test]
fn what_may_be_null_is_none() {
    let found = decoded(&[
        ("value", None),
        ("rule", None),
        ("override", None),
        ("evidence", None),
        ("written", None),
    ]);
    let decision = found.unwrap().row.decision;
    assert_eq!(
        (decision.value, decision.rule, decision.is_override),
        (None, None, false)
    );
    assert!(decision.evidence.is_empty());
}

#[test]
fn what_can_not_be_read_says_which_query_and_why() {
    let rows: [(&str, Option<&str>); 9] = [
        ("decision_id", None),
        ("entity_id", Some("18")),
        ("decided_at", None),
        ("decided_at", Some("soon")),
        ("override", Some("perhaps")),
        ("evidence", Some("[{")),
        ("evidence", Some(r#"[{"source":{}}]"#)),
        ("decision_dates", Some(r#"["29.2.2024"]"#)),
        ("partition", Some("November")),
    ];
    let said = rows.map(|(column, value)| decoded(&[(column, value)]).unwrap_err());
    insta::assert_snapshot!(said.join("\n"), @r#"
    the result of Athena's query q-1 can't be read: a row has no decision_id
    the result of Athena's query q-1 can't be read: a row is of company 18
    the result of Athena's query q-1 can't be read: a row has no decided_at
    the result of Athena's query q-1 can't be read: decided_at "soon" is no time
    the result of Athena's query q-1 can't be read: override "perhaps" is neither true nor false
    the result of Athena's query q-1 can't be read: its evidence: EOF while parsing an object at line 1 column 2
    the result of Athena's query q-1 can't be read: its evidence: source is no text
    the result of Athena's query q-1 can't be read: its decision_dates: "29.2.2024" is no day
    the result of Athena's query q-1 can't be read: partition "November" is no day
    "#);
}

#[test]
fn a_column_that_is_not_there_is_named() {
    let plan = planned(&catalog(), LookBack::Auto);
    let mut table = table(vec![row(&[])]);
    table.columns[11] = "proof".to_owned();
    let error = decode::rows(&table, &plan).unwrap_err();
    assert!(
        error.to_string().ends_with("it has no column evidence"),
        "{error}"
    );
}
