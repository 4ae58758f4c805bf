//! Every class of failure, as the person in Slack meets it.

use std::path::Path;

use why::slack_demo::fake::Fault;
use why::slack_demo::fake::state::{ADA, GRACE, PUBLIC};

use super::{buttons_of, fast, now, own_lake, talk, talk_over};
use crate::harness::acme_lake;

#[tokio::test]
async fn what_can_be_mended_says_how() {
    let talk = talk("mendable").await;
    for words in [
        "Zzyzx Holdings revenue",
        "brightwatr revenue",
        "acme revenu",
        "acme shoe size",
        "acme revenue as of 2031-01-01",
        "#999 revenue",
        "acme revenue as of 2022-12-31",
    ] {
        talk.command(ADA, PUBLIC, words).await;
    }
    insta::assert_snapshot!(talk.end(7).await);
}

#[tokio::test]
async fn a_suggestion_is_pressed() {
    let talk = talk("suggestion").await;
    let typo = talk.command(ADA, PUBLIC, "brightwatr revenue").await;
    let first = buttons_of(&typo)[0].clone();
    let answer = talk.press(ADA, &typo, &first).await;
    assert!(
        answer.text.contains("Brightwater Energy plc"),
        "{answer:#?}"
    );
    talk.end(1).await;
}

#[tokio::test]
async fn a_broken_file_is_an_apology_with_a_reference() {
    let lake = own_lake("broken");
    break_files(&lake.join("attribute_trace/attribute_name=revenue"));
    let talk = talk_over("broken", &lake, now).await;
    talk.command(ADA, PUBLIC, "acme revenue").await;
    talk.mention(ADA, PUBLIC, None, "acme revenue").await;
    // What the rest of the company says is there.
    talk.command(ADA, PUBLIC, "acme changes since 2026-03-01")
        .await;
    insta::assert_snapshot!(talk.end(3).await);
}

pub(super) fn break_files(folder: &Path) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            break_files(&path);
        } else {
            std::fs::write(&path, b"PAR1 no more PAR1").unwrap();
        }
    }
}

#[tokio::test]
async fn what_the_queue_does_not_take_is_said_at_once() {
    let talk = talk("no-queue").await;
    let state = rusqlite::Connection::open(&talk.state).unwrap();
    let renamed = |from: &str, to: &str| {
        let sql = format!("ALTER TABLE {from} RENAME TO {to}");
        state.execute_batch(&sql).unwrap();
    };
    renamed("job", "away");
    talk.slack()
        .command(ADA, PUBLIC, "acme revenue")
        .await
        .unwrap();
    renamed("away", "job");
    insta::assert_snapshot!(talk.end(1).await);
}

#[tokio::test]
async fn where_slack_takes_no_tables_the_answer_is_a_list() {
    let mut talk = talk("plain").await;
    talk.expected.refusals.push("invalid_blocks");
    talk.slack().change(|w| w.refuses_rich = true);
    talk.mention(ADA, PUBLIC, None, "acme employees").await;
    insta::assert_snapshot!(talk.end(1).await);
}

#[tokio::test]
async fn an_answer_that_was_lost_on_the_way_is_not_said_twice() {
    let talk = talk_over("hangup", acme_lake(), fast).await;
    talk.slack().fault("respond", Fault::Hangup);
    talk.slack()
        .command(ADA, PUBLIC, "acme employees")
        .await
        .unwrap();
    talk.end(1).await;
}

/// What Slack does once, at which call.
const MOMENTS: [(&str, Fault); 7] = [
    ("chat.postMessage", Fault::RateLimited(1)),
    ("chat.postMessage", Fault::Status(503)),
    ("chat.update", Fault::RateLimited(1)),
    ("chat.update", Fault::Hangup),
    ("chat.update", Fault::Garbage),
    ("chat.update", Fault::Status(500)),
    ("users.info", Fault::Status(503)),
];

#[tokio::test]
async fn what_slack_refuses_for_a_moment_is_done_later_and_once() {
    for (at, (method, fault)) in MOMENTS.into_iter().enumerate() {
        let mut talk = talk_over(&format!("moment-{at}"), acme_lake(), fast).await;
        talk.expected.refusals.push("fault");
        talk.slack().fault(method, fault);
        let thread = talk.mention(ADA, PUBLIC, None, "acme employees").await;
        let answer = talk.answer().await;
        assert_eq!(answer.thread_ts, Some(thread), "{method} {fault:?}");
        assert!(
            answer.text.contains("1,150 people"),
            "{method} {fault:?}: {answer:#?}"
        );
        talk.end(1).await;
    }
}

#[tokio::test]
async fn a_refused_token_keeps_no_answer_from_where_none_is_needed() {
    let mut talk = talk("no-token").await;
    talk.expected.refusals.push("fault");
    let alert = talk.slack().say(GRACE, PUBLIC, None, "acme employees");
    talk.slack().shortcut(ADA, Some(&alert)).await.unwrap();
    talk.settled().await;
    // The placeholder's and the answer's.
    for _ in 0..2 {
        let refused = Fault::Error("invalid_auth");
        talk.slack().fault("chat.postMessage", refused);
    }
    let fields = [("company", "#17"), ("attribute", "employees")];
    talk.slack().submit(ADA, &fields).await.unwrap();
    let answer = talk.answer().await;
    assert_eq!(answer.private_to.as_deref(), Some(ADA));
    assert!(answer.text.contains("1,150 people"), "{answer:#?}");
    assert!(!answer.text.contains("/invite"), "{answer:#?}");
    talk.end(1).await;
}

#[tokio::test]
async fn an_answer_that_was_deleted_meanwhile_is_said_anew() {
    let mut talk = talk("deleted").await;
    talk.expected.refusals.push("message_not_found");
    talk.mention(ADA, PUBLIC, None, "acme employees since 2026-06-01")
        .await;
    let answer = talk.answer().await;
    talk.slack()
        .fault("chat.update", Fault::Error("message_not_found"));
    talk.expected.refusals.push("fault");
    talk.press(ADA, &answer, "Full history").await;
    talk.end(2).await;
}
