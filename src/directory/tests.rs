//! Names that are hard to tell apart, and files that are none.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

mod files;

/// Id, name, domain, aliases, parent, rank.
type Row = (
    i64,
    &'static str,
    &'static str,
    &'static [&'static str],
    i64,
    f64,
);

const COMPANIES: &[Row] = &[
    (1, "Acme Inc.", "acme.com", &["ACME"], 0, 10.0),
    (2, "Acme GmbH", "https://www.acme.de/", &[], 1, 0.0),
    (3, "Acme Holdings Ltd", "", &[], 0, 0.0),
    (4, "General Electric Company", "ge.com", &["GE"], 0, 50.0),
    (5, "Generac Power", "", &["GNRC"], 0, 0.0),
    (6, "Target Corporation", "target.com", &["TGT"], 0, 40.0),
    (7, "Bullseye Media", "", &["TARGET"], 0, 0.0),
    (
        8,
        "Meta Platforms, Inc.",
        "meta.com",
        &["META", "Facebook, Inc."],
        0,
        90.0,
    ),
    (9, "Nestlé S.A.", "nestle.com", &["NESN"], 0, 60.0),
    (10, "Merck & Co., Inc.", "merck.com", &["MRK"], 0, 40.0),
    (11, "Merck KGaA", "merckgroup.com", &["MRK.DE"], 0, 30.0),
    (12, "Gap Inc.", "gap.com", &["GPS"], 0, 0.0),
    (13, "The Limited", "", &[], 0, 0.0),
    (14, "AT&T Inc.", "att.com", &["T"], 0, 0.0),
    (
        15,
        "Toyota Motor Corporation",
        "",
        &["7203.T", "株式会社トヨタ"],
        0,
        70.0,
    ),
    (16, "ООО Ромашка", "", &[], 0, 0.0),
    (17, "Headquarters Coffee GmbH", "", &[], 0, 0.0),
    (18, "42", "", &[], 0, 0.0),
    (19, "Springfield Bank", "sb.example", &[], 1, 0.0),
    (20, "Springfield Bank", "", &["SPB"], 0, 5.0),
    (21, "3M Company", "3m.com", &["MMM"], 0, 0.0),
    (22, "The Coca-Cola Company", "", &["KO"], 0, 0.0),
    (
        23,
        "Alphabet Inc.",
        "abc.xyz",
        &["GOOGL", "GOOG", "Google Inc."],
        0,
        95.0,
    ),
    (24, "YouTube", "youtube.com", &[], 23, 0.0),
    (25, "Google Fiber", "", &[], 23, 0.0),
    (26, "Johnson & Johnson", "jnj.com", &["JNJ"], 0, 0.0),
    (
        27,
        "Johnson Controls International plc",
        "",
        &["JCI"],
        0,
        0.0,
    ),
    (28, "Müller GmbH & Co. KG", "", &[], 0, 0.0),
    (29, "Ørsted A/S", "", &[], 0, 0.0),
    (30, "Łódź Trans Sp. z o.o.", "", &[], 0, 0.0),
    (31, "SAS AB", "", &[], 0, 0.0),
    (32, "SAS Institute Inc.", "sas.com", &[], 0, 0.0),
    (33, "Yahoo!", "", &[], 0, 0.0),
    (34, "!!!", "", &[], 0, 0.0),
    (
        35,
        "Microsoft Corporation",
        "microsoft.com",
        &["MSFT"],
        0,
        100.0,
    ),
    (36, "Berkshire Hathaway Inc.", "", &["BRK.B"], 0, 0.0),
    (37, "Fund 17 LLC", "", &[], 0, 0.0),
    (38, "Fund 18 LLC", "", &[], 0, 0.0),
    (39, "Maple Foods", "", &[], 0, 0.0),
    (40, "Apple Inc.", "apple.com", &["AAPL"], 0, 99.0),
    (
        41,
        "삼성전자 주식회사",
        "",
        &["Samsung Electronics"],
        0,
        0.0,
    ),
    (42, "Answer Ltd", "", &[], 0, 0.0),
    (43, "Amazon.com, Inc.", "amazon.com", &["AMZN"], 0, 0.0),
    (44, "Twin One", "twin.example", &[], 0, 0.0),
    (45, "Twin Two", "twin.example", &[], 0, 0.0),
    (46, "Nova Corp", "", &[], 0, 0.0),
    (47, "Nova Ltd", "", &["NOVA"], 0, 0.0),
    (48, "Rialto Corp", "", &[], 0, 0.0),
    (49, "Rialto GmbH", "", &[], 0, 0.0),
    (-5, "Below Zero", "", &[], 0, 0.0),
];

