//! The catalog against its example, against wrong files and against itself.

use proptest::prelude::*;

use super::*;

pub(crate) mod generated;
mod wrong;

/// The example with every default written out.
fn uncommented() -> String {
    example::TEXT
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(setting) if !setting.starts_with(' ') => setting,
            Some(_) | None => line,
        })
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn the_example_shows_the_true_defaults() {
    let shown = Catalog::parse(&uncommented(), "uncommented").unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(shown, example::example().unwrap());
}

#[test]
fn the_example_names_every_key_there_is() {
    let text = uncommented();
    let sections = [
        keys::LAKE,
        keys::LAYOUT,
        keys::COLUMNS,
        keys::ATTRIBUTE,
        keys::VISIBLE_TO,
        keys::THRESHOLDS,
        keys::SOURCE,
        keys::RULE,
        keys::COST,
    ];
    for key in sections.into_iter().flatten() {
        let shown = text.lines().any(|line| {
            line.starts_with(&format!("{key} = ")) || line.ends_with(&format!(".{key}]"))
        });
        assert!(shown, "the example does not show {key}");
    }
    for section in keys::SECTIONS {
        let shown = text.lines().any(|line| {
            line.starts_with(&format!("[{section}]")) || line.starts_with(&format!("[{section}."))
        });
        assert!(shown, "the example does not show [{section}]");
    }
}

#[test]
fn the_smallest_catalog_is_a_day_and_an_attribute() {
    let text = "layout.first_date = 2015-01-01\nattributes.annual_revenue = {}";
    let catalog = Catalog::parse(text, "why.toml").unwrap();
    assert_eq!(catalog.lake, Lake::default());
    assert_eq!(catalog.attributes[0].label, "annual revenue");
    assert_eq!(catalog.attributes[0].visible_to, Visibility::Everyone);
    assert_eq!(catalog.ladder_days, DEFAULT_LADDER_DAYS);
}

#[test]
fn a_rule_is_found_by_its_version() {
    let text = "layout.first_date = 2015-01-01\nattributes.revenue = {}\n\
        [[rules.best]]\nkind = \"recency\"\nversions = [\"1\"]\n\
        [[rules.best]]\nkind = \"confidence\"\nversions = [\"2\"]\n\
        [rules.any]\nkind = \"frequency\"";
    let catalog = Catalog::parse(text, "why.toml").unwrap();
    let kind = |name, version| catalog.rule(name, version).map(|rule| &rule.kind);
    assert_eq!(kind("best", Some("2")), Some(&RuleKind::Confidence));
    assert_eq!(kind("best", Some("3")), None);
    assert_eq!(kind("best", None), None);
    assert_eq!(kind("any", Some("3")), Some(&RuleKind::Frequency));
    assert_eq!(kind("any", None), Some(&RuleKind::Frequency));
    assert!(catalog.declares_versions_of("best"));
    assert!(!catalog.declares_versions_of("any"));
}

#[test]
fn tables_lie_below_the_location_with_one_slash() {
    let root = |location: &str| {
        Lake {
            location: location.to_owned(),
            ..Lake::default()
        }
        .root("attribute_trace")
    };
    assert_eq!(root("."), "./attribute_trace");
    assert_eq!(root("s3://acme/why/"), "s3://acme/why/attribute_trace");
    assert_eq!(root("/"), "/attribute_trace");
}

#[test]
fn words_are_one_whatever_their_case_gaps_and_composition() {
    let same = [
        ("Annual_Revenue", "annual  revenue"),
        ("STRASSE", "straße"),
        ("é", "e\u{301}"),
    ];
    for (a, b) in same {
        assert_eq!(names::fold(a), names::fold(b), "{a} and {b}");
    }
    assert_ne!(names::fold("revenue"), names::fold("revenues"));
}

#[test]
fn an_example_with_windows_line_ends_reads_the_same() {
    let text = example::TEXT.replace('\n', "\r\n");
    assert_eq!(
        Catalog::parse(&text, "why.toml").unwrap(),
        example::example().unwrap()
    );
}

proptest! {
    #[test]
    fn a_written_catalog_reads_back_the_same(catalog in generated::catalog()) {
        let text = catalog.to_toml();
        let read = Catalog::parse(&text, "why.toml");
        prop_assert_eq!(read, Ok(catalog), "{}", text);
    }

    #[test]
    fn any_text_is_read_or_refused_with_lines_that_exist(text in "\\PC*|[\\[\\]=\"'{},.# \\na-z0-9-]*") {
        check_refusal(&text)?;
    }

    /// Damage in the middle of a right file reaches further than noise.
    #[test]
    fn a_damaged_example_is_read_or_refused(
        at in any::<prop::sample::Index>(),
        cut in 0..40usize,
        put in "[\\[\\]=\"'{},.#\\n a-z0-9]{0,6}",
    ) {
        let mut chars: Vec<char> = example::TEXT.chars().collect();
        let from = at.index(chars.len());
        let to = (from + cut).min(chars.len());
        chars.splice(from..to, put.chars());
        check_refusal(&chars.into_iter().collect::<String>())?;
    }
}

fn check_refusal(text: &str) -> Result<(), TestCaseError> {
    let Err(errors) = Catalog::parse(text, "why.toml") else {
        return Ok(());
    };
    let lines = text.split('\n').count();
    prop_assert!(!errors.all().is_empty());
    for error in errors.all() {
        prop_assert!(error.line >= 1 && error.line <= lines, "{error:?}");
        prop_assert!(
            !error.what.is_empty() && !error.advice.is_empty(),
            "{error:?}"
        );
        prop_assert!(!error.what.chars().any(char::is_control), "{error:?}");
    }
    Ok(())
}
