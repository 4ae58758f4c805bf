//! Tests of `why jobs`: what is printed, and above all what is not.

use std::time::Duration;

use super::place::{Place, State, of_ledger, of_queue};
use super::*;
use crate::config::Environment;
use crate::job::{self, Asker, ResponseUrl, TriageState};
use crate::ledger::{self, Ledger};
use crate::queue::{self, Queue};
use crate::state;

fn now() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

fn body(work: Work) -> String {
    Job {
        id: "j1".to_owned(),
        request_id: "request-1".to_owned(),
        accepted_at: now(),
        asker: Asker {
            user: "U1".to_owned(),
            team: None,
            enterprise: Some("E1".to_owned()),
        },
        place: job::Place {
            channel: Some("C1".to_owned()),
            response_url: Some(ResponseUrl("https://hooks.slack.com/secret".to_owned())),
            ..job::Place::default()
        },
        work,
    }
    .encode()
}

fn report() -> Work {
    Work::Report {
        text: "#17 revenue".to_owned(),
        wrong: "secret thoughts".to_owned(),
        expected: Some("secret sum".to_owned()),
        link: Some("https://secret.example".to_owned()),
    }
}

fn dead(id: &str, body: String) -> DeadLetter {
    DeadLetter {
        id: id.to_owned(),
        body,
        why: "the lake\x1b[2J answered 500".to_owned(),
        receive_count: 5,
        sent_at: now(),
        died_at: now() + Duration::from_secs(61),
        apologised: true,
    }
}

fn at(file: &std::path::Path) -> State {
    State {
        file: Some(file.to_path_buf()),
        ..State::default()
    }
}

