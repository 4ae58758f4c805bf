//! Several questions in one text, and texts that only look so.

use super::*;

static WITH_AND: LazyLock<Catalog> = LazyLock::new(|| {
    let text = r#"
[lake]
location = "."
[layout]
first_date = 2012-01-01
[attributes.revenue]
aliases = ["sales"]
[attributes.employees]
[attributes.headquarters]
[attributes.research]
aliases = ["research and development", "r and d"]
"#;
    Catalog::parse(text, "why.toml").unwrap()
});

fn parts(typed: &str) -> Vec<String> {
    several(typed, &WITH_AND, now())
}

#[test]
fn a_list_of_attributes_is_as_many_questions() {
    let rows: [(&str, &[&str]); 12] = [
        (
            "acme revenue and employees",
            &["acme revenue", "acme employees"],
        ),
        (
            "acme revenue, employees and headquarters",
            &["acme revenue", "acme employees", "acme headquarters"],
        ),
        (
            "acme revenue and employees as of 2025-03-01",
            &[
                "acme revenue as of 2025-03-01",
                "acme employees as of 2025-03-01",
            ],
        ),
        (
            "revenue and the employees of acme",
            &["revenue of acme", "employees of acme"],
        ),
        (
            "Johnson and Johnson revenue and employees",
            &[
                "Johnson and Johnson revenue",
                "Johnson and Johnson employees",
            ],
        ),
        (
            "acme research and development and revenue",
            &["acme research and development", "acme revenue"],
        ),
        (
            "acme revenue and globex employees",
            &["acme revenue", "globex employees"],
        ),
        (
            "acme revenue and Johnson and Johnson employees",
            &["acme revenue", "Johnson and Johnson employees"],
        ),
        (
            "acme revenue\nglobex employees",
            &["acme revenue", "globex employees"],
        ),
        (
            "Why is acme revenue 10M? And the employees?",
            &["Why is acme revenue 10M?", "\"acme\" And the employees?"],
        ),
        (
            "acme revenue as of 2025-03-01 and employees as of 2024-01-01",
            &[
                "acme revenue as of 2025-03-01",
                "\"acme\" employees as of 2024-01-01",
            ],
        ),
        ("revenue\nemployees", &["revenue", "employees"]),
    ];
    for (typed, expected) in rows {
        assert_eq!(parts(typed), expected, "{typed}");
        for part in parts(typed) {
            assert!(parse(&part, &WITH_AND, now()).is_ok(), "{part}");
        }
    }
}

#[test]
fn a_name_or_an_alias_with_and_is_never_parted() {
    for typed in [
        "acme revenue",
        "acme",
        "",
        "Johnson and Johnson revenue",
        "Sales and Marketing Inc employees",
        "acme research and development",
        "r and d of acme",
        "revenue of acme and globex",
        "hi team\nacme revenue\nI expected 10M, thanks",
        "acme revenue between 2024-01-01 and 2025-01-01",
        "why does acme have 500 employees and not 400",
        "Apple Inc. revenue",
    ] {
        assert_eq!(parts(typed), [typed], "{typed}");
    }
}

#[test]
fn five_questions_are_the_most() {
    let text: String = (1..=9).map(|id| format!("#{id} revenue\n")).collect();
    let parts = parts(&text);
    assert_eq!(parts.len(), MOST_AT_ONCE);
    assert_eq!(parts.first().unwrap(), "#1 revenue");
}

#[test]
fn names_are_parted_at_commas_and_and() {
    assert_eq!(
        names_in("acme, globex and initech"),
        ["acme", "globex", "initech"]
    );
    assert_eq!(names_in("Johnson and Johnson"), ["Johnson", "Johnson"]);
    assert_eq!(names_in("acme"), ["acme"]);
}
