//! `--append`: the same lake as from one import of everything, whenever it is killed.

use super::super::{append, choose};
use super::*;

/// Decisions of three months, two companies; the second half overlaps the first.
fn halves() -> (Vec<Value>, Vec<Value>) {
    let all: Vec<Value> = (0..60)
        .map(|at| {
            let day = format!("2023-{:02}-{:02}T00:00:{:02}Z", 1 + at % 3, 1 + at % 28, at);
            decision(
                &format!("d{at}"),
                at % 7,
                &day,
                ["Energy", "Tech"][(at % 2) as usize],
            )
        })
        .collect();
    (all[..35].to_vec(), all[30..].to_vec())
}

/// The lake of both halves at once.
fn whole() -> Contents {
    let desk = Desk::new();
    let (first, second) = halves();
    let catalog = desk.write("why.toml", CATALOG);
    let input = desk.write("in", lines(&[first, second].concat()));
    run(&Import {
        catalog: Some(catalog),
        ..desk.import(&input)
    })
    .unwrap();
    read(&desk.path("lake"))
}

const CATALOG: &str = "[layout]\nbuckets = 2\nfirst_date = 2023-01-01\n[attributes.sector]\n";

/// A lake of the first half, and the append of the second.
fn begun(desk: &Desk) -> Import {
    let (first, second) = halves();
    let catalog = desk.write("why.toml", CATALOG);
    let input = desk.write("first", lines(&first));
    let import = Import {
        catalog: Some(catalog),
        ..desk.import(&input)
    };
    run(&import).unwrap();
    Import {
        mode: Mode::Append,
        catalog: None,
        decisions: desk.write("second", lines(&second)),
        ..import
    }
}

#[test]
fn appending_gives_the_lake_of_one_import_and_a_second_time_changes_nothing() {
    let desk = Desk::new();
    let import = begun(&desk);
    let report = run(&import).unwrap();
    assert_eq!((report.decisions, report.known), (25, 5));
    assert_eq!(read(&import.into), whole());
    let report = run(&import).unwrap();
    assert_eq!((report.decisions, report.known), (0, 30));
    assert_eq!(read(&import.into), whole());
    let hidden = std::fs::read_dir(&import.into).unwrap();
    let hidden = hidden.filter(|e| {
        e.as_ref()
            .unwrap()
            .file_name()
            .to_string_lossy()
            .starts_with('.')
    });
    assert_eq!(hidden.count(), 0);
}

#[test]
fn an_append_that_was_killed_while_files_moved_is_completed_by_the_next() {
    let whole = whole();
    for moved in [0, 1, 3, 6, 7, 8, 9] {
        let desk = Desk::new();
        let import = begun(&desk);
        let before = read(&import.into);
        let staging = import.into.join(append::STAGING);
        let chosen = choose::of_lake(&import.into, &import).unwrap();
        append::write(&import, &chosen, &staging, &mut |_| {}).unwrap();
        assert_eq!(
            read(&import.into),
            before,
            "nothing is seen before it is complete"
        );
        let ready = import.into.join(append::READY);
        std::fs::rename(&staging, &ready).unwrap();
        // In the order in which `publish` moves them.
        let files = ["attribute_trace", "attribute_latest", "entities"]
            .into_iter()
            .flat_map(|table| leaves(&ready.join(table)))
            .flat_map(|folder| stored::parts(&folder).unwrap());
        for file in files.take(moved) {
            let to = import.into.join(file.strip_prefix(&ready).unwrap());
            std::fs::create_dir_all(to.parent().unwrap()).unwrap();
            std::fs::rename(&file, to).unwrap();
        }
        let between = read(&import.into);
        for (key, newest) in &between.latest {
            let (old, new) = (before.latest.get(key), &whole.latest[key]);
            assert!(
                old == Some(newest) || new == newest,
                "{key:?} is neither old nor new"
            );
        }
        assert!(before.rows.keys().all(|id| between.rows.contains_key(id)));
        let report = run(&import).unwrap();
        assert_eq!((report.decisions, report.known), (0, 30));
        assert_eq!(read(&import.into), whole, "after {moved} files");
    }
}

#[test]
fn a_catalog_of_another_layout_is_refused_with_each_difference() {
    let desk = Desk::new();
    let import = begun(&desk);
    let other = desk.write(
        "other.toml",
        "[layout]\nbuckets = 4\nstep = \"day\"\nfirst_date = 2023-01-01\n[attributes.size]\n",
    );
    let failure = run(&Import {
        catalog: Some(other),
        ..import
    })
    .unwrap_err();
    let said = failure
        .text
        .replace(&desk.path("lake").display().to_string(), "LAKE");
    insta::assert_snapshot!(said, @"LAKE can't be appended to: its buckets is 2, the catalog's 4; its step is month, the catalog's day; the catalog lacks its attribute sector.");
}

#[test]
fn an_attribute_that_came_later_is_appended_with_a_catalog_that_names_it() {
    let desk = Desk::new();
    let import = begun(&desk);
    let mut row = decision("new", 3, "2023-02-01T00:00:00Z", "10");
    row["attribute_name"] = json!("size");
    let input = desk.write("new", lines(&[row]));
    let without = Import {
        decisions: input.clone(),
        ..import.clone()
    };
    assert_eq!(run(&without).unwrap_err().code, "too_many_rejects");
    let catalog = desk.write(
        "why.toml",
        format!("{CATALOG}[attributes.size]\nkind = \"number\"\n"),
    );
    run(&Import {
        catalog: Some(catalog),
        decisions: input,
        ..import.clone()
    })
    .unwrap();
    let contents = read(&import.into);
    assert_eq!(contents.latest[&("size".to_owned(), 3)].0, "new");
}
