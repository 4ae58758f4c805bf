//! As of when, and how far back.

use super::check;

#[test]
fn a_date_says_as_of_when() {
    check(&[
        (
            "acme.com employees as of 2025-03-01",
            "employees/acme.com | -/acme.com employees; as of 2025-03-01",
        ),
        (
            "acme revenue as at 1 March 2025",
            "revenue/acme | -/acme revenue; as of 2025-03-01",
        ),
        (
            "acme revenue asof 01.03.2025",
            "revenue/acme | -/acme revenue; as of 2025-03-01",
        ),
        (
            "acme revenue as-of 2025-03-01",
            "revenue/acme | -/acme revenue; as of 2025-03-01",
        ),
        (
            "acme revenue --as-of 2025-03-01",
            "revenue/acme | -/acme revenue; as of 2025-03-01",
        ),
        (
            "acme revenue –as-of=2025-03-01",
            "revenue/acme | -/acme revenue; as of 2025-03-01",
        ),
        (
            "acme revenue —as-of 2025-03-01",
            "revenue/acme | -/acme revenue; as of 2025-03-01",
        ),
        (
            r#"acme revenue as of "2025-03-01""#,
            "revenue/acme | -/acme revenue; as of 2025-03-01",
        ),
        (
            "as of 2025-03-01 acme revenue",
            "revenue/acme | -/acme revenue; as of 2025-03-01",
        ),
        (
            "acme as of 2025-03-01 revenue",
            "revenue/acme | -/acme revenue; as of 2025-03-01",
        ),
        (
            "acme revenue as of 31.12.24",
            "revenue/acme | -/acme revenue; as of 2024-12-31",
        ),
        (
            "acme revenue as of 20250301",
            "revenue/acme | -/acme revenue; as of 2025-03-01",
        ),
        (
            "acme revenue on 2025/03/01",
            "revenue/acme | -/acme revenue; as of 2025-03-01",
        ),
        (
            "acme revenue 2025-03-01",
            "revenue/acme | -/acme revenue; as of 2025-03-01",
        ),
        (
            "acme revenue on 2025–03–01",
            "revenue/acme | -/acme revenue; as of 2025-03-01",
        ),
        (
            "acme revenue on 1.3.2025",
            "revenue/acme | -/acme revenue; as of 2025-03-01",
        ),
        (
            "acme revenue on 13/04/2025",
            "revenue/acme | -/acme revenue; as of 2025-04-13",
        ),
        (
            "acme revenue on 04/13/2025",
            "revenue/acme | -/acme revenue; as of 2025-04-13",
        ),
        (
            "acme revenue as of 04/04/2025",
            "revenue/acme | -/acme revenue; as of 2025-04-04",
        ),
        (
            "acme revenue as of 13-04-2025",
            "revenue/acme | -/acme revenue; as of 2025-04-13",
        ),
        (
            "acme revenue March 1, 2025",
            "revenue/acme | -/acme revenue; as of 2025-03-01",
        ),
        (
            "acme revenue on March 1st 2025",
            "revenue/acme | -/acme revenue; as of 2025-03-01",
        ),
        (
            "acme revenue on the 1st of March",
            "revenue/acme | -/acme revenue; as of 2026-03-01",
        ),
        (
            "acme revenue on 1st of March, 2024",
            "revenue/acme | -/acme revenue; as of 2024-03-01",
        ),
        (
            "acme revenue on 29 February",
            "revenue/acme | -/acme revenue; as of 2024-02-29",
        ),
        (
            "acme revenue as of 1-Mar-2025",
            "revenue/acme | -/acme revenue; as of 2025-03-01",
        ),
        (
            "acme revenue 2025年3月1日",
            "revenue/acme | -/acme revenue; as of 2025-03-01",
        ),
        (
            "acme revenue as of Mar 2025",
            "revenue/acme | -/acme revenue; as of 2025-03-31",
        ),
        (
            "acme revenue as of Sept. 2025",
            "revenue/acme | -/acme revenue; as of 2025-09-30",
        ),
        (
            "acme revenue as of 2025-03",
            "revenue/acme | -/acme revenue; as of 2025-03-31",
        ),
        (
            "acme revenue as of 03/2025",
            "revenue/acme | -/acme revenue; as of 2025-03-31",
        ),
        (
            "acme revenue as of 03.2025",
            "revenue/acme | -/acme revenue; as of 2025-03-31",
        ),
        (
            "acme revenue as of Q1 2025",
            "revenue/acme | -/acme revenue; as of 2025-03-31",
        ),
        (
            "acme revenue as of 2025-Q2",
            "revenue/acme | -/acme revenue; as of 2025-06-30",
        ),
        (
            "acme revenue in Q4",
            "revenue/acme | -/acme revenue; as of 2025-12-31",
        ),
        (
            "acme revenue in Q1 of 2025",
            "revenue/acme | -/acme revenue; as of 2025-03-31",
        ),
        (
            "acme revenue in march 2024",
            "revenue/acme | -/acme revenue; as of 2024-03-31",
        ),
        (
            "acme revenue in may",
            "revenue/acme | -/acme revenue; as of 2025-05-31",
        ),
        (
            "acme revenue as of march",
            "revenue/acme | -/acme revenue; as of 2026-03-17",
        ),
        (
            "acme revenue as of december",
            "revenue/acme | -/acme revenue; as of 2025-12-31",
        ),
        (
            "acme revenue in 2023",
            "revenue/acme | -/acme revenue; as of 2023-12-31",
        ),
        (
            "in 2023 acme revenue",
            "revenue/acme | -/acme revenue; as of 2023-12-31",
        ),
        (
            "acme revenue for 2023",
            "revenue/acme | -/acme revenue; as of 2023-12-31",
        ),
        (
            "acme revenue 2023",
            "revenue/acme | -/acme revenue; as of 2023-12-31",
        ),
        (
            "acme revenue as of 2026",
            "revenue/acme | -/acme revenue; as of 2026-03-17",
        ),
        (
            "acme revenue at the end of 2024",
            "revenue/acme | -/acme revenue; as of 2024-12-31",
        ),
        (
            "acme revenue by the end of march 2025",
            "revenue/acme | -/acme revenue; as of 2025-03-31",
        ),
        (
            "acme revenue at the end of last month",
            "revenue/acme | -/acme revenue; as of 2026-02-28",
        ),
        (
            "acme revenue at the beginning of 2025",
            "revenue/acme | -/acme revenue; as of 2025-01-01",
        ),
        (
            "acme revenue before 2025-03-01",
            "revenue/acme | -/acme revenue; as of 2025-02-28",
        ),
        (
            "acme revenue before march 2024",
            "revenue/acme | -/acme revenue; as of 2024-02-29",
        ),
        (
            "acme revenue prior to 2024",
            "revenue/acme | -/acme revenue; as of 2023-12-31",
        ),
        (
            "acme revenue back in 2020",
            "revenue/acme | -/acme revenue; as of 2020-12-31",
        ),
        (
            "acme revenue today",
            "revenue/acme | -/acme revenue | -/acme revenue today",
        ),
        (
            "acme revenue as of today",
            "revenue/acme | -/acme revenue; as of 2026-03-17",
        ),
        (
            "acme revenue yesterday",
            "revenue/acme | -/acme revenue; as of 2026-03-16",
        ),
        (
            "yesterday acme revenue",
            "revenue/acme | -/acme revenue; as of 2026-03-16",
        ),
        (
            "acme revenue the day before yesterday",
            "revenue/acme | -/acme revenue; as of 2026-03-15",
        ),
        (
            "acme revenue last week",
            "revenue/acme | -/acme revenue; as of 2026-03-15",
        ),
        (
            "acme revenue last month",
            "revenue/acme | -/acme revenue; as of 2026-02-28",
        ),
        (
            "acme revenue last quarter",
            "revenue/acme | -/acme revenue; as of 2025-12-31",
        ),
        (
            "acme revenue last year",
            "revenue/acme | -/acme revenue; as of 2025-12-31",
        ),
        (
            "acme revenue this year",
            "revenue/acme | -/acme revenue; as of 2026-03-17",
        ),
        (
            "acme revenue 3 days ago",
            "revenue/acme | -/acme revenue; as of 2026-03-14",
        ),
        (
            "acme revenue two weeks ago",
            "revenue/acme | -/acme revenue; as of 2026-03-03",
        ),
        (
            "acme revenue a year ago",
            "revenue/acme | -/acme revenue; as of 2025-03-17",
        ),
        (
            "acme revenue on monday",
            "revenue/acme | -/acme revenue; as of 2026-03-16",
        ),
        (
            "acme revenue last friday",
            "revenue/acme | -/acme revenue; as of 2026-03-13",
        ),
        (
            "why was acme's revenue 12M on 2025-03-01",
            "revenue/acme | revenue/acme's | -/acme revenue | -/acme's revenue; as of 2025-03-01; expected 12M",
        ),
        (
            "what was acme's revenue in 2023?",
            "revenue/acme | revenue/acme's | -/acme revenue | -/acme's revenue; as of 2023-12-31",
        ),
        (
            "why is acme founded in 1999",
            "founded/acme | -/acme founded in; expected 1999",
        ),
        (
            "why is acme founded 2013-01-01",
            "founded/acme | -/acme founded; expected 2013-01-01",
        ),
        (
            "acme revenue as of 2025-03-01T12:00:00Z",
            "revenue/acme | -/acme revenue; as of 2025-03-01T12:00:00Z",
        ),
        (
            "acme revenue as of 2025-03-01t12:00:00.123z",
            "revenue/acme | -/acme revenue; as of 2025-03-01T12:00:00.123Z",
        ),
        (
            "acme revenue as of 2025-03-01T12:00:00",
            "revenue/acme | -/acme revenue; as of 2025-03-01T12:00:00Z",
        ),
        (
            "acme revenue as of 2025-03-01T12:00:00+02:00",
            "revenue/acme | -/acme revenue; as of 2025-03-01T10:00:00Z",
        ),
        (
            "acme revenue as of 2025-03-01 12:30 UTC",
            "revenue/acme | -/acme revenue; as of 2025-03-01T12:30:00Z",
        ),
        (
            "acme revenue on 1 March 2025 at 12:30",
            "revenue/acme | -/acme revenue; as of 2025-03-01T12:30:00Z",
        ),
        (
            "acme revenue before 2025-03-01T12:00:00Z",
            "revenue/acme | -/acme revenue; as of 2025-03-01T11:59:59.999Z",
        ),
    ]);
}

