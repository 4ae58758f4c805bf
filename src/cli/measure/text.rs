//! A measurement as a table for a terminal, and what it says in a sentence.

use std::io::Write;

use super::super::import::{counted, size};
use super::super::{Stop, Terminal};
use super::Report;
use crate::measure::{Part, Verdict};
use crate::value::grouped;

/// Longer questions are cut.
const QUESTION: usize = 44;
const DASH: &str = "-";

pub(super) fn write(
    report: &Report,
    verdict: Option<&Verdict>,
    terminal: &mut Terminal,
) -> Result<(), Stop> {
    let out = &mut terminal.prose();
    out.say(&format!(
        "{} by engine {}, {} each after one to warm up; medians, times in milliseconds.{}",
        counted(report.measured.len() as u64, "question", "questions"),
        report.engine,
        counted(u64::from(report.rounds), "round", "rounds"),
        of_cost(report),
    ))?;
    out.gap()?;
    table(report, out.out)?;
    for one in &report.measured {
        let what = match &one.outcome {
            Err(failure) => failure.to_string(),
            Ok(_) if !one.found => "no decision was found.".to_owned(),
            Ok(_) => continue,
        };
        out.gap()?;
        out.say(&format!("{}: {what}", one.text))?;
    }
    if let Some(verdict) = verdict {
        out.gap()?;
        out.say(&format!(
            "{} is {:.0} % of the time. {}",
            name(verdict.part),
            verdict.share * 100.0,
            verdict.advice
        ))?;
    }
    if let Some(cost_usd) = report.cost_usd {
        out.say(&format!("This measurement cost {cost_usd:.6} USD."))?;
    }
    Ok(())
}

/// At the beginning of a sentence.
fn name(part: Part) -> &'static str {
    match part {
        Part::Queue => "Waiting in Athena's queue",
        Part::Planning => "Planning, which finds partitions and files,",
        Part::Scan => "Reading",
        Part::Service => "Athena's service around the query",
        Part::Ours => "What this process does around the reading",
    }
}

/// What the cost is of; nothing where there is none.
fn of_cost(report: &Report) -> &'static str {
    const OF_ATHENA: &str = "Athena's scan; its requests to S3 come on top: it does not report them, and `why layout advise` reckons them";
    match (report.cost_usd, report.engine) {
        (None, _) => "",
        (Some(_), "direct") => " The cost is that of the requests to S3.",
        (Some(_), _) => OF_ATHENA,
    }
}

fn table(report: &Report, out: &mut dyn Write) -> std::io::Result<()> {
    let head = [
        "question",
        "total",
        "slowest",
        "queue",
        "planning",
        "scan",
        "service",
        "ours",
        "partitions",
        "read",
        "files",
        "requests",
        "cost USD",
    ];
    let mut rows = vec![head.map(str::to_owned)];
    for one in &report.measured {
        let Ok(figures) = &one.outcome else {
            let mut row = [DASH; 13].map(str::to_owned);
            if let Some(first) = row.first_mut() {
                *first = shortened(&one.text);
            }
            rows.push(row);
            continue;
        };
        let [queue, planning, scan, service, ours] = figures
            .parts_ms
            .map(|part| part.map_or_else(|| DASH.to_owned(), millis));
        rows.push([
            shortened(&one.text),
            millis(figures.total_ms),
            millis(figures.slowest_ms),
            queue,
            planning,
            scan,
            service,
            ours,
            format!(
                "{} of {}",
                grouped(figures.partitions_read),
                grouped(figures.partitions_planned)
            ),
            size(figures.bytes),
            figures.files.map_or_else(|| DASH.to_owned(), grouped),
            grouped(figures.requests),
            match report.cost_usd {
                Some(_) => format!("{:.6}", figures.cost_usd),
                None => DASH.to_owned(),
            },
        ]);
    }
    aligned(&rows, out)
}

/// The first column to the left, numbers to the right.
pub(in crate::cli) fn aligned<const N: usize>(
    rows: &[[String; N]],
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let width = |text: &str| unicode_width::UnicodeWidthStr::width(text);
    let widths: [usize; N] = std::array::from_fn(|at| {
        let cells = rows.iter().filter_map(|row| row.get(at));
        cells.map(|cell| width(cell)).max().unwrap_or(0)
    });
    for row in rows {
        let mut line = String::new();
        for (at, (cell, wide)) in row.iter().zip(widths).enumerate() {
            let gap = " ".repeat(wide - width(cell));
            match at {
                0 => line.push_str(&format!("{cell}{gap}")),
                _ => line.push_str(&format!("  {gap}{cell}")),
            }
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(QUESTION) {
        Some((at, _)) => format!("{}\u{2026}", text.get(..at).unwrap_or(text).trim_end()),
        None => text.to_owned(),
    }
}

fn millis(millis: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a positive time"
    )]
    match millis {
        ms if ms < 10.0 => format!("{ms:.1}"),
        ms => grouped(ms.round() as u64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_cost_is_of_is_said_where_there_is_one() {
        let said = |engine: &'static str, cost_usd: Option<f64>| {
            of_cost(&Report {
                engine,
                rounds: 1,
                measured: Vec::new(),
                cost_usd,
            })
        };
        assert_eq!(said("direct", None), "");
        assert_eq!(
            said("direct", Some(0.1)),
            " The cost is that of the requests to S3."
        );
        for engine in ["athena", "auto"] {
            let said = said(engine, Some(0.1));
            assert!(said.contains("Athena's scan") && said.contains("does not report"));
        }
    }
}
