//! `why layout advise` as a data engineer meets it: the real binary over acme, and over decisions that
//! show each pitfall.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::harness::{self, NOW, acme, acme_lake, command, fits, scratch, why, why_reading};

pub(crate) fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("data")
        .join(name)
}

pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

pub(crate) fn write(name: &str, content: &str) -> PathBuf {
    let file = scratch().join(name);
    std::fs::write(&file, content).unwrap();
    file
}

/// A decision a day and company, of two attributes, for 200 days up to now.
fn daily() -> PathBuf {
    let mut lines = String::new();
    for day in 0..200 {
        let at = jiff::civil::date(2026, 5, 5).saturating_add(jiff::Span::new().days(day));
        for (attribute, company) in [("revenue", 1), ("sector", 2), ("revenue", 3)] {
            lines.push_str(&format!(
                "{{\"decision_id\": \"{attribute}-{company}-{day}\", \"entity_id\": {company}, \"attribute_name\": \"{attribute}\", \"decided_at\": \"{at}T09:00:00Z\", \"value\": \"{day}\"}}\n"
            ));
        }
    }
    write("daily.jsonl", &lines)
}

fn daily_catalog(layout: &str) -> PathBuf {
    write(
        "daily.toml",
        &format!("[layout]\n{layout}\n[attributes.revenue]\n[attributes.sector]\n"),
    )
}

const PITFALLS: &str =
    "buckets = 64\nstep = \"day\"\nfirst_date = 1990-01-01\nladder = [\"1825d\"]";

