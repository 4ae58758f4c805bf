//! A list in pages is the list.

use super::*;
use crate::answer::Cause;

fn change(minute: i64, id: &str) -> Change {
    Change {
        at: Timestamp::from_second(minute * 60).unwrap(),
        from: None,
        to: None,
        cause: Cause::Unknown,
        marks: Vec::new(),
        source: None,
        source_label: None,
        rule: None,
        rule_version: None,
        run_id: None,
        actor: None,
        reason: None,
        decision_id: id.to_owned(),
    }
}

fn after(last: &Change) -> Cursor {
    Cursor {
        as_of: Timestamp::from_second(10_000).unwrap(),
        at: last.at,
        decision_id: last.decision_id.clone(),
        asked: "x".to_owned(),
    }
}

fn ids(cursor: &Cursor, changes: &[Change]) -> Vec<String> {
    let all: Vec<&Change> = changes.iter().collect();
    let rest = cursor.rest(&all);
    rest.iter().map(|c| c.decision_id.clone()).collect()
}

#[test]
fn what_comes_meanwhile_shifts_nothing() {
    let mut list = vec![
        change(9, "a"),
        change(5, "b"),
        change(5, "c"),
        change(1, "d"),
    ];
    let cursor = after(&list[1]);
    assert_eq!(ids(&cursor, &list), ["c", "d"]);
    list.insert(1, change(7, "late"));
    list.insert(0, change(20, "new"));
    assert_eq!(ids(&cursor, &list), ["c", "d"]);
    list.insert(6, change(0, "old"));
    assert_eq!(ids(&cursor, &list), ["c", "d", "old"]);
    list.retain(|change| change.decision_id != "b");
    assert_eq!(ids(&cursor, &list), ["c", "d", "old"]);
    assert_eq!(ids(&after(&change(0, "old")), &list), [""; 0]);
}

#[test]
fn only_what_was_given_for_this_list_counts() {
    let now = Timestamp::from_second(20_000).unwrap();
    let cursor = after(&change(1, "a \"b\" \u{e9}"));
    let text = cursor.encode();
    assert_eq!(Cursor::decode(&text, "x", now), Ok(cursor.clone()));
    let refused = |text: &str, asked| {
        let refused = Cursor::decode(text, asked, now);
        assert_eq!(refused.unwrap_err().code, "bad_cursor");
    };
    refused(&text, "y");
    refused("", "x");
    refused("!!", "x");
    refused(&text[..text.len() - 4], "x");
    refused(&"A".repeat(5_000), "x");
    let later = Cursor {
        as_of: Timestamp::from_second(30_000).unwrap(),
        ..cursor
    };
    refused(&later.encode(), "x");
}
