//! What the ledger keeps, and for how long.

use aws_sdk_dynamodb::types::AttributeValue;
use proptest::prelude::*;
use why::access::Through;
use why::job::{Posted, TriageState};
use why::ledger::{Access, Ledger, Report, Topic};

use super::peer::{Answer, Peer};
use super::{LEASE, Store, at, day, stores, table};
use crate::moto::{self, Moto};

#[tokio::test]
async fn the_last_questions_come_newest_first_each_once_and_no_more_than_twenty() {
    for store in stores().await {
        let (name, ledger) = (store.name, &store.ledger);
        for (user, question, second) in [
            ("U1", "acme revenue", 0),
            ("U1", "acme employees", 1),
            ("U2", "of another", 2),
            ("U1", "acme revenue", 3),
            // Two of one instant: the one that came last is the newest.
            ("U1", "bolt revenue", 4),
            ("U1", "bolt employees", 4),
            ("U1", "bolt revenue", 4),
        ] {
            let asked_at = at(second);
            let remembered = ledger.remember_question(user, question, asked_at).await;
            remembered.unwrap();
        }
        let all = [
            "bolt revenue",
            "bolt employees",
            "acme revenue",
            "acme employees",
        ];
        for (user, most, expected) in [
            ("U1", 9, &all[..]),
            ("U1", 2, &all[..2]),
            ("U1", 0, &[]),
            ("U2", 9, &["of another"]),
            ("U3", 9, &[]),
        ] {
            let found = ledger.last_questions(user, most).await.unwrap();
            assert_eq!(found, expected, "{name} {user} {most}");
        }
        for number in 0..90 {
            // One that comes again and again pushes none of the others out.
            for question in [number.to_string(), "again".to_owned()] {
                let remembered = ledger.remember_question("U1", &question, at(9)).await;
                remembered.unwrap();
            }
        }
        let numbers = (71..90).rev().map(|number| number.to_string());
        let kept: Vec<String> = std::iter::once("again".to_owned()).chain(numbers).collect();
        let found = ledger.last_questions("U1", 1000).await.unwrap();
        assert_eq!(found, kept, "{name}");
        let found = ledger.last_questions("U2", 9).await.unwrap();
        assert_eq!(found, ["of another"], "{name}");
    }
}

#[tokio::test]
async fn a_persons_questions_are_forgotten_ninety_days_after_the_newest() {
    let [sqlite, _] = stores().await;
    let ledger = &sqlite.ledger;
    ledger.remember_question("U1", "old", day(0)).await.unwrap();
    ledger
        .remember_question("U2", "kept", day(1))
        .await
        .unwrap();
    ledger
        .remember_question("U2", "newer", day(80))
        .await
        .unwrap();
    ledger
        .remember_question("U3", "new", day(91))
        .await
        .unwrap();
    assert_eq!(ledger.last_questions("U1", 9).await.unwrap(), [""; 0]);
    let kept = ledger.last_questions("U2", 9).await.unwrap();
    assert_eq!(kept, ["newer", "kept"]);
    // DynamoDB itself deletes what has expired.
    let (config, table) = (Moto::shared().config(), table().await);
    let ledger = Ledger::dynamo(&config, &table);
    let text = |value: &str| AttributeValue::S(value.to_owned());
    for asked in [0, 80] {
        let remembered = ledger.remember_question("U1", "acme", day(asked)).await;
        remembered.unwrap();
        let found = aws_sdk_dynamodb::Client::new(&config)
            .get_item()
            .table_name(&table)
            .key("pk", text("user#U1"))
            .key("sk", text("questions"))
            .send()
            .await
            .unwrap();
        let expires_at = found.item.unwrap()["expires_at"].as_n().unwrap().clone();
        assert_eq!(expires_at, day(asked + 90).as_second().to_string());
    }
}