fn listed(letters: &[DeadLetter]) -> String {
    let mut out = Vec::new();
    list(letters, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn shown(letter: &DeadLetter) -> String {
    let mut out = Vec::new();
    show(letter, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_list_says_what_was_asked_and_why_it_was_given_up() {
    let once = DeadLetter {
        receive_count: 1,
        apologised: false,
        ..dead(
            "j2",
            body(Work::Ask {
                text: "acme\nrevenue\x07".to_owned(),
            }),
        )
    };
    insta::assert_snapshot!(listed(&[once, dead("j1", body(report()))]), @r"
    j2  2026-11-24 12:01:01 UTC  acme\nrevenue\u{7}
        tried once, asker not told yet: the lake\u{1b}[2J answered 500
    j1  2026-11-24 12:01:01 UTC  report a wrong value: #17 revenue
        tried 5 times, asker told or out of reach: the lake\u{1b}[2J answered 500

    `why jobs show ID` shows one, `why jobs retry ID` puts it back.
    ");
    insta::assert_snapshot!(listed(&[]), @"No job was given up in the last 14 days.");
}

#[test]
fn one_letter_is_shown_without_secrets_and_without_other_words() {
    insta::assert_snapshot!(shown(&dead("j1", body(report()))), @r"
    job         j1
    work        report a wrong value: #17 revenue
    request     request-1
    asker       U1
    enterprise  E1
    channel     C1
    accepted    2026-11-24 12:00:00 UTC
    queued      2026-11-24 12:00:00 UTC
    given up    2026-11-24 12:01:01 UTC, tried 5 times
    why         the lake\u{1b}[2J answered 500
    apology     sent
    ");
    insta::assert_snapshot!(shown(&dead("j1", "{\"version\":2,\"x\":\"secret\"}".to_owned())), @r"
    job         j1
    work        (unreadable: version 2, this one reads 1)
    queued      2026-11-24 12:00:00 UTC
    given up    2026-11-24 12:01:01 UTC, tried 5 times
    why         the lake\u{1b}[2J answered 500
    apology     sent
    ");
}

#[test]
fn no_work_and_no_garbage_gives_away_a_secret() {
    let secret = || "secret".to_owned();
    for (body, expected) in [
        (
            body(Work::Share {
                text: "#17 revenue".to_owned(),
            }),
            "share: #17 revenue",
        ),
        (
            body(Work::FillModal {
                view_id: "V1".to_owned(),
                message: Some(secret()),
            }),
            "fill a modal",
        ),
        (body(Work::Home), "fill the Home tab"),
        (body(report()), "report a wrong value: #17 revenue"),
        (
            body(Work::Triage {
                report: "R1".to_owned(),
                state: TriageState::Looking,
            }),
            "a steward's word on report R1",
        ),
        (
            body(Work::Unfurl {
                links: vec![secret()],
                pasted: None,
            }),
            "show what a link leads to",
        ),
        (secret(), "(unreadable: not JSON)"),
        ("{}".to_owned(), "(unreadable: no version)"),
        (
            "{\"version\":1,\"job\":\"secret\"}".to_owned(),
            "(unreadable: not a job)",
        ),
        (
            body(Work::Home).replace("\"home\"", "\"secret\""),
            "(unreadable: not a job)",
        ),
    ] {
        let letter = dead("j1", body);
        assert_eq!(work(&letter), expected);
        for printed in [shown(&letter), listed(&[letter])] {
            assert!(!printed.contains("secret"), "{printed}");
            assert!(!printed.contains('\x1b'), "{printed}");
        }
    }
}

#[test]
fn a_letter_is_found_by_its_id_or_by_the_reference_of_its_apology() {
    let other = body(Work::Home).replace("request-1", "request-2");
    let letters = [
        dead("j1", body(Work::Home)),
        dead("j2", other),
        dead("j3", "garbage".to_owned()),
    ];
    for (id, expected) in [
        ("j2", Some("j2")),
        ("j3", Some("j3")),
        ("request-1", Some("j1")),
        ("request-2", Some("j2")),
        // Of more than one, of none, too short to tell.
        ("request-", None),
        ("request-3", None),
        ("j", None),
        ("", None),
    ] {
        let found = letter(&letters, id).ok().map(|letter| letter.id.as_str());
        assert_eq!(found, expected, "{id}");
    }
}

#[tokio::test]
async fn a_retried_letter_is_in_the_queue_and_not_done() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(state::FILE_NAME);
    let (queue, ledger) = (
        Queue::sqlite(&file).await.unwrap(),
        Ledger::sqlite(&file).await.unwrap(),
    );
    let minute = Duration::from_secs(60);
    queue.send("j1", "body", now()).await.unwrap();
    ledger.begin("j1", minute, now()).await.unwrap();
    let received = queue.receive(1, minute, now()).await.unwrap();
    queue.bury(&received[0], "broken", now()).await.unwrap();
    ledger.finish("j1", now()).await.unwrap();
    let place = Place::open(&at(&file), &Environment::default())
        .await
        .unwrap();
    let letters = place.letters(now()).await.unwrap();
    place.retry(&letters[0], now()).await.unwrap();
    let again = queue.receive(1, minute, now()).await.unwrap();
    assert_eq!((again[0].id.as_str(), again[0].receive_count), ("j1", 1));
    assert_eq!(
        ledger.begin("j1", minute, now()).await.unwrap(),
        ledger::Begun::Resumed { posted: None }
    );
    // Now it is no dead letter, and what is done stays done.
    ledger.finish("j1", now()).await.unwrap();
    let refused = place.retry(&letters[0], now()).await.unwrap_err();
    insta::assert_snapshot!(refused, @"
    There is no dead letter j1.
    `why jobs list` lists those there are.
    ");
    assert_eq!(refused.class, Class::User);
    assert_eq!(
        ledger.begin("j1", minute, now()).await.unwrap(),
        ledger::Begun::Done
    );
}

#[tokio::test]
async fn what_is_no_state_file_is_said_with_advice() {
    let folder = tempfile::tempdir().unwrap();
    let said = |failure: Failure| {
        let text = failure.to_string();
        text.replace(&folder.path().display().to_string(), "FOLDER")
    };
    let none = State {
        file: Some(folder.path().to_path_buf()),
        ..State::default()
    };
    let nothing = Environment::default();
    insta::assert_snapshot!(said(none.file(&nothing).unwrap_err()), @"
    There is no state file FOLDER/why-state.sqlite.
    `why serve` makes it; name another with --state or WHY_STATE. For letters on AWS say --ledger-table.
    ");
    // To list is not to make one.
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    std::fs::write(folder.path().join(state::FILE_NAME), "garbage").unwrap();
    insta::assert_snapshot!(said(Place::open(&none, &nothing).await.err().unwrap()), @"The queue at FOLDER/why-state.sqlite can't be opened: it is not a SQLite file: move it away, or name another.");
}

#[test]
fn the_state_file_is_the_one_of_why_serve_and_a_flag_wins() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::create_dir(at("folder")).unwrap();
    for name in ["flag", "variable", "folder/why-state.sqlite"] {
        std::fs::write(at(name), "").unwrap();
    }
    for (flag, variable, expected) in [
        (Some("flag"), Some("variable"), Ok("flag")),
        (Some("flag"), None, Ok("flag")),
        (None, Some("variable"), Ok("variable")),
        (None, Some("folder"), Ok("folder/why-state.sqlite")),
        (None, Some("nowhere"), Err("nowhere")),
        (Some("nowhere"), Some("variable"), Err("nowhere")),
    ] {
        let set = variable.map(|name| ("WHY_STATE".to_owned(), at(name).display().to_string()));
        let state = State {
            file: flag.map(at),
            ..State::default()
        };
        let found = state.file(&set.into_iter().collect());
        let expected = match expected {
            Ok(name) => Ok(at(name)),
            Err(name) => Err(format!("There is no state file {}.", at(name).display())),
        };
        assert_eq!(
            found.map_err(|failure| failure.text),
            expected,
            "{flag:?} {variable:?}"
        );
    }
    // An empty variable is none, and then it lies here.
    let set = [("WHY_STATE".to_owned(), String::new())];
    let here = State::default().file(&set.into_iter().collect());
    assert_eq!(
        here.unwrap_err().text,
        "There is no state file why-state.sqlite."
    );
}

#[test]
fn every_failure_has_a_class_and_advice() {
    let reason = || "reason".to_owned();
    for (failure, class) in [
        (of_queue(&queue::Error::TimedOut), Class::Retry),
        (of_ledger(&ledger::Error::TimedOut), Class::Retry),
        (
            of_queue(&queue::Error::Full { reason: reason() }),
            Class::Internal,
        ),
        (
            of_queue(&queue::Error::Failed { reason: reason() }),
            Class::Internal,
        ),
        (
            of_ledger(&ledger::Error::Failed { reason: reason() }),
            Class::Internal,
        ),
        (
            of_ledger(&ledger::Error::Open {
                file: reason(),
                reason: reason(),
            }),
            Class::User,
        ),
    ] {
        assert_eq!(failure.class, class, "{failure}");
        assert!(
            failure.class == Class::User || !failure.advice.is_empty(),
            "{failure}"
        );
    }
}

#[test]
fn a_table_that_is_named_wins_over_a_file_that_is_not() {
    let told: Environment = [("WHY_LEDGER_TABLE".to_owned(), "variable".to_owned())]
        .into_iter()
        .collect();
    let named = State {
        ledger_table: Some("flag".to_owned()),
        ..State::default()
    };
    assert_eq!(named.table(&told), Some("flag"));
    assert_eq!(State::default().table(&told), Some("variable"));
    assert_eq!(at("f".as_ref()).table(&told), None);
    assert_eq!(State::default().table(&Environment::default()), None);
}