#[test]
fn how_far_back_to_look() {
    check(&[
        (
            "acme revenue since january",
            "revenue/acme | -/acme revenue; since 2026-01-01",
        ),
        (
            "acme revenue since 2024",
            "revenue/acme | -/acme revenue; since 2024-01-01",
        ),
        (
            "acme revenue since last week",
            "revenue/acme | -/acme revenue; since 2026-03-09",
        ),
        (
            "acme revenue since monday",
            "revenue/acme | -/acme revenue; since 2026-03-16",
        ),
        (
            "acme revenue since yesterday",
            "revenue/acme | -/acme revenue; since 2026-03-16",
        ),
        (
            "acme revenue since Q1 2025",
            "revenue/acme | -/acme revenue; since 2025-01-01",
        ),
        (
            "acme revenue since the last 90 days",
            "revenue/acme | -/acme revenue; 90d",
        ),
        (
            "acme revenue since the beginning",
            "revenue/acme | -/acme revenue; all",
        ),
        (
            "acme revenue since 3 months ago",
            "revenue/acme | -/acme revenue; since 2025-12-17",
        ),
        (
            "acme revenue --since 2024-01-01",
            "revenue/acme | -/acme revenue; since 2024-01-01",
        ),
        (
            "acme revenue since=2024",
            "revenue/acme | -/acme revenue; since 2024-01-01",
        ),
        (
            "since january acme revenue",
            "revenue/acme | -/acme revenue; since 2026-01-01",
        ),
        (
            "how has acme's revenue changed since 2024",
            "revenue/acme | revenue/acme's | -/acme revenue | -/acme's revenue | -/acme's revenue changed; since 2024-01-01",
        ),
        (
            "acme revenue --look-back 90d",
            "revenue/acme | -/acme revenue; 90d",
        ),
        (
            "acme revenue --look-back=all",
            "revenue/acme | -/acme revenue; all",
        ),
        (
            "acme revenue look-back 2y",
            "revenue/acme | -/acme revenue; 730d",
        ),
        (
            "acme revenue in the last 90 days",
            "revenue/acme | -/acme revenue; 90d",
        ),
        (
            "acme revenue over the past 2 years",
            "revenue/acme | -/acme revenue; 730d",
        ),
        (
            "acme revenue last 3 months",
            "revenue/acme | -/acme revenue; 92d",
        ),
        (
            "acme revenue past year",
            "revenue/acme | -/acme revenue; 365d",
        ),
        (
            "acme revenue in the last month",
            "revenue/acme | -/acme revenue; 31d",
        ),
        (
            "acme revenue for the past two weeks",
            "revenue/acme | -/acme revenue; 14d",
        ),
        (
            "acme revenue full history",
            "revenue/acme | -/acme revenue; all",
        ),
        (
            "full history of acme revenue",
            "revenue/acme | revenue/of acme | -/acme revenue | -/of acme revenue; all",
        ),
        ("acme revenue history", "revenue/acme | -/acme revenue; all"),
        (
            "acme revenue all time",
            "revenue/acme | -/acme revenue; all",
        ),
        (
            "acme revenue all-time",
            "revenue/acme | -/acme revenue; all",
        ),
        ("acme revenue ever", "revenue/acme | -/acme revenue; all"),
        (
            "has acme revenue ever changed",
            "revenue/acme | -/acme revenue; all",
        ),
        (
            "acme revenue in the last 90 days as of 2025-03-01",
            "revenue/acme | -/acme revenue; as of 2025-03-01; 90d",
        ),
    ]);
}

