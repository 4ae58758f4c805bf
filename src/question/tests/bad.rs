//! What can't be read, with the whole message: what was wrong, what to do next.

use super::{CATALOG, NOW, check, message, now};
use crate::question::{Error, MOST_CHARACTERS, day, look_back, parse, when};

const DATE: &str = "Write a date like `2025-03-01`, `1 March 2025`, `March 2025`, \
     `Q1 2025`, `2025`, `yesterday` or `3 days ago`. If it is \
     part of a name, put the name in quotes.";
const EMPTY: &str = "Name a company and an attribute: `acme revenue`, \
     `why is acme.com's employees so?`, `#17 revenue as of 2025-03-01`.";

#[test]
fn without_words_there_is_no_question() {
    check(&[
        ("", &with("empty: there is no question.", EMPTY)),
        ("?", &with("empty: there is no question.", EMPTY)),
        ("… — !", &with("empty: there is no question.", EMPTY)),
        ("why", &with("empty: there is no question.", EMPTY)),
        (
            "please tell me",
            &with("empty: there is no question.", EMPTY),
        ),
        ("<@U123>", &with("empty: there is no question.", EMPTY)),
        ("<@U123> hi", &with("empty: there is no question.", EMPTY)),
    ]);
}

#[test]
fn what_should_be_a_date_is_said() {
    check(&[
        (
            "acme revenue as of foo",
            &with("bad_date: I can't read “foo” as a date.", DATE),
        ),
        (
            "acme revenue as of the day the music died",
            &with(
                "bad_date: I can't read “the day the music” as a date.",
                DATE,
            ),
        ),
        (
            "as of acme revenue",
            &with("bad_date: I can't read “acme” as a date.", DATE),
        ),
        (
            r#"acme revenue as of "foo bar""#,
            &with("bad_date: I can't read “foo bar” as a date.", DATE),
        ),
        (
            "acme revenue as of",
            &with("unfinished: nothing follows “as of”.", DATE),
        ),
        (
            "acme revenue --as-of",
            &with("unfinished: nothing follows “as of”.", DATE),
        ),
        (
            "acme revenue since lunch",
            &with("bad_date: I can't read “lunch” as a date.", DATE),
        ),
        (
            "acme revenue since",
            &with("unfinished: nothing follows “since”.", DATE),
        ),
        (
            "acme revenue --since soon",
            &with("bad_date: I can't read “soon” as a date.", DATE),
        ),
        (
            "acme revenue before lunch",
            &with("bad_date: I can't read “lunch” as a date.", DATE),
        ),
        (
            "acme revenue before",
            &with("unfinished: nothing follows “before”.", DATE),
        ),
    ]);
}

#[test]
fn a_day_that_does_not_exist_is_said() {
    check(&[
        (
            "as of 2025-02-30 acme revenue",
            "no_such_day: there is no such day as 2025-02-30. Ask about a day of the calendar.",
        ),
        (
            "acme revenue since 31.02.2024",
            "no_such_day: there is no such day as 31.02.2024. Ask about a day of the calendar.",
        ),
        (
            "acme revenue on 99.99.2024",
            &with("bad_date: I can't read “99.99.2024” as a date.", DATE),
        ),
        (
            "acme revenue 2025-13-01",
            &with("bad_date: I can't read “2025-13-01” as a date.", DATE),
        ),
        (
            "acme revenue on 31/31/2025",
            &with("bad_date: I can't read “31/31/2025” as a date.", DATE),
        ),
        (
            "acme revenue as of 30 February 2025",
            "no_such_day: there is no such day as 30 February 2025. Ask about a day of the calendar.",
        ),
        (
            "acme revenue as of 13/2025",
            &with("bad_date: I can't read “13/2025” as a date.", DATE),
        ),
        (
            "acme revenue as of 2025-03-01T25:00:00Z",
            &with(
                "bad_date: I can't read “2025-03-01T25:00:00Z” as a date.",
                DATE,
            ),
        ),
        (
            "acme revenue as of 2025-02-30T12:00",
            &with("bad_date: I can't read “2025-02-30T12:00” as a date.", DATE),
        ),
    ]);
}

