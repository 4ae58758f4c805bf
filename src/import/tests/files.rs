//! Whole input files: how they may look, and when they stop an import.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn two_decisions() -> String {
    lines(&[
        decision("a", 1, "2023-03-07T04:45:08Z", "Energy"),
        decision("b", 1, "2023-04-07T04:45:08Z", "Industrials"),
    ])
}

#[test]
fn byte_order_marks_blank_lines_carriage_returns_and_gzip_members_do_not_matter() {
    let text = two_decisions();
    let (first, second) = text.split_once('\n').unwrap();
    let marked = format!("\u{feff}{}\r\n\r\n  \n{second}", first);
    let members = [gzip(&format!("{first}\n")), gzip(second)].concat();
    for content in [
        text.clone().into_bytes(),
        marked.into_bytes(),
        gzip(&text),
        members,
    ] {
        let desk = Desk::new();
        let report = run(&desk.import(&desk.write("in", content))).unwrap();
        assert_eq!((report.decisions, report.rejected), (2, 0));
        assert_eq!(read(&desk.path("lake")).rows.len(), 2);
    }
}

#[test]
fn an_input_that_cannot_be_read_leaves_no_lake_and_says_what_to_do() {
    let whole = gzip(&two_decisions());
    let check = |content: &[u8], expected: &str| {
        let desk = Desk::new();
        let file = desk.write("in", content);
        let failure = run(&desk.import(&file)).unwrap_err();
        let said = failure
            .to_string()
            .replace(&file.display().to_string(), "FILE");
        assert_eq!(said, expected);
        let left: Vec<_> = std::fs::read_dir(desk.folder.path()).unwrap().collect();
        assert_eq!(left.len(), 1, "{left:?}");
    };
    check(
        &whole[..whole.len() - 10],
        "FILE can't be read: incomplete deflate stream.\nIts compressed data ends too early: fetch or write it again, whole.",
    );
    let mut damaged = whole.clone();
    damaged[20] ^= 0xff;
    let desk = Desk::new();
    let failure = run(&desk.import(&desk.write("in", &damaged))).unwrap_err();
    assert_eq!(
        failure.advice,
        "Its compressed data is damaged: fetch or write it again."
    );
    check(b"\xff\xfe{\x00", "FILE is UTF-16 text.\nSave it as UTF-8.");
    check(
        b"",
        "FILE holds no decision that can be used.\nWrite one JSON object a line, as the data contract says.",
    );
}

