//! Answers and failures to render in tests: the good story of Acme's revenue,
//! and what is unusual one by one.

use jiff::Timestamp;

use crate::answer::{
    Answer, AttributeInfo, Cause, Change, Current, Expectation, Explained, Hit, HitKind, Mark,
    Nothing, Queries, Read, Status, Warning, WarningId,
};
use crate::error::{Class, Failure, Match};
use crate::question::{LookBack, Question};
use crate::trace::Candidate;
use crate::value::Kind;

/// `2026-03-02` or `2026-03-02T06:00:00Z`.
pub(super) fn at(when: &str) -> Timestamp {
    let whole = if when.contains('T') {
        when.to_owned()
    } else {
        format!("{when}T06:00:00Z")
    };
    whole.parse().unwrap()
}

pub(super) fn candidate(label: &str, value: Option<&str>, status: Status) -> Explained {
    Explained {
        candidate: Candidate {
            source: label.to_lowercase(),
            record_id: Some("r-1".to_owned()),
            value: value.map(str::to_owned),
            observed_at: Some(at("2026-03-01")),
            confidence: Some(0.95),
            selected: status == Status::Winner,
            reason: None,
            url: None,
        },
        label: label.to_owned(),
        url: None,
        status,
        older_by_s: None,
        confidence_margin: None,
        rule_says: None,
        would_win_if: None,
    }
}

pub(super) fn change(when: &str, from: Option<&str>, to: Option<&str>, cause: Cause) -> Change {
    Change {
        at: at(when),
        from: from.map(str::to_owned),
        to: to.map(str::to_owned),
        cause,
        marks: vec![],
        source: Some("registry".to_owned()),
        source_label: Some("Registry".to_owned()),
        rule: Some("source_priority".to_owned()),
        rule_version: Some("3".to_owned()),
        run_id: Some("run-118".to_owned()),
        actor: Some("nightly".to_owned()),
        reason: None,
        decision_id: format!("d-{when}"),
    }
}

fn won_by(change: &mut Change, label: &str) {
    change.source = Some(label.to_lowercase());
    change.source_label = Some(label.to_owned());
}

fn read() -> Read {
    Read {
        from: "2024-01-01".parse().unwrap(),
        to: "2026-04-01".parse().unwrap(),
        complete: true,
        engine: "direct",
        engine_reason: None,
        partitions_planned: 27,
        partitions_read: 5,
        files_read: 5,
        rows_read: 46,
        bytes_read: 48_200,
        requests: 11,
        planning_ms: 0.4,
        total_ms: 6.25,
        cost_usd: 0.0,
        data_as_of: Some(at("2026-04-01T05:30:00Z")),
        athena: None,
    }
}

/// The same answer, read by Athena.
pub(super) fn through_athena() -> Answer {
    let mut answer = acme();
    answer.read = Read {
        engine: "athena",
        engine_reason: Some("up to 1826 partitions, more than 200".to_owned()),
        files_read: 0,
        bytes_read: 12_345_678,
        requests: 6,
        planning_ms: 110.0,
        total_ms: 1_043.25,
        cost_usd: 0.000_065,
        data_as_of: None,
        athena: Some(Queries {
            ids: vec!["0b1f2c3d-q".to_owned()],
            reused: 0,
            queue_ms: 60.0,
            planning_ms: 110.0,
            engine_ms: 800.0,
            service_ms: 40.0,
            total_ms: 900.0,
        }),
        ..read()
    };
    answer
}