#[test]
fn a_date_with_two_meanings_is_refused() {
    check(&[
        (
            "acme revenue on 03/04/2025",
            "ambiguous_date: “03/04/2025” may be 3 April 2025 or 4 March 2025. Write `2025-04-03` or `2025-03-04`.",
        ),
        (
            "acme revenue since 03-04-2025",
            "ambiguous_date: “03-04-2025” may be 3 April 2025 or 4 March 2025. Write `2025-04-03` or `2025-03-04`.",
        ),
        (
            "acme revenue on 3/4/25",
            &with("bad_date: I can't read “3/4/25” as a date.", DATE),
        ),
    ]);
}

#[test]
fn the_future_is_refused() {
    check(&[
        (
            "acme revenue as of 2031",
            "future: 2031 lies in the future. Ask about today or an earlier day.",
        ),
        (
            "acme revenue on 2026-03-18",
            "future: 2026-03-18 lies in the future. Ask about today or an earlier day.",
        ),
        (
            "acme revenue as of April 2026",
            "future: April 2026 lies in the future. Ask about today or an earlier day.",
        ),
        (
            "acme revenue as of tomorrow",
            "future: tomorrow lies in the future. Ask about today or an earlier day.",
        ),
        (
            "acme revenue as of 2026-03-17T10:30:01Z",
            "future: 2026-03-17T10:30:01Z lies in the future. Ask about today or an earlier day.",
        ),
        (
            "acme revenue since 2031",
            "future: 2031 lies in the future. Ask about today or an earlier day.",
        ),
    ]);
}

#[test]
fn a_clause_said_twice_is_refused() {
    check(&[
        (
            "acme revenue in 2023 as of 2024-05-01",
            "said_twice: “in 2023” and “as of 2024-05-01” can't both hold. Ask one question for each. If one of them is part of a name or a value, put that in quotes.",
        ),
        (
            "acme revenue since 2023 in the last 3 days",
            "said_twice: “since 2023” and “in the last 3 days” can't both hold. Ask one question for each. If one of them is part of a name or a value, put that in quotes.",
        ),
        (
            "why was acme's revenue 12M on 2025-03-01 and 10M on 2025-04-01?",
            "said_twice: “on 2025-03-01” and “on 2025-04-01” can't both hold. Ask one question for each. If one of them is part of a name or a value, put that in quotes.",
        ),
    ]);
}

#[test]
fn a_clause_without_its_end_is_said() {
    check(&[
        (
            "acme revenue expected",
            r#"unfinished: nothing follows “expected”. Write the value after it, in quotes where it is several words: `expected "10M"`."#,
        ),
        (
            "acme revenue --expected",
            r#"unfinished: nothing follows “--expected”. Write the value after it, in quotes where it is several words: `expected "10M"`."#,
        ),
        (
            "acme revenue should be",
            r#"unfinished: nothing follows “should be”. Write the value after it, in quotes where it is several words: `expected "10M"`."#,
        ),
        (
            "acme revenue expected in 2023",
            r#"unfinished: nothing follows “expected”. Write the value after it, in quotes where it is several words: `expected "10M"`."#,
        ),
        (
            "acme revenue --look-back",
            "unfinished: nothing follows “look-back”. Write `90d`, `12w`, `6 months`, `2y`, `all` or `latest`.",
        ),
        (
            "acme revenue --look-back soon",
            "bad_look_back: I can't read “soon” as a span to look back. Write `90d`, `12w`, `6 months`, `2y`, `all` or `latest`.",
        ),
        (
            "acme revenue --look-back 0d",
            "bad_look_back: I can't read “0d” as a span to look back. Write `90d`, `12w`, `6 months`, `2y`, `all` or `latest`.",
        ),
    ]);
}

#[test]
fn one_attribute_is_asked_about_at_a_time() {
    const ADVICE: &str = "Ask one question for each. If one of them is part of a name or a value, \
         put that in quotes.";
    let both = |first: &str, second: &str| {
        let said = format!("said_twice: “{first}” and “{second}” can't both hold.");
        with(&said, ADVICE)
    };
    check(&[
        ("acme revenue and employees", &both("revenue", "employees")),
        (
            "what are acme's market cap and headcount in 2023, please",
            &both("market cap", "headcount"),
        ),
        (
            "the revenue and employees of acme",
            &both("revenue", "employees"),
        ),
        (
            "Sales and Staff Ltd revenue",
            "revenue/Sales and Staff Ltd | revenue/Staff Ltd revenue | revenue/and Staff Ltd revenue | employees/Sales Ltd revenue | -/Sales and Staff Ltd revenue",
        ),
    ]);
}

fn with(text: &str, advice: &str) -> String {
    format!("{text} {advice}")
}