#[test]
fn from_when_until_when() {
    check(&[
        (
            "since when is acme revenue 12.4M",
            "revenue/acme | -/acme revenue; expected 12.4M",
        ),
        ("acme revenue since when?", "revenue/acme | -/acme revenue"),
        (
            "Since When Ltd revenue",
            "revenue/Since When Ltd | -/Since When Ltd revenue",
        ),
        (
            "acme revenue since 90 days",
            "revenue/acme | -/acme revenue; 90d",
        ),
        (
            "acme revenue since two weeks",
            "revenue/acme | -/acme revenue; 14d",
        ),
        (
            "acme revenue for the last 90 days",
            "revenue/acme | -/acme revenue; 90d",
        ),
        (
            "acme revenue between 2025-01-01 and 2025-06-30",
            "revenue/acme | -/acme revenue; as of 2025-06-30; since 2025-01-01",
        ),
        (
            "acme revenue from 1 March 2025 to yesterday expected 10M",
            "revenue/acme | -/acme revenue; as of 2026-03-16; expected 10M; since 2025-03-01",
        ),
        (
            "acme revenue from 2023 until 2024",
            "revenue/acme | -/acme revenue; as of 2024-12-31; since 2023-01-01",
        ),
        (
            "From March to May Ltd revenue",
            "revenue/From March to May Ltd | revenue/March to May Ltd | -/March to May Ltd revenue | -/From March to May Ltd revenue",
        ),
        (
            "acme revenue between 2025-06-30 and 2025-01-01",
            &bad_date("between 2025-06-30 and 2025-01-01"),
        ),
        (
            "acme revenue between 2025-06-30 and 2031-01-01",
            "future: 2025-06-30 and 2031-01-01 lies in the future. Ask about today or an earlier day.",
        ),
        (
            "acme revenue from 2023 to 2024 since 2022",
            "said_twice: “from 2023 to 2024” and “since 2022” can't both hold. Ask one question for each. If one of them is part of a name or a value, put that in quotes.",
        ),
    ]);
}

fn bad_date(typed: &str) -> String {
    let error = crate::question::Error::BadDate {
        typed: typed.to_owned(),
    };
    super::message(&error)
}
