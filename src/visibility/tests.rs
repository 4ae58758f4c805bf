//! Who may see an attribute; what redacted answers say, and that nothing else changes.

use super::*;
use crate::catalog::Catalog;

mod redacted;

const CATALOG: &str = r#"
[lake]
location = "."
[layout]
step = "month"
first_date = 2020-01-15
[attributes.revenue]
kind = "money"
[attributes.margin]
visible_to = { channels = ["C0LISTED1"], users = ["U0LISTED1"], groups = ["S0LISTED1"] }
[sources.zenith]
label = "Zenith Data"
link = "https://records.zenith.example/r/{record_id}"
disclosable = false
[sources.filings]
link = "https://filings.example/{record_id}"
[sources.oracle_of_x]
disclosable = false
[rules.priority]
kind = "source_priority"
order = ["zenith", "filings", "oracle_of_x"]
[rules.zenith_first]
kind = "source_priority"
versions = ["2"]
order = ["filings", "zenith"]
[rules.newest]
kind = "recency"
[rules.surest]
kind = "confidence"
[rules.majority]
kind = "frequency"
"#;

fn catalog() -> Catalog {
    Catalog::parse(CATALOG, "why.toml").unwrap()
}

fn person(user: &str, groups: &[&str], channel: Option<&str>, standing: Standing) -> Audience {
    Audience::Person {
        user: user.to_owned(),
        groups: groups.iter().map(|group| (*group).to_owned()).collect(),
        channel: channel.map(str::to_owned),
        standing,
    }
}

fn channel(channel: &str, standing: Standing) -> Audience {
    Audience::Channel {
        channel: channel.to_owned(),
        standing,
    }
}

#[test]
fn a_restricted_attribute_is_for_those_it_names() {
    use Standing::{Member, Outsider};
    let table = [
        (Audience::Operator, true),
        (person("U0LISTED1", &[], None, Member), true),
        (person("U0LISTED1", &[], Some("C9"), Member), true),
        (person("U2", &["S9", "S0LISTED1"], Some("C9"), Member), true),
        (person("U2", &[], Some("C0LISTED1"), Member), true),
        (person("U2", &["S9"], Some("C9"), Member), false),
        (person("U2", &[], None, Member), false),
        (
            person("U0LISTED1", &["S0LISTED1"], Some("C0LISTED1"), Outsider),
            false,
        ),
        (channel("C0LISTED1", Member), true),
        (channel("C9", Member), false),
        (channel("C0LISTED1", Outsider), false),
        // An id of another kind is nobody.
        (
            person("C0LISTED1", &["U0LISTED1"], Some("S0LISTED1"), Member),
            false,
        ),
        (channel("U0LISTED1", Member), false),
    ];
    let catalog = catalog();
    let margin = catalog.attribute("margin").unwrap();
    let revenue = catalog.attribute("revenue").unwrap();
    for (audience, expected) in table {
        let may = may_see(margin, &audience);
        assert_eq!(may.is_ok(), expected, "{audience:?}");
        assert!(may_see(revenue, &audience).is_ok(), "{audience:?}");
        let offered = offered(&catalog, &audience).attributes.len();
        assert_eq!(offered, if expected { 2 } else { 1 }, "{audience:?}");
        if let Err(why) = may {
            let why = why.to_string();
            assert!(
                ["C0LISTED1", "U0LISTED1", "S0LISTED1"]
                    .iter()
                    .all(|id| !why.contains(id)),
                "{why}"
            );
            // Whom to ask is said once, beside it.
            assert!(!why.contains("owner"), "{why}");
        }
    }
}

#[test]
fn a_catalog_without_limits_needs_no_readers() {
    let mut catalog = catalog();
    assert!(is_limited(&catalog));
    catalog
        .attributes
        .retain(|attribute| attribute.name != "margin");
    assert!(is_limited(&catalog));
    catalog.sources.retain(|source| source.disclosable);
    assert!(!is_limited(&catalog));
}
