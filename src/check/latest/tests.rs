//! More companies than are held at a time: fewer are compared, and none is accused wrongly.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::json;

use super::super::sample::FOLDERS;
use super::super::{Check, Depth, Report};
use crate::import::{Import, LatestTable, Mode};

const NOW: Timestamp = Timestamp::constant(1_795_000_000, 0);
const COMPANIES: i64 = 200;

const INNERMOST: &str = "\"attribute\", \"bucket\", \"date\"";
const OUTERMOST: &str = "\"date\", \"attribute\", \"bucket\"";

/// A lake with three months, the date innermost or outermost.
fn lake(folder: &Path, order: &str, buckets: u32) -> PathBuf {
    let catalog = folder.join("catalog.toml");
    let layout = format!(
        "[lake]\nlatest = \"attribute_latest\"\n[layout]\nbuckets = {buckets}\nstep = \"month\"\n\
         first_date = 2026-01-01\norder = [{order}]\n[attributes.a]\n"
    );
    std::fs::write(&catalog, layout).unwrap();
    let decision = |month: i64, id: i64| {
        let value = format!("{month}-{id}");
        let previous = (month > 1).then(|| format!("{}-{id}", month - 1));
        json!({
            "decision_id": value, "entity_id": id, "attribute_name": "a",
            "decided_at": format!("2026-{month:02}-10T00:00:00Z"), "value": value,
            "previous_value": previous,
            "evidence": [{"source": "crm", "value": value, "selected": true}],
        })
    };
    let all = (1..=3).flat_map(|month| (1..=COMPANIES).map(move |id| decision(month, id)));
    let lines: String = all.map(|decision| format!("{decision}\n")).collect();
    let company = |id: i64| format!("{}\n", json!({"entity_id": id, "name": format!("N{id}")}));
    let (decisions, entities) = (folder.join("d.jsonl"), folder.join("e.jsonl"));
    std::fs::write(&decisions, lines).unwrap();
    std::fs::write(&entities, (1..=COMPANIES).map(company).collect::<String>()).unwrap();
    let import = Import {
        catalog: Some(catalog),
        decisions,
        entities: Some(entities),
        latest: LatestTable::Always,
        into: folder.join("lake"),
        mode: Mode::Create,
        max_rejects: 0.0,
        rejects: None,
        now: NOW,
    };
    import.run(&mut |_| {}).unwrap();
    folder.join("lake")
}

fn check(lake: &Path, depth: Depth) -> Report {
    let check = Check {
        catalog_file: lake.join("why.toml"),
        lake: None,
        depth,
        glue: None,
        aws: std::collections::BTreeMap::new(),
        now: NOW,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(check.run(&mut |_| {})).unwrap()
}

#[test]
fn where_there_are_too_many_companies_some_are_compared_and_none_is_accused_wrongly() {
    for order in [INNERMOST, OUTERMOST] {
        let folder = tempfile::tempdir().unwrap();
        let lake = lake(folder.path(), order, 1);
        let report = check(&lake, Depth::All);
        assert_eq!(report.findings, [], "{order}");
        let note = "attribute_latest: one company in 16 was held against the trace";
        let noted = report.notes.iter().any(|line| line.starts_with(note));
        assert!(noted, "{order}: {:?}", report.notes);

        let latest = lake.join("attribute_latest/attribute_name=a/entity_id_mod=0");
        std::fs::remove_dir_all(&latest).unwrap();
        let report = check(&lake, Depth::All);
        let found: Vec<&str> = report.findings.iter().map(|f| f.kind.code()).collect();
        assert_eq!(found, ["latest_missing"], "{order}");
        let count = report.findings[0].count;
        assert!((1..=16).contains(&count), "{order}: {count}");
    }
}

#[test]
fn a_sample_of_the_trace_asks_for_no_more_of_the_latest_table() {
    const BUCKETS: u32 = 64;
    for order in [INNERMOST, OUTERMOST] {
        let folder = tempfile::tempdir().unwrap();
        let lake = lake(folder.path(), order, BUCKETS);
        for bucket in 0..BUCKETS {
            let path = lake.join(format!(
                "attribute_latest/attribute_name=a/entity_id_mod={bucket}/spoiled.parquet"
            ));
            std::fs::write(path, "no Parquet").unwrap();
        }
        // Each folder that is asked for can't be read, and is counted.
        let unread = |depth: Depth| -> u32 {
            let notes = check(&lake, depth).notes;
            let note = "could not be held against the trace, since not all of it can be read.";
            let note = notes.iter().find(|line| line.ends_with(note)).unwrap();
            let count = note.split_whitespace().nth(1).unwrap();
            count.parse().unwrap()
        };
        assert_eq!(unread(Depth::All), BUCKETS, "{order}");
        let some = unread(Depth::Sample);
        assert!((1..=FOLDERS as u32).contains(&some), "{order}: {some}");
    }
}
