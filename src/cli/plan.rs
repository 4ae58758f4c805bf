//! `why explain-plan`: what a question would read and cost, without reading it.

use std::io::Write;

use clap::Args;

use super::{Context, Stop, Terminal};
use crate::ask::{self, Names, Request};
use crate::catalog::Catalog;
use crate::plan::{self, Plan, Query, When};
use crate::sql;

/// Partitions that are listed one by one; the rest are counted.
const LISTED: usize = 4;

#[derive(Debug, Args)]
pub(crate) struct ExplainPlan {
    /// The question, as for `why ask`
    #[arg(required = true)]
    question: Vec<String>,
}

impl ExplainPlan {
    pub(crate) fn run(&self, context: &Context<'_>, terminal: &mut Terminal) -> Result<u8, Stop> {
        let runtime = super::runtime()?;
        let s3 = context.environment.s3_options();
        let (catalog, directory) = runtime.block_on(ask::open_names(&context.catalog_file, &s3))?;
        let names = Names {
            catalog: &catalog,
            directory: &directory,
        };
        let request = Request::new(self.question.join(" "));
        let question = names.understand(&request, context.now)?;
        let plan = plan::plan(&question, &catalog, context.now)
            .map_err(|error| error.failure(&question, context.now))?;
        let steps =
            steps(&plan, &catalog).map_err(|error| error.failure(&question, context.now))?;
        let out = &mut terminal.out;
        writeln!(
            out,
            "{} of {} (#{}) as of {}: bucket {} = {} mod {}\n",
            question.attribute,
            question.entity_name,
            question.entity_id,
            question.as_of,
            plan.bucket,
            plan.entity_id,
            catalog.layout.buckets,
        )?;
        if steps.is_empty() {
            writeln!(
                out,
                "Nothing to read: the layout begins on {}, after the time that was asked about.",
                catalog.layout.first_date
            )?;
        }
        for (number, step) in steps.iter().enumerate() {
            step.write(number + 1, &catalog, out)?;
        }
        Ok(0)
    }
}

/// One query, and the folders that it reads.
struct Step {
    what: String,
    /// Newest first.
    folders: Vec<String>,
    sql: String,
}

/// In the order in which Athena takes them.
fn steps(plan: &Plan, catalog: &Catalog) -> Result<Vec<Step>, plan::Error> {
    let queries = plan::queries(plan, catalog);
    queries
        .iter()
        .map(|query| step(query, plan, catalog))
        .collect()
}

fn step(query: &Query, plan: &Plan, catalog: &Catalog) -> Result<Step, plan::Error> {
    let (layout, lake) = (&catalog.layout, &catalog.lake);
    let what = match (query.when, query.latest) {
        (When::Always, true) if query.span.is_none() => {
            "The newest decision, from the latest table"
        }
        (When::Always, true) => "The newest decision, from the latest table, and the trace",
        (When::Always, false) => "The trace",
        (When::NothingFound, _) => "Only if nothing was found so far",
        (When::Named, _) => {
            "Its older history: of these, only the partitions that its decision_dates name"
        }
        (When::Later, _) => {
            "Only if that came after the time that was asked about: of these, the partitions that its decision_dates name"
        }
    };
    let latest = lake.latest.as_ref().filter(|_| query.latest);
    let beside = latest.map(|table| {
        let folder = layout.latest_path(&plan.attribute, plan.bucket);
        format!("{table}/{folder}")
    });
    let partitions = query.span.map(|span| plan.partitions(catalog, span));
    let partitions = partitions.unwrap_or_default();
    let folder = |partition| format!("{}/{}", lake.trace, layout.path(partition));
    let sql = match (query.latest, query.span) {
        (true, Some(span)) => sql::latest_and(plan, catalog, span)?,
        (true, None) => sql::latest(plan, catalog)?,
        (false, Some(span)) => Some(sql::select(plan, catalog, span)?),
        (false, None) => None,
    };
    Ok(Step {
        what: match query.span {
            Some(span) => format!("{what}, {} to {}", span.from, span.to),
            None => what.to_owned(),
        },
        folders: beside
            .into_iter()
            .chain(partitions.iter().rev().map(folder))
            .collect(),
        sql: sql.unwrap_or_default(),
    })
}

impl Step {
    fn write(&self, number: usize, catalog: &Catalog, out: &mut dyn Write) -> std::io::Result<()> {
        writeln!(out, "{number}. {}", self.what)?;
        for folder in self.folders.iter().take(LISTED) {
            writeln!(out, "   {folder}")?;
        }
        if self.folders.len() > LISTED {
            let older = self.folders.len() - LISTED;
            writeln!(out, "   … and {older} older ones")?;
        }
        writeln!(out, "\n{}\n", self.sql)?;
        writeln!(
            out,
            "   On Athena: {}\n",
            price(catalog, self.folders.len())
        )
    }
}

/// What is known of the cost beforehand: the minimum charge, and the listings.
fn price(catalog: &Catalog, partitions: usize) -> String {
    format!(
        "${:.5} while it scans at most {} MB; {} to list",
        sql::cost(0, catalog),
        catalog.cost.minimum_bytes / 1_000_000,
        if partitions == 1 {
            "1 folder".to_owned()
        } else {
            format!("{partitions} folders")
        }
    )
}