#[test]
fn a_text_that_is_too_long_is_no_question() {
    let long = |length: usize| format!("acme {} revenue", "x".repeat(length - 13));
    assert!(parse(&long(MOST_CHARACTERS), &CATALOG, now()).is_ok());
    let error = parse(&long(MOST_CHARACTERS + 1), &CATALOG, now()).unwrap_err();
    assert_eq!(
        message(&error),
        "too_long: this question is 1001 characters long; 1000 are the most. Leave out all but \
         the company, the attribute and, where they matter, a date and the value you expected."
    );
    // Escapes don't count: these are 1,000 ampersands.
    assert!(parse(&"&amp;".repeat(800), &CATALOG, now()).is_ok());
    let flood = "<".repeat(10_000_000);
    assert!(matches!(
        parse(&flood, &CATALOG, now()),
        Err(Error::TooLong { .. })
    ));
}

#[test]
fn a_long_typed_date_is_shortened_in_the_message() {
    let typed = format!("acme revenue as of {}", "y".repeat(300));
    let error = parse(&typed, &CATALOG, now()).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "I can't read \u{201c}{}\u{2026}\u{201d} as a date",
            "y".repeat(60)
        )
    );
}

/// A flag's value, and what was understood or the whole message.
fn flag<T: std::fmt::Debug>(rows: &[(&str, &str)], read: impl Fn(&str) -> Result<T, Error>) {
    for (typed, expected) in rows {
        let got = match read(typed) {
            Ok(value) => format!("{value:?}"),
            Err(error) => message(&error),
        };
        assert_eq!(got, *expected, "{typed}");
    }
}

#[test]
fn a_moment_alone_is_read_as_after_as_of() {
    flag(
        &[
            ("2025-03-01", "Day(2025-03-01)"),
            (" yesterday ", "Day(2026-03-16)"),
            ("March 2025", "Day(2025-03-31)"),
            ("in march 2025", "Day(2025-03-31)"),
            ("2026", "Day(2026-03-17)"),
            (NOW, "Instant(2026-03-17T10:30:00Z)"),
            (
                "2025-03-01T12:00:00.123+01:00",
                "Instant(2025-03-01T11:00:00.123Z)",
            ),
            ("2025-03-01 12:00", "Instant(2025-03-01T12:00:00Z)"),
            (
                "2031",
                "future: 2031 lies in the future. Ask about today or an earlier day.",
            ),
            (
                "03/04/2025",
                "ambiguous_date: “03/04/2025” may be 3 April 2025 or 4 March 2025. Write \
                 `2025-04-03` or `2025-03-04`.",
            ),
            (
                "2025-03-01 acme",
                &with("bad_date: I can't read “2025-03-01 acme” as a date.", DATE),
            ),
            (
                "soon",
                &with("bad_date: I can't read “soon” as a date.", DATE),
            ),
            ("", &with("unfinished: nothing follows “as of”.", DATE)),
        ],
        |typed| when(typed, now()),
    );
}

#[test]
fn a_day_alone_is_read_as_after_since() {
    flag(
        &[
            ("2024", "2024-01-01"),
            ("january", "2026-01-01"),
            ("last week", "2026-03-09"),
            ("2024-05-06T07:08:09Z", "2024-05-06"),
            (
                "2031",
                "future: 2031 lies in the future. Ask about today or an earlier day.",
            ),
            (
                "31.02.2024",
                "no_such_day: there is no such day as 31.02.2024. Ask about a day of the calendar.",
            ),
        ],
        |typed| day(typed, now()),
    );
}

#[test]
fn a_look_back_alone_is_read_as_after_its_flag() {
    let bad = |typed: &str| {
        format!(
            "bad_look_back: I can't read \u{201c}{typed}\u{201d} as a span to look back. Write \
             `90d`, `12w`, `6 months`, `2y`, `all` or `latest`."
        )
    };
    flag(
        &[
            ("90d", "Days(90)"),
            ("90 days", "Days(90)"),
            ("2y", "Days(730)"),
            ("12W", "Days(84)"),
            ("6 months", "Days(183)"),
            ("1 quarter", "Days(92)"),
            ("all", "All"),
            ("Latest", "Latest"),
            ("auto", "Auto"),
            ("0d", &bad("0d")),
            ("90", &bad("90")),
            ("-1d", &bad("-1d")),
            ("99999999999y", &bad("99999999999y")),
            ("4000000000y", &bad("4000000000y")),
            ("", &bad("")),
        ],
        look_back,
    );
}
