//! What a lake holds is shown, not obeyed: neither by a terminal nor by a build that reads the log.

use serde_json::json;

use super::{check, decision, decisions, lake};

/// What GitHub's old runners and Azure's agents obey wherever it stands.
const OBEYED: [&str; 2] = ["##[", "##vso["];

#[test]
fn what_a_lake_says_moves_no_terminal_and_commands_no_build() {
    let mut rows = decisions();
    let id = "::error::x\n::warning::y\u{1b}[2J\u{202e}";
    rows.push(decision(
        id,
        (6, "employees"),
        "2024-05-01T00:00:00Z",
        &json!({"evidence": [{"source": "crm", "selected": false}]}),
    ));
    let old = "##[warning]x ##vso[task.setvariable variable=a]b #\u{200d}#[error]c";
    rows.push(decision(
        old,
        (6, "employees"),
        "2024-05-01T00:00:01Z",
        &json!({"evidence": [{"source": "crm", "selected": false}], "previous_value": id}),
    ));
    let wrong = lake("hostile", &rows);
    let run = check(&wrong, &["--all"]);
    assert_eq!(run.code, 3, "{}", run.seen());
    assert!(
        run.out
            .contains("  - ::error::x\\n::warning::y\\u{1b}[2J\\u{202e} (company 6, employees,"),
        "{}",
        run.seen()
    );
    for line in run.out.lines() {
        assert!(!line.trim_start().starts_with("::"), "{}", run.seen());
        assert!(!line.contains(['\u{1b}', '\u{202e}']), "{}", run.seen());
        let seen = line.replace('\u{200d}', "");
        assert!(!OBEYED.iter().any(|o| seen.contains(o)), "{}", run.seen());
    }
    // As stored, for those who look for it.
    let run = check(&wrong, &["--all", "--json"]);
    assert!(
        !OBEYED.iter().any(|o| run.out.contains(o)),
        "{}",
        run.seen()
    );
    let json = run.json();
    let example = |at: usize| json["findings"][0]["examples"][at].as_str().unwrap();
    assert!(example(0).starts_with(id), "{json:#}");
    assert!(example(1).starts_with(old), "{json:#}");
}
