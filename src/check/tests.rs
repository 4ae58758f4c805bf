//! What stays the same however large a lake is: the sample, and how many companies are followed.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::{Date, date};

use super::chain::{Chain, Link, is_followed};
use super::columns::{Columns, Judged};
use super::companies::Companies;
use super::copies::Copies;
use super::finding::{Findings, Kind};
use super::kept::{Kept, Links};
use super::sample::{FOLDERS, Sample};
use crate::catalog::Catalog;
use crate::contract::{Field, Table, Type};
use crate::engine::direct::{Company, Folder};
use crate::layout::{Format, Partition};
use crate::trace::Decision;

mod companies;
mod copies;

fn folder(path: String) -> Folder {
    Folder {
        path,
        parts: Ok(Vec::new()),
    }
}

fn kept_paths(sample: Sample) -> BTreeSet<String> {
    let kept: Vec<String> = sample.folders().into_iter().map(|f| f.path).collect();
    assert!(kept.is_sorted(), "{kept:?}");
    kept.into_iter().collect()
}

fn sampled(folders: usize, today: Date) -> BTreeSet<String> {
    let mut sample = Sample::new(today);
    for number in 0..folders {
        sample.see(folder(format!("folder={number:05}")), None);
    }
    kept_paths(sample)
}

#[test]
fn a_sample_is_small_has_what_was_written_last_and_differs_from_day_to_day() {
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

#[test]
fn a_sample_has_the_newest_day_of_each_attribute_whatever_was_written_when() {
    let today = date(2024, 6, 15);
    let mut sample = Sample::new(today);
    for attribute in ["a", "b", "c", "d"] {
        for bucket in 0..20 {
            for month in 1..=6_i8 {
                let partition = Partition {
                    attribute: attribute.to_owned(),
                    bucket,
                    date: date(2024, month, 1),
                };
                let path = format!("{attribute}/{bucket:02}/2024-{month:02}");
                sample.see(folder(path), Some(&partition));
            }
        }
        // What lies far ahead takes no newer day's place.
        let ahead = Partition {
            attribute: attribute.to_owned(),
            bucket: 99,
            date: date(2099, 1, 1),
        };
        sample.see(folder(format!("{attribute}/99/2099-01")), Some(&ahead));
    }
    let kept = kept_paths(sample);
    assert_eq!(kept.len(), FOLDERS);
    for attribute in ["a", "b", "c"] {
        let of = |path: &&String| path.starts_with(attribute) && path.ends_with("2024-06");
        assert!(kept.iter().filter(of).count() >= 2, "{attribute}: {kept:?}");
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
    let id = format!("{attribute}{entity_id}-{month}");
    Link {
        decision: Decision {
            value: Some(month.to_string()),
            previous_value: previous.map(|previous| previous.to_string()),
            ..Decision::bare(&id, (entity_id, attribute), at)
        },
        is_placed: true,
        says_value: true,
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
        chain.follow(&partition, links, true, (&mut findings, &mut |_| {}));
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

/// What is kept of a folder of one company with `many` decisions among 50 with two each.
fn kept(many: i64, most: usize) -> Links {
    let mut kept = Kept::new(0).of_at_most(most);
    for round in 0..many.max(2) {
        if round < many {
            let mut link = link(0, "a", 1, None);
            link.decision.decision_id = format!("many-{round}");
            link.decision.decided_at += jiff::Span::new().seconds(round);
            kept.keep(link);
        }
        if round < 2 {
            let month = i8::try_from(round).unwrap() + 1;
            (1..=50).for_each(|id| kept.keep(link(id, "a", month, None)));
        }
    }
    kept.finish()
}

#[test]
fn a_company_with_too_many_decisions_is_left_out_alone() {
    let all = kept(20, 200);
    assert_eq!((all.links.len(), all.thinned, all.left_out), (120, 0, 0));
    let most = kept(1_000, 200);
    assert_eq!((most.links.len(), most.thinned, most.left_out), (101, 0, 1));
    let newest = most.links.iter().find(|link| link.decision.entity_id == 0);
    let newest = newest.unwrap();
    assert_eq!(newest.decision.decision_id, "many-999");
    assert!(!newest.says_value && !newest.says_previous);
    assert!(most.links.iter().filter(|l| l.says_value).count() == 100);
    // Where no company alone is too many, companies are thinned out.
    let thinned = kept(2, 60);
    assert!(thinned.thinned > 0 && thinned.left_out == 0);
    assert!(!thinned.links.is_empty() && thinned.links.len() <= 60);
}

#[test]
fn nothing_is_compared_with_what_was_left_out_and_a_trace_does_not_begin_behind_it() {
    let check = |is_apart: bool, expected: (u64, u64, u64)| {
        let catalog = catalog(ORDERS[0]);
        let mut chain = Chain::new(&catalog, "trace");
        let mut findings = Findings::default();
        for month in 1..=4 {
            let link = link(7, "a", month, Some(if month == 1 { 0 } else { 9 }));
            let link = match is_apart && month == 2 {
                true => link.apart(),
                false => link,
            };
            let at = link.decision.decided_at;
            let partition = catalog.layout.partition("a", 0, at);
            chain.follow(&partition, vec![link], true, (&mut findings, &mut |_| {}));
        }
        let gaps: u64 = findings.sorted().iter().map(|f| f.count).sum();
        assert_eq!((gaps, chain.compared, chain.begun), expected);
    };
    check(false, (3, 3, 1));
    check(true, (1, 1, 1));
}

#[test]
fn no_company_escapes_thinning_by_its_number() {
    for id in -1..=1 {
        assert!(!is_followed(id, 32), "{id}");
    }
    let followed = (0..10_000).filter(|id| is_followed(*id, 3)).count();
    assert!((1_000..1_500).contains(&followed), "{followed}");
}

#[test]
fn a_file_without_a_struct_says_nothing_of_its_fields() {
    let evidence = |of: &str| {
        vec![Field {
            name: "evidence".to_owned(),
            of: Type::parse(of),
        }]
    };
    let whole = "array<struct<source:string,record_id:string,value:string,observed_at:timestamp,confidence:double,selected:boolean,reason:string,url:string>>";
    let catalog = catalog(ORDERS[0]);
    let check = |files: &[Vec<Field>], noted: bool, found: u64| {
        let mut columns = Columns::new(Table::Trace, "trace", &catalog);
        let mut findings = Findings::default();
        for (at, file) in files.iter().enumerate() {
            let at = at.to_string();
            columns.see(file, (&at, &at), &mut findings);
        }
        let note = columns.finish(&mut findings).unwrap_or_default();
        let findings = findings.sorted();
        let url = |f: &&super::Finding| f.column.as_deref() == Some("evidence.url");
        let found_url: u64 = findings.iter().filter(url).map(|f| f.count).sum();
        assert_eq!(
            (note.contains("evidence.url"), found_url),
            (noted, found),
            "{note} {findings:?}"
        );
    };
    let without = whole.replace(",url:string", "");
    // In no file that has the struct; then lost in the newest of those that have it.
    check(&[evidence(&without), Vec::new()], true, 0);
    check(&[Vec::new(), evidence(&without)], true, 0);
    check(&[evidence(whole), evidence(&without), Vec::new()], false, 1);
    check(&[evidence(&without), evidence(whole)], false, 0);
    check(&[Vec::new()], false, 0);
}

/// What `docs/check.md` should say.
fn told() -> String {
    let mut text = "# What `why check` finds\n\n\
        Each finding has a stable code, names both sides and says what to do; `--json` gives the same \
        ([schema/check.v1.json](../schema/check.v1.json)).\nFindings are told in this order; exit code 3 \
        where there is one, 0 where there is none.\nThis file is made of the code: a test holds it to it.\n\n\
        | code | counted in | what it means |\n|---|---|---|\n"
        .to_owned();
    for kind in Kind::ALL {
        let unit = match kind.unit().code() {
            "once" => "",
            unit => unit,
        };
        text += &format!("| `{}` | {unit} | {} |\n", kind.code(), kind.means());
    }
    text
}

#[test]
fn every_code_is_explained_in_docs_and_named_in_the_schema() {
    // A kind is named once with its code, wherever else it stands.
    let named = include_str!("finding.rs").lines();
    let named = named.filter(|line| line.trim().starts_with("Kind::") && line.contains(" => \""));
    assert_eq!(named.count(), Kind::ALL.len());
    assert!(Kind::ALL.is_sorted());
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let schema = std::fs::read_to_string(here.join("schema/check.v1.json")).unwrap();
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let codes: Vec<&str> = Kind::ALL.iter().map(|kind| kind.code()).collect();
    let finding = &schema["$defs"]["finding"]["properties"];
    assert_eq!(finding["code"]["enum"], serde_json::json!(codes));
    let docs = std::fs::read_to_string(here.join("docs/check.md")).unwrap_or_default();
    let should = told();
    assert!(docs == should, "docs/check.md should be:\n{should}");
}
