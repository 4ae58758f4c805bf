//! Every way to ask in words: the command, a mention, a thread, a direct message.

use why::slack_demo::fake::state::{ADA, GRACE, NOT_JOINED, PRIVATE, PUBLIC};

use super::{buttons_of, first_line, talk};

#[tokio::test]
async fn a_command_is_answered_for_the_asker_alone() {
    let talk = talk("command").await;
    let answer = talk.command(ADA, PUBLIC, "acme revenue").await;
    assert_eq!(answer.private_to.as_deref(), Some(ADA));
    insta::assert_snapshot!(talk.end(1).await);
}

#[tokio::test]
async fn of_several_companies_one_is_pressed() {
    let talk = talk("several-companies").await;
    let choice = talk.command(ADA, PUBLIC, "acme tools revenue").await;
    insta::assert_snapshot!("several_companies", talk.transcript());
    let buttons = buttons_of(&choice);
    let limited = buttons.iter().find(|b| b.contains("Ltd")).unwrap();
    let answer = talk.press(ADA, &choice, limited).await;
    assert!(
        first_line(&answer).starts_with("Acme Tools Ltd"),
        "{answer:#?}"
    );
    insta::assert_snapshot!(talk.end(1).await);
}

#[tokio::test]
async fn a_company_alone_is_shown_at_a_glance() {
    let talk = talk("overview").await;
    talk.command(ADA, PUBLIC, "acme").await;
    insta::assert_snapshot!(talk.end(1).await);
}

#[tokio::test]
async fn what_changed_is_told_with_its_causes() {
    let talk = talk("changes").await;
    talk.command(ADA, PUBLIC, "acme changes since 2026-03-01")
        .await;
    insta::assert_snapshot!(talk.end(1).await);
}

#[tokio::test]
async fn help_is_told_wherever_it_is_asked_for() {
    let talk = talk("help-everywhere").await;
    talk.mention(ADA, PUBLIC, None, "help").await;
    assert!(talk.answer().await.text.contains("`/why acme revenue`"));
    for words in ["help", "hi"] {
        talk.slack().direct(ADA, words).await.unwrap();
        assert!(talk.answer().await.text.contains("`/why acme revenue`"));
    }
    let hidden = talk.command(ADA, PUBLIC, "help").await;
    assert!(!hidden.text.contains("credit_limit"), "{hidden:#?}");
    talk.end(4).await;
}

#[tokio::test]
async fn a_longer_time_of_changes_is_pressed() {
    let talk = talk("longer").await;
    let week = talk.command(ADA, PUBLIC, "what changed for acme").await;
    let month = talk.press(ADA, &week, "Last 30 days").await;
    assert!(month.text.contains("since 2026-10-"), "{month:#?}");
    talk.press(ADA, &month, "Last 90 days").await;
    talk.end(1).await;
}

#[tokio::test]
async fn a_choice_beside_an_answer_leaves_the_answer() {
    let talk = talk("known-and-choice").await;
    talk.mention(ADA, PUBLIC, None, "Brightwater and acme tools revenue")
        .await;
    let both = talk.answer().await;
    assert!(first_line(&both).starts_with("Brightwater"), "{both:#?}");
    let limited = buttons_of(&both)
        .into_iter()
        .find(|b| b.contains("Ltd"))
        .unwrap();
    let chosen = talk.press(GRACE, &both, &limited).await;
    assert_eq!(chosen.private_to.as_deref(), Some(GRACE));
    talk.end(2).await;
}

#[tokio::test]
async fn help_is_told_at_once() {
    let talk = talk("help").await;
    for words in ["", "help", "?"] {
        let usage = talk.command(ADA, PUBLIC, words).await;
        assert!(usage.text.contains("`/why acme revenue`"), "{usage:#?}");
    }
    talk.command(ADA, PUBLIC, "acme revenue as of 2025-13-45")
        .await;
    talk.command(ADA, PUBLIC, "revenue").await;
    insta::assert_snapshot!(talk.end(5).await);
}

#[tokio::test]
async fn a_thread_remembers_the_company() {
    let talk = talk("thread").await;
    let thread = talk.mention(ADA, PUBLIC, None, "acme revenue?").await;
    talk.mention(GRACE, PUBLIC, Some(&thread), "and the headquarters?")
        .await;
    talk.mention(GRACE, PUBLIC, Some(&thread), "as of 2024-01-01?")
        .await;
    talk.mention(ADA, PUBLIC, Some(&thread), "Brightwater employees")
        .await;
    talk.mention(ADA, PUBLIC, Some(&thread), "revenue").await;
    insta::assert_snapshot!(talk.end(5).await);
}

#[tokio::test]
async fn two_questions_in_a_message_are_answered_in_one() {
    let talk = talk("two-questions").await;
    talk.mention(ADA, PUBLIC, None, "acme employees and Brightwater revenue")
        .await;
    talk.mention(ADA, PUBLIC, None, "acme.com hq and founded")
        .await;
    insta::assert_snapshot!(talk.end(2).await);
}

#[tokio::test]
async fn a_direct_message_is_answered_in_a_thread_or_beside() {
    let talk = talk("direct").await;
    talk.slack()
        .direct(ADA, "why is acme's revenue 12.4M?")
        .await
        .unwrap();
    talk.settled().await;
    talk.slack().direct(ADA, "hello").await.unwrap();
    insta::assert_snapshot!(talk.end(2).await);
}

#[tokio::test]
async fn an_empty_mention_is_told_how_to_ask() {
    let talk = talk("empty-mention").await;
    talk.mention(ADA, PUBLIC, None, "").await;
    talk.mention(ADA, PUBLIC, None, "help").await;
    insta::assert_snapshot!(talk.end(2).await);
}

#[tokio::test]
async fn a_command_works_where_the_bot_is_not() {
    let talk = talk("not-joined").await;
    talk.command(ADA, NOT_JOINED, "acme employees").await;
    talk.command(ADA, PRIVATE, "acme employees").await;
    insta::assert_snapshot!(talk.end(2).await);
}
