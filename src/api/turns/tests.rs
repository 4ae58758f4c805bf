//! Who gets a turn, and who gives it back.

use super::*;

fn turns(at_once: usize, patience_ms: u64) -> Turns {
    Turns::of(at_once, Duration::from_millis(patience_ms))
}

#[tokio::test]
async fn what_is_said_without_a_setting_is_what_the_setting_s_words_say() {
    let words = crate::config::API_AT_ONCE.doc;
    assert!(words.ends_with(&format!("without it: {USUAL}")), "{words}");
    assert_eq!(Turns::default().free.available_permits(), USUAL);
}

#[tokio::test]
async fn no_more_than_so_many_have_a_turn_and_a_turn_that_ends_is_the_next_one_s() {
    let turns = turns(2, 10);
    let (one, other) = (turns.take().await.unwrap(), turns.take().await.unwrap());
    let refused = turns.take().await.unwrap_err();
    assert_eq!((refused.class, refused.code), (Class::Retry, "busy"));
    drop(one);
    let third = turns.take().await.unwrap();
    assert!(turns.take().await.is_err());
    drop((other, third));
    assert_eq!(turns.free.available_permits(), 2);
}

#[tokio::test]
async fn whoever_waits_has_the_next_turn_before_those_who_came_later() {
    let turns = turns(1, 10_000);
    let held = turns.take().await.unwrap();
    let (said, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let mut waiting = Vec::new();
    for number in 0..5 {
        let (turns, said) = (turns.clone(), said.clone());
        waiting.push(tokio::spawn(async move {
            let _turn = turns.take().await.unwrap();
            said.send(number).unwrap();
        }));
        // It stands in the row before the next comes.
        tokio::task::yield_now().await;
    }
    drop(held);
    for task in waiting {
        task.await.unwrap();
    }
    for number in 0..5 {
        assert_eq!(heard.recv().await, Some(number));
    }
    assert_eq!(turns.free.available_permits(), 1);
}

/// Whoever closes the window leaves no turn behind.
#[tokio::test]
async fn who_goes_away_while_waiting_or_reading_takes_no_turn_with_them() {
    let turns = turns(1, 10_000);
    let held = turns.take().await.unwrap();
    let waits = timeout(Duration::from_millis(5), turns.take());
    assert!(waits.await.is_err());
    drop(held);
    let reads = async {
        let _turn = turns.take().await.unwrap();
        std::future::pending::<()>().await;
    };
    assert!(timeout(Duration::from_millis(5), reads).await.is_err());
    assert_eq!(turns.free.available_permits(), 1);
}
