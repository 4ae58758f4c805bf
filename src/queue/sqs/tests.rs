//! Tests of what SQS is told: whole seconds, and reasons in the characters that it takes. What goes
//! over the wire is tested in `tests/it/state`.

use super::*;

#[test]
fn no_wait_is_cut_short_and_none_is_longer_than_sqs_allows() {
    for (millis, expected) in [
        (0, 0),
        (1, 1),
        (1000, 1),
        (1001, 2),
        (300_000, 300),
        (43_200_000, 43_200),
        (43_200_001, 43_200),
        (u64::MAX, 43_200),
    ] {
        assert_eq!(seconds(Duration::from_millis(millis)), expected, "{millis}");
    }
}

#[test]
fn a_reason_is_never_empty_and_holds_no_character_that_sqs_refuses() {
    for (why, expected) in [
        ("", "unknown"),
        (" \n", "unknown"),
        (" it broke\n", "it broke"),
        (
            "a\tb\nc\u{0}\u{1f}\u{fffe}\u{ffff}d\u{1f600}",
            "a\tb\nc\u{fffd}\u{fffd}\u{fffd}\u{fffd}d\u{1f600}",
        ),
    ] {
        assert_eq!(writable(why), expected);
    }
    assert_eq!(
        writable(&"\u{e4}".repeat(5000)).chars().count(),
        LONGEST_WHY
    );
}

#[test]
fn a_time_out_is_told_from_a_failure() {
    let out = SdkError::<std::io::Error>::timeout_error("late");
    assert!(matches!(failed(&out), Error::TimedOut));
    let built = SdkError::<std::io::Error>::construction_failure("no region");
    let said = failed(&built).to_string();
    assert!(
        said.starts_with("the queue failed: ") && said.contains("no region"),
        "{said}"
    );
}
