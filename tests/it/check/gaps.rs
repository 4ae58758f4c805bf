//! What can't be read is told once, as what it is: nobody is accused of what lies beside it.

use std::path::{Path, PathBuf};

use arrow_schema::DataType;
use serde_json::{Value, json};

use super::{REVENUE, check, decision, decisions, found, lake, part, retype, rewrite};

/// One decision a month from January to May, each after the one before; what is changed in some.
fn months(changes: &[(usize, Value)]) -> Vec<Value> {
    let mut rows: Vec<Value> = decisions().split_off(3);
    for month in 1..=5 {
        let before = match month {
            1 => Value::Null,
            month => json!(format!("m{}", month - 1)),
        };
        let mut change = json!({ "previous_value": before });
        for (_, more) in changes.iter().filter(|(of, _)| *of == month) {
            let more = more.as_object().unwrap().clone();
            change.as_object_mut().unwrap().extend(more);
        }
        rows.push(decision(
            &format!("m{month}"),
            (5, "revenue"),
            &format!("2024-0{month}-10T00:00:00Z"),
            &change,
        ));
    }
    rows
}

fn march(lake: &Path) -> PathBuf {
    part(
        &lake
            .join(REVENUE)
            .join("entity_id_mod=1/created_date=2024-03-01"),
    )
}

#[test]
fn the_decision_after_a_file_that_can_not_be_read_did_not_break_the_chain() {
    let note = "attribute_trace: the chain of previous_value was not followed through 1 folder, of which not all could be read.\n";
    let broken = lake("gap", &months(&[]));
    std::fs::write(march(&broken), b"not Parquet").unwrap();
    found(&broken, &["file_unreadable 1"], &[note]);
    let run = check(&broken, &["--all"]);
    assert!(!run.out.contains("trace begins"), "{}", run.seen());

    // What lies behind it is followed again.
    let broken = lake(
        "gap-behind",
        &months(&[(5, json!({"previous_value": "x"}))]),
    );
    std::fs::write(march(&broken), b"not Parquet").unwrap();
    found(
        &broken,
        &["file_unreadable 1", "broken_chain 1"],
        &[
            note,
            "m5 (company 5, revenue, 2024-05-10T00:00:00Z) replaced “x”",
        ],
    );
}

#[test]
fn a_column_of_another_type_is_one_fault_and_not_one_of_each_decision() {
    let no_winner = json!({"override": true, "evidence": [{"source": "crm", "selected": false}]});
    for (column, to) in [
        ("value", DataType::Int64),
        ("previous_value", DataType::Int64),
        ("decided_at", DataType::Int64),
        ("decision_id", DataType::Int64),
        ("override", DataType::Utf8),
    ] {
        let wrong = lake("retyped", &months(&[(3, no_winner.clone())]));
        rewrite(&march(&wrong), |columns| retype(columns, column, &to));
        let words = format!("column_type  attribute_trace, {column}: 1 file\n");
        found(&wrong, &["column_type 1"], &[&words]);
    }

    // Others keep nobody from seeing what is wrong with the decisions.
    let faults = json!({"previous_value": "x", "evidence": [{"source": "crm", "selected": false}]});
    let wrong = lake("retyped-beside", &months(&[(3, faults)]));
    rewrite(&march(&wrong), |columns| {
        retype(columns, "rule_version", &DataType::Int64)
    });
    found(
        &wrong,
        &["column_type 1", "no_winner 1", "broken_chain 1"],
        &["m3 (company 5, revenue, 2024-03-10T00:00:00Z)"],
    );
}