#[test]
fn every_pitfall_is_warned_of_by_name_and_the_lines_to_change_mend_it() {
    let (decisions, catalog) = (daily(), daily_catalog(PITFALLS));
    let advise = |catalog: &Path| {
        let typed = ["--catalog", text(catalog), "layout", "advise", "--json"];
        why(&[&typed[..], &["--decisions", text(&decisions)]].concat())
    };
    let run = advise(&catalog);
    let advice = fits("layout_advice", &run);
    let ids = |side: &str, of: &Value| -> Vec<String> {
        let warnings = of[side]["warnings"].as_array().unwrap();
        warnings
            .iter()
            .map(|warning| warning["id"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        ids("present", &advice),
        [
            "high_cardinality_key",
            "too_many_partitions",
            "mostly_empty",
            "tiny_files",
            "range_begins_early",
            "wide_look_back"
        ]
    );
    // Coarser is not possible, and still they are small.
    assert_eq!(ids("proposed", &advice), ["tiny_files"]);
    let trade = advice["trade"].as_str().unwrap();
    for says in [
        "is better in one thing and worse in another; better: ",
        " partitions instead of 4,024, ",
        "; worse: ",
        " scanned instead of ",
        " 1 question can be asked that now can't be.",
    ] {
        assert!(trade.contains(says), "{says}: {trade}");
    }
    let lines: Vec<&str> = advice["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line.as_str().unwrap())
        .collect();
    assert_eq!(
        lines,
        ["buckets = 1", "step = \"month\"", "first_date = 2026-01-01"]
    );
    let mended = format!("{}\nladder = [\"1825d\"]", lines.join("\n"));
    let again = fits("layout_advice", &advise(&daily_catalog(&mended)));
    assert_eq!(again["changes"], false);
    assert_eq!(
        again["present"]["questions"],
        advice["proposed"]["questions"]
    );
    assert_eq!(ids("present", &again), [""; 0]);
}

#[test]
fn advice_for_a_terminal_shows_both_layouts_and_what_to_write() {
    let (decisions, catalog) = (daily(), daily_catalog(PITFALLS));
    let run = why(&[
        "--catalog",
        text(&catalog),
        "layout",
        "advise",
        "--decisions",
        text(&decisions),
    ]);
    for says in [
        "600 decisions of 3 companies in 2 attributes, 2026-05-05 to 2026-11-20; an estimated ",
        "Warning too_many_partitions (mended by the proposal): ",
        "Warning tiny_files (less of it by the proposal): ",
        "day, 64 buckets",
        "month, 1 bucket\n",
        "planning ms  partitions ms",
        "The cost is Athena's scan and the requests to S3",
        "the opening of its files come on top",
        "A dash: it would read more partitions than the catalog's max_partitions allows.",
        "[layout]\nbuckets = 1\nstep = \"month\"\nfirst_date = 2026-01-01\n",
        "write the lake anew",
    ] {
        assert!(run.out.contains(says), "{says}: {}", run.seen());
    }
    assert_eq!(run.code, 0);
}

#[test]
fn a_lake_and_the_decisions_that_it_was_made_of_come_to_the_same() {
    let of_lake = fits("layout_advice", &acme(&["layout", "advise", "--json"]));
    let catalog = data("acme/why.toml");
    let decisions = data("acme/decisions.jsonl");
    let of_file = fits(
        "layout_advice",
        &why(&[
            "--catalog",
            text(&catalog),
            "layout",
            "advise",
            "--json",
            "--decisions",
            text(&decisions),
        ]),
    );
    for path in [
        "/data/companies",
        "/data/first",
        "/data/last",
        "/present/partitions_existing",
        "/present/partitions_projected",
        "/present/files",
        "/changes",
    ] {
        assert_eq!(of_lake.pointer(path), of_file.pointer(path), "{path}");
    }
    // One decision of acme stands on two lines.
    let decisions = |advice: &Value| advice["data"]["decisions"].as_u64().unwrap();
    assert_eq!((decisions(&of_lake), decisions(&of_file)), (107, 108));
    assert_eq!(of_lake["data"]["bytes_are_measured"], true);
    let mut on_disk = 0;
    for file in crate::import::files(&acme_lake().join("attribute_trace")) {
        on_disk += std::fs::metadata(file).unwrap().len();
    }
    assert_eq!(of_lake["data"]["bytes_of_all_files"], on_disk);
    assert_eq!(of_file["data"]["bytes_of_all_files"], Value::Null);
    let shown = acme(&["layout", "advise"]).out;
    assert!(shown.contains("; 73 files of 262."), "{shown}");
    let sizes = |advice: &Value| advice["present"]["median_file_bytes"].as_f64().unwrap();
    let ratio = sizes(&of_lake) / sizes(&of_file);
    assert!((0.8..1.25).contains(&ratio), "{ratio}");
    let by_flag = why(&["layout", "advise", "--json", "--lake", text(acme_lake())]);
    assert_eq!(fits("layout_advice", &by_flag), of_lake);
    // With a catalog that lies elsewhere, `--lake` says where the lake does.
    let typed = ["--catalog", text(&catalog), "layout", "advise", "--json"];
    let elsewhere = why(&[&typed[..], &["--lake", text(acme_lake())]].concat());
    assert_eq!(fits("layout_advice", &elsewhere)["data"], of_lake["data"]);
    let questions = write("one.txt", "#17 revenue\n");
    let typed = ["--catalog", text(&catalog), "measure", "--rounds", "1"];
    let flags = ["--json", "--lake", text(acme_lake()), "--questions"];
    let measured = why(&[&typed[..], &flags, &[text(&questions)]].concat());
    assert_eq!(fits("measure", &measured)["questions"][0]["found"], true);
    let file = why(&["layout", "advise", "--lake", text(&catalog)]);
    assert_eq!(file.code, 1, "{}", file.seen());
    assert!(
        file.err.contains("this file with --catalog"),
        "{}",
        file.seen()
    );
}

#[test]
fn without_a_catalog_the_present_layout_is_the_one_that_an_import_would_infer() {
    let run = why(&["layout", "advise", "--decisions", text(&daily())]);
    assert!(run.out.contains("as `why import` would"), "{}", run.seen());
    assert!(
        run.out
            .contains("There is nothing to change in the catalog."),
        "{}",
        run.seen()
    );
    assert_eq!(run.code, 0);
}

#[test]
fn what_can_not_be_advised_says_what_to_do() {
    let questions = write(
        "questions.txt",
        "// ours\nrevenue full history\n\nacme colour\n",
    );
    let empty = write("empty.jsonl", "\n");
    let broken = write("broken.jsonl", "{}\n{}\n");
    let none = write("none.txt", "// nothing\n");
    let decisions = daily();
    let check = |typed: &[&str], says: &[&str]| {
        let run = why(&[&["layout", "advise"], typed].concat());
        assert_eq!(run.code, 1, "{}", run.seen());
        for says in says {
            assert!(run.err.contains(says), "{}", run.seen());
        }
    };
    check(
        &[],
        &["not said which decisions to count", "--decisions", "--lake"],
    );
    check(&["--decisions", "no-such-file"], &["can't be read"]);
    check(
        &["--lake", "s3://bucket/why"],
        &["of a lake on S3 none is fetched", "--catalog"],
    );
    check(
        &["--decisions", text(&empty)],
        &["holds no decision that can be used"],
    );
    check(
        &["--decisions", text(&broken)],
        &["2 of 2 lines", "Mend them first"],
    );
    let asked = ["--decisions", text(&decisions), "--questions"];
    check(
        &[&asked[..], &[text(&questions)]].concat(),
        &["Line 4: ", "names no attribute", "revenue, sector"],
    );
    let several = write(
        "several.txt",
        "acme colour\nrevenue\nrevenue as of 2030-01-01\nrevenue since 2026-06-01 as of 2026-05-01\n",
    );
    check(
        &[&asked[..], &[text(&several)]].concat(),
        &[
            "3 of 4 questions can't be used:",
            "\nLine 1: \u{201c}acme colour\u{201d} names no attribute.",
            "\nLine 3: 2030-01-01 lies in the future",
            "\nLine 4: There is nothing between 2026-06-01 and 2026-05-01",
            "Mend these lines",
            "Until then there is no report.",
        ],
    );
    check(
        &["--decisions", "-", "--questions", "-"],
        &["can't both come from standard input"],
    );
    check(
        &[&asked[..], &[text(&none)]].concat(),
        &["There is no question"],
    );
}

#[test]
fn nothing_is_written_where_decisions_are_only_looked_at() {
    let folder = scratch().join("looked-at");
    std::fs::create_dir(&folder).unwrap();
    let file = folder.join("some.jsonl");
    std::fs::copy(daily(), &file).unwrap();
    let output = command()
        .current_dir(&folder)
        .args(["--now", NOW, "layout", "advise"])
        .args(["--decisions", "some.jsonl"])
        .output()
        .unwrap();
    assert!(output.status.success());
    let there: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(there, ["some.jsonl"]);
}

#[test]
fn lines_that_can_not_be_used_are_told_at_the_end_and_the_rest_is_advised_on() {
    let lines = std::fs::read_to_string(daily()).unwrap();
    let lines: Vec<&str> = lines.lines().take(12).collect();
    let advise = |name: &str, bad: usize, flags: &[&str]| {
        let file = write(
            name,
            &format!("{}\n{}", lines.join("\n"), "{}\n".repeat(bad)),
        );
        why(&[&["layout", "advise", "--decisions", text(&file)], flags].concat())
    };
    let run = advise("seven.jsonl", 7, &[]);
    let said =
        "\nLeft out: 7 of 19 lines can't be used; the advice is about the rest.\n  line 13: ";
    assert!(run.out.contains(said), "{}", run.seen());
    assert!(run.out.ends_with("  and 2 more\n"), "{}", run.seen());
    assert_eq!(run.code, 0);
    let advice = fits("layout_advice", &advise("seven.jsonl", 7, &["--json"]));
    assert_eq!(
        (&advice["data"]["decisions"], &advice["data"]["refused"]),
        (&Value::from(12), &Value::from(7))
    );
    let left_out = advice["left_out"].as_array().unwrap();
    assert_eq!(left_out.len(), 5);
    assert!(left_out[0].as_str().unwrap().starts_with("line 13: "));
    // Where most can't be used, what is left is not the team's data.
    let run = advise("most.jsonl", 13, &[]);
    assert_eq!(run.code, 1, "{}", run.seen());
    assert!(run.err.contains("13 of 25 lines"), "{}", run.seen());
    let whole = advise("none.jsonl", 0, &[]);
    assert!(!whole.out.contains("Left out"), "{}", whole.seen());
}

#[test]
fn files_that_can_not_be_read_are_told_at_the_end_and_the_rest_is_advised_on() {
    let lake = scratch().join("unreadable");
    let data = data("acme");
    let files = (data.join("decisions.jsonl"), data.join("entities.jsonl"));
    let catalog = data.join("why.toml");
    harness::import(&catalog, (&files.0, &files.1), &[], &lake);
    let whole = fits(
        "layout_advice",
        &why(&["layout", "advise", "--json", "--lake", text(&lake)]),
    );
    let mut spoiled = 0;
    for attribute in ["revenue", "employees"] {
        let folder = lake.join(format!(
            "attribute_trace/attribute_name={attribute}/entity_id_mod=0"
        ));
        for entry in std::fs::read_dir(folder).unwrap() {
            for file in std::fs::read_dir(entry.unwrap().path()).unwrap() {
                std::fs::write(file.unwrap().path(), b"not Parquet").unwrap();
                spoiled += 1;
            }
        }
    }
    let run = why(&["layout", "advise", "--json", "--lake", text(&lake)]);
    let advice = fits("layout_advice", &run);
    assert_eq!(advice["data"]["unreadable"], spoiled);
    assert_eq!(whole["data"]["unreadable"], 0);
    let decisions = |advice: &Value| advice["data"]["decisions"].as_u64().unwrap();
    assert!((1..decisions(&whole)).contains(&decisions(&advice)));
    assert_eq!(advice["left_out"].as_array().unwrap().len(), 3);
    let run = why(&["layout", "advise", "--lake", text(&lake)]);
    let said =
        format!("\nLeft out: {spoiled} files can't be read; the advice is about the rest.\n");
    assert!(run.out.contains(&said), "{}", run.seen());
    assert_eq!(run.code, 0);
    // Of nothing there is no advice.
    let trace = lake.join("attribute_trace");
    for attribute in std::fs::read_dir(&trace).unwrap() {
        let attribute = attribute.unwrap().path();
        if !attribute.ends_with("attribute_name=revenue") {
            std::fs::remove_dir_all(attribute).unwrap();
        }
    }
    let others = trace.join("attribute_name=revenue/entity_id_mod=1");
    let _ = std::fs::remove_dir_all(others);
    let run = why(&["layout", "advise", "--lake", text(&lake)]);
    assert_eq!(run.code, 2, "{}", run.seen());
    assert!(run.err.contains("can't be read"), "{}", run.seen());
}

#[test]
fn questions_come_from_standard_input_too() {
    let decisions = daily();
    let typed = [
        "layout",
        "advise",
        "--json",
        "--decisions",
        text(&decisions),
    ];
    let asked = [&typed[..], &["--questions", "-"]].concat();
    let run = why_reading(&asked, "\n// ours\nrevenue\r\nsector full history");
    let advice = fits("layout_advice", &run);
    let asked = |at: usize| advice["present"]["questions"][at]["question"].clone();
    assert_eq!(
        (asked(0), asked(1)),
        ("revenue".into(), "sector full history".into())
    );
    assert_eq!(advice["trade"], Value::Null);
}

#[test]
fn what_is_not_worth_writing_a_lake_anew_is_told_and_not_proposed() {
    let decisions = daily();
    let advised = |layout: &str| {
        let catalog = daily_catalog(&format!("{layout}\nfirst_date = 2026-01-01"));
        let typed = ["--catalog", text(&catalog), "layout", "advise", "--json"];
        let run = why(&[&typed[..], &["--decisions", text(&decisions)]].concat());
        fits("layout_advice", &run)
    };
    let few = advised("buckets = 4");
    assert_eq!(
        (&few["changes"], &few["trade"]),
        (&false.into(), &Value::Null)
    );
    assert_eq!(few["lines"], serde_json::json!([]));
    let told = few["passed_over"].as_str().unwrap();
    assert!(
        told.starts_with("By the rule it would be month, 1 bucket (14 files instead of 21, "),
        "{told}"
    );
    let daily = advised("buckets = 64\nstep = \"day\"");
    assert_eq!(
        (&daily["changes"], &daily["passed_over"]),
        (&true.into(), &Value::Null)
    );
    let trade = daily["trade"].as_str().unwrap();
    assert!(
        trade.contains("The lake then has 14 files instead of 600, "),
        "{trade}"
    );
}

#[test]
fn columns_say_how_wide_prose_may_be_where_no_terminal_does() {
    let widest = |columns: Option<&str>, typed: &[&str]| {
        let mut command = command();
        command.env_remove("COLUMNS");
        if let Some(columns) = columns {
            command.env("COLUMNS", columns);
        }
        let at = ["--now", NOW, "--catalog", text(acme_lake())];
        let output = command.args(at).args(typed).output().unwrap();
        let out = String::from_utf8(output.stdout).unwrap();
        // A path is not broken, and a table stays whole.
        let is_prose = |line: &&str| !line.trim_start().contains("   ") && !line.contains('/');
        let prose = out.lines().filter(is_prose);
        prose.map(|line| line.chars().count()).max().unwrap()
    };
    for typed in [
        &["layout", "advise"][..],
        &["check"],
        &["measure", "--rounds", "1"],
    ] {
        assert!(widest(Some("60"), typed) <= 60, "{typed:?}");
        assert!(widest(None, typed) > 60, "{typed:?}");
    }
}
