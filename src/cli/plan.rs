//! `why explain-plan`: what a question would read and cost, without reading it.

use std::io::Write;

use clap::Args;

use super::{Context, Stop, Terminal};
use crate::ask::{self, Names, Request};
use crate::catalog::Catalog;
use crate::plan::{self, Plan};
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
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let s3 = context.environment.s3_options();
        let (catalog, directory) = runtime.block_on(ask::open_names(&context.catalog_file, &s3))?;
        let names = Names { catalog: &catalog, directory: &directory };
        let request = Request::new(self.question.join(" "));
        let question = names.understand(&request, context.now)?;
        let plan = plan::plan(&question, &catalog, context.now)
            .map_err(|error| error.failure(&question))?;
        let out = &mut terminal.out;
        write_question(&question, &plan, &catalog, out)?;
        write_latest(&plan, &catalog, out)?.map_err(|error| error.failure(&question))?;
        write_rungs(&plan, &catalog, out)?.map_err(|error| error.failure(&question))?;
        Ok(0)
    }
}

fn write_question(
    question: &Question,
    plan: &Plan,
    catalog: &Catalog,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let buckets = catalog.layout.buckets;
    writeln!(
        out,
        "{} of {} (#{}) as of {}: bucket {} = {} mod {buckets}\n",
        question.attribute,
        question.entity_name,
        question.entity_id,
        question.as_of,
        plan.bucket,
        plan.entity_id,
    )
}

fn write_latest(
    plan: &Plan,
    catalog: &Catalog,
    out: &mut dyn Write,
) -> std::io::Result<Result<(), plan::Error>> {
    let Some(root) = catalog.lake.latest.as_deref().filter(|_| plan.latest) else {
        return Ok(Ok(()));
    };
    let sql = match sql::latest(plan, catalog) {
        Ok(sql) => sql.unwrap_or_default(),
        Err(error) => return Ok(Err(error)),
    };
    writeln!(out, "1. The newest decision, from one partition of the latest table:")?;
    writeln!(out, "   {root}/{}\n", catalog.layout.latest_path(&plan.attribute, plan.bucket))?;
    writeln!(out, "{sql}\n")?;
    writeln!(out, "   On Athena: {}\n", price(catalog, 1))?;
    writeln!(
        out,
        "2. Its history, from exactly the partitions that its decision_dates name; at most these:\n"
    )?;
    Ok(Ok(()))
}

fn write_rungs(
    plan: &Plan,
    catalog: &Catalog,
    out: &mut dyn Write,
) -> std::io::Result<Result<(), plan::Error>> {
    if plan.rungs.is_empty() {
        writeln!(
            out,
            "Nothing to read: the layout begins on {}, after the time that was asked about.",
            catalog.layout.first_date
        )?;
    }
    for (number, span) in plan.rungs.iter().enumerate() {
        let sql = match sql::select(plan, catalog, *span) {
            Ok(sql) => sql,
            Err(error) => return Ok(Err(error)),
        };
        let partitions = plan.partitions(catalog, *span);
        let condition = if number > 0 && !plan.latest { "Only if nothing was found so far: " } else { "" };
        writeln!(
            out,
            "{condition}{} to {}, {} partitions",
            span.from,
            span.to,
            partitions.len()
        )?;
        for partition in partitions.iter().rev().take(LISTED) {
            writeln!(out, "   {}/{}", catalog.lake.trace, catalog.layout.path(partition))?;
        }
        if partitions.len() > LISTED {
            writeln!(out, "   … and {} older ones", partitions.len() - LISTED)?;
        }
        writeln!(out, "\n{sql}\n")?;
        writeln!(out, "   On Athena: {}\n", price(catalog, partitions.len()))?;
    }
    Ok(Ok(()))
}

/// What is known of the cost beforehand: the minimum charge, and the listings.
fn price(catalog: &Catalog, partitions: usize) -> String {
    format!(
        "${:.5} while it scans at most {} MB; {} to list",
        sql::cost(0, catalog),
        catalog.cost.minimum_bytes / 1_000_000,
        if partitions == 1 { "1 folder".to_owned() } else { format!("{partitions} folders") }
    )
}
