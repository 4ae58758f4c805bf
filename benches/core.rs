//! What the pure core costs a question: parse, plan, SQL, explain.
//!
//! `cargo bench --bench core`; BENCHMARKS.md reports it. Nothing is read: the
//! catalog is the example's, the decisions are made up here.

#![allow(
    clippy::expect_used,
    reason = "a bench that can't be set up has no figures"
)]

use jiff::{SignedDuration, Timestamp};
use why::answer::Read;
use why::catalog::{Catalog, example};
use why::explain;
use why::layout::utc_date;
use why::plan::{self, Plan};
use why::question::{self, LookBack, Question};
use why::sql;
use why::trace::{Candidate, Decision};

const WORDS: &str = "why is the revenue of acme corp expected 10M as of 2025-03-01";

fn main() {
    divan::main();
}

/// The catalog, the question that the words ask, and the instant at which they do.
struct Asked {
    catalog: Catalog,
    question: Question,
    now: Timestamp,
}

impl Asked {
    fn new() -> Self {
        let now = "2026-11-24T12:00:00Z".parse().expect("an instant");
        Asked {
            catalog: example::example().expect("the example is right"),
            question: Question {
                text: WORDS.to_owned(),
                entity_id: 17,
                entity_name: "Acme Corporation".to_owned(),
                attribute: "revenue".to_owned(),
                as_of: now,
                expected: Some("10M".to_owned()),
                look_back: LookBack::Auto,
            },
            now,
        }
    }

    fn plan(&self) -> Result<Plan, plan::Error> {
        plan::plan(&self.question, &self.catalog, self.now)
    }

    /// The receipt of a read of everything.
    fn read(&self, rows: usize) -> Read {
        Read {
            from: self.catalog.layout.first_date,
            to: utc_date(self.now),
            complete: true,
            engine: "direct",
            engine_reason: None,
            partitions_planned: 12,
            partitions_read: 12,
            files_read: 12,
            rows_read: rows.try_into().unwrap_or(u64::MAX),
            bytes_read: 1_000_000,
            requests: 25,
            planning_ms: 0.1,
            total_ms: 8.0,
            cost_usd: 0.0,
            data_as_of: Some(self.now),
            athena: None,
        }
    }
}

/// A decision a day, up to yesterday: a new value each third day, other sources that
/// agree, disagree or say nothing in between.
fn decisions(count: usize, now: Timestamp) -> Vec<Decision> {
    let value = |number: usize| format!("{}.{}M", 10 + number / 3 % 40, number / 3 % 10);
    (0..count)
        .map(|number| {
            let days = i64::try_from(count - number).unwrap_or(i64::MAX);
            let decided_at = now - SignedDuration::from_hours(24 * days);
            let candidate = |source: &str, value: Option<String>, selected| Candidate {
                source: source.to_owned(),
                record_id: Some(format!("{source}-17")),
                value,
                observed_at: Some(decided_at - SignedDuration::from_hours(3)),
                confidence: Some(0.8),
                selected,
                reason: None,
                url: None,
            };
            Decision {
                decision_id: format!("d{number:06}"),
                entity_id: 17,
                attribute: "revenue".to_owned(),
                decided_at,
                value: Some(value(number)),
                previous_value: number.checked_sub(1).map(value),
                rule: Some("source_priority".to_owned()),
                rule_version: Some("3".to_owned()),
                reason: Some("the crm has a value".to_owned()),
                run_id: Some(format!("run-{number}")),
                actor: Some("pipeline".to_owned()),
                is_override: false,
                evidence: vec![
                    candidate("crm", Some(value(number)), true),
                    candidate("filings", Some(value(number / 2)), false),
                    candidate("vendor", None, false),
                ],
                written: format!("part-{number:06}.parquet"),
            }
        })
        .collect()
}

#[divan::bench]
fn parse(bencher: divan::Bencher<'_, '_>) {
    let asked = Asked::new();
    bencher.bench(|| question::parse(divan::black_box(WORDS), &asked.catalog, asked.now));
}

#[divan::bench]
fn plan(bencher: divan::Bencher<'_, '_>) {
    let asked = Asked::new();
    bencher.bench(|| divan::black_box(&asked).plan());
}

#[divan::bench]
fn select(bencher: divan::Bencher<'_, '_>) {
    let asked = Asked::new();
    let plan = asked.plan().expect("a plan");
    let rung = *plan.rungs.first().expect("a rung");
    bencher.bench(|| sql::select(divan::black_box(&plan), &asked.catalog, rung));
}

#[divan::bench(args = [10, 100, 1_000])]
fn explain(bencher: divan::Bencher<'_, '_>, count: usize) {
    let asked = Asked::new();
    bencher
        .with_inputs(|| (decisions(count, asked.now), asked.read(count)))
        .bench_values(|(decisions, read)| {
            explain::explain(&asked.question, decisions, read, &asked.catalog, asked.now)
        });
}
