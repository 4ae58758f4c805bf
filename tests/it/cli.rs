//! The command line as a person meets it: the real binary over the acme lake.
//!
//! Each row of [`SEEN`] is a snapshot of all that the terminal shows. What changes from run to run
//! (times taken, folders) is cut out.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use crate::harness::{self, NOW, acme, acme_lake, command, why};

/// A name for the snapshot, and what is typed after `why --catalog ACME`.
const SEEN: &[(&str, &[&str])] = &[
    ("welcome", &[]),
    ("answer", &["acme", "revenue"]),
    (
        "answer_as_of",
        &["acme revenue as of 2025-03-01 expected 10M"],
    ),
    (
        "answer_flags_after_words",
        &["acme", "employees", "--since", "2025-01-01"],
    ),
    ("answer_nothing_found", &["acme revenue as of 2022-12-31"]),
    ("answer_old_name", &["Acme Widgets Inc. hq"]),
    ("failure_no_words", &["ask", "why", "is", "the"]),
    ("overview", &["acme"]),
    ("failure_attribute_only", &["revenue"]),
    ("failure_unknown_company", &["acmee corporatoin revenue"]),
    ("failure_unknown_attribute", &["acme revnue"]),
    ("failure_several_companies", &["acme tools revenue"]),
    ("failure_unknown_id", &["#4711 revenue"]),
    ("failure_bad_date", &["acme revenue as of someday"]),
    ("failure_future", &["acme revenue as of 2031-01-01"]),
    ("failure_ambiguous_date", &["acme revenue as of 03/04/2025"]),
    (
        "failure_bad_flag_date",
        &["acme", "revenue", "--as-of", "someday"],
    ),
    (
        "failure_bad_look_back",
        &["acme", "revenue", "--look-back", "forever and a day"],
    ),
    (
        "failure_since_after_as_of",
        &["acme revenue as of 2024-01-01", "--since", "2025-01-01"],
    ),
    ("failure_json", &["ask", "--json", "acme revnue"]),
    ("failure_no_batch", &["ask", "--batch", "no-such-file"]),
    ("explain_plan", &["explain-plan", "acme revenue"]),
    (
        "explain_plan_before_everything",
        &["explain-plan", "acme revenue as of 2020-01-01"],
    ),
    ("entities_search", &["entities", "search", "acme"]),
    (
        "entities_search_typo",
        &["entities", "search", "headqarters cofee"],
    ),
    ("entities_search_nobody", &["entities", "search", "zzzzzz"]),
    ("catalog_check", &["catalog", "check"]),
    ("ddl_without_location", &["ddl"]),
    ("infra_of_a_local_lake", &["infra"]),
    ("help", &["--help"]),
];

/// What is shown, without what differs from run to run.
fn shown(text: &str) -> String {
    let lake = acme_lake().to_str().unwrap();
    let mut shown = String::new();
    for line in text.replace(lake, "ACME").lines() {
        let line = match line.split_once("; data as of ") {
            Some((before, _)) => format!("{before}; data as of TIME."),
            None => line.to_owned(),
        };
        shown.push_str(line.trim_end());
        shown.push('\n');
    }
    shown
}

#[test]
fn what_a_person_sees_is_what_it_was() {
    for (name, typed) in SEEN {
        let run = acme(typed);
        insta::with_settings!({ description => format!("why {}", typed.join(" ")), omit_expression => true }, {
            insta::assert_snapshot!(*name, shown(&run.seen()));
        });
    }
}

#[test]
fn no_snapshot_is_left_over() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/snapshots");
    let there: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".snap"))
        .collect();
    let named: BTreeSet<String> = SEEN
        .iter()
        .map(|(name, _)| format!("it__cli__{name}.snap"))
        .collect();
    assert_eq!(there, named);
}

