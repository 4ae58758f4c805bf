//! `why measure` and `why layout advise` as a data engineer meets them: the real binary over acme,
//! and over decisions that show each pitfall.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::athena::Athena;
use crate::harness::{NOW, Run, acme, acme_lake, command, fits, scratch, why};

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("data")
        .join(name)
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn write(name: &str, content: &str) -> PathBuf {
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
    assert_eq!(ids("proposed", &advice), [""; 0]);
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
    assert_eq!(again["present"], advice["proposed"]);
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
        "Warning tiny_files (mended by the proposal): ",
        "day, 64 buckets",
        "month, 1 bucket\n",
        "planning ms  partitions ms",
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
    check(&[], &["There is no catalog at why.toml"]);
    check(&["--decisions", "no-such-file"], &["can't be read"]);
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
    check(
        &[&asked[..], &[text(&none)]].concat(),
        &["There is no question"],
    );
}

#[test]
fn nothing_is_written_where_decisions_are_only_looked_at() {
    let folder = scratch().join("looked-at");
    std::fs::create_dir(&folder).unwrap();
    // One line in eleven can't be used: few enough to advise on the rest.
    let lines = std::fs::read_to_string(daily()).unwrap();
    let lines: Vec<&str> = lines.lines().take(10).collect();
    let file = folder.join("some.jsonl");
    std::fs::write(&file, format!("{}\n{{}}\n", lines.join("\n"))).unwrap();
    let output = command()
        .current_dir(&folder)
        .args([
            "--now",
            NOW,
            "layout",
            "advise",
            "--decisions",
            "some.jsonl",
        ])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        said.contains("1 line can't be used and was not counted:\n  line 11: "),
        "{said}"
    );
    let there: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(there, ["some.jsonl"]);
}

#[test]
fn questions_are_measured_and_what_dominates_is_said() {
    let run = acme(&["measure", "--rounds", "2", "--json"]);
    let measured = fits("measure", &run);
    let questions: Vec<&str> = measured["questions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["question"].as_str().unwrap())
        .collect();
    for part in ["as of", "expected", "full history"] {
        assert!(questions.iter().any(|q| q.contains(part)), "{questions:?}");
    }
    for one in measured["questions"].as_array().unwrap() {
        assert_eq!(one["found"], true, "{one}");
        assert_eq!(one["parts_ms"]["queue"], Value::Null, "{one}");
        assert_eq!(one["parts_ms"]["service"], Value::Null, "{one}");
        assert!(one["files"].as_u64().unwrap() > 0, "{one}");
    }
    assert!(measured["dominates"]["advice"].as_str().unwrap().len() > 20);
    let shown = acme(&["measure", "--rounds", "1"]);
    assert!(
        shown
            .out
            .contains("12 questions by engine direct, 1 round each"),
        "{}",
        shown.seen()
    );
    assert!(shown.out.contains(" % of the time. "), "{}", shown.seen());
}

#[test]
fn athena_reports_what_the_direct_engine_can_not() {
    let athena = Athena::start(text(acme_lake()), &[]);
    let output = command()
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env(
            "AWS_ENDPOINT_URL_ATHENA",
            format!("http://127.0.0.1:{}", athena.port),
        )
        // Would be measured in place of a query.
        .env("WHY_ATHENA_REUSE_MINUTES", "60")
        .args(["--now", NOW, "--catalog", text(acme_lake()), "measure"])
        .args(["--engine", "athena", "--rounds", "1", "--json"])
        .arg("--questions")
        .arg(write(
            "athena.txt",
            "#17 revenue\n#17 employees full history\n",
        ))
        .output()
        .unwrap();
    let run = Run {
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code().unwrap(),
    };
    let measured = fits("measure", &run);
    for one in measured["questions"].as_array().unwrap() {
        for part in ["queue", "planning", "scan", "service", "ours"] {
            assert!(one["parts_ms"][part].is_number(), "{one}");
        }
        assert_eq!(one["files"], Value::Null, "{one}");
        assert!(one["cost_usd"].as_f64().unwrap() > 0.0, "{one}");
    }
    // Two questions, each once to warm up and once measured, at Athena's minimum.
    let cost = measured["cost_usd"].as_f64().unwrap();
    assert!((cost - 4.0 * 0.000_05).abs() < 1e-9, "{cost}");
}

#[test]
fn own_questions_are_measured_or_refused_with_their_line() {
    let right = write(
        "top.txt",
        "acme revenue\n// later\nacme hq as of 2025-03-01\n",
    );
    let run = acme(&[
        "measure",
        "--rounds",
        "1",
        "--json",
        "--questions",
        text(&right),
    ]);
    let measured = fits("measure", &run);
    assert_eq!(measured["questions"].as_array().unwrap().len(), 2);
    let wrong = write("wrong.txt", "acme revenue\nacme colour of money\n");
    let run = acme(&["measure", "--questions", text(&wrong)]);
    assert_eq!(run.code, 1);
    assert!(run.err.contains("Line 2: "), "{}", run.seen());
    for (typed, code) in [
        (&["measure", "--rounds", "0"][..], 1),
        (&["measure", "--engine", "sqlite"], 1),
    ] {
        let run = acme(typed);
        assert_eq!(run.code, code, "{}", run.seen());
    }
}

#[test]
fn a_lake_that_fails_is_measured_as_that() {
    let lake = scratch().join("broken-measure");
    let copied = command()
        .args(["import", "--latest", "--catalog"])
        .arg(data("acme/why.toml"))
        .arg("--decisions")
        .arg(data("acme/decisions.jsonl"))
        .arg("--into")
        .arg(&lake)
        .output()
        .unwrap();
    assert!(copied.status.success());
    let spoiled = lake.join("attribute_latest/attribute_name=revenue/entity_id_mod=0");
    for entry in std::fs::read_dir(spoiled).unwrap() {
        std::fs::write(entry.unwrap().path(), b"not Parquet").unwrap();
    }
    let questions = write("both.txt", "#17 revenue\n#17 employees\n");
    let typed = ["--catalog", text(&lake), "measure", "--rounds", "1"];
    let run = why(&[&typed[..], &["--questions", text(&questions)]].concat());
    assert_eq!(run.code, 2, "{}", run.seen());
    assert!(run.out.contains("#17 revenue: "), "{}", run.seen());
    assert!(run.out.contains("can't be read"), "{}", run.seen());
    assert!(run.out.contains(" % of the time. "), "{}", run.seen());
}
