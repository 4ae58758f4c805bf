//! This looks wrong: from the button to what a steward found.

use why::slack_demo::fake::state::{ADA, GRACE, Message, PUBLIC, TRIAGE};

use super::{Talk, talk};

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
