//! What was expected, and whole questions with every clause.

use super::check;

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
            "revenue/acme | -/acme revenue; expected $ 12.5M",
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
fn a_scale_in_words_is_written_as_values_are() {
    check(&[
        (
            "acme revenue expected 10 million",
            "revenue/acme | -/acme revenue; expected 10M",
        ),
        (
            "acme revenue expected 10 mio",
            "revenue/acme | -/acme revenue; expected 10M",
        ),
        (
            "acme revenue expected 1.5 Mrd. EUR",
            "revenue/acme | -/acme revenue; expected 1.5B EUR",
        ),
        (
            "acme revenue should be 732 Billion?",
            "revenue/acme | -/acme revenue; expected 732B",
        ),
        (
            "acme revenue expected ten million",
            "revenue/acme | -/acme revenue; expected 10M",
        ),
        (
            "acme revenue expected 2trillion",
            "revenue/acme | -/acme revenue; expected 2T",
        ),
        (
            "acme expected 12 thousand employees",
            "employees/acme | -/acme employees; expected 12k",
        ),
        (
            "acme revenue 10 million USD",
            "revenue/acme | -/acme revenue; expected 10M USD",
        ),
        // To the letter, and what is no number.
        (
            r#"acme revenue expected "10 million""#,
            "revenue/acme | -/acme revenue; expected 10 million",
        ),
        (
            "acme revenue expected several million",
            "revenue/acme | -/acme revenue; expected several million",
        ),
        (
            "acme hq expected Millionaire Row 5",
            "headquarters/acme | -/acme hq; expected Millionaire Row 5",
        ),
    ]);
}

#[test]
fn a_stated_value_is_what_the_asker_believes() {
    check(&[
        (
            "why is acme revenue 10M",
            "revenue/acme | -/acme revenue; expected 10M",
        ),
        (
            "acme revenue 10M?",
            "revenue/acme | -/acme revenue; expected 10M",
        ),
        (
            "why is acme revenue still $ 10 please",
            "revenue/acme | -/acme revenue still; expected $ 10",
        ),
        (
            "acme revenue 10M as of 2025-03-01",
            "revenue/acme | -/acme revenue; as of 2025-03-01; expected 10M",
        ),
        (
            "why is the revenue of acme 10M",
            "revenue/acme | -/revenue of acme | -/the revenue of acme; expected 10M",
        ),
        (
            r#"acme sector "Industrials""#,
            "sector/acme | -/acme sector; expected Industrials",
        ),
        // A bare number may be the name's; what stands before the company is.
        (
            "why is the revenue of acme 500",
            "revenue/acme 500 | -/revenue of acme 500 | -/the revenue of acme 500",
        ),
        ("revenue acme 10M", "revenue/acme 10M | -/revenue acme 10M"),
        // What goes on is no value.
        (
            "acme revenue 10M 12M",
            "revenue/acme 10M 12M | -/acme revenue 10M 12M",
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
