//! Dead letters in the ledger: kept for 14 days, found newest first.

use why::job::DeadLetter;

use super::{at, day, stores};

fn letter(id: &str, died_on: u64) -> DeadLetter {
    DeadLetter {
        id: id.to_owned(),
        body: format!("body of {id}"),
        why: String::new(),
        receive_count: 8,
        sent_at: at(0),
        died_at: day(died_on),
        apologised: false,
    }
}

#[tokio::test]
async fn a_letter_is_kept_for_fourteen_days_and_replaced_where_it_comes_again() {
    let (old, new) = (letter("a", 0), letter("b", 1));
    let told = DeadLetter {
        apologised: true,
        why: "the lake answered 500".to_owned(),
        ..old.clone()
    };
    for store in stores().await {
        let ledger = &store.ledger;
        assert_eq!(ledger.letters(day(0)).await.unwrap(), []);
        for letter in [&old, &new, &told] {
            ledger.keep_letter(letter).await.unwrap();
        }
        for (now, expected) in [
            (day(1), vec![new.clone(), told.clone()]),
            (at(14 * super::DAY - 1), vec![new.clone(), told.clone()]),
            (day(14), vec![new.clone()]),
            (day(15), vec![]),
        ] {
            let found = store.other.letters(now).await.unwrap();
            assert_eq!(found, expected, "{} {now}", store.name);
        }
    }
}

#[tokio::test]
async fn more_letters_than_dynamodb_gives_at_once_are_all_found() {
    for store in stores().await {
        for number in 0..12 {
            let long = DeadLetter {
                body: "x".repeat(100_000),
                ..letter(&format!("{number:02}"), number)
            };
            store.ledger.keep_letter(&long).await.unwrap();
        }
        let found = store.ledger.letters(day(12)).await.unwrap();
        let ids: Vec<String> = found.into_iter().map(|letter| letter.id).collect();
        let newest_first: Vec<String> = (0..12).rev().map(|id| format!("{id:02}")).collect();
        assert_eq!(ids, newest_first, "{}", store.name);
    }
}
