//! Company and attribute: every split, best first.

use super::check;

#[test]
fn company_and_attribute_come_in_any_order() {
    check(&[
        ("acme revenue", "revenue/acme | -/acme revenue"),
        ("revenue acme", "revenue/acme | -/revenue acme"),
        (
            "revenue of Acme Corp.",
            "revenue/Acme Corp. | -/revenue of Acme Corp.",
        ),
        ("revenue for acme", "revenue/acme | -/revenue for acme"),
        ("Revenue: acme", "revenue/acme | -/Revenue: acme"),
        ("acme: revenue?", "revenue/acme | -/acme: revenue"),
        ("acme, revenue", "revenue/acme | -/acme, revenue"),
        ("acme — revenue", "revenue/acme | -/acme revenue"),
        ("acme—revenue", "revenue/acme | -/acme revenue"),
        ("acme - revenue", "revenue/acme | -/acme revenue"),
        ("ACME REVENUE", "revenue/ACME | -/ACME REVENUE"),
        ("acme", "-/acme"),
        ("acme foo", "-/acme foo"),
        ("acme's foo", "-/acme foo | -/acme's foo"),
        ("revenue", "revenue/? | -/revenue"),
        (
            "what is the revenue",
            "revenue/? | -/revenue | -/the revenue",
        ),
        ("who is acme", "-/acme"),
    ]);
}

#[test]
fn sentences_are_stripped_of_what_only_makes_them() {
    check(&[
        (
            "why is acme's revenue 12M?",
            "revenue/acme | revenue/acme's | -/acme revenue | -/acme's revenue; expected 12M",
        ),
        (
            "why is acme’s revenue what it is",
            "revenue/acme | revenue/acme’s | -/acme revenue | -/acme’s revenue",
        ),
        (
            "Boss' revenue",
            "revenue/Boss | -/Boss revenue | -/Boss' revenue",
        ),
        (
            "what is the revenue of the acme group",
            "revenue/acme group | revenue/the acme group | -/revenue of the acme group | -/the revenue of the acme group",
        ),
        (
            "show me the revenue of acme please",
            "revenue/acme | -/revenue of acme | -/the revenue of acme",
        ),
        (
            "tell me why acme revenue changed",
            "revenue/acme | -/acme revenue | -/acme revenue changed",
        ),
        (
            "can you tell me what acme's current revenue is?",
            "revenue/acme | revenue/acme's | revenue/acme's current | -/acme current revenue | -/acme's current revenue",
        ),
        (
            "how many employees does acme have",
            "employees/acme | -/employees does acme",
        ),
        (
            "what revenue does acme have",
            "revenue/acme | -/revenue does acme | -/what revenue does acme",
        ),
        (
            "why does acme have 500 employees",
            "employees/acme | -/acme have employees; expected 500",
        ),
        (
            "where is acme's headquarters",
            "headquarters/acme | headquarters/acme's | -/acme headquarters | -/acme's headquarters",
        ),
        (
            "what about acme's revenue",
            "revenue/acme | revenue/acme's | -/acme revenue | -/acme's revenue",
        ),
        (
            "what's the sector of acme?",
            "sector/acme | -/sector of acme | -/the sector of acme",
        ),
        (
            "why is acme in sector Industrials",
            "sector/acme | sector/acme in | sector/acme Industrials | -/acme in sector Industrials",
        ),
        (
            "acme, why is revenue 12M",
            "revenue/acme | -/acme, why is revenue; expected 12M",
        ),
        (
            "acme revenue is 12M",
            "revenue/acme | -/acme revenue; expected 12M",
        ),
        (
            "acme revenue 12M",
            "revenue/acme | -/acme revenue; expected 12M",
        ),
        (
            "acme founded 2013",
            "founded/acme | -/acme founded; expected 2013",
        ),
        (
            "revenue of acme is 12M",
            "revenue/acme | -/revenue of acme; expected 12M",
        ),
        (
            "hi, please explain acme employees",
            "employees/acme | -/acme employees",
        ),
        (
            "WHY IS THE ACME REVENUE",
            "revenue/ACME | revenue/THE ACME | -/ACME REVENUE | -/THE ACME REVENUE",
        ),
        ("¿acme revenue?", "revenue/acme | -/acme revenue"),
        ("acme revenue…", "revenue/acme | -/acme revenue"),
    ]);
}