#[test]
fn bad_lines_are_counted_shown_and_kept_and_too_many_stop_the_import() {
    let desk = Desk::new();
    let mut rows = vec![decision("a", 1, "2023-03-07T04:45:08Z", "Energy")];
    rows.push(json!({"decision_id": "b"}));
    let file = desk.write("in", lines(&rows));
    let failure = run(&desk.import(&file)).unwrap_err();
    let here = format!("{}/", desk.folder.path().display());
    insta::assert_snapshot!(failure.to_string().replace(&here, ""), @r"
    1 of 2 lines of in can't be used, more than the 1 % allowed:
      line 2: there is no attribute_name
    Mend them (all are in lake.rejects.jsonl), or allow more with --max-rejects. Nothing was imported.
    ");
    assert!(!desk.path("lake").exists());

    let report = run(&Import {
        max_rejects: 0.5,
        ..desk.import(&file)
    })
    .unwrap();
    assert_eq!((report.decisions, report.rejected), (1, 1));
    let rejects = std::fs::read_to_string(report.rejects.unwrap()).unwrap();
    let reject: Value = serde_json::from_str(&rejects).unwrap();
    assert_eq!(
        (&reject["line"], &reject["raw"]),
        (&json!(2), &json!(r#"{"decision_id":"b"}"#))
    );
}

/// A good line and a bad one, of which both are allowed.
fn half_bad(desk: &Desk) -> Import {
    let good = decision("a", 1, "2023-03-07T04:45:08Z", "Energy");
    let file = desk.write("in", lines(&[good, json!({"decision_id": "b"})]));
    Import {
        max_rejects: 0.5,
        ..desk.import(&file)
    }
}

#[test]
fn a_rejects_path_that_is_an_input_destroyed_the_input() {
    let desk = Desk::new();
    let import = half_bad(&desk);
    let before = std::fs::read(&import.decisions).unwrap();
    std::fs::create_dir(desk.path("real")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(desk.path("in"), desk.path("link")).unwrap();
    desk.write("other", "kept");
    for (named, trouble) in [
        ("in", "it is an input of this import"),
        ("real/../in", "it is an input of this import"),
        #[cfg(unix)]
        ("link", "it is an input of this import"),
        ("lake/rejects", "it lies inside the lake"),
        ("other", "it is there already"),
        ("real", "it is there already"),
    ] {
        let failure = run(&Import {
            rejects: Some(desk.path(named)),
            ..import.clone()
        })
        .unwrap_err();
        assert_eq!(failure.code, "rejects_taken");
        assert!(failure.text.contains(trouble), "{named}: {failure}");
        assert_eq!(std::fs::read(&import.decisions).unwrap(), before);
        assert!(!desk.path("lake").exists(), "{named}");
    }
    let named = desk.path("new");
    let report = run(&Import {
        rejects: Some(named.clone()),
        ..import
    })
    .unwrap();
    assert_eq!(report.rejects, Some(named));
}

#[test]
fn a_second_import_overwrote_the_rejects_of_the_first() {
    let desk = Desk::new();
    let import = half_bad(&desk);
    let mut places = Vec::new();
    for _ in 0..3 {
        let report = run(&import).unwrap();
        places.push(report.rejects.unwrap());
        std::fs::remove_dir_all(desk.path("lake")).unwrap();
    }
    let wanted = [
        "lake.rejects.jsonl",
        "lake.rejects-2.jsonl",
        "lake.rejects-3.jsonl",
    ];
    assert_eq!(places, wanted.map(|name| desk.path(name)));
    for place in places {
        assert_eq!(std::fs::read_to_string(place).unwrap().lines().count(), 1);
    }
}

#[test]
fn a_line_of_more_than_16_mib_is_refused_and_the_next_is_read() {
    let desk = Desk::new();
    let long = "x".repeat(super::super::lines::LONGEST);
    let text = lines(&[
        decision("a", 1, "2023-03-07T04:45:08Z", &long),
        decision("b", 1, "2023-03-07T04:45:08Z", "y"),
    ]);
    let report = run(&Import {
        max_rejects: 0.5,
        ..desk.import(&desk.write("in", text))
    })
    .unwrap();
    assert_eq!(
        (report.decisions, report.refused[0].reason.as_str()),
        (1, "it is longer than 16 MiB")
    );
}

#[test]
fn of_lines_with_one_decision_id_the_last_counts() {
    let desk = Desk::new();
    let rows = [
        decision("a", 1, "2023-03-07T04:45:08Z", "Energy"),
        decision("b", 1, "2023-05-07T04:45:08Z", "Energy"),
        decision("a", 1, "2023-03-07T04:45:08Z", "Energy"),
        decision("b", 1, "2023-04-07T04:45:08Z", "Industrials"),
    ];
    let report = run(&desk.import(&desk.write("in", lines(&rows)))).unwrap();
    // None was in the lake: there was no lake.
    assert_eq!((report.decisions, report.repeated, report.known), (2, 2, 0));
    assert_eq!(
        report.notes[0],
        "1 line has a decision_id that a later line has too, and says something else: the last one counts."
    );
    let contents = read(&desk.path("lake"));
    assert_eq!(contents.rows["b"].1.value.as_deref(), Some("Industrials"));
    assert_eq!(
        contents.latest[&("sector".to_owned(), 1)].1,
        [days("2023-03-01"), days("2023-04-01")]
    );
}

#[test]
fn an_inferred_catalog_says_what_it_assumes_and_parses_back() {
    let desk = Desk::new();
    let rows: Vec<Value> = (0..40)
        .flat_map(|at| {
            [
                ("revenue", format!("${at}M")),
                ("growth", format!("{at}.5 %")),
                ("founded", format!("{} (old)", 1900 + at)),
                ("listed", format!("2001-02-{:02}", 1 + at % 28)),
                ("site", format!("https://x{at}.com/a")),
                ("status", ["on", "off"][at % 2].to_owned()),
                ("name", format!("Acme {at} Inc")),
                ("staff", at.to_string()),
            ]
            .into_iter()
            .map(move |(attribute, value)| {
                let mut row = decision(
                    &format!("{attribute}{at}"),
                    1,
                    &format!("2023-03-07T04:45:{at:02}Z"),
                    &value,
                );
                row["attribute_name"] = json!(attribute);
                row["extra"] = json!(1);
                row
            })
        })
        .collect();
    let report = run(&desk.import(&desk.write("in", lines(&rows)))).unwrap();
    insta::assert_snapshot!(report.assumed.join("\n"), @r"
    A partition holds a month of one attribute and one of 1 bucket of companies, since there are some 40 decisions a month of each attribute.
    No decision is older than 2023-01-01; the oldest here is of 2023-03-07.
    The values of name are names of the company, old ones too.
    Kind date, by what the values look like: listed.
    Kind enum, by what the values look like: status.
    Kind money, by what the values look like: revenue.
    Kind number, by what the values look like: staff.
    Kind percent, by what the values look like: growth.
    Kind text, by what the values look like: name.
    Kind url, by what the values look like: site.
    Kind year, by what the values look like: founded.
    Every source may be named to anyone: crm.
    No rule is declared: losers are shown with the pipeline's own reasons only.
    ");
    insta::assert_snapshot!(report.notes.join("\n"), @r"
    Fields that no decision has were left out: extra.
    There is no entities file: companies are called what the trace calls them.
    ");
    let lake = desk.path("lake");
    assert_eq!(catalog_of(&lake).lake.location, ".");
    let contents = read(&lake);
    let (name, aliases) = &contents.companies[&1];
    assert_eq!((name.as_str(), aliases.len()), ("Acme 39 Inc", 39));
}

#[test]
fn companies_come_from_the_entities_file_and_get_their_former_names() {
    let desk = Desk::new();
    let mut old = decision("a", 1, "2023-03-07T04:45:08Z", "Facebook");
    old["attribute_name"] = json!("name");
    let other = decision("b", 2, "2023-03-07T04:45:08Z", "Energy");
    let entities = desk.write(
        "entities",
        "{\"entity_id\": 1, \"name\": \"Meta\", \"aliases\": [\"META\"]}\n",
    );
    let decisions = desk.write("in", lines(&[old, other]));
    let report = run(&Import {
        entities: Some(entities),
        ..desk.import(&decisions)
    })
    .unwrap();
    let note = &report.notes[0];
    assert!(
        note.starts_with("1 companies have decisions but do not stand in "),
        "{note}"
    );
    let companies = read(&desk.path("lake")).companies;
    assert_eq!(
        companies[&1],
        (
            "Meta".to_owned(),
            vec!["META".to_owned(), "Facebook".to_owned()]
        )
    );
    assert_eq!(companies[&2].0, "#2");
}

#[test]
fn a_place_that_holds_something_or_is_being_imported_into_is_refused() {
    let desk = Desk::new();
    let file = desk.write("in", two_decisions());
    let import = desk.import(&file);
    let hidden = desk.path(".lake.importing");
    std::fs::create_dir(&hidden).unwrap();
    let other = std::fs::File::open(&hidden).unwrap();
    other.try_lock().unwrap();
    assert_eq!(run(&import).unwrap_err().code, "import_running");
    drop(other);
    std::fs::write(hidden.join("left by a killed import"), "").unwrap();
    run(&import).unwrap();
    assert!(!hidden.exists());
    assert_eq!(run(&import).unwrap_err().code, "place_taken");
    let nowhere = Import {
        mode: Mode::Append,
        into: desk.path("none"),
        ..import
    };
    assert_eq!(run(&nowhere).unwrap_err().code, "no_lake");
}

#[test]
fn a_url_is_no_folder_to_import_into() {
    let desk = Desk::new();
    for mode in [Mode::Create, Mode::Append] {
        for (into, advice) in [
            ("s3://acme-lake/why", "aws s3 sync lake s3://acme-lake/why "),
            (
                "s3://acme-lake/",
                "lake/directory.why s3://acme-lake/directory.why`",
            ),
            ("file:///lakes/acme", "--into /lakes/acme"),
            ("gs://acme-lake/why", "then upload it."),
        ] {
            let import = Import {
                mode,
                into: PathBuf::from(into),
                ..desk.import(&desk.write("in", two_decisions()))
            };
            let failure = run(&import).unwrap_err();
            assert_eq!(failure.code, "bad_place");
            assert!(failure.text.contains(into), "{}", failure.text);
            assert!(failure.advice.contains(advice), "{}", failure.advice);
            assert!(!Path::new(into).exists());
        }
    }
}
