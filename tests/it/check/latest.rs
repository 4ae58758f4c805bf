//! The latest table, spoiled against the trace: what it lacks, has too much of, or says otherwise.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::builder::{Date32Builder, ListBuilder};
use arrow_array::{ArrayRef, StringArray};
use arrow_schema::{DataType, Field};
use jiff::civil::Date;
use serde_json::json;

use super::{REVENUE, at, check, clean, decision, decisions, found, lake, part, rewrite};

const LATEST: &str = "attribute_latest/attribute_name=revenue";

/// Company 5's file of the latest table; company 6 has another.
fn fives(lake: &Path) -> PathBuf {
    part(&lake.join(LATEST).join("entity_id_mod=1"))
}

fn folder_of(lake: &Path, bucket: u32, month: &str) -> PathBuf {
    lake.join(REVENUE)
        .join(format!("entity_id_mod={bucket}/created_date={month}-01"))
}

/// One text in a column of a file of one row.
fn say(file: &Path, column: &str, text: &str) {
    rewrite(file, |columns| {
        let at = at(columns, column);
        columns[at] = (
            Field::new(column, DataType::Utf8, true),
            Arc::new(StringArray::from(vec![text])),
        );
    });
}

/// These are its decision_dates.
fn name(file: &Path, dates: Option<&[&str]>) {
    rewrite(file, |columns| {
        let mut list = ListBuilder::new(Date32Builder::new());
        let epoch = Date::constant(1970, 1, 1);
        for date in dates.unwrap_or_default() {
            let date: Date = date.parse().unwrap();
            list.values().append_value((date - epoch).get_days());
        }
        list.append(dates.is_some());
        let list: ArrayRef = Arc::new(list.finish());
        let at = at(columns, "decision_dates");
        columns[at] = (
            Field::new("decision_dates", list.data_type().clone(), true),
            list,
        );
    });
}

#[test]
fn a_company_that_it_lacks_is_found() {
    let wrong = lake("latest_missing", &decisions());
    std::fs::remove_file(fives(&wrong)).unwrap();
    found(
        &wrong,
        &["latest_missing 1"],
        &[
            "latest_missing  attribute_latest: 1 company\n  the contract  a row of each company with a decision\n  the lake      none\n",
            "- a3 (company 5, revenue, 2024-03-01T00:00:00Z) is in the trace\n",
        ],
    );
}

#[test]
fn a_row_that_is_older_or_says_otherwise_is_found() {
    let wrong = lake("latest_stale", &decisions());
    let older = lake("latest_older", &decisions()[..2]);
    std::fs::copy(fives(&older), fives(&wrong)).unwrap();
    found(
        &wrong,
        &["latest_stale 1", "latest_dates_missing 1"],
        &[
            "- a2 (company 5, revenue, 2024-01-20T00:00:00Z): a3 (2024-03-01T00:00:00Z) is the newest\n",
            "- company 5, revenue: does not name 2024-03-01, where it has decisions\n",
        ],
    );

    let wrong = lake("latest_differs", &decisions());
    say(&fives(&wrong), "value", "other");
    say(&fives(&wrong), "rule_version", "2");
    found(
        &wrong,
        &["latest_differs 1"],
        &[
            "- a3 (company 5, revenue, 2024-03-01T00:00:00Z) says “other”, in the trace “a3”; by its version 2, in the trace 1\n",
        ],
    );
}

#[test]
fn values_that_not_everybody_may_see_are_not_shown() {
    let none = json!({});
    let all = [decision("l1", (5, "limit"), "2024-01-10T00:00:00Z", &none)];
    let wrong = lake("latest_withheld", &all);
    let file = part(&wrong.join("attribute_latest/attribute_name=limit/entity_id_mod=1"));
    say(&file, "value", "secret");
    found(
        &wrong,
        &["latest_differs 1"],
        &["says a value that is withheld, in the trace a value that is withheld\n"],
    );
}

#[test]
fn a_row_whose_decision_the_trace_does_not_have_is_found() {
    let wrong = lake("latest_ahead", &decisions());
    std::fs::remove_dir_all(folder_of(&wrong, 1, "2024-03")).unwrap();
    found(
        &wrong,
        &["latest_ahead 1", "latest_dates_extra 1"],
        &[
            "- a3 (company 5, revenue, 2024-03-01T00:00:00Z): the trace has no folder of 2024-03-01\n",
            "- company 5, revenue: names 2024-03-01, of which there is no folder\n",
        ],
    );

    // Nothing at all of that attribute and bucket.
    std::fs::remove_dir_all(wrong.join(REVENUE).join("entity_id_mod=1")).unwrap();
    found(
        &wrong,
        &["latest_ahead 1"],
        &["(company 5, revenue, 2024-03-01T00:00:00Z): the trace has no folder of 2024-03-01\n"],
    );

    // The folder is there, and holds a decision of another company.
    let mut both = decisions();
    let none = json!({});
    both.push(decision(
        "d1",
        (9, "revenue"),
        "2024-03-07T00:00:00Z",
        &none,
    ));
    let wrong = lake("latest_ahead_read", &both);
    let without: Vec<_> = both
        .iter()
        .filter(|d| d["decision_id"] != "a3")
        .cloned()
        .collect();
    let other = lake("latest_ahead_without", &without);
    let march = |lake: &Path| part(&folder_of(lake, 1, "2024-03"));
    std::fs::copy(march(&other), march(&wrong)).unwrap();
    found(
        &wrong,
        &["latest_ahead 1", "latest_dates_extra 1"],
        &[
            "- a3 (company 5, revenue, 2024-03-01T00:00:00Z): the trace has no such decision in 2024-03-01\n",
            "- company 5, revenue: names 2024-03-01, without a decision of it\n",
        ],
    );
}

