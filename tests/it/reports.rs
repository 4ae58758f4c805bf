//! `why reports` and `why audit` as an operator of one machine meets them: the real binary over a
//! state file that nobody serves.

use std::path::PathBuf;

use why::access::Through;
use why::job::{Posted, TriageState};
use why::ledger::{Access, Ledger, Report};

use crate::harness::{NOW, Run, fits, scratch, why};

fn report(id: &str, user: &str) -> Report {
    Report {
        expected: Some("1.2M".to_owned()),
        ..Report::new(
            id.to_owned(),
            NOW.parse().unwrap(),
            user.to_owned(),
            "#17 revenue as of 2026-11-20".to_owned(),
            "ten times too high".to_owned(),
        )
    }
}

/// A state file with a report from the page, one that stands in Slack, and an access.
async fn state(name: &str) -> (PathBuf, Ledger) {
    let file = scratch().join(format!("reports-{name}.sqlite"));
    let ledger = Ledger::sqlite(&file).await.unwrap();
    ledger
        .save_report(&report("web-1", "operator (web)"))
        .await
        .unwrap();
    let in_slack = Report {
        posted: Some(Posted {
            channel: "C0TRIAGE1".to_owned(),
            ts: "1.2".to_owned(),
        }),
        ..report("slack-1", "U0BRANDT1")
    };
    ledger.save_report(&in_slack).await.unwrap();
    let access = Access {
        at: NOW.parse().unwrap(),
        user: "operator".to_owned(),
        team: None,
        channel: None,
        entity_id: Some(17),
        attribute: Some("revenue".to_owned()),
        outcome: "answered".to_owned(),
        through: Through::Loopback,
    };
    ledger.audit(&access).await.unwrap();
    (file, ledger)
}

fn run(words: &str, file: &std::path::Path) -> Run {
    let words: Vec<&str> = words
        .split(' ')
        .chain(["--state", file.to_str().unwrap()])
        .collect();
    why(&words)
}

#[tokio::test]
async fn a_report_is_settled_in_the_words_of_the_buttons() {
    let (file, ledger) = state("settled").await;
    let settled = run("reports settle web-1 --as data_error --by Maria", &file);
    assert_eq!(settled.code, 0, "{}", settled.seen());
    assert!(
        settled.out.contains("web-1  data_error by Maria"),
        "{}",
        settled.seen()
    );
    assert!(!settled.out.contains("Slack"), "{}", settled.seen());
    let kept = ledger.report("web-1").await.unwrap().unwrap();
    assert_eq!(kept.state, Some(TriageState::DataError));
    assert_eq!(kept.state_by.as_deref(), Some("Maria"));
    // Nothing else of it is touched, nor is the other.
    let as_it_was = Report {
        state: None,
        state_by: None,
        ..kept
    };
    assert_eq!(as_it_was, report("web-1", "operator (web)"));
    assert_eq!(ledger.report("slack-1").await.unwrap().unwrap().state, None);
}

#[tokio::test]
async fn what_was_said_already_stays_with_who_said_it() {
    let (file, ledger) = state("again").await;
    run("reports settle web-1 --as looking --by Maria", &file);
    let again = run("reports settle web-1 --as looking", &file);
    assert_eq!(again.code, 0, "{}", again.seen());
    assert!(again.out.contains("looking by Maria"), "{}", again.seen());
    assert!(again.out.contains("nothing is changed"), "{}", again.seen());
    let other = run("reports settle web-1 --as explained", &file);
    assert!(
        other.out.contains("explained by operator"),
        "{}",
        other.seen()
    );
    let kept = ledger.report("web-1").await.unwrap().unwrap();
    assert_eq!(kept.state, Some(TriageState::Explained));
    assert_eq!(kept.state_by.as_deref(), Some("operator"));
}

#[tokio::test]
async fn what_was_settled_is_told_as_json_as_it_is_then() {
    let (file, _) = state("json").await;
    let typed = "reports settle web-1 --as data_error --by Maria --json";
    for run in [run(typed, &file), run(typed, &file)] {
        let settled = fits("reports", &run);
        let reports = settled["reports"].as_array().unwrap();
        assert_eq!(reports.len(), 1, "{settled}");
        assert_eq!(reports[0]["id"], "web-1");
        assert_eq!(reports[0]["state"], "data_error");
        assert_eq!(reports[0]["state_by"], "Maria");
    }
}

