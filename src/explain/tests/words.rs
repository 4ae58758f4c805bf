//! How sentences say values, spans and numbers.

use jiff::SignedDuration;

use crate::explain::words::{clipped, confidence, count, factor, list, ordinal, span, value};
use crate::value::Kind;

#[test]
fn values_stay_short_and_on_one_line() {
    assert_eq!(value(Kind::Money, None), "no value");
    assert_eq!(value(Kind::Money, Some("12M")), "12M");
    assert_eq!(value(Kind::Money, Some(" ")), "\u{201c}\u{201d}");
    assert_eq!(value(Kind::Enum, Some("Energy")), "\u{201c}Energy\u{201d}");
    assert_eq!(clipped(" a\r\n\tb\u{0} c "), "a b c");
    assert_eq!(clipped(&"\u{e9}".repeat(60)), "\u{e9}".repeat(60));
    let long = format!("{}\u{2026}", "\u{e9}".repeat(60));
    assert_eq!(clipped(&"\u{e9}".repeat(61)), long);
}

#[test]
fn spans_are_in_their_largest_unit() {
    let rows = [
        (0, "0 seconds"),
        (1, "1 second"),
        (59, "59 seconds"),
        (60, "1 minute"),
        (3_599, "59 minutes"),
        (3_600, "1 hour"),
        (86_399, "23 hours"),
        (86_400, "1 day"),
        (172_800, "2 days"),
        (-172_800, "2 days"),
        (i64::MAX, "106,751,991,167,300 days"),
    ];
    for (seconds, expected) in rows {
        assert_eq!(
            span(SignedDuration::from_secs(seconds)),
            expected,
            "{seconds}"
        );
    }
}

#[test]
fn numbers_are_readable() {
    let factors = [
        (10.0, "10.0"),
        (99.94, "99.9"),
        (100.0, "100"),
        (1e9, "1,000,000,000"),
        (1e300, "1.0e300"),
    ];
    for (number, expected) in factors {
        assert_eq!(factor(number), expected);
    }
    let confidences = [
        (0.9, "0.9"),
        (1.0, "1"),
        (0.12345, "0.1235"),
        (-0.00001, "0"),
    ];
    for (number, expected) in confidences {
        assert_eq!(confidence(number), expected);
    }
    assert_eq!(count(1, "source"), "1 source");
    assert_eq!(count(1200, "source"), "1,200 sources");
    let ordinals = [1, 2, 3, 4, 11, 12, 13, 21, 111, 122]
        .map(ordinal)
        .join(" ");
    assert_eq!(ordinals, "1st 2nd 3rd 4th 11th 12th 13th 21st 111th 122nd");
}

#[test]
fn lists_name_two_and_count_the_rest() {
    let names = ["a", "b", "c", "d"].map(str::to_owned);
    let lists = [0, 1, 2, 3, 4].map(|length| list(&names[..length]));
    assert_eq!(lists, ["", "a", "a and b", "a, b and c", "a, b and 2 more"]);
}
