//! The decisions themselves: where they lie, who won, what each replaced, whose they are.

use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, StringArray};
use serde_json::{Value, json};

use super::{REVENUE, at, check, clean, decision, decisions, found, lake, part, rewrite};
use crate::harness::why;

#[test]
fn decisions_that_lie_in_the_wrong_place_are_found() {
    let wrong = lake("bucket", &decisions());
    let revenue = wrong.join(REVENUE);
    std::fs::rename(
        revenue.join("entity_id_mod=2"),
        revenue.join("entity_id_mod=3"),
    )
    .unwrap();
    found(
        &wrong,
        &["bucket 1"],
        &[
            "bucket  attribute_trace: 1 decision\n",
            "the contract  entity_id_mod is entity_id modulo 4\n",
            "b1 (company 6) lies in attribute_name=revenue/entity_id_mod=3/created_date=2024-03-01; bucket 2 is right\n",
        ],
    );

    let wrong = lake("date", &decisions());
    let revenue = wrong.join(REVENUE).join("entity_id_mod=1");
    std::fs::rename(
        revenue.join("created_date=2024-01-01"),
        revenue.join("created_date=2024-02-01"),
    )
    .unwrap();
    found(
        &wrong,
        &["created_date 2"],
        &[
            "the contract  created_date is the first of the month of decided_at, UTC\n",
            "a1 (company 5) decided 2024-01-10T00:00:00Z, lies in attribute_name=revenue/entity_id_mod=1/created_date=2024-02-01; 2024-01-01 is right\n",
        ],
    );
}

#[test]
fn what_a_pipeline_decided_wrongly_is_found() {
    let evidence = |selected: [bool; 2]| {
        json!([{"source": "crm", "value": "x", "selected": selected[0]},
               {"source": "web", "value": "y", "selected": selected[1]}])
    };
    let mut rows = decisions();
    let more =
        |id: &str, change: Value| decision(id, (6, "employees"), "2024-05-01T00:00:00Z", &change);
    rows.push(more("none", json!({"evidence": evidence([false, false])})));
    let wrong = lake("no-winner", &rows);
    found(
        &wrong,
        &["no_winner 1"],
        &["none (company 6, employees, 2024-05-01T00:00:00Z)\n"],
    );
    // Nobody needs to win where a person decided, or nothing was chosen.
    for change in [json!({"override": true}), json!({"value": null})] {
        let mut change = change;
        change["evidence"] = evidence([false, false]);
        rows.pop();
        rows.push(more("none", change));
        clean(&check(&lake("no-winner", &rows), &["--all"]));
    }
    rows.pop();
    rows.push(more("both", json!({"evidence": evidence([true, true])})));
    let wrong = lake("winners", &rows);
    found(
        &wrong,
        &["several_winners 1"],
        &["both (company 6, employees, 2024-05-01T00:00:00Z)\n"],
    );

    // The value is the winner's, also where it was cleared; a person needs none.
    for (change, says) in [
        (
            json!({"value": "z"}),
            "the value is “z”, the selected candidate says “x”",
        ),
        (
            json!({"value": null}),
            "the value is no value, the selected candidate says “x”",
        ),
        (json!({"value": "z", "override": true}), ""),
    ] {
        let mut change = change;
        change["evidence"] = evidence([true, false]);
        rows.pop();
        rows.push(more("won", change));
        let lake = lake("winner-value", &rows);
        match says {
            "" => clean(&check(&lake, &["--all"])),
            says => found(&lake, &["winner_value 1"], &[says]),
        }
    }

    // Within a month, and from month to month.
    let mut rows = decisions();
    rows[1]["previous_value"] = json!("a0");
    rows[2]["previous_value"] = Value::Null;
    let broken = lake("chain", &rows);
    found(
        &broken,
        &["broken_chain 2"],
        &[
            "the contract  previous_value is the value of the decision before\n",
            "a2 (company 5, revenue, 2024-01-20T00:00:00Z) replaced “a0”, but a1 before it chose “a1”\n",
            "a3 (company 5, revenue, 2024-03-01T00:00:00Z) replaced no value, but a2 before it chose “a2”\n",
        ],
    );

    // Nobody writes it: one thing, however many decisions it is null in.
    for row in &mut rows {
        row["previous_value"] = Value::Null;
    }
    let silent = lake("chain-silent", &rows);
    found(
        &silent,
        &["broken_chain 2"],
        &[
            "broken_chain  attribute_trace, previous_value: 2 decisions\n  the contract  previous_value is the value of the decision before\n  the files     null in every decision that was compared with one before\n  next          Nobody writes the column: ",
        ],
    );

    // What was before the first is not known.
    let mut rows = decisions();
    rows[0]["previous_value"] = json!("a0");
    let run = check(&lake("begun", &rows), &["--all"]);
    clean(&run);
    assert!(run.out.contains("1 trace begin"), "{}", run.seen());

    // A report says no more than its readers may see.
    let mut rows = decisions();
    rows.push(decision(
        "l1",
        (6, "limit"),
        "2024-05-01T00:00:00Z",
        &json!({}),
    ));
    rows.push(decision(
        "l2",
        (6, "limit"),
        "2024-05-02T00:00:00Z",
        &json!({"previous_value": "9"}),
    ));
    let wrong = lake("withheld", &rows);
    found(
        &wrong,
        &["broken_chain 1"],
        &["replaced a value that is withheld, but l1 before it chose a value that is withheld\n"],
    );
}