#[tokio::test]
async fn a_thread_keeps_its_topic_for_seven_days() {
    let topic = |entity_id, attribute: Option<&str>| Topic {
        entity_id,
        attribute: attribute.map(str::to_owned),
    };
    let (first, last) = (topic(-17, None), topic(i64::MAX, Some("revenue")));
    for store in stores().await {
        let (name, ledger) = (store.name, &store.ledger);
        ledger.set_topic("C1", "1.1", &first, day(0)).await.unwrap();
        ledger.set_topic("C2", "1.1", &last, day(0)).await.unwrap();
        let found = ledger.topic("C1", "1.1", day(0)).await.unwrap();
        assert_eq!(found.as_ref(), Some(&first), "{name}");
        assert_eq!(ledger.topic("C1", "1.2", day(0)).await.unwrap(), None);
        ledger.set_topic("C1", "1.1", &last, day(1)).await.unwrap();
        for (now, expected) in [
            (at(7 * super::DAY - 1), [Some(&last), Some(&last)]),
            (day(7), [Some(&last), None]),
            (day(8), [None, None]),
        ] {
            for (channel, expected) in ["C1", "C2"].into_iter().zip(expected) {
                let found = ledger.topic(channel, "1.1", now).await.unwrap();
                assert_eq!(found.as_ref(), expected, "{name} {channel} {now}");
            }
        }
    }
}

#[tokio::test]
async fn it_is_known_for_ninety_days_who_asked_what() {
    let access = |day_of, user: &str| Access {
        at: day(day_of),
        user: user.to_owned(),
        team: Some("T1".to_owned()),
        channel: None,
        entity_id: Some(17),
        attribute: None,
        outcome: "answered".to_owned(),
        through: Through::Slack,
    };
    let all = [
        access(0, "U1"),
        access(1, "U2"),
        access(1, "U3"),
        access(40, "U4"),
    ];
    let newest_first: Vec<Access> = all.iter().rev().cloned().collect();
    for store in stores().await {
        let (name, ledger) = (store.name, &store.ledger);
        for access in &all {
            ledger.audit(access).await.unwrap();
        }
        for (today, most, expected) in [
            (41, 9, 4),
            (41, 2, 2),
            (41, 0, 0),
            // A writer's clock may be ahead by some.
            (39, 9, 4),
            (89, 9, 4),
            (90, 9, 3),
            (91, 9, 1),
            (130, 9, 0),
        ] {
            let found = ledger.accesses(most, day(today)).await.unwrap();
            assert_eq!(found, newest_first[..expected], "{name} {today} {most}");
        }
    }
}

/// More than DynamoDB gives in one page.
#[tokio::test]
async fn many_lines_of_one_day_are_all_found_newest_first() {
    const LINES: usize = 60;
    // 20 kB each: DynamoDB gives a megabyte at a time.
    let channel = "C".repeat(20_000);
    for store in stores().await {
        for number in 0..LINES {
            let access = Access {
                at: at(0),
                user: format!("U{number}"),
                team: None,
                channel: Some(channel.clone()),
                entity_id: None,
                attribute: Some(String::new()),
                outcome: String::new(),
                through: Through::Slack,
            };
            store.ledger.audit(&access).await.unwrap();
        }
        for most in [LINES - 1, LINES, 1000] {
            let found = store.ledger.accesses(most, at(0)).await.unwrap();
            let users: Vec<String> = found.into_iter().map(|access| access.user).collect();
            let newest_first = (0..LINES).rev().map(|number| format!("U{number}"));
            let expected: Vec<String> = newest_first.take(most).collect();
            assert_eq!(users, expected, "{}", store.name);
        }
    }
}

fn state() -> impl Strategy<Value = Option<TriageState>> {
    prop::option::of(prop_oneof![
        Just(TriageState::Looking),
        Just(TriageState::Explained),
        Just(TriageState::DataError),
    ])
}

fn words() -> impl Strategy<Value = Option<String>> {
    prop::option::of(".{0,12}")
}

