//! Every button under an answer.

use why::slack_demo::fake::state::{ADA, GRACE, NOT_JOINED, PUBLIC};

use super::{buttons_of, first_line, talk};

#[tokio::test]
async fn the_full_history_and_the_one_before_replace_a_private_answer() {
    let talk = talk("history").await;
    let answer = talk
        .command(ADA, PUBLIC, "acme revenue since 2026-06-01")
        .await;
    let all = talk.press(ADA, &answer, "Full history").await;
    assert_eq!(all.ts, answer.ts);
    assert!(!buttons_of(&all).contains(&"Full history".to_owned()));
    let before = talk.press(ADA, &all, "Compare with previous").await;
    assert_eq!(before.ts, answer.ts);
    insta::assert_snapshot!(talk.end(1).await);
}

#[tokio::test]
async fn another_day_and_another_attribute_are_picked() {
    let talk = talk("pick").await;
    let answer = talk.command(ADA, PUBLIC, "acme revenue").await;
    let then = talk.pick(ADA, &answer, "As of", "2024-06-30").await;
    assert!(first_line(&then).contains("2024-06-30"), "{then:#?}");
    let other = talk
        .pick(ADA, &then, "Another attribute", "employees")
        .await;
    insta::assert_snapshot!(first_line(&other).to_owned());
    talk.end(1).await;
}

#[tokio::test]
async fn an_answer_is_shared_with_its_channel() {
    let talk = talk("share").await;
    let answer = talk.command(ADA, PUBLIC, "acme employees").await;
    talk.press(ADA, &answer, "Share to channel").await;
    insta::assert_snapshot!(talk.end(2).await);
}

#[tokio::test]
async fn sharing_where_the_bot_is_not_says_what_to_do() {
    let mut talk = talk("share-nowhere").await;
    talk.expected.refusals.push("not_in_channel");
    let answer = talk.command(ADA, NOT_JOINED, "acme employees").await;
    let note = talk.press(ADA, &answer, "Share to channel").await;
    assert!(note.text.contains("/invite"), "{note:#?}");
    insta::assert_snapshot!(talk.end(2).await);
}

#[tokio::test]
async fn a_press_under_an_answer_for_all_changes_it_for_all() {
    let talk = talk("press-public").await;
    let thread = talk
        .mention(ADA, PUBLIC, None, "acme employees since 2026-06-01")
        .await;
    let answer = talk.answer().await;
    let all = talk.press(GRACE, &answer, "Full history").await;
    assert_eq!(all.thread_ts, Some(thread));
    assert_eq!(all.private_to, None);
    talk.end(1).await;
}

#[tokio::test]
async fn an_attribute_of_an_overview_is_pressed() {
    let talk = talk("press-overview").await;
    let glance = talk.command(ADA, PUBLIC, "#52").await;
    let changes = talk.press(ADA, &glance, "What changed lately").await;
    assert!(changes.text.contains("1 change since"), "{changes:#?}");
    let all = talk.press(ADA, &changes, "All attributes").await;
    let answer = talk.pick(ADA, &all, "Ask why", "employees").await;
    assert!(first_line(&answer).contains("41,000 people"), "{answer:#?}");
    talk.end(1).await;
}
