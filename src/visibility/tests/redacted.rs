//! The trace of a source that is not disclosable, redacted.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::super::scrub::Scrub;
use super::*;
use crate::answer::{Answer, Read};
use crate::explain::explain;
use crate::question::{LookBack, Question};
use crate::render;
use crate::trace::Candidate;

/// What must not be read; letters that no other word has.
const SECRETS: [&str; 8] = [
    "zenith",
    "Zenith Data",
    "oracle_of_x",
    "oracle of x",
    "zzq",
    "xxq",
    "records.zenith.example",
    "https://zz.example",
];

fn now() -> Timestamp {
    "2025-06-01T00:00:00Z".parse().unwrap()
}

fn days(days: i64) -> Timestamp {
    now() - SignedDuration::from_hours(24 * days)
}

fn explained(decisions: Vec<Decision>, catalog: &Catalog) -> Answer {
    let question = Question {
        text: "#1 revenue".to_owned(),
        entity_id: 1,
        entity_name: "Acme".to_owned(),
        attribute: "revenue".to_owned(),
        as_of: now(),
        expected: Some("2M".to_owned()),
        look_back: LookBack::All,
    };
    let read = Read {
        partitions_planned: 1,
        partitions_read: 1,
        files_read: 1,
        rows_read: 1,
        bytes_read: 1,
        requests: 1,
        ..Read::of_nothing("2020-01-15".parse().unwrap(), "2025-06-01".parse().unwrap())
    };
    explain(&question, decisions, read, catalog, now())
}

fn everything(answer: &Answer) -> String {
    let json = render::json::answer(answer).to_string();
    format!("{json}\n{answer:#?}")
}

fn candidate() -> impl Strategy<Value = Candidate> {
    let value = prop::option::of(prop::sample::select(&["1M", "2M", "3M", "1000000"][..]));
    let source = prop::sample::select(&["zenith", "filings", "oracle_of_x", "stranger"][..]);
    let observed = prop::option::of(0i64..60);
    let sure = prop::option::of(prop::sample::select(&[0.2, 0.8, 0.9][..]));
    (
        source,
        prop::option::of(0u8..3),
        value,
        observed,
        sure,
        any::<bool>(),
    )
        .prop_map(|(source, record, value, observed, confidence, selected)| {
            let prefix = match source {
                "zenith" => "zzq",
                "oracle_of_x" => "xxq",
                _ => "open",
            };
            let id = record.map(|record| format!("{prefix}{record}"));
            Candidate {
                source: source.to_owned(),
                url: id
                    .as_ref()
                    .filter(|_| prefix == "zzq")
                    .map(|id| format!("https://zz.example/{id}")),
                reason: id
                    .as_ref()
                    .map(|id| format!("Kept {id} of Zenith-Data; {source}s are best")),
                record_id: id,
                value: value.map(str::to_owned),
                observed_at: observed.map(days),
                confidence,
                selected,
            }
        })
}

fn decision() -> impl Strategy<Value = Decision> {
    let value = || prop::option::of(prop::sample::select(&["1M", "2M", "3M"][..]));
    let rules = [
        "priority",
        "zenith_first",
        "ZENITH_FIRST",
        "newest",
        "surest",
        "majority",
        "legacy",
    ];
    let evidence = prop::collection::vec(candidate(), 0..4);
    let rule = (prop::sample::select(rules.to_vec()), 1u8..3);
    let copy = (0u8..8, 0u8..2, any::<bool>());
    (copy, 0i64..40, value(), value(), rule, evidence, 0u8..6).prop_map(
        |((id, written, named), day, value, previous, (rule, version), mut evidence, selected)| {
            // Mostly one winner.
            if selected < 4 {
                for (at, candidate) in evidence.iter_mut().enumerate() {
                    candidate.selected = at == usize::from(selected);
                }
            }
            Decision {
                decision_id: if named {
                    format!("zenith-{id}")
                } else {
                    format!("d{id}")
                },
                entity_id: 1,
                attribute: "revenue".to_owned(),
                decided_at: days(day),
                value: value.map(str::to_owned),
                previous_value: previous.map(str::to_owned),
                rule: Some(rule.to_owned()),
                rule_version: Some(version.to_string()),
                reason: Some("ZENITH DATA and the zenith won over oracle-of-x".to_owned()),
                run_id: Some(format!("zenithSync-{day}")),
                actor: Some("oracle_of_x loader".to_owned()),
                is_override: selected == 5,
                evidence,
                written: written.to_string(),
            }
        },
    )
}

