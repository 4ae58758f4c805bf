//! `why measure` as a data engineer meets it: the real binary over acme.

use serde_json::Value;

use crate::athena::Athena;
use crate::harness::{NOW, Run, acme, acme_lake, command, fits, scratch, why, why_reading};
use crate::layout::{data, text, write};

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
    // Nothing is billed for a disk, and no time is told finer than it is known.
    assert_eq!(measured["cost_usd"], Value::Null);
    for one in measured["questions"].as_array().unwrap() {
        assert_eq!(one["cost_usd"], Value::Null, "{one}");
        let thousandths = one["total_ms"].as_f64().unwrap() * 1e3;
        assert!((thousandths - thousandths.round()).abs() < 1e-6, "{one}");
    }
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
    let run = acme(&["measure", "--rounds", "1", "--questions", text(&right)]);
    assert!(
        run.out.contains("2 questions by engine direct"),
        "{}",
        run.seen()
    );
    let lake = text(acme_lake());
    let typed = [
        "--catalog",
        lake,
        "measure",
        "--rounds",
        "1",
        "--json",
        "--questions",
        "-",
    ];
    let run = why_reading(&typed, "acme revenue\n\n#17 employees\n");
    let of_input = fits("measure", &run);
    assert_eq!(of_input["questions"][1]["question"], "#17 employees");
    let run = why_reading(&typed, "// nothing\n");
    assert_eq!(run.code, 1, "{}", run.seen());
    assert!(
        run.err.contains("no question on standard input"),
        "{}",
        run.seen()
    );
    let wrong = write(
        "wrong.txt",
        "acme revenue\nacme colour of money\n\nnobody revenue\n",
    );
    let run = acme(&["measure", "--questions", text(&wrong)]);
    assert_eq!(run.code, 1);
    for says in [
        "2 of 3 questions can't be used:",
        "\nLine 2: ",
        "\nLine 4: ",
    ] {
        assert!(run.err.contains(says), "{}", run.seen());
    }
    let wrong = write("one-wrong.txt", "acme revenue\nacme colour of money\n");
    let run = acme(&["measure", "--questions", text(&wrong)]);
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