prop_compose! {
    fn report()(
        second in 0..1_000_000_u64,
        texts in prop::array::uniform3(".{0,12}"),
        maybe in prop::array::uniform6(words()),
        posted in prop::option::of(".{1,5}"),
        state in state(),
    ) -> Report {
        let [user, question, wrong] = texts;
        let [expected, link, channel, thread_ts, state_by, answer] = maybe;
        Report {
            id: "R1".to_owned(),
            at: at(second),
            user, question, wrong, expected, link, channel, thread_ts,
            posted: posted.map(|ts| Posted { channel: "C1".to_owned(), ts }),
            state, state_by, answer,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn a_report_is_read_back_as_it_was_saved_last(first in report(), last in report()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            for Store { name, ledger, other, .. } in &stores().await {
                prop_assert_eq!(ledger.report("R1").await.unwrap(), None);
                for report in [&first, &last] {
                    ledger.save_report(report).await.unwrap();
                    // Another process sees it at once.
                    let found = other.report("R1").await.unwrap();
                    prop_assert_eq!(found.as_ref(), Some(report), "{}", name);
                }
            }
            Ok(())
        })?;
    }
}

#[tokio::test]
async fn where_a_report_stands_and_what_is_said_of_it_never_undo_each_other() {
    for Store {
        name,
        ledger,
        other,
        ..
    } in &stores().await
    {
        let known = Report {
            answer: Some("{}".to_owned()),
            ..Report::new(
                "R1".to_owned(),
                at(1),
                "U1".to_owned(),
                "#17 revenue".to_owned(),
                "all".to_owned(),
            )
        };
        let posted = Posted {
            channel: "C1".to_owned(),
            ts: "9.9".to_owned(),
        };
        // Of a report that nobody saved, nothing is made.
        ledger.set_report_posted("R1", &posted).await.unwrap();
        let state = TriageState::Explained;
        ledger.set_report_state("R1", state, "U2").await.unwrap();
        assert_eq!(ledger.report("R1").await.unwrap(), None, "{name}");

        ledger.save_report(&known).await.unwrap();
        let (one, two) = tokio::join!(
            ledger.set_report_posted("R1", &posted),
            other.set_report_state("R1", state, "U2"),
        );
        one.and(two).unwrap();
        let expected = Report {
            posted: Some(posted),
            state: Some(state),
            state_by: Some("U2".to_owned()),
            ..known
        };
        let found = other.report("R1").await.unwrap();
        assert_eq!(found, Some(expected), "{name}");
    }
}

/// What a question costs: each is one request that DynamoDB bills.
#[tokio::test]
async fn a_usual_question_is_two_writes_for_its_lease_and_one_request_for_all_else() {
    let peer = Peer::start(&[Answer::PassOn]).await;
    let ledger = Ledger::dynamo(&moto::config(&peer.url), &table().await);
    let topic = Topic {
        entity_id: 17,
        attribute: None,
    };
    let access = Access {
        at: at(0),
        user: "U1".to_owned(),
        team: None,
        channel: None,
        entity_id: None,
        attribute: None,
        outcome: "answered".to_owned(),
        through: Through::Slack,
    };
    ledger.begin("j", LEASE, at(0)).await.unwrap();
    ledger.topic("C1", "1.1", at(0)).await.unwrap();
    ledger.audit(&access).await.unwrap();
    ledger.set_topic("C1", "1.1", &topic, at(0)).await.unwrap();
    ledger.remember_question("U1", "acme", at(0)).await.unwrap();
    ledger.finish("j", at(0)).await.unwrap();
    insta::assert_snapshot!(peer.seen().join("\n"), @"
    DynamoDB.PutItem
    DynamoDB.GetItem
    DynamoDB.PutItem
    DynamoDB.PutItem
    DynamoDB.UpdateItem
    DynamoDB.UpdateItem
    ");
    ledger.begin("j", LEASE, at(0)).await.unwrap();
    assert_eq!(peer.seen().len(), 7, "what is done is one request");
}