#[test]
fn without_a_catalog_every_command_says_what_to_do() {
    for typed in [
        &["acme", "revenue"][..],
        &["catalog", "check"],
        &["ddl"],
        &["infra"],
        &["explain-plan", "x"],
    ] {
        let run = why(typed);
        assert_eq!(run.code, 1, "{}", run.seen());
        assert!(
            run.seen().contains("There is no catalog at why.toml"),
            "{}",
            run.seen()
        );
        assert!(run.seen().contains("--catalog"), "{}", run.seen());
    }
    let run = why(&[]);
    assert_eq!(
        (run.code, run.out.contains("why import")),
        (0, true),
        "{}",
        run.seen()
    );
}

/// The first column of `data/acme/questions.txt`.
fn questions() -> Vec<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/acme/questions.txt");
    std::fs::read_to_string(file)
        .unwrap()
        .lines()
        .filter(|line| !line.starts_with("//") && !line.trim().is_empty())
        .map(|line| line.split(" | ").next().unwrap().trim().to_owned())
        .collect()
}

/// Copies a folder with all that is in it.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let place = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &place);
        } else {
            std::fs::copy(entry.path(), place).unwrap();
        }
    }
}

/// Makes every Parquet file below a folder unreadable as such.
fn spoil(folder: &Path) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            spoil(&path);
        } else {
            std::fs::write(path, b"not Parquet").unwrap();
        }
    }
}

#[test]
fn a_broken_file_of_another_attribute_turned_no_decision_into_a_failure() {
    let lake = harness::scratch().join("broken-hint");
    copy(acme_lake(), &lake);
    let asked = ["--catalog", lake.to_str().unwrap(), "ask", "--json"];
    let ask = || why(&[&asked[..], &["acme revenue as of 2022-12-31"]].concat());
    let others = |run: &harness::Run| -> Vec<String> {
        serde_json::from_value(run.json()["nothing"]["other_attributes"].clone()).unwrap()
    };
    let whole = others(&ask());
    assert!(whole.len() > 1, "{whole:?}");
    for table in ["attribute_trace", "attribute_latest"] {
        for entry in std::fs::read_dir(lake.join(table)).unwrap() {
            let path = entry.unwrap().path();
            if path.to_str().unwrap().ends_with(&whole[0]) {
                spoil(&path);
            }
        }
    }
    let run = ask();
    assert_eq!(others(&run), whole[1..], "{}", run.seen());
}

#[test]
fn a_company_at_a_glance_and_what_changed_are_as_their_schemas_say() {
    for (question, name) in [("acme", "overview"), ("acme changes", "changes")] {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("schema/{name}.v1.json"));
        let schema = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        let schema = jsonschema::validator_for(&schema).unwrap();
        let json = acme(&["ask", "--json", question]).json();
        let wrong: Vec<String> = schema.iter_errors(&json).map(|e| e.to_string()).collect();
        assert!(wrong.is_empty(), "{question}: {wrong:?}");
    }
}

#[test]
fn a_batch_answers_every_line_in_order_and_each_as_the_schema_says() {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/answer.v1.json");
    let schema: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(schema).unwrap()).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let mut asked = questions();
    asked.extend(["acme revnue".to_owned(), "nobody at all revenue".to_owned()]);
    let mut process = command()
        .args(["--now", NOW, "ask", "--json", "--batch", "-", "--catalog"])
        .arg(acme_lake())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    process
        .stdin
        .take()
        .unwrap()
        .write_all(asked.join("\n").as_bytes())
        .unwrap();
    let output = process.wait_with_output().unwrap();
    let lines: Vec<serde_json::Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), asked.len());
    for (question, answer) in asked.iter().zip(&lines) {
        let wrong: Vec<String> = schema.iter_errors(answer).map(|e| e.to_string()).collect();
        assert!(wrong.is_empty(), "{question}: {wrong:?}");
        if let Some(text) = answer.pointer("/question/text") {
            assert_eq!(text.as_str(), Some(question.as_str()));
        }
    }
    // Two questions could not be answered: the person can mend both.
    assert_eq!(output.status.code(), Some(1));
    assert!(
        lines
            .iter()
            .rev()
            .take(2)
            .all(|line| line.get("error").is_some())
    );
}

