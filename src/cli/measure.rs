//! `why measure`: what top questions take on an engine, and which part dominates.
//!
//! Asks them in turn, round after round, and hands the receipts to `crate::measure`, which says
//! what they come to. Start at [`Measure::run`].

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use jiff::Timestamp;

use super::lake::LakeArgument;
use super::{Context, Stop, Terminal, questions};
use crate::advice;
use crate::ask::{self, Request, Why};
use crate::catalog::Catalog;
use crate::engine::Choice;
use crate::error::{Class, Failure};
use crate::import::Count;
use crate::layout::utc_date;
use crate::measure::{Figures, Layout, Sample, is_waited_for, verdict};
use crate::plan;
use crate::question::{AsOf, LookBack, Parts, phrase};

mod json;
mod text;

pub(super) use json::rounded;
pub(super) use text::aligned;

/// Companies that questions are made of,
const COMPANIES: usize = 3;
/// and those that are looked at for them.
const LOOKED_AT: usize = 12;

/// More partitions than this are not counted to judge the layout.
const FEW_PARTITIONS: u64 = 20_000;

#[derive(Debug, Args)]
#[command(after_help = help())]
pub(crate) struct Measure {
    #[command(flatten)]
    lake: LakeArgument,
    /// Who reads the lake: direct, athena or auto [env: WHY_ENGINE] [default: direct]
    #[arg(long, value_name = "ENGINE")]
    engine: Option<String>,
    /// Your top questions, one a line (`-` is standard input)
    #[arg(long, value_name = "FILE")]
    questions: Option<PathBuf>,
    /// How often each question is asked
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=1000))]
    rounds: u16,
    /// As JSON
    #[arg(long)]
    json: bool,
}

fn help() -> String {
    let how = "Without --questions they are made: of the three companies of the highest rank that \
    have decisions, each with another attribute, its value now, as of a day midway through its \
    history, with an expected value, and its full history. The first round warms up and is left \
    out. A dash is what an engine does not report, or what costs nothing.";
    format!("{how}\n\n{}", questions::FORMAT)
}

/// A question and what came of it.
struct Measured {
    text: String,
    outcome: Result<Figures, Failure>,
    /// Whether a decision was found.
    found: bool,
}

/// All of them, and what the measurement itself read.
struct Report {
    engine: &'static str,
    rounds: u16,
    measured: Vec<Measured>,
    /// Of all rounds, and of warming up; `None` where reading costs nothing.
    cost_usd: Option<f64>,
}

impl Measure {
    pub(crate) fn run(&self, context: &Context<'_>, terminal: &mut Terminal) -> Result<u8, Stop> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?;
        let (why, report) = runtime.block_on(self.measure(context))?;
        let answered: Vec<(&str, &Figures)> = report
            .measured
            .iter()
            .filter_map(|one| Some((one.text.as_str(), one.outcome.as_ref().ok()?)))
            .collect();
        let layout = match is_waited_for(&answered) {
            true => runtime.block_on(self.layout(&why.catalog, context)),
            false => Layout::Unknown,
        };
        let verdict = verdict(&answered, &why.catalog, layout);
        if self.json {
            let value = json::report(&report, verdict.as_ref(), &answered);
            writeln!(terminal.out, "{value:#}")?;
        } else {
            text::write(&report, verdict.as_ref(), terminal)?;
        }
        Ok(exit_code(&report.measured))
    }

    async fn measure(&self, context: &Context<'_>) -> Result<(Why, Report), Failure> {
        let (catalog_file, lake) = self.lake.place(context)?;
        let environment = context.environment;
        let choice = fresh(ask::choice(environment.engine(self.engine.as_deref()))?);
        let engine = match &choice {
            Choice::Direct => "direct",
            #[cfg(feature = "athena")]
            Choice::Athena(_) => "athena",
            #[cfg(feature = "athena")]
            Choice::Auto(_) => "auto",
        };
        let place = (catalog_file.as_path(), lake.as_deref());
        let why = match Why::open_at(place, &environment.s3_options(), &choice).await {
            Ok(why) => why,
            Err(failure) => return Err(self.lake.advise(failure, context).await),
        };
        let now = context.now;
        let mut cost_usd = 0.0;
        let texts = match &self.questions {
            Some(file) => self.named(file, &why, now)?,
            None => top_questions(&why, now, &mut cost_usd).await?,
        };
        let mut asked: Vec<(String, Result<Vec<Sample>, Failure>, bool)> = texts
            .into_iter()
            .map(|text| (text, Ok(Vec::new()), false))
            .collect();
        for round in 0..=self.rounds {
            for (text, outcome, found) in &mut asked {
                let Ok(samples) = outcome else { continue };
                match sample(&why, text, now).await {
                    Ok((sample, has_found)) => {
                        cost_usd += sample.read.cost_usd;
                        *found = has_found;
                        if round > 0 {
                            samples.push(sample);
                        }
                    }
                    Err(failure) => *outcome = Err(failure),
                }
            }
        }
        let measured = asked.into_iter().filter_map(|(text, outcome, found)| {
            let outcome = match outcome {
                Ok(samples) => Ok(Figures::of(&samples)?),
                Err(failure) => Err(failure),
            };
            Some(Measured {
                text,
                outcome,
                found,
            })
        });
        let report = Report {
            engine,
            rounds: self.rounds,
            measured: measured.collect(),
            cost_usd: (engine != "direct" || why.catalog.lake.is_on_s3()).then_some(cost_usd),
        };
        Ok((why, report))
    }