/// `acme revenue`: three sources, four changes, one note.
pub(super) fn acme() -> Answer {
    let mut registry = candidate("Registry", Some("12.4M"), Status::Winner);
    registry.url = Some("https://registry.example/acme?year=2025&page=1".to_owned());
    let mut crm = candidate("CRM", Some("11.9M"), Status::Lost);
    crm.candidate.observed_at = Some(at("2025-11-02"));
    crm.candidate.confidence = Some(0.8);
    crm.candidate.reason = Some("lower priority".to_owned());
    crm.older_by_s = Some(119.0 * 86_400.0);
    crm.confidence_margin = Some(0.95 - 0.8);
    crm.rule_says = Some("ranks 2nd of 3 in source priority".to_owned());
    crm.would_win_if = Some("Registry had no value".to_owned());
    let mut vendor = candidate("Vendor", Some("10M"), Status::Lost);
    vendor.candidate.observed_at = None;
    vendor.candidate.confidence = None;
    vendor.rule_says = Some("ranks 3rd of 3 in source priority".to_owned());
    vendor.would_win_if = Some("Registry and CRM had no value".to_owned());
    let mut overtaken = change("2026-03-02", Some("11.9M"), Some("12.4M"), Cause::Overtaken);
    overtaken.marks = vec![Mark::Late];
    let mut older = change(
        "2025-11-03",
        Some("9.8M"),
        Some("11.9M"),
        Cause::NewObservation,
    );
    won_by(&mut older, "CRM");
    let mut old = change("2025-02-10", Some("10M"), Some("9.8M"), Cause::Corrected);
    won_by(&mut old, "CRM");
    let mut first = change("2024-01-05", None, Some("10M"), Cause::FirstSeen);
    won_by(&mut first, "Vendor");
    Answer {
        question: Question {
            text: "acme revenue".to_owned(),
            entity_id: 17,
            entity_name: "Acme Corporation".to_owned(),
            attribute: "revenue".to_owned(),
            as_of: at("2026-04-01T09:30:00.123456Z"),
            expected: None,
            look_back: LookBack::Auto,
        },
        attribute: AttributeInfo {
            name: "revenue".to_owned(),
            label: "revenue".to_owned(),
            kind: Kind::Money,
            unit: Some("USD".to_owned()),
        },
        current: Some(Current {
            value: Some("12.4M".to_owned()),
            display: "12.4M USD".to_owned(),
            since: at("2026-03-02"),
            since_at_least: false,
            decided_at: at("2026-04-01T05:00:00Z"),
            decision_id: "d-2026-04-01".to_owned(),
            rule: Some("source_priority".to_owned()),
            rule_version: Some("3".to_owned()),
            run_id: Some("run-149".to_owned()),
            actor: Some("nightly".to_owned()),
            is_override: false,
            reason: Some("most trusted source with a value".to_owned()),
            candidates: vec![registry, crm, vendor],
        }),
        changes: vec![overtaken, older, old, first],
        confirmations: 41,
        warnings: vec![Warning {
            id: WarningId::Disagree,
            text:
                "Sources disagree: CRM says 11.9M and Vendor says 10M; chosen was 12.4M (Registry)."
                    .to_owned(),
            advice: "If one of them is right, report this value as wrong.".to_owned(),
        }],
        expectation: None,
        read: read(),
        nothing: None,
        id: "5f0c3a9be1d27a44".to_owned(),
    }
}

/// The same, by somebody who expects 10M, on a day in the past, read in part.
pub(super) fn expecting() -> Answer {
    let mut answer = acme();
    answer.question.as_of = at("2026-03-31T23:59:59.999Z");
    answer.question.expected = Some("10M".to_owned());
    answer.read.to = "2026-03-31".parse().unwrap();
    answer.read.complete = false;
    if let Some(current) = &mut answer.current {
        current.since_at_least = true;
    }
    let hit = |kind, text: &str| Hit {
        kind,
        text: text.to_owned(),
        at: Some(at("2024-01-05")),
        until: (kind == HitKind::Was).then(|| at("2025-02-10")),
        source: Some("vendor".to_owned()),
    };
    answer.expectation = Some(Expectation {
        expected: "10M".to_owned(),
        hits: vec![
            hit(
                HitKind::Was,
                "10M was the value from 2024-01-05 until 2025-02-10; then the source corrected an old record: 9.8M.",
            ),
            hit(
                HitKind::Candidate,
                "Vendor says 10M, but was not chosen: ranks 3rd of 3.",
            ),
        ],
    });
    answer.warnings.insert(
        0,
        Warning {
            id: WarningId::Flapping,
            text: "An earlier value came back 3 times in the 30 days before 2026-03-31.".to_owned(),
            advice: "Ask the owner of the pipeline which source is right.".to_owned(),
        },
    );
    answer
}

/// A person decided.
pub(super) fn by_hand() -> Answer {
    let mut answer = acme();
    if let Some(current) = &mut answer.current {
        current.is_override = true;
        current.actor = Some("jane.doe".to_owned());
        current.reason = Some("confirmed with their CFO".to_owned());
        current.candidates.clear();
        current.decided_at = current.since;
    }
    answer.warnings.clear();
    let mut by_hand = change("2026-03-02", Some("11.9M"), Some("12.4M"), Cause::Override);
    by_hand.actor = Some("jane.doe".to_owned());
    by_hand.reason = Some("confirmed with their CFO".to_owned());
    answer.changes = vec![by_hand];
    answer
}