#[test]
fn one_line_that_is_no_text_ended_a_whole_batch() {
    let file = harness::scratch().join("latin1");
    std::fs::write(&file, b"acme revenue\r\nsoci\xe9t\xe9 revenue\n\nacme hq").unwrap();
    let run = acme(&["ask", "--json", "--batch", file.to_str().unwrap()]);
    let lines: Vec<serde_json::Value> = run
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!((lines.len(), run.code), (3, 1), "{}", run.seen());
    assert_eq!(lines[0]["attribute"]["name"], "revenue");
    assert_eq!(lines[1]["error"]["code"], "no_text");
    assert_eq!(
        lines[1]["error"]["text"],
        "Line 2 of the questions is no UTF-8 text."
    );
    assert_eq!(lines[2]["attribute"]["name"], "headquarters");
}

#[test]
fn a_folder_as_a_batch_was_an_answer_that_could_not_be_written() {
    let run = acme(&["ask", "--batch", harness::scratch().to_str().unwrap()]);
    assert_eq!(run.code, 1, "{}", run.seen());
    assert!(run.err.contains("can't be read"), "{}", run.seen());
    assert!(run.err.contains("one question a line"), "{}", run.seen());
}

#[test]
fn a_first_import_said_that_decisions_were_there_already() {
    let folder = harness::scratch().join("counts");
    std::fs::create_dir_all(&folder).unwrap();
    let (file, lake) = (folder.join("in"), folder.join("lake"));
    let row = r#"{"decision_id":"a","entity_id":1,"attribute_name":"hq","value":"x","decided_at":"2023-01-02T00:00:00Z"}"#;
    std::fs::write(&file, format!("{row}\n{row}\n{{}}\n")).unwrap();
    let (file, into) = (file.to_str().unwrap(), lake.to_str().unwrap());
    let allowed = [
        "import",
        "--max-rejects",
        "1",
        "--decisions",
        file,
        "--into",
        into,
    ];
    let first = why(&allowed);
    for line in [
        "1 decision of 1 company in 1 partition, ",
        "\n1 line was repeated in the input: the last line of each counts.\n",
        "\n1 line was refused; it is in ",
    ] {
        assert!(first.out.contains(line), "{line}: {}", first.seen());
    }
    assert!(!first.out.contains("already"), "{}", first.seen());
    let second = why(&[&allowed[..], &["--append"]].concat());
    for line in [
        "1 decision was in the lake already.\n",
        "\n1 line was repeated",
    ] {
        assert!(second.out.contains(line), "{line}: {}", second.seen());
    }
}

#[test]
fn blocks_come_with_a_link_that_shows_them() {
    let run = acme(&["ask", "--blocks", "acme revenue"]);
    let message = run.json();
    assert!(
        message["text"]
            .as_str()
            .unwrap()
            .starts_with("Acme Corporation"),
        "{}",
        run.seen()
    );
    assert!(
        (3..=50).contains(&message["blocks"].as_array().unwrap().len()),
        "{}",
        run.seen()
    );
    assert!(
        run.err
            .starts_with("https://app.slack.com/block-kit-builder/#%7B"),
        "{}",
        run.err
    );
}

#[test]
fn the_ddl_of_a_local_lake_needs_a_location_and_then_names_every_table() {
    let run = acme(&["ddl", "--location", "s3://lake/why"]);
    assert_eq!(run.code, 0, "{}", run.seen());
    for table in ["`attribute_trace`", "`attribute_latest`", "`entities`"] {
        assert!(
            run.out.contains(&format!("`acme`.{table}")),
            "{table}: {}",
            run.seen()
        );
    }
}