fn companies() -> Vec<Entity> {
    COMPANIES
        .iter()
        .map(|(entity_id, name, domain, aliases, parent, rank)| Entity {
            entity_id: *entity_id,
            name: (*name).to_owned(),
            domain: Some((*domain).to_owned()).filter(|domain| !domain.is_empty()),
            aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
            parent_id: Some(*parent).filter(|parent| *parent != 0),
            rank: *rank,
        })
        .collect()
}

fn bytes(entities: Vec<Entity>) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("directory.bin");
    let count = entities.len();
    assert!(build(entities, &file).unwrap() <= count);
    std::fs::read(&file).unwrap()
}

fn directory() -> Directory {
    Directory::from_bytes(bytes(companies()), "directory.bin").unwrap()
}

/// `one #4 exact GE`, `several #1 #2`, `none #9`.
fn said(resolution: &Resolution) -> String {
    let ids = |found: &[Match]| -> String {
        found
            .iter()
            .map(|m| format!(" #{}", m.entity.entity_id))
            .collect()
    };
    match resolution {
        Resolution::One(m) => {
            format!(
                "one #{} {} {}",
                m.entity.entity_id,
                m.fit.as_str(),
                m.through
            )
        }
        Resolution::Several(found) => format!("several{}", ids(found)),
        Resolution::None(near) => format!("none{}", ids(near)),
    }
}