/// Here nobody can speak in Slack.
#[tokio::test]
async fn of_a_post_in_slack_it_is_said_that_it_stays() {
    let (file, ledger) = state("posted").await;
    let settled = run("reports settle slack-1 --as explained", &file);
    assert!(
        settled
            .out
            .contains("press \u{201c}Explained\u{201d} there"),
        "{}",
        settled.seen()
    );
    let kept = ledger.report("slack-1").await.unwrap().unwrap();
    assert!(kept.posted.is_some());
    assert_eq!(kept.state, Some(TriageState::Explained));
}

#[tokio::test]
async fn what_can_t_be_settled_says_why() {
    let (file, ledger) = state("refused").await;
    for (words, told) in [
        (
            "reports settle web-9 --as explained",
            "There is no report web-9.",
        ),
        ("reports settle web-9 --as explained", "`why reports` lists"),
        (
            "reports settle web-1 --as fine",
            "possible values: looking, explained, data_error",
        ),
        ("reports settle web-1", "--as <STATE>"),
    ] {
        let refused = run(words, &file);
        assert_eq!(refused.code, 1, "{}", refused.seen());
        assert!(refused.err.contains(told), "{told}: {}", refused.seen());
    }
    let nobody = why(&[
        "reports",
        "settle",
        "web-1",
        "--as",
        "explained",
        "--by",
        " ",
        "--state",
        file.to_str().unwrap(),
    ]);
    assert_eq!(nobody.code, 1, "{}", nobody.seen());
    assert!(nobody.err.contains("who settles it"), "{}", nobody.seen());
    // A flag of the list before the word is refused, not left unheard.
    let before = why(&[
        "reports",
        "--state",
        file.to_str().unwrap(),
        "settle",
        "web-1",
        "--as",
        "explained",
    ]);
    assert_eq!(before.code, 1, "{}", before.seen());
    for id in ["web-1", "slack-1"] {
        assert_eq!(ledger.report(id).await.unwrap().unwrap().state, None);
    }
    let nowhere = run(
        "reports settle web-1 --as explained",
        &scratch().join("none.sqlite"),
    );
    assert_eq!(nowhere.code, 1, "{}", nowhere.seen());
    assert!(
        nowhere.err.contains("There is no state file"),
        "{}",
        nowhere.seen()
    );
}

#[tokio::test]
async fn both_lists_are_as_their_schemas_say() {
    let (file, _) = state("json").await;
    run("reports settle web-1 --as data_error --by Maria", &file);
    let reports = fits("reports", &run("reports --json", &file));
    let listed = reports["reports"].as_array().unwrap();
    assert_eq!(listed.len(), 2, "{reports}");
    let of = |id: &str| listed.iter().find(|r| r["id"] == id).unwrap();
    assert_eq!(of("web-1")["state"], "data_error");
    assert_eq!(of("web-1")["state_by"], "Maria");
    assert_eq!(of("web-1")["in_slack"], false);
    assert_eq!(of("slack-1")["state"], serde_json::Value::Null);
    assert_eq!(of("slack-1")["in_slack"], true);
    let one = fits("reports", &run("reports --json --most 1", &file));
    assert_eq!(one["reports"].as_array().unwrap().len(), 1);
    let audit = fits("audit", &run("audit --json", &file));
    assert_eq!(audit["accesses"].as_array().unwrap().len(), 1, "{audit}");
    assert_eq!(audit["accesses"][0]["through"], "loopback");
    assert_eq!(audit["accesses"][0]["at"], "2026-11-20T12:00:00.000Z");
}

/// A script may say `--catalog` of every command; where it means nothing, nobody is told of it.
#[tokio::test]
async fn help_says_nothing_of_a_catalog_where_there_is_none() {
    for words in [
        "reports --help",
        "reports settle --help",
        "audit --help",
        "jobs list --help",
        "token create --help",
        "openapi --help",
    ] {
        let words: Vec<&str> = words.split(' ').collect();
        let help = why(&words);
        assert!(!help.out.contains("--catalog"), "{}", help.seen());
        assert!(help.out.contains("--color"), "{}", help.seen());
    }
    let asks = why(&["ask", "--help"]);
    assert!(asks.out.contains("--catalog"), "{}", asks.seen());
    let (file, _) = state("catalog").await;
    let said = run("--catalog nowhere reports --catalog elsewhere", &file);
    assert_eq!(said.code, 0, "{}", said.seen());
}