#[test]
fn companies_that_nobody_finds_are_found() {
    let wrong = lake("companies", &decisions());
    let names = wrong.with_file_name("fewer.jsonl");
    std::fs::write(&names, "{\"entity_id\": 6, \"name\": \"Six\"}\n").unwrap();
    let run = why(&[
        "--catalog",
        wrong.to_str().unwrap(),
        "directory",
        "build",
        "--entities",
        names.to_str().unwrap(),
    ]);
    assert_eq!(run.code, 0, "{}", run.seen());
    // The companies' table has it: the directory alone is behind.
    found(
        &wrong,
        &["directory_differs 1"],
        &["the directory knows no such companies\n                - company 5\n"],
    );
    let companies = part(&wrong.join("entities"));
    rewrite(&companies, |columns| {
        let at = at(columns, "entity_id");
        let sixes: ArrayRef = Arc::new(Int64Array::from(vec![6, 6]));
        columns[at].1 = sixes;
    });
    found(
        &wrong,
        &["company_unknown 1", "duplicate_company 1"],
        &[
            "company_unknown  attribute_trace: 1 company\n  the trace     has decisions of these companies\n  the directory knows no such companies\n                - company 5, such as decision c1 (employees)\n  next",
        ],
    );

    let wrong = lake("directory", &decisions());
    std::fs::remove_file(wrong.join("directory.why")).unwrap();
    found(
        &wrong,
        &["directory_missing 1"],
        &["directory_missing  directory.why\n", "why directory build"],
    );
    std::fs::write(wrong.join("directory.why"), b"names").unwrap();
    found(
        &wrong,
        &["directory_unreadable 1"],
        &[
            "directory_unreadable  directory.why\n",
            "why directory build",
        ],
    );
}

#[test]
fn a_decision_that_stands_twice_is_found() {
    let march = |lake: &Path| {
        lake.join(REVENUE)
            .join("entity_id_mod=2/created_date=2024-03-01")
    };
    let copy = |lake: &Path| {
        let copy = march(lake).join("part-0.parquet");
        std::fs::copy(part(&march(lake)), &copy).unwrap();
        copy
    };
    let rule = "duplicate_decision  attribute_trace, decision_id: 1 decision\n  the contract  a decision_id names one decision\n";
    let wrong = lake("twice-alike", &decisions());
    copy(&wrong);
    found(
        &wrong,
        &["duplicate_decision 1"],
        &[
            rule,
            "  the files     copies that say the same\n                - b1 (company 6) in ",
            "/part-0.parquet and in ",
            "Answers are right",
        ],
    );

    let wrong = lake("twice", &decisions());
    rewrite(&copy(&wrong), |columns| {
        let at = at(columns, "value");
        columns[at].1 = Arc::new(StringArray::from(vec!["other"]));
    });
    found(
        &wrong,
        &["duplicate_decision 1", "winner_value 1"],
        &[
            rule,
            "  the files     copies that differ in value\n",
            "write each decision_id once.\n",
        ],
    );

    let wrong = lake("twice-in-one", &decisions());
    let january = wrong
        .join(REVENUE)
        .join("entity_id_mod=1/created_date=2024-01-01");
    rewrite(&part(&january), |columns| {
        let at = at(columns, "decision_id");
        columns[at].1 = Arc::new(StringArray::from(vec!["a1", "a1"]));
    });
    found(
        &wrong,
        &["duplicate_decision 1"],
        &[
            "  the files     copies that differ in decided_at and value\n                - a1 (company 5) twice in ",
        ],
    );
}
