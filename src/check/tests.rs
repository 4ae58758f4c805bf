//! What stays the same however large a lake is: the sample, and how many companies are followed.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::{Date, date};

use super::chain::{Chain, Link, is_followed};
use super::finding::Findings;
use super::sample::{FOLDERS, Sample};
use crate::catalog::Catalog;
use crate::engine::direct::Folder;
use crate::trace::Decision;

fn sampled(folders: usize, day: Date) -> BTreeSet<String> {
    let mut sample = Sample::new(day);
    for number in 0..folders {
        sample.see(Folder {
            path: format!("folder={number:05}"),
            parts: Ok(Vec::new()),
        });
    }
    let kept: Vec<String> = sample.folders().into_iter().map(|f| f.path).collect();
    assert!(kept.is_sorted(), "{kept:?}");
    kept.into_iter().collect()
}

#[test]
fn a_sample_is_small_has_the_newest_and_differs_from_day_to_day() {
    let today = sampled(1_000, date(2026, 11, 20));
    assert_eq!(today.len(), FOLDERS);
    assert_eq!(today, sampled(1_000, date(2026, 11, 20)));
    let tomorrow = sampled(1_000, date(2026, 11, 21));
    // These were written alike: of such the last names count as the newest.
    let newest: BTreeSet<String> = (984..1_000).map(|n| format!("folder={n:05}")).collect();
    assert!(newest.is_subset(&today) && newest.is_subset(&tomorrow));
    assert!(
        today.intersection(&tomorrow).count() < 24,
        "{today:?} {tomorrow:?}"
    );
    for few in [0, 1, FOLDERS] {
        assert_eq!(sampled(few, date(2026, 11, 20)).len(), few);
    }
}

fn catalog(order: &str) -> Catalog {
    let text = format!(
        "[layout]\nbuckets = 1\nstep = \"month\"\nfirst_date = 2024-01-01\norder = [{order}]\n\
         [attributes.a]\n[attributes.b]"
    );
    Catalog::parse(&text, "why.toml").unwrap()
}

fn link(entity_id: i64, attribute: &str, month: i8, previous: Option<i8>) -> Link {
    let at: Timestamp = format!("2024-{month:02}-02T00:00:00Z").parse().unwrap();
    Link {
        decision: Decision {
            decision_id: format!("{attribute}{entity_id}-{month}"),
            entity_id,
            attribute: attribute.to_owned(),
            decided_at: at,
            value: Some(month.to_string()),
            previous_value: previous.map(|previous| previous.to_string()),
            rule: None,
            rule_version: None,
            reason: None,
            run_id: None,
            actor: None,
            is_override: false,
            evidence: Vec::new(),
            written: String::new(),
        },
        says_previous: true,
    }
}

/// Follows months of companies, folder by folder in the order of paths; the gaps that were found.
fn follow(order: &str, most: usize, companies: i64, gap: Option<(i64, i8)>) -> (u64, u32, u64) {
    let catalog = catalog(order);
    let mut chain = Chain::new(&catalog, "trace").of_at_most(most);
    let mut folders = Vec::new();
    for attribute in ["a", "b"] {
        for month in 1..=4_i8 {
            let links: Vec<Link> = (0..companies)
                .map(|id| {
                    let before = (month > 1).then(|| month - 1);
                    let is_gap = gap == Some((id, month)) && attribute == "b";
                    link(id, attribute, month, if is_gap { Some(9) } else { before })
                })
                .collect();
            let at = links[0].decision.decided_at;
            let partition = catalog.layout.partition(attribute, 0, at);
            folders.push((catalog.layout.path(&partition), partition, links));
        }
    }
    folders.sort_by(|a, b| a.0.cmp(&b.0));
    let mut findings = Findings::default();
    for (_, partition, links) in folders {
        chain.follow(&partition, links, true, &mut findings);
    }
    let gaps = findings.sorted().iter().map(|finding| finding.count).sum();
    (gaps, chain.thinned(), chain.compared)
}

const ORDERS: [&str; 4] = [
    r#""attribute", "bucket", "date""#,
    r#""attribute", "date", "bucket""#,
    r#""date", "bucket", "attribute""#,
    r#""bucket", "date", "attribute""#,
];

#[test]
fn a_chain_is_followed_from_folder_to_folder_in_every_order_of_them() {
    for order in ORDERS {
        // Of 20 companies three steps each, of two attributes.
        assert_eq!(follow(order, 1_000, 20, None), (0, 0, 120), "{order}");
        assert_eq!(
            follow(order, 1_000, 20, Some((7, 3))),
            (1, 0, 120),
            "{order}"
        );
    }
}

#[test]
fn where_there_are_too_many_companies_some_are_followed_and_none_is_accused_wrongly() {
    for order in ORDERS {
        let (gaps, thinned, compared) = follow(order, 8, 64, None);
        assert_eq!(gaps, 0, "{order}");
        assert!(
            thinned >= 3 && compared > 0,
            "{order}: {thinned} {compared}"
        );
        // One that is followed to the end is still seen to break.
        let last = (0..64).find(|id| is_followed(*id, thinned)).unwrap();
        assert_eq!(follow(order, 8, 64, Some((last, 4))).0, 1, "{order}");
    }
}