#[test]
fn figures_that_nobody_understands_are_never_left_out() {
    check(&[
        (
            "acme revenue am 1. März 2025",
            "revenue/acme 1. März 2025 | -/acme revenue am 1. März 2025",
        ),
        (
            "why is acme revenue 3rd in 24h",
            "revenue/acme 3rd in 24h | -/acme revenue 3rd in 24h",
        ),
        (
            "revenue of acme is 3rd",
            "revenue/acme is 3rd | -/revenue of acme is 3rd",
        ),
    ]);
}

#[test]
fn attributes_are_found_by_name_label_alias_and_plural() {
    check(&[
        ("acme market cap", "market_cap/acme | -/acme market cap"),
        ("acme market_cap", "market_cap/acme | -/acme market_cap"),
        ("acme market-cap", "market_cap/acme | -/acme market-cap"),
        (
            "acme Market Capitalisation",
            "market_cap/acme | -/acme Market Capitalisation",
        ),
        ("acme marketcap", "market_cap/acme | -/acme marketcap"),
        ("acme employee", "employees/acme | -/acme employee"),
        ("acme industries", "sector/acme | -/acme industries"),
        ("acme Siege", "headquarters/acme | -/acme Siege"),
        ("acme SIÈGE", "headquarters/acme | -/acme SIÈGE"),
        (
            "acme annual revenue",
            "revenue/acme | revenue/acme annual | -/acme annual revenue",
        ),
        (
            "acme sales revenue",
            "revenue/acme | revenue/acme sales | revenue/acme revenue | -/acme sales revenue",
        ),
        ("acme sale", "revenue/acme | -/acme sale"),
        (
            "acme chiffre d’affaires",
            "revenue/acme | -/acme chiffre d’affaires",
        ),
        (
            "acme expected growth",
            "expected_growth/acme | -/acme expected growth",
        ),
        (
            "acme expected growth expected 5%",
            "expected_growth/acme | -/acme expected growth; expected 5%",
        ),
        (
            "acme expected_growth as of 2024",
            "expected_growth/acme | -/acme expected_growth; as of 2024-12-31",
        ),
    ]);
}

