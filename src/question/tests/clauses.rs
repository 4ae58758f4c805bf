//! As of when, how far back, what was expected.

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
            "revenue/acme | revenue/acme's | revenue/acme's 12M | -/acme revenue 12M | -/acme's revenue 12M; as of 2025-03-01",
        ),
        (
            "what was acme's revenue in 2023?",
            "revenue/acme | revenue/acme's | -/acme revenue | -/acme's revenue; as of 2023-12-31",
        ),
        (
            "why is acme founded in 1999",
            "founded/acme | founded/acme 1999 | -/acme founded in 1999",
        ),
        (
            "why is acme founded 2013-01-01",
            "founded/acme | founded/acme 2013-01-01 | -/acme founded 2013-01-01",
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
fn what_was_expected_goes_to_the_end_or_the_next_clause() {
    check(&[
        (
            "acme revenue expected 10M",
            "revenue/acme | -/acme revenue; expected 10M",
        ),
        (
            "acme revenue —expected 10M",
            "revenue/acme | -/acme revenue; expected 10M",
        ),
        (
            "acme revenue --expected=10M",
            "revenue/acme | -/acme revenue; expected 10M",
        ),
        (
            r#"acme revenue --expected="10 M""#,
            "revenue/acme | -/acme revenue; expected 10 M",
        ),
        (
            "acme revenue expected: 10M",
            "revenue/acme | -/acme revenue; expected 10M",
        ),
        (
            r#"acme revenue expected "10M" as of 2025-03-01"#,
            "revenue/acme | -/acme revenue; as of 2025-03-01; expected 10M",
        ),
        (
            "acme revenue expected 10M in 2023",
            "revenue/acme | -/acme revenue; as of 2023-12-31; expected 10M",
        ),
        (
            "acme revenue in 2023 expected 10M",
            "revenue/acme | -/acme revenue; as of 2023-12-31; expected 10M",
        ),
        (
            "acme revenue expected $ 12.5 million",
            "revenue/acme | -/acme revenue; expected $ 12.5 million",
        ),
        (
            "acme revenue expected −3",
            "revenue/acme | -/acme revenue; expected −3",
        ),
        (
            "acme revenue expected (5.1)",
            "revenue/acme | -/acme revenue; expected (5.1)",
        ),
        (
            "acme revenue expected 12 %",
            "revenue/acme | -/acme revenue; expected 12 %",
        ),
        (
            "expected 10M acme revenue",
            "revenue/acme | -/acme revenue; expected 10M",
        ),
        (
            "acme expected 10M revenue",
            "revenue/acme | -/acme revenue; expected 10M",
        ),
        (
            "acme revenue 10M expected",
            "revenue/acme | -/acme revenue; expected 10M",
        ),
        ("acme expected 10M", "-/acme; expected 10M"),
        (
            "I was expecting acme revenue 10M",
            "revenue/acme | -/acme revenue; expected 10M",
        ),
        (
            "acme revenue, I expected 10M",
            "revenue/acme | -/acme revenue; expected 10M",
        ),
        (
            "acme revenue, expected it to be 10M please",
            "revenue/acme | -/acme revenue; expected 10M",
        ),
        (
            "acme founded expected 2013-01-01",
            "founded/acme | -/acme founded; expected 2013-01-01",
        ),
        (
            r#"3M sector expected "Industrial Conglomerates""#,
            "sector/3M | -/3M sector; expected Industrial Conglomerates",
        ),
        (
            "3M sector expected Industrial Conglomerates since 2023",
            "sector/3M | -/3M sector; expected Industrial Conglomerates; since 2023-01-01",
        ),
        (
            "headquarters of 3M expected St. Paul, Minnesota",
            "headquarters/3M | -/headquarters of 3M; expected St. Paul, Minnesota",
        ),
        (
            "acme revenue expected not available",
            "revenue/acme | -/acme revenue; expected not available",
        ),
        (
            "acme revenue should be 10M",
            "revenue/acme | -/acme revenue; expected 10M",
        ),
        (
            "acme revenue should have been 10M",
            "revenue/acme | -/acme revenue; expected 10M",
        ),
        (
            "shouldn't acme revenue be 10M",
            "revenue/acme | -/acme revenue; expected 10M",
        ),
        (
            "acme revenue != 10M",
            "revenue/acme | -/acme revenue; expected 10M",
        ),
        (
            "acme revenue not 10M",
            "revenue/acme | -/acme revenue; expected 10M",
        ),
        (
            "why is acme revenue not 10M",
            "revenue/acme | -/acme revenue; expected 10M",
        ),
        (
            "acme revenue isn't 10M",
            "revenue/acme | -/acme revenue; expected 10M",
        ),
        (
            "why isn't acme revenue 10M",
            "revenue/acme | -/acme revenue; expected 10M",
        ),
        (
            "why isn't acme's revenue $ 10M?",
            "revenue/acme | revenue/acme's | -/acme revenue | -/acme's revenue; expected $ 10M",
        ),
        (
            "why isn't the revenue of acme 10M",
            "revenue/acme | -/revenue of acme | -/the revenue of acme; expected 10M",
        ),
        (
            "why isn't 3M's sector Technology",
            "sector/3M | sector/3M's | -/3M sector | -/3M's sector; expected Technology",
        ),
        (
            "why doesn't acme have 500 employees",
            "employees/acme | -/acme have employees; expected 500",
        ),
        (
            "why is acme not in sector Industrials",
            "sector/acme | sector/acme in | -/acme in sector; expected Industrials",
        ),
        (
            "why is acme's revenue 12M not 10M",
            "revenue/acme | revenue/acme's | revenue/acme's 12M | -/acme revenue 12M | -/acme's revenue 12M; expected 10M",
        ),
        (
            "why is acme's revenue 12M and not 10M?",
            "revenue/acme | revenue/acme's | revenue/acme's 12M | -/acme revenue 12M | -/acme's revenue 12M; expected 10M",
        ),
        (
            "why is acme's revenue 12M, not 10M",
            "revenue/acme | revenue/acme's | revenue/acme's 12M | -/acme revenue 12M | -/acme's revenue 12M; expected 10M",
        ),
        (
            "why is acme's revenue 12M instead of 10M",
            "revenue/acme | revenue/acme's | revenue/acme's 12M | -/acme revenue 12M | -/acme's revenue 12M; expected 10M",
        ),
        (
            "why is acme's revenue 12M rather than the expected 10M",
            "revenue/acme | revenue/acme's | revenue/acme's 12M | -/acme revenue 12M | -/acme's revenue 12M; expected 10M",
        ),
        (
            "why is 3M sector Industrials and not Technology",
            "sector/3M | sector/3M Industrials | -/3M sector Industrials; expected Technology",
        ),
        (
            "Acme's Revenue is 12M, I expected 10M",
            "revenue/Acme | revenue/Acme's | revenue/Acme's 12M | -/Acme Revenue is 12M | -/Acme's Revenue is 12M; expected 10M",
        ),
        (
            "acme revenue expected 10M but it is 12M",
            "revenue/acme | -/acme revenue; expected 10M",
        ),
        (
            "why does acme have employees 500 and not 400",
            "employees/acme | employees/acme 500 | -/acme have employees 500; expected 400",
        ),
        (
            "why is acme founded 2013 not 2014",
            "founded/acme | founded/acme 2013 | -/acme founded 2013; expected 2014",
        ),
    ]);
}

#[test]
fn questions_that_a_choice_asks_parse_back() {
    check(&[
        (
            r#"#17 revenue as of 2025-03-01 expected "10M" since 2024-01-01"#,
            "revenue/#17 | -/name #17 revenue; as of 2025-03-01; expected 10M; since 2024-01-01",
        ),
        (
            r#"#17 revenue as of 2025-03-01T12:00:00.123Z expected "a, not b" full history"#,
            "revenue/#17 | -/name #17 revenue; as of 2025-03-01T12:00:00.123Z; expected a, not b; all",
        ),
        (
            "#17 market_cap in the last 90 days",
            "market_cap/#17 | -/name #17 market_cap; 90d",
        ),
        (
            "#17 revenue full history",
            "revenue/#17 | -/name #17 revenue; all",
        ),
        ("#17 revenue", "revenue/#17 | -/name #17 revenue"),
        ("#17", "-/#17"),
    ]);
}