#[track_caller]
fn check(table: &[(&str, &str)]) {
    let directory = directory();
    let wrong: Vec<String> = table
        .iter()
        .map(|(typed, expected)| (typed, expected, said(&directory.resolve(typed))))
        .filter(|(_, expected, found)| *expected != found)
        .map(|(typed, expected, found)| format!("{typed:?}: {found}, not {expected}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_id_is_that_company() {
    check(&[
        ("#17", "one #17 id Headquarters Coffee GmbH"),
        (" #17 ", "one #17 id Headquarters Coffee GmbH"),
        ("17", "one #17 id Headquarters Coffee GmbH"),
        ("#-5", "one #-5 id Below Zero"),
        ("#42", "one #42 id Answer Ltd"),
        ("42", "one #18 exact 42"),
        ("#999", "none"),
        ("999", "none"),
        ("99999999999999999999", "none"),
    ]);
}

#[test]
fn a_domain_is_that_company() {
    check(&[
        ("acme.com", "one #1 domain acme.com"),
        ("https://www.ACME.com./about?x", "one #1 domain acme.com"),
        ("acme.de", "one #2 domain https://www.acme.de/"),
        ("shop.eu.acme.com", "one #1 domain acme.com"),
        ("jane@ge.com", "one #4 domain ge.com"),
        ("amazon.com", "one #43 domain amazon.com"),
        ("twin.example", "several #44 #45"),
        ("acme.org", "none #1 #2 #3"),
    ]);
}

#[test]
fn the_current_name_beats_every_other() {
    check(&[
        ("Acme GmbH", "one #2 exact Acme GmbH"),
        ("acme inc.", "one #1 exact Acme Inc."),
        ("Acme Incorporated", "one #1 normalised Acme Inc."),
        ("acme, gmbh", "one #2 normalised Acme GmbH"),
        ("Target Corporation", "one #6 exact Target Corporation"),
        ("Target Corp.", "one #6 normalised Target Corporation"),
        ("Merck KGaA", "one #11 exact Merck KGaA"),
        ("Merck and Company", "one #10 normalised Merck & Co., Inc."),
        ("Merck & Co", "one #10 normalised Merck & Co., Inc."),
        ("SAS", "one #31 normalised SAS AB"),
        ("the gap", "one #12 normalised Gap Inc."),
        ("limited", "one #13 normalised The Limited"),
        ("!!!", "one #34 exact !!!"),
    ]);
}

#[test]
fn tickers_and_former_names_find_the_company() {
    check(&[
        ("ge", "one #4 exact GE"),
        ("MsFt", "one #35 exact MSFT"),
        ("t", "one #14 exact T"),
        ("brk.b", "one #36 exact BRK.B"),
        ("BRK B", "one #36 normalised BRK.B"),
        ("7203.t", "one #15 exact 7203.T"),
        ("facebook", "one #8 normalised Facebook, Inc."),
        ("Facebook Inc", "one #8 normalised Facebook, Inc."),
        ("meta", "one #8 exact META"),
        ("google", "one #23 normalised Google Inc."),
        ("トヨタ", "one #15 normalised 株式会社トヨタ"),
        ("samsung electronics", "one #41 exact Samsung Electronics"),
    ]);
}

#[test]
fn spelling_does_not_count() {
    check(&[
        ("nestle", "one #9 normalised Nestlé S.A."),
        ("ＮＥＳＴＬＥ", "one #9 normalised Nestlé S.A."),
        ("orsted", "one #29 normalised Ørsted A/S"),
        ("lodz trans", "one #30 normalised Łódź Trans Sp. z o.o."),
        ("MULLER", "one #28 normalised Müller GmbH & Co. KG"),
        (
            "johnson and johnson",
            "one #26 normalised Johnson & Johnson",
        ),
        ("Johnson + Johnson", "one #26 normalised Johnson & Johnson"),
        ("coca cola", "one #22 normalised The Coca-Cola Company"),
        ("yahoo", "one #33 normalised Yahoo!"),
        ("at & t", "one #14 normalised AT&T Inc."),
        ("РОМАШКА", "one #16 normalised ООО Ромашка"),
        ("삼성전자", "one #41 normalised 삼성전자 주식회사"),
        ("3 M", "one #21 normalised 3M Company"),
        ("amazon com", "one #43 normalised Amazon.com, Inc."),
    ]);
}

#[test]
fn homonyms_are_several() {
    check(&[
        ("acme", "several #1 #2"),
        ("Acme LLC", "several #1 #2"),
        ("merck", "several #10 #11"),
        ("springfield bank", "several #20 #19"),
        // A ticker against a name that lacks but its legal form.
        ("target", "several #7 #6"),
        ("nova", "several #47 #46"),
        ("Rialto", "several #48 #49"),
        ("Rialto Corporation", "one #48 normalised Rialto Corp"),
    ]);
}

#[test]
fn the_first_words_find_a_name_then_later_words_do() {
    check(&[
        ("general elec", "one #4 prefix General Electric Company"),
        ("general elec co", "one #4 prefix General Electric Company"),
        ("gener", "several #4 #5"),
        ("johnson", "several #26 #27"),
        (
            "johnson c",
            "one #27 prefix Johnson Controls International plc",
        ),
        ("johnson &", "several #26 #27"),
        ("micro", "one #35 prefix Microsoft Corporation"),
        ("hathaway", "one #36 prefix Berkshire Hathaway Inc."),
        ("trans", "one #30 prefix Łódź Trans Sp. z o.o."),
        ("coffee", "one #17 prefix Headquarters Coffee GmbH"),
        ("fund", "several #37 #38"),
        ("amazon", "one #43 prefix Amazon.com, Inc."),
        ("삼성", "one #41 prefix 삼성전자 주식회사"),
    ]);
}

#[test]
fn a_typo_is_forgiven_where_one_name_is_nearest() {
    check(&[
        ("Mircosoft", "one #35 typo Microsoft Corporation"),
        ("microsft corp", "one #35 typo Microsoft Corporation"),
        ("micorsfot", "one #35 typo Microsoft Corporation"),
        ("facebok", "one #8 typo Facebook, Inc."),
        ("berkshire hathway", "one #36 typo Berkshire Hathaway Inc."),
        ("johnson & jonson", "one #26 typo Johnson & Johnson"),
        ("cocacola", "one #22 typo The Coca-Cola Company"),
        ("Mueller", "one #28 typo Müller GmbH & Co. KG"),
        // Four letters are too few to go on without asking.
        ("aple", "none #40"),
        ("acne", "several #1 #2"),
        ("gee", "none #4"),
        // Another number is another company.
        ("fund 19", "none #37 #38"),
        ("fnud 17", "none #37"),
    ]);
}

#[test]
fn what_nothing_fits_gets_the_nearest_names() {
    check(&[
        // The typo in the legal form makes it look like part of the name.
        ("target corporatoin", "none #6 #7"),
        ("tarrget corporatoin", "none #6 #7"),
        ("", "none"),
        ("   ", "none"),
        ("?", "none"),
        ("quantum zebra", "none"),
        ("springfeld coffee", "none #17"),
        ("mikroosfot", "none #35"),
        ("bullseye wireless", "none #7"),
    ]);
}

#[test]
fn the_detail_tells_homonyms_apart() {
    let directory = directory();
    let details = |typed: &str| match directory.resolve(typed) {
        Resolution::One(found) => found.detail(),
        Resolution::Several(found) => found
            .iter()
            .map(Match::detail)
            .collect::<Vec<_>>()
            .join("\n"),
        Resolution::None(_) => String::new(),
    };
    insta::assert_snapshot!(details("springfield bank"), @r"
    SPB · #20
    sb.example · part of Acme Inc. · #19
    ");
    insta::assert_snapshot!(details("target"), @r"
    TARGET · #7
    target.com · TGT · #6
    ");
    insta::assert_snapshot!(details("facebook"), @"meta.com · Facebook, Inc. · #8");
    insta::assert_snapshot!(details("google"), @"abc.xyz · Google Inc. · #23");
}

#[test]
fn a_search_lists_every_kind_of_fit_once_and_best_first() {
    let directory = directory();
    let found = |typed: &str, limit| -> Vec<String> {
        let found = directory.search(typed, limit);
        found
            .iter()
            .map(|m| format!("#{} {}", m.entity.entity_id, m.fit.as_str()))
            .collect()
    };
    assert_eq!(
        found("acme", 10),
        ["#1 exact", "#2 normalised", "#3 prefix"],
    );
    assert_eq!(found("acme", 2), ["#1 exact", "#2 normalised"]);
    assert_eq!(found("goog", 10), ["#23 exact", "#25 prefix"]);
    assert_eq!(found("aple", 10), ["#40 typo"]);
    assert_eq!(found("", 10), [""; 0]);
    assert_eq!(found("acme", 0), [""; 0]);
    assert_eq!(directory.search("a", 3).len(), 3);
}

#[test]
fn several_are_ten_at_most_the_most_prominent_first() {
    let entities = (0..30).map(|id| Entity {
        entity_id: id,
        name: if id % 2 == 0 {
            "Same Ltd".to_owned()
        } else {
            format!("Other {id}")
        },
        domain: None,
        aliases: vec![],
        parent_id: None,
        rank: id as f64,
    });
    let directory = Directory::from_bytes(bytes(entities.collect()), "ten").unwrap();
    let several = "several #28 #26 #24 #22 #20 #18 #16 #14 #12 #10";
    assert_eq!(said(&directory.resolve("same")), several);
    let several = "several #29 #27 #25 #23 #21 #19 #17 #15 #13 #11";
    assert_eq!(said(&directory.resolve("oth")), several);
}

#[test]
fn only_what_needs_no_guess_is_known() {
    let directory = directory();
    for typed in [
        "#17",
        "17",
        "acme.com",
        "www.acme.com",
        "Acme",
        "ge",
        "nestle",
        "facebook",
    ] {
        assert!(directory.knows(typed), "{typed}");
    }
    for typed in [
        "",
        "#999",
        "general elec",
        "coffee",
        "microsft",
        "acme.org",
        "revenue",
    ] {
        assert!(!directory.knows(typed), "{typed}");
    }
}

#[test]
fn every_company_comes_back_as_it_was() {
    let directory = directory();
    assert_eq!(directory.len(), COMPANIES.len());
    assert!(!directory.is_empty());
    for entity in companies() {
        assert_eq!(directory.get(entity.entity_id), Some(entity));
    }
    assert_eq!(directory.get(0), None);
    assert_eq!(directory.get(i64::MIN), None);
}

#[test]
fn of_two_with_one_id_the_last_stays() {
    let mut entities = companies();
    entities.push(Entity {
        name: "Renamed".to_owned(),
        ..entities[0].clone()
    });
    let directory = Directory::from_bytes(bytes(entities), "renamed").unwrap();
    assert_eq!(directory.len(), COMPANIES.len());
    assert_eq!(said(&directory.resolve("#1")), "one #1 id Renamed");
    assert_eq!(said(&directory.resolve("renamed")), "one #1 exact Renamed");
}

#[test]
fn a_rank_that_is_no_number_counts_as_unknown() {
    let mut entities = companies();
    entities[1].rank = f64::NAN;
    let directory = Directory::from_bytes(bytes(entities), "rank").unwrap();
    assert_eq!(directory.get(2).map(|entity| entity.rank), Some(0.0));
}

fn any_entity() -> impl Strategy<Value = Entity> {
    let text = "[A-Za-zéß&. 0-9]{0,12}|\\PC{0,8}";
    (
        any::<i64>(),
        text,
        proptest::option::of("[a-z]{1,5}\\.(com|de)"),
        proptest::collection::vec(text, 0..3),
        proptest::option::of(any::<i64>()),
        prop_oneof![Just(0.0), -1e9..1e9],
    )
        .prop_map(
            |(entity_id, name, domain, aliases, parent_id, rank)| Entity {
                entity_id,
                name,
                domain,
                aliases,
                parent_id,
                rank,
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_typed_has_an_answer(typed in "\\PC{0,60}|[#0-9.@/ a-z]{0,30}") {
        let directory = directory();
        let resolution = directory.resolve(&typed);
        if directory.knows(&typed) {
            prop_assert!(!matches!(resolution, Resolution::None(_)));
        }
        prop_assert!(directory.search(&typed, 5).len() <= 5);
    }

    #[test]
    fn the_order_of_companies_does_not_change_the_file(
        entities in proptest::collection::vec(any_entity(), 0..20),
        seed in any::<u64>(),
    ) {
        let by_id: BTreeMap<i64, Entity> =
            entities.into_iter().map(|entity| (entity.entity_id, entity)).collect();
        let sorted: Vec<Entity> = by_id.into_values().collect();
        let mut mixed = sorted.clone();
        mixed.sort_by_key(|entity| (entity.entity_id as u64 ^ seed).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        prop_assert_eq!(bytes(sorted), bytes(mixed));
    }

    #[test]
    fn every_company_is_found_by_every_name_it_has(
        entities in proptest::collection::vec(any_entity(), 1..20),
    ) {
        let directory = Directory::from_bytes(bytes(entities.clone()), "any").unwrap();
        for entity in entities.iter().filter_map(|entity| directory.get(entity.entity_id)) {
            let names = std::iter::once(&entity.name).chain(&entity.aliases).chain(&entity.domain);
            for name in names.filter(|name| !crate::names::Name::of(name).core.is_empty()) {
                let found = directory.search(name, 1_000);
                prop_assert!(found.iter().any(|m| m.entity == entity), "{name:?} of {entity:?}");
            }
        }
    }
}