/// A person took the value away.
pub(super) fn cleared() -> Answer {
    let mut answer = by_hand();
    if let Some(current) = &mut answer.current {
        current.value = None;
        current.display = "no value".to_owned();
        current.reason = Some("not theirs".to_owned());
    }
    if let Some(change) = answer.changes.first_mut() {
        change.to = None;
        change.reason = Some("not theirs".to_owned());
    }
    answer
}

/// Two candidates are marked as the winner.
pub(super) fn no_single_winner() -> Answer {
    let mut answer = acme();
    if let Some(current) = &mut answer.current {
        current.reason = None;
        current.candidates.truncate(2);
        for explained in &mut current.candidates {
            explained.status = Status::Undecided;
            explained.candidate.selected = true;
            explained.older_by_s = None;
            explained.confidence_margin = None;
            explained.rule_says = None;
            explained.would_win_if = None;
        }
    }
    answer.warnings = vec![Warning {
        id: WarningId::SeveralWinners,
        text: "2 candidates are marked as the winner: 12.4M (Registry) and 11.9M (CRM).".to_owned(),
        advice: "What decided can't be told: report it to the owner of the pipeline.".to_owned(),
    }];
    answer.changes.truncate(1);
    if let Some(change) = answer.changes.first_mut() {
        change.cause = Cause::Unknown;
        change.source = None;
        change.source_label = None;
    }
    answer
}

/// No decision was found.
pub(super) fn not_found() -> Answer {
    let mut answer = acme();
    answer.current = None;
    answer.changes.clear();
    answer.confirmations = 0;
    answer.warnings.clear();
    answer.read.complete = false;
    answer.nothing = Some(Nothing {
        outside_range: false,
        lake_begins: Some("2024-01-01".parse().unwrap()),
        other_attributes: vec!["employees".to_owned(), "sector".to_owned()],
    });
    answer
}

/// A sector that was renamed for five weeks, and swapped often before.
pub(super) fn sector() -> Answer {
    let mut answer = acme();
    answer.question.entity_name = "3M".to_owned();
    answer.question.attribute = "sector".to_owned();
    answer.attribute = AttributeInfo {
        name: "sector".to_owned(),
        label: "sector".to_owned(),
        kind: Kind::Enum,
        unit: None,
    };
    let (a, b) = (Some("Industrials"), Some("Industrial Conglomerates"));
    let mut back = change("2023-04-13", b, a, Cause::NewObservation);
    back.marks = vec![Mark::Restored];
    answer.changes = vec![back, change("2023-03-07", a, b, Cause::RuleChanged)];
    for month in (1..=6).rev() {
        let (from, to) = if month % 2 == 0 { (b, a) } else { (a, b) };
        let day = format!("2022-0{month}-01");
        answer
            .changes
            .push(change(&day, from, to, Cause::NewObservation));
    }
    answer
        .changes
        .push(change("2012-12-27", None, a, Cause::FirstSeen));
    answer.warnings.clear();
    if let Some(current) = &mut answer.current {
        current.value = a.map(str::to_owned);
        current.display = "Industrials".to_owned();
        current.since = at("2023-04-13");
        current.rule_version = Some("4f1d09c2aa71be55".to_owned());
        current.reason = Some("Update constituents".to_owned());
        current.candidates = vec![
            candidate("Constituents", a, Status::Winner),
            candidate("Financials", a, Status::Agrees),
        ];
    }
    answer
}

/// Every sample of an answer.
pub(super) fn answers() -> Vec<Answer> {
    vec![
        acme(),
        expecting(),
        by_hand(),
        cleared(),
        no_single_winner(),
        not_found(),
        sector(),
    ]
}

/// `acme` fits two companies.
pub(super) fn ambiguous() -> Failure {
    Failure {
        class: Class::User,
        code: "ambiguous_company",
        text: "Two companies are called \u{201c}acme\u{201d}.".to_owned(),
        advice: "Choose one of them:".to_owned(),
        matches: vec![
            Match {
                label: "Acme Corporation".to_owned(),
                detail: "acme.com \u{b7} #17".to_owned(),
                question: "#17 revenue".to_owned(),
            },
            Match {
                label: "Acme Holding".to_owned(),
                detail: String::new(),
                question: "acme holding revenue".to_owned(),
            },
        ],
        reference: None,
    }
}

/// A bug, told with its reference.
pub(super) fn internal() -> Failure {
    Failure {
        class: Class::Internal,
        code: "internal",
        text: "Something went wrong on our side.".to_owned(),
        advice: "Try again, and give the reference to the operators if it happens again."
            .to_owned(),
        matches: vec![],
        reference: Some("7f3a91".to_owned()),
    }
}
