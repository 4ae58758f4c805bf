//! Quotes, ids, links, Slack's escapes and the world's letters.

use super::check;

#[test]
fn a_quoted_part_is_one_name_or_value() {
    check(&[
        (
            "“Acme Corp” revenue",
            "revenue/Acme Corp | -/Acme Corp revenue",
        ),
        (
            "revenue of „Müller GmbH“",
            "revenue/Müller GmbH | -/revenue of Müller GmbH",
        ),
        (
            "revenue of „Müller GmbH”",
            "revenue/Müller GmbH | -/revenue of Müller GmbH",
        ),
        (
            "«Société Générale» siège",
            "headquarters/Société Générale | -/Société Générale siège",
        ),
        ("»Müller« revenue", "revenue/Müller | -/Müller revenue"),
        (
            "‘Bank of America’ sector",
            "sector/Bank of America | -/Bank of America sector",
        ),
        (
            "'Not Your Father's Ltd' employees",
            "employees/Not Your Father's Ltd | -/Not Your Father's Ltd employees",
        ),
        ("`acme` revenue", "revenue/acme | -/acme revenue"),
        ("「トヨタ」 売上", "revenue/トヨタ | -/トヨタ 売上"),
        (r#""Acme"'s revenue"#, "revenue/Acme | -/Acme revenue"),
        (
            r#""Revenue Partners" revenue"#,
            "revenue/Revenue Partners | -/Revenue Partners revenue",
        ),
        (
            r#"revenue of "the Revenue of X""#,
            "revenue/the Revenue of X | -/revenue of the Revenue of X",
        ),
        (
            r#""Acme as of 2024" revenue"#,
            "revenue/Acme as of 2024 | -/Acme as of 2024 revenue",
        ),
        (r#""acme revenue""#, "-/acme revenue | revenue/acme"),
        (r#""acme" "revenue""#, "revenue/acme | -/acme revenue"),
        (
            r#""acme" revenue "12M""#,
            "revenue/acme | -/acme revenue; expected 12M",
        ),
        (r#"acme 5" revenue"#, "revenue/acme 5 | -/acme 5 revenue"),
        (r#"acme "revenue"#, "revenue/acme | -/acme revenue"),
    ]);
}

#[test]
fn ids_and_domains_are_companies() {
    check(&[
        (
            "#12345 industry since january",
            "sector/#12345 | -/name #12345 industry; since 2026-01-01",
        ),
        ("#12345", "-/#12345"),
        (
            "#12345's revenue",
            "revenue/#12345 | revenue/name #12345's | -/name #12345 revenue | -/name #12345's revenue",
        ),
        ("revenue of #-7", "revenue/#-7 | -/revenue of #-7"),
        ("id 12345 revenue", "revenue/#12345 | -/id 12345 revenue"),
        (
            r##""#12345" revenue"##,
            "revenue/name #12345 | -/name #12345 revenue",
        ),
        (
            "#99999999999999999999 revenue",
            "revenue/name #99999999999999999999 | -/name #99999999999999999999 revenue",
        ),
        ("acme.com revenue", "revenue/acme.com | -/acme.com revenue"),
        (
            "acme.com's revenue",
            "revenue/acme.com | revenue/acme.com's | -/acme.com revenue | -/acme.com's revenue",
        ),
        (
            "https://www.acme.com/x?y=1 revenue",
            "revenue/acme.com | -/https://www.acme.com/x?y=1 revenue",
        ),
        (
            "www.acme.co.uk revenue",
            "revenue/acme.co.uk | -/www.acme.co.uk revenue",
        ),
        (
            "<http://acme.com|acme.com> revenue",
            "revenue/acme.com | -/acme.com revenue",
        ),
        (
            "<https://acme.com> revenue",
            "revenue/acme.com | -/https://acme.com revenue",
        ),
    ]);
}

#[test]
fn slack_escapes_are_undone() {
    check(&[
        (
            "<@U123> revenue of AT&amp;T",
            "revenue/AT&T | -/revenue of AT&T",
        ),
        (
            "<@U123|why> *acme* revenue",
            "revenue/acme | -/acme revenue",
        ),
        ("_acme_ revenue <!here>", "revenue/acme | -/acme revenue"),
        ("~acme~ `revenue`", "revenue/acme | -/acme revenue"),
        (
            "<!subteam^S1|@team> acme revenue",
            "revenue/acme | -/acme revenue",
        ),
        ("<#C123|acme> revenue", "revenue/acme | -/acme revenue"),
        ("<#C123> acme revenue", "revenue/acme | -/acme revenue"),
        (
            "acme revenue expected &lt;10M&gt;",
            "revenue/acme | -/acme revenue; expected 10M",
        ),
        (
            "<mailto:jane@acme.com|jane@acme.com> revenue",
            "revenue/jane@acme.com | -/jane@acme.com revenue",
        ),
        (
            "acme revenue as of <!date^1392734382^{date}|2014-02-18>",
            "revenue/acme | -/acme revenue; as of 2014-02-18",
        ),
    ]);
}

#[test]
fn any_language_survives() {
    check(&[
        (
            "Москва Банк выручка",
            "revenue/Москва Банк | -/Москва Банк выручка",
        ),
        ("Acme ВЫРУЧКА", "revenue/Acme | -/Acme ВЫРУЧКА"),
        ("トヨタ 売上", "revenue/トヨタ | -/トヨタ 売上"),
        (
            "İstanbul Bankası revenue",
            "revenue/İstanbul Bankası | -/İstanbul Bankası revenue",
        ),
        (
            "شركة أكمي revenue",
            "revenue/شركة أكمي | -/شركة أكمي revenue",
        ),
        ("한국전력 revenue", "revenue/한국전력 | -/한국전력 revenue"),
        (
            "Estée Lauder revenue",
            "revenue/Estée Lauder | -/Estée Lauder revenue",
        ),
        (
            "ＡＣＭＥ　ｒｅｖｅｎｕｅ",
            "revenue/ＡＣＭＥ | -/ＡＣＭＥ ｒｅｖｅｎｕｅ",
        ),
        ("हिन्दी revenue", "revenue/हिन्दी | -/हिन्दी revenue"),
        ("🦀 revenue", "revenue/🦀 | -/🦀 revenue"),
    ]);
}