proptest! {
    #[test]
    fn a_redacted_answer_is_the_same_but_for_names(
        decisions in prop::collection::vec(decision(), 0..9),
    ) {
        let catalog = catalog();
        let audience = channel("C9", Standing::Member);
        let original = explained(decisions.clone(), &catalog);
        let (decisions, redacted_catalog) = redact(decisions, &catalog, &audience);
        let redacted = explained(decisions, &redacted_catalog);

        let told = everything(&redacted).to_lowercase();
        for secret in SECRETS {
            prop_assert!(!told.contains(&secret.to_lowercase()), "{secret} in {told}");
        }
        let gist = |answer: &Answer| {
            let current = answer.current.as_ref().map(|current| {
                let mut candidates: Vec<_> = current
                    .candidates
                    .iter()
                    .map(|c| format!(
                        "{:?} {:?} {:?} {:?} {:?}",
                        c.status, c.candidate.value, c.candidate.observed_at, c.older_by_s, c.rule_says,
                    ))
                    .collect();
                candidates.sort();
                (current.value.clone(), current.since, current.since_at_least, current.is_override, candidates)
            });
            let changes: Vec<_> = answer
                .changes
                .iter()
                .map(|c| (c.at, c.from.clone(), c.to.clone(), c.cause, c.marks.clone(), c.source.is_some()))
                .collect();
            let warnings: Vec<_> = answer.warnings.iter().map(|w| w.id).collect();
            (current, changes, answer.confirmations, warnings)
        };
        prop_assert_eq!(gist(&original), gist(&redacted));
        let winner = |answer: &Answer| {
            let winner = answer.current.as_ref()?.winner()?.candidate.clone();
            Some((winner.source, winner.value))
        };
        let disguised = |source: String| match source.as_str() {
            "zenith" => "a restricted source".to_owned(),
            "oracle_of_x" => "a restricted source 2".to_owned(),
            _ => source,
        };
        let expected = winner(&original).map(|(source, value)| (disguised(source), value));
        prop_assert_eq!(expected, winner(&redacted));
    }
}

#[test]
fn members_in_private_and_the_operator_read_every_name() {
    let names = |audience: &Audience| {
        let catalog = catalog();
        let (_, redacted) = redact(Vec::new(), &catalog, audience);
        redacted
            .sources
            .iter()
            .map(|source| source.label.clone())
            .collect::<Vec<_>>()
    };
    let open = ["Zenith Data", "filings", "oracle of x"];
    let hidden = ["a restricted source", "filings", "a restricted source 2"];
    assert_eq!(names(&Audience::Operator), open);
    assert_eq!(names(&person("U9", &[], None, Standing::Member)), open);
    assert_eq!(
        names(&person("U0LISTED1", &[], None, Standing::Outsider)),
        hidden
    );
    assert_eq!(names(&channel("C0LISTED1", Standing::Member)), hidden);
    assert_eq!(names(&channel("C0LISTED1", Standing::Outsider)), hidden);
}

#[test]
fn names_are_found_as_words_however_they_are_written() {
    let terms = [("crm", "X"), ("Data Vendor", "Y"), ("4711", "Z")];
    let scrub = Scrub::new(terms.map(|(term, instead)| (term.to_owned(), instead.to_owned())));
    let table = [
        ("CRM won over data_vendor", "X won over Y"),
        ("crm_first, crm2, crmSync, CRMs", "X_first, X2, XSync, Xs"),
        ("the data-vendor's record 4711.", "the Y's record Z."),
        (
            "acrmy, 147110 and vendor data",
            "acrmy, 147110 and vendor data",
        ),
        ("", ""),
    ];
    for (text, expected) in table {
        assert_eq!(scrub.text(text), expected);
    }
}