    /// Whether another layout would be proposed, where that is found out soon and for nothing.
    async fn layout(&self, catalog: &Catalog, context: &Context<'_>) -> Layout {
        let is_soon = advice::projected(catalog, utc_date(context.now)) <= FEW_PARTITIONS;
        if catalog.lake.is_on_s3() || !is_soon {
            return Layout::Unknown;
        }
        let Ok((catalog_file, lake)) = self.lake.place(context) else {
            return Layout::Unknown;
        };
        let mut count = Count {
            now: context.now,
            progress: &mut |_| {},
        };
        let place = (catalog_file.as_path(), lake.as_deref());
        match count.lake(place, &BTreeMap::new()).await {
            Ok(counted) => {
                let advice = advice::advise(&counted.tally, catalog, Vec::new(), context.now);
                match advice.changes() {
                    true => Layout::Improvable,
                    false => Layout::Best,
                }
            }
            Err(_) => Layout::Unknown,
        }
    }

    /// Those of the file. Each must be understood before any is asked.
    fn named(
        &self,
        file: &std::path::Path,
        why: &Why,
        now: Timestamp,
    ) -> Result<Vec<String>, Failure> {
        questions::read(file, |text| {
            why.understand(&Request::new(text.clone()), now)?;
            Ok(text)
        })
    }
}

/// An earlier query's result would be measured in place of a query.
fn fresh(choice: Choice) -> Choice {
    match choice {
        Choice::Direct => Choice::Direct,
        #[cfg(feature = "athena")]
        Choice::Athena(settings) => Choice::Athena(crate::engine::Settings {
            reuse: None,
            ..settings
        }),
        #[cfg(feature = "athena")]
        Choice::Auto(settings) => Choice::Auto(crate::engine::Settings {
            reuse: None,
            ..settings
        }),
    }
}

async fn sample(why: &Why, text: &str, now: Timestamp) -> Result<(Sample, bool), Failure> {
    let began = Instant::now();
    let answer = why.ask(&Request::new(text), now).await?;
    let sample = Sample {
        waited_ms: began.elapsed().as_secs_f64() * 1_000.0,
        read: answer.read,
    };
    Ok((sample, answer.current.is_some()))
}

/// What a team may ask most, made of what its lake holds.
async fn top_questions(
    why: &Why,
    now: Timestamp,
    cost_usd: &mut f64,
) -> Result<Vec<String>, Failure> {
    let mut texts = Vec::new();
    let mut companies = 0;
    for company in why.directory.foremost(LOOKED_AT) {
        let attributes = why.attributes_of(company.entity_id, now).await?;
        let Some(attribute) = attributes.get(companies * attributes.len() / COMPANIES) else {
            continue;
        };
        texts.extend(made_of(why, company.entity_id, attribute, now, cost_usd).await?);
        companies += 1;
        if companies == COMPANIES {
            break;
        }
    }
    if texts.is_empty() {
        return Err(Failure::new(
            Class::User,
            "no_questions",
            format!(
                "None of the {LOOKED_AT} companies of the highest rank has a decision to ask about."
            ),
            "Name your own questions, one a line: --questions FILE.",
        ));
    }
    Ok(texts)
}

async fn made_of(
    why: &Why,
    entity_id: i64,
    attribute: &str,
    now: Timestamp,
    cost_usd: &mut f64,
) -> Result<Vec<String>, Failure> {
    let base = Parts {
        entity_id,
        attribute,
        as_of: None,
        expected: None,
        look_back: LookBack::Auto,
    };
    let answer = why.ask(&Request::new(phrase(&base)), now).await?;
    *cost_usd += answer.read.cost_usd;
    let midway = answer.changes.get(answer.changes.len() / 2);
    let before = answer
        .changes
        .iter()
        .find_map(|change| change.from.as_deref());
    let served = answer.current.as_ref().and_then(|c| c.value.as_deref());
    let mut all = vec![base];
    all.extend(midway.map(|change| Parts {
        as_of: Some(AsOf::Day(utc_date(change.at))),
        ..base
    }));
    all.extend(before.or(served).map(|value| Parts {
        expected: Some(value),
        ..base
    }));
    all.push(Parts {
        look_back: LookBack::All,
        ..base
    });
    let texts = all.iter().map(phrase);
    Ok(texts
        .filter(|text| can_be_planned(why, text, now))
        .collect())
}

/// Without a latest table a full history may be more than the catalog allows.
fn can_be_planned(why: &Why, text: &str, now: Timestamp) -> bool {
    let understood = why.understand(&Request::new(text), now);
    understood.is_ok_and(|question| plan::plan(&question, &why.catalog, now).is_ok())
}

/// The worst of all.
fn exit_code(measured: &[Measured]) -> u8 {
    let failures = measured.iter().filter_map(|one| one.outcome.as_ref().err());
    let codes = failures.map(|failure| failure.class.exit_code());
    codes.max().unwrap_or(0)
}