#[test]
fn names_keep_the_words_that_are_theirs() {
    check(&[
        (
            "Revenue Partners Ltd employees",
            "employees/Revenue Partners Ltd | revenue/Partners Ltd employees | -/Revenue Partners Ltd employees",
        ),
        (
            "employees of Revenue Partners Ltd",
            "employees/Revenue Partners Ltd | revenue/employees Partners Ltd | -/employees of Revenue Partners Ltd",
        ),
        (
            "Headquarters Coffee GmbH revenue",
            "revenue/Headquarters Coffee GmbH | headquarters/Coffee GmbH revenue | -/Headquarters Coffee GmbH revenue",
        ),
        (
            "Headquarters Coffee GmbH",
            "headquarters/Coffee GmbH | -/Headquarters Coffee GmbH",
        ),
        (
            "Bank of America sector",
            "sector/Bank of America | -/Bank of America sector",
        ),
        (
            "sector of Bank of America",
            "sector/Bank of America | -/sector of Bank of America",
        ),
        (
            "bank of america sector",
            "sector/bank of america | -/bank of america sector",
        ),
        (
            "Bed Bath & Beyond revenue",
            "revenue/Bed Bath & Beyond | -/Bed Bath & Beyond revenue",
        ),
        (
            "Since Ltd revenue",
            "revenue/Since Ltd | -/Since Ltd revenue",
        ),
        (
            "Since 2024 Ltd revenue",
            "revenue/Since 2024 Ltd | -/Since 2024 Ltd revenue",
        ),
        (
            "Since 2024 Partners revenue",
            "revenue/Partners | -/Partners revenue | revenue/Since 2024 Partners | -/Since 2024 Partners revenue; since 2024-01-01",
        ),
        (
            "Yesterday Ltd revenue",
            "revenue/Yesterday Ltd | -/Yesterday Ltd revenue",
        ),
        (
            "Not Your Father's Ltd employees",
            "employees/Not Your Father's Ltd | -/Not Your Father Ltd employees | -/Not Your Father's Ltd employees",
        ),
        (
            "employees of Not Your Father's Ltd",
            "employees/Not Your Father's Ltd | -/employees of Not Your Father Ltd | -/employees of Not Your Father's Ltd",
        ),
        (
            "Forever 21 revenue",
            "revenue/Forever 21 | -/Forever 21 revenue",
        ),
        (
            "revenue of Forever 21",
            "revenue/Forever 21 | -/revenue of Forever 21",
        ),
        (
            "why is the revenue of Forever 21 12M",
            "revenue/Forever 21 | -/revenue of Forever 21 | -/the revenue of Forever 21; expected 12M",
        ),
        ("3M sector", "sector/3M | -/3M sector"),
        ("2U Inc revenue", "revenue/2U Inc | -/2U Inc revenue"),
        (
            "The Home Depot revenue",
            "revenue/The Home Depot | revenue/Home Depot | -/Home Depot revenue | -/The Home Depot revenue",
        ),
        (
            "the home depot revenue",
            "revenue/home depot | revenue/the home depot | -/home depot revenue | -/the home depot revenue",
        ),
        (
            "revenue of The Home Depot",
            "revenue/The Home Depot | revenue/Home Depot | -/revenue of The Home Depot",
        ),
        (
            "Home Depot (The) sector",
            "sector/Home Depot (The) | -/Home Depot (The) sector",
        ),
        (
            "Why Not Ltd revenue",
            "revenue/Not Ltd | revenue/Why Not Ltd | -/Not Ltd revenue | -/Why Not Ltd revenue",
        ),
        (
            "why not ltd revenue",
            "revenue/not ltd | revenue/why not ltd | -/not ltd revenue | -/why not ltd revenue",
        ),
        (
            "why is Why Not Ltd revenue 12M",
            "revenue/Not Ltd | revenue/Why Not Ltd | -/Not Ltd revenue | -/Why Not Ltd revenue; expected 12M",
        ),
        (
            "For Eyes revenue",
            "revenue/For Eyes | revenue/Eyes | -/Eyes revenue | -/For Eyes revenue",
        ),
        (
            "On March Networks revenue",
            "revenue/On March Networks | revenue/March Networks | -/March Networks revenue | -/On March Networks revenue",
        ),
        (
            "March Networks revenue",
            "revenue/March Networks | -/March Networks revenue",
        ),
        ("May Ltd revenue", "revenue/May Ltd | -/May Ltd revenue"),
        (
            "Expected Ltd revenue",
            "revenue/Expected Ltd | -/Expected Ltd revenue",
        ),
        (
            "Ever Ltd revenue",
            "revenue/Ever Ltd | revenue/Ltd | -/Ltd revenue | -/Ever Ltd revenue",
        ),
        (
            "Ever Since Ltd revenue",
            "revenue/Ever Since Ltd | revenue/Since Ltd | -/Since Ltd revenue | -/Ever Since Ltd revenue",
        ),
        (
            "History Channel revenue",
            "revenue/History Channel | -/History Channel revenue",
        ),
        (
            "Capital One sector",
            "sector/Capital One | -/Capital One sector",
        ),
        (
            "Stevie Wonder revenue",
            "revenue/Stevie Wonder | -/Stevie Wonder revenue",
        ),
        (
            "Service Now revenue",
            "revenue/Service Now | -/Service Now revenue",
        ),
        (
            "revenue of acme now",
            "revenue/acme | revenue/acme now | -/revenue of acme | -/revenue of acme now",
        ),
        (
            "A. O. Smith revenue",
            "revenue/A. O. Smith | -/A. O. Smith revenue",
        ),
        ("Yahoo! revenue", "revenue/Yahoo | -/Yahoo! revenue"),
        (
            "Lowe's revenue",
            "revenue/Lowe | revenue/Lowe's | -/Lowe revenue | -/Lowe's revenue",
        ),
        (
            "Campbell's Company (The) sector",
            "sector/Campbell's Company (The) | -/Campbell Company (The) sector | -/Campbell's Company (The) sector",
        ),
        (
            "Baker Hughes, a GE Company sector",
            "sector/Baker Hughes, a GE Company | -/Baker Hughes, a GE Company sector",
        ),
        (
            "L-3 Communications revenue",
            "revenue/L-3 Communications | -/L-3 Communications revenue",
        ),
        (
            "Coca–Cola revenue",
            "revenue/Coca–Cola | -/Coca–Cola revenue",
        ),
        (
            "H&R Block revenue",
            "revenue/H&R Block | -/H&R Block revenue",
        ),
        ("ON sector", "sector/ON | -/sector | -/ON sector"),
        ("IT revenue", "revenue/IT | -/revenue | -/IT revenue"),
        ("A revenue", "revenue/A | -/revenue | -/A revenue"),
        (
            "what is the revenue of IT",
            "revenue/IT | -/revenue of | -/the revenue of | -/revenue of IT",
        ),
        (
            "how many employees does HAS have",
            "employees/HAS | -/employees",
        ),
        ("all revenue", "revenue/all | -/all revenue"),
        (
            "it revenue",
            "revenue/? | revenue/it | -/revenue | -/it revenue",
        ),
        ("24/7 Ltd revenue", "revenue/24/7 Ltd | -/24/7 Ltd revenue"),
    ]);
}
