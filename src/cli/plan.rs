//! `why explain-plan`: what a question would read and cost, without reading it.

use clap::Args;

use super::{Context, Stop, Terminal};
use crate::ask::{self, Request};
use crate::catalog::Catalog;
use crate::plan::Plan;
use crate::question::Question;
use crate::sql;

/// Partitions that are listed one by one; the rest are counted.
const LISTED: usize = 6;

#[derive(Debug, Args)]
pub(crate) struct ExplainPlan {
    /// The question, as for `why ask`
    #[arg(required = true)]
    question: Vec<String>,
}

impl ExplainPlan {
    pub(crate) fn run(&self, context: &Context<'_>, terminal: &mut Terminal) -> Result<u8, Stop> {
        let catalog = ask::read_catalog(&context.catalog_file)?;
        let directory = ask::open_directory(&context.catalog_file)?;
        let request = Request::new(self.question.join(" "));
        let question = ask::understand(&catalog, &directory, &request, context.now)?;
        let plan = ask::plan(&question, &catalog, context.now)?;
        write(&question, &plan, &catalog, &mut terminal.out)?;
        Ok(0)
    }
}

fn write(
    question: &Question,
    plan: &Plan,
    catalog: &Catalog,
    out: &mut dyn std::io::Write,
) -> Result<(), std::io::Error> {
    writeln!(
        out,
        "{} of {} (#{}), as of {}",
        question.attribute, question.entity_name, question.entity_id, question.as_of
    )?;
    writeln!(
        out,
        "bucket {} of {}: {} mod {}\n",
        plan.bucket, catalog.layout.buckets, plan.entity_id, catalog.layout.buckets
    )?;
    if let Some(latest) = &catalog.lake.latest
        && plan.latest
    {
        writeln!(out, "First the latest table, one partition:")?;
        writeln!(out, "  {latest}/{}", catalog.layout.latest_path(&plan.attribute, plan.bucket))?;
        writeln!(out, "Its decision_dates name the partitions that hold the history; only those are read.\n")?;
        writeln!(out, "{}\n", sql::latest(plan, catalog))?;
    }
    for (number, span) in plan.rungs.iter().enumerate() {
        let partitions = plan.partitions(catalog, *span);
        let when = match (number, plan.latest) {
            (_, true) => "The trace, at most".to_owned(),
            (0, false) => "The trace".to_owned(),
            (_, false) => "Only if nothing was found so far".to_owned(),
        };
        writeln!(
            out,
            "{when}: {} to {}, {} partitions",
            span.from,
            span.to,
            partitions.len()
        )?;
        for partition in partitions.iter().rev().take(LISTED) {
            writeln!(out, "  {}/{}", catalog.lake.trace, catalog.layout.path(partition))?;
        }
        if partitions.len() > LISTED {
            writeln!(out, "  … and {} older ones", partitions.len() - LISTED)?;
        }
        writeln!(out, "\n{}\n", sql::select(plan, catalog, *span))?;
        writeln!(
            out,
            "On Athena: ${:.6} or more a query (a query is charged for at least {} MB), and {} listings.\n",
            sql::cost(0, catalog),
            catalog.cost.minimum_bytes / 1_000_000,
            partitions.len()
        )?;
    }
    Ok(())
}