#[test]
fn a_company_called_like_a_command_met_a_bare_usage_error() {
    for (typed, hint) in [
        (&["man", "revenue"][..], Some(("man", "man revenue"))),
        (
            &["import", "duty", "revenue"],
            Some(("import", "import duty revenue")),
        ),
        (
            &["entities", "inc", "revenue"],
            Some(("entities", "entities inc revenue")),
        ),
        (
            &["completions", "acme revenue"],
            Some(("completions", "completions acme revenue")),
        ),
        (
            &["help", "desk", "revenue"],
            Some(("help", "help desk revenue")),
        ),
        (
            &["--color", "never", "man", "revenue"],
            Some(("man", "man revenue")),
        ),
        (&["import"], None),
        (&["import", "--into"], None),
        (&["man", "--bogus"], None),
        (&["ask"], None),
        (&["--bogus", "man", "revenue"], None),
    ] {
        let run = why(typed);
        assert_eq!(run.code, 1, "{typed:?}: {}", run.seen());
        match hint {
            Some((command, question)) => {
                let hint = format!(
                    "To ask a question that begins with `{command}`, type `why ask {question}`."
                );
                assert!(run.err.contains(&hint), "{typed:?}: {}", run.seen());
            }
            None => assert!(!run.err.contains("To ask"), "{typed:?}: {}", run.seen()),
        }
    }
}

#[test]
fn every_command_is_in_the_man_page_and_in_completions() {
    let help = why(&["--help"]).out;
    let commands = help
        .split("Commands:")
        .nth(1)
        .unwrap()
        .split("Options:")
        .next()
        .unwrap();
    let names: Vec<&str> = commands
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(names.len() >= 9, "{help}");
    let (man, bash) = (why(&["man"]), why(&["completions", "bash"]));
    for name in names {
        let escaped = name.replace('-', "\\-");
        assert!(man.out.contains(&escaped), "{name} is not in the man page");
        assert!(bash.out.contains(name), "{name} is not in the completions");
    }
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let mut process = command()
        .args([
            "--catalog",
            acme_lake().to_str().unwrap(),
            "ask",
            "--verbose",
            "acme revenue",
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(process.stdout.take());
    let output = process.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_could_not_be_written_ended_with_exit_code_0() {
    for typed in [
        &["acme", "revenue"][..],
        &[],
        &["ask", "--json", "acme revnue"],
        &["completions", "bash"],
        &["--help"],
        &["man"],
    ] {
        let full = std::fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let output = command()
            .arg("--catalog")
            .arg(acme_lake())
            .args(typed)
            .stdout(full)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{typed:?}: {said}");
        assert!(
            said.contains("The answer could not be written"),
            "{typed:?}: {said}"
        );
    }
}

#[test]
fn colour_is_only_for_those_who_ask() {
    assert!(!acme(&["acme revenue"]).out.contains('\u{1b}'));
    assert!(
        acme(&["--color", "always", "acme revenue"])
            .out
            .contains('\u{1b}')
    );
    let plain = harness::acme(&["--color", "never", "acme revenue"]);
    assert!(!plain.out.contains('\u{1b}'));
}

#[test]
fn a_batch_as_text_heads_each_answer_with_its_question() {
    let file = harness::scratch().join("headed.txt");
    std::fs::write(&file, "acme revenue\nacme shoe\u{7}size\n").unwrap();
    let run = acme(&["ask", "--batch", file.to_str().unwrap()]);
    let heads: Vec<&str> = run.out.lines().filter(|l| l.starts_with("> ")).collect();
    assert_eq!(
        heads,
        ["> acme revenue", "> acme shoe size"],
        "{}",
        run.seen()
    );
}

#[test]
fn a_catalog_may_be_named_in_place_of_the_flag() {
    let run = harness::why(&["catalog", "check", acme_lake().to_str().unwrap()]);
    assert_eq!(run.code, 0, "{}", run.seen());
}
