//! This looks wrong: from the button to what a steward found.

use why::slack_demo::fake::Fault;
use why::slack_demo::fake::state::{ADA, GRACE, Message, PUBLIC, TRIAGE};

use super::failures::break_files;
use super::{Talk, buttons_of, now, own_lake, talk, talk_over};

async fn reported(talk: &Talk, answer: &Message) -> Message {
    talk.slack()
        .press(ADA, &answer.ts, "This looks wrong")
        .await
        .unwrap();
    talk.settled().await;
    let form = talk.transcript();
    let (_, form) = form.split_once("== A modal").unwrap();
    insta::assert_snapshot!("report_form", form);
    let fields = [
        ("wrong", "The 2025 report says more & <better>"),
        ("expected", "13.1M"),
        ("link", "https://acme.example/report.pdf"),
    ];
    talk.slack().submit(ADA, &fields).await.unwrap();
    talk.settled().await;
    let posted = |w: &why::slack_demo::fake::state::Workspace| {
        w.messages.iter().find(|m| m.channel == TRIAGE).cloned()
    };
    talk.slack().read(posted).unwrap()
}

#[tokio::test]
async fn a_report_reaches_the_stewards_and_their_word_the_reporter() {
    let talk = talk("report").await;
    let answer = talk.command(ADA, PUBLIC, "acme revenue").await;
    let report = reported(&talk, &answer).await;
    for button in ["Looking into it", "Explained", "Data error"] {
        talk.press(GRACE, &report, button).await;
    }
    insta::assert_snapshot!("report", talk.end(6).await);
}

#[tokio::test]
async fn a_report_from_a_thread_is_answered_there() {
    let talk = talk("report-thread").await;
    let thread = talk.mention(ADA, PUBLIC, None, "acme revenue").await;
    let answer = talk.answer().await;
    let report = reported(&talk, &answer).await;
    talk.press(GRACE, &report, "Explained").await;
    let told = talk.slack().read(|w| w.last_answer().cloned()).unwrap();
    assert_eq!(told.thread_ts, Some(thread));
    assert!(told.text.contains("<@U1>"), "{told:#?}");
    insta::assert_snapshot!(talk.end(4).await);
}

/// What stewards see, the newest last.
fn in_triage(talk: &Talk) -> Vec<Message> {
    talk.slack().read(|w| {
        let all = w.messages.iter().filter(|m| m.channel == TRIAGE);
        all.cloned().collect()
    })
}

#[tokio::test]
async fn a_press_shows_the_answer_as_it_was_also_where_the_lake_is_broken_by_then() {
    let lake = own_lake("report-kept");
    let talk = talk_over("report-kept", &lake, now).await;
    let answer = talk.command(ADA, PUBLIC, "acme revenue").await;
    let report = reported(&talk, &answer).await;
    break_files(&lake.join("attribute_trace/attribute_name=revenue"));
    talk.press(GRACE, &report, "Explained").await;
    let all = in_triage(&talk);
    let [after] = all.as_slice() else {
        panic!("{all:#?}")
    };
    assert!(
        format!("{after:?}").contains("*Explained*: <@U2>"),
        "{after:#?}"
    );
    let found = |m: &Message| {
        m.blocks
            .iter()
            .filter(|b| b.to_string().contains("12.4M USD"))
            .count()
    };
    assert_eq!(found(after), found(&report));
    assert_eq!(found(after), 1, "{after:#?}");
    talk.end(4).await;
}

#[tokio::test]
async fn where_nobody_knows_where_a_report_stands_a_press_shows_on_what_was_pressed() {
    let talk = talk("report-unknown").await;
    let answer = talk.command(ADA, PUBLIC, "acme revenue").await;
    let report = reported(&talk, &answer).await;
    // As where the ledger failed when it was told.
    let state = rusqlite::Connection::open(&talk.state).unwrap();
    let forgotten = state.execute("UPDATE report SET posted_ts = NULL", []);
    assert_eq!(forgotten.unwrap(), 1);
    talk.press(GRACE, &report, "Explained").await;
    let all = in_triage(&talk);
    let [after] = all.as_slice() else {
        panic!("{all:#?}")
    };
    assert!(
        !buttons_of(after).contains(&"Explained".to_owned()),
        "{after:#?}"
    );
    talk.end(4).await;
}

#[tokio::test]
async fn a_word_that_may_be_there_is_not_said_again_elsewhere() {
    let faults = [Fault::StatusAfter(500), Fault::Garbage, Fault::Hangup];
    for (number, fault) in faults.into_iter().enumerate() {
        let talk = talk(&format!("report-whisper-{number}")).await;
        let answer = talk.command(ADA, PUBLIC, "acme revenue").await;
        talk.slack().fault("chat.postEphemeral", fault);
        reported(&talk, &answer).await;
        let said = talk.slack().read(|w| {
            let said = w
                .messages
                .iter()
                .filter(|m| m.text.starts_with("Passed on"));
            said.count()
        });
        assert_eq!(said, 1, "{fault:?}: {}", talk.transcript());
        talk.end(3).await;
    }
}
