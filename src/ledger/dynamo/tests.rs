//! Tests of what an item says. What DynamoDB makes of it is tested in `tests/it/state`.

use proptest::prelude::*;

use super::item::{expiry, sortable};
use super::*;

fn instant() -> impl Strategy<Value = Timestamp> {
    // Until the year 9999.
    (0..253_402_207_200_000_000_000_i128)
        .prop_map(|nanoseconds| Timestamp::from_nanosecond(nanoseconds).unwrap())
}

proptest! {
    #[test]
    fn instants_sort_as_their_text_does_and_are_read_back(a in instant(), b in instant()) {
        prop_assert_eq!(a.cmp(&b), sortable(a).cmp(&sortable(b)));
        prop_assert_eq!(sortable(a).parse::<Timestamp>().unwrap(), a);
    }

    #[test]
    fn nothing_expires_before_its_time_nor_a_second_after(at in instant()) {
        let row = Row::new(Key::report("R1")).expires(at);
        let found = Found(row.into());
        let before = at.checked_sub(Duration::from_nanos(1)).unwrap_or(at);
        prop_assert!(before == at || !found.has_expired(before));
        prop_assert!(found.has_expired(at + Duration::from_secs(1)));
        prop_assert_eq!(expiry(at) == at.as_second(), at.subsec_nanosecond() == 0);
    }
}

#[test]
fn an_item_lies_where_the_documentation_says() {
    let at = "2026-11-24T12:00:00Z".parse().unwrap();
    let keys = [
        Key::work("j"),
        Key::questions("U1"),
        Key::topic("C1", "1.1"),
        Key::report("R1"),
        Key::line(at, "token"),
        Key::letter("j"),
    ];
    let keys = keys.map(|key| format!("{key:?}"));
    insta::assert_snapshot!(keys.join("\n"), @r#"
    Key { pk: "job#j", sk: "work" }
    Key { pk: "user#U1", sk: "questions" }
    Key { pk: "thread#C1#1.1", sk: "topic" }
    Key { pk: "report#R1", sk: "report" }
    Key { pk: "audit#2026-11", sk: "2026-11-24T12:00:00.000000000Z#token" }
    Key { pk: "letters", sk: "j" }
    "#);
}

#[test]
fn an_item_that_cant_be_read_says_what_is_odd_about_it() {
    let row = Row::new(Key::report("R1"))
        .text("at", "yesterday")
        .flag("user", true);
    let found = Found(row.into());
    for (said, name) in [
        (found.text("wrong").unwrap_err(), "wrong"),
        (found.text("user").unwrap_err(), "user"),
        (found.instant("at").unwrap_err(), "at"),
        (found.number::<u32>("at").unwrap_err(), "at"),
    ] {
        assert_eq!(
            said.to_string(),
            format!(
                "the ledger failed: an item of the table can't be read: its {name} is missing or odd"
            )
        );
    }
}

#[test]
fn no_two_calls_have_one_name_and_those_of_a_process_sort_as_they_were_made() {
    let config = SdkConfig::builder()
        .behavior_version(aws_config::BehaviorVersion::latest())
        .build();
    let (one, other) = (Ledger::new(&config, "t"), Ledger::new(&config, "t"));
    let names: Vec<String> = (0..20).map(|_| one.clone().token()).collect();
    assert!(names.is_sorted());
    let all: HashSet<String> = names
        .into_iter()
        .chain((0..20).map(|_| other.token()))
        .collect();
    assert_eq!(all.len(), 40);
}

#[test]
fn of_repeated_questions_the_newest_stay() {
    let asked = |questions: &[&str]| questions.iter().map(|q| (*q).to_owned()).collect();
    assert_eq!(
        each_once(asked(&["b", "a", "b", "b", "c"])),
        ["b", "a", "c"]
    );
    let many: Vec<String> = (0..50).map(|number| number.to_string()).collect();
    assert_eq!(each_once(many.clone()), many[..20]);
}