#[test]
fn dates_that_are_not_those_of_the_trace_are_found() {
    let wrong = lake("latest_dates", &decisions());
    name(&fives(&wrong), Some(&["2024-02-01", "2024-03-01"]));
    found(
        &wrong,
        &["latest_dates_missing 1", "latest_dates_extra 1"],
        &[
            "latest_dates_missing  attribute_latest, decision_dates: 1 row\n",
            "- company 5, revenue: does not name 2024-01-01, where it has decisions\n",
            "- company 5, revenue: names 2024-02-01, of which there is no folder\n",
        ],
    );
    // Without them every date is looked at: slower, and right.
    name(&fives(&wrong), None);
    let run = check(&wrong, &["--all"]);
    clean(&run);
    let note = "attribute_latest: 1 row has no decision_dates";
    assert!(run.out.contains(note), "{}", run.seen());
    // Any day of a month stands for it.
    name(
        &fives(&wrong),
        Some(&["2024-01-20", "2024-01-10", "2024-03-31"]),
    );
    clean(&check(&wrong, &["--all"]));
}

#[test]
fn several_rows_of_one_company_are_found_and_the_newest_counts() {
    let wrong = lake("latest_several", &decisions());
    let older = lake("latest_several_older", &decisions()[..2]);
    let second = fives(&wrong).with_file_name("part-00000000T000000000Z-0000000.parquet");
    std::fs::copy(fives(&older), second).unwrap();
    found(
        &wrong,
        &["latest_several 1"],
        &["- company 5, revenue: 2 rows\n"],
    );
}

#[test]
fn nobody_is_accused_of_what_can_not_be_read() {
    // Of the trace: what it holds is not known, so the latest table may be right.
    let wrong = lake("latest_unread", &decisions());
    std::fs::write(part(&folder_of(&wrong, 1, "2024-03")), "no Parquet").unwrap();
    found(&wrong, &["file_unreadable 1"], &[]);

    // Of the latest table: it can't be held against anything, and that is said.
    let wrong = lake("latest_unreadable", &decisions());
    std::fs::write(fives(&wrong), "no Parquet").unwrap();
    found(
        &wrong,
        &["file_unreadable 1"],
        &[
            "attribute_latest: 1 folder could not be held against the trace, since not all of it can be read.\n",
        ],
    );
}

#[test]
fn rows_that_lie_where_nobody_reads_them_are_not_held_against_the_trace() {
    // In another's bucket: there they are found, and in their own they are missed.
    let wrong = lake("latest_bucket", &decisions());
    let of = |bucket: u32| wrong.join(LATEST).join(format!("entity_id_mod={bucket}"));
    std::fs::rename(of(1), of(3)).unwrap();
    found(
        &wrong,
        &["bucket 1"],
        &["attribute_latest: which companies it lacks is not told as long as"],
    );

    // Below the folder.
    let wrong = lake("latest_deeper", &decisions());
    let older = lake("latest_deeper_older", &decisions()[..2]);
    let deeper = wrong.join(LATEST).join("entity_id_mod=1/old");
    std::fs::create_dir(&deeper).unwrap();
    std::fs::copy(fives(&older), deeper.join("part.parquet")).unwrap();
    found(&wrong, &["partition_path 1"], &[]);
}

#[test]
fn one_decision_in_another_s_bucket_hides_no_date_that_is_left_out() {
    let wrong = lake("latest_astray", &decisions());
    let of = |bucket: u32| wrong.join(REVENUE).join(format!("entity_id_mod={bucket}"));
    std::fs::rename(of(2), of(3)).unwrap();
    name(&fives(&wrong), Some(&["2024-03-01"]));
    found(
        &wrong,
        &["bucket 1", "latest_dates_missing 1"],
        &[
            "attribute_trace: what follows from decisions of revenue that lie elsewhere is not told:",
        ],
    );
}

#[test]
fn a_time_just_before_midnight_is_of_both_days() {
    let none = json!({});
    let mut all = decisions();
    all.push(decision(
        "m1",
        (9, "revenue"),
        "2024-01-31T23:59:59.999999Z",
        &none,
    ));
    let lake = lake("latest_midnight", &all);
    for depth in [&["--all"][..], &[]] {
        let json = check(&lake, &[depth, &["--json"]].concat()).json();
        assert_eq!(super::codes(&json), [""; 0], "{json:#}");
    }
    // And is compared: without its row it is missed.
    let file = fives(&lake);
    let older = super::lake("latest_midnight_without", &decisions());
    std::fs::copy(fives(&older), file).unwrap();
    found(
        &lake,
        &["latest_missing 1"],
        &["m1 (company 9, revenue, 2024-02-01T00:00:00Z)"],
    );
}

#[test]
fn a_decision_whose_id_is_empty_has_none() {
    let wrong = lake("latest_empty_id", &decisions());
    say(
        &super::part(&folder_of(&wrong, 2, "2024-03")),
        "decision_id",
        "",
    );
    found(
        &wrong,
        &["null_value 1"],
        &["the files     null, or empty\n"],
    );
}
