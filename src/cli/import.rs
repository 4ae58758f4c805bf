//! `why import`: decisions in, lake out.
//!
//! Flags, a progress bar and the report; the work is `crate::import`'s.

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{Context, Stop, Terminal};
use crate::import::{Import, LatestTable, Mode, Progress, Report};
use crate::value::grouped;

#[derive(Debug, Args)]
#[command(
    after_help = "Without --catalog one is inferred from the data and written beside the lake; \
    what it assumes is said. One line of decisions is a JSON object with decision_id, entity_id, \
    attribute_name, decided_at, value and whatever else the data contract has."
)]
pub(crate) struct ImportArguments {
    /// The decisions: JSON lines, plain or gzip; `-` is standard input
    #[arg(long, value_name = "FILE")]
    decisions: PathBuf,
    /// The companies: JSON lines with entity_id, name, domain, aliases, parent_id, rank
    #[arg(long, value_name = "FILE")]
    entities: Option<PathBuf>,
    /// Write the latest table too: a question about now then reads what it names, and searches nothing
    #[arg(long)]
    latest: bool,
    /// Add to the lake that is there; decisions that it has already are skipped
    #[arg(long)]
    append: bool,
    /// Stop where more than this share of a file's lines can't be used
    #[arg(long, value_name = "SHARE", default_value_t = 0.01, value_parser = share)]
    max_rejects: f64,
    /// A new file for lines that can't be used [default: beside the lake]
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// The folder of the lake
    #[arg(long, value_name = "DIR")]
    into: PathBuf,
}

/// A share as `0.01` or `1%`.
pub(super) fn share(text: &str) -> Result<f64, String> {
    let (number, whole) = text
        .strip_suffix('%')
        .map_or((text, 1.0), |number| (number, 100.0));
    let share = number
        .trim()
        .parse::<f64>()
        .map(|number| number / whole)
        .ok();
    share
        .filter(|share| (0.0..=1.0).contains(share))
        .ok_or_else(|| "write a share from 0 to 1, such as 0.01, or 1%".to_owned())
}

impl ImportArguments {
    pub(crate) fn run(&self, context: &Context<'_>, terminal: &mut Terminal) -> Result<u8, Stop> {
        let import = Import {
            catalog: context.catalog_flag.clone(),
            decisions: self.decisions.clone(),
            entities: self.entities.clone(),
            latest: if self.latest {
                LatestTable::Always
            } else {
                LatestTable::IfNamed
            },
            into: self.into.clone(),
            mode: if self.append {
                Mode::Append
            } else {
                Mode::Create
            },
            max_rejects: self.max_rejects,
            rejects: self.rejects.clone(),
            now: context.now,
        };
        let begun = Instant::now();
        let bar = Bar::new(terminal);
        let report = import.run(&mut |progress| bar.show(progress));
        bar.done();
        let report = report?;
        for line in self.lines(&report, begun.elapsed().as_secs_f64()) {
            writeln!(terminal.out, "{line}")?;
        }
        Ok(0)
    }

    /// The report, as a person reads it.
    fn lines(&self, report: &Report, seconds: f64) -> Vec<String> {
        let into = self.into.display();
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a rate for people"
        )]
        let rate = (report.decisions as f64 / seconds.max(0.001)) as u64;
        let mut lines = vec![format!(
            "{into}: {} of {} in {}, {}, {}; {seconds:.1} s, {} decisions/s.",
            counted(report.decisions, "decision", "decisions"),
            counted(report.entities, "company", "companies"),
            counted(report.partitions, "partition", "partitions"),
            counted(report.files, "file", "files"),
            size(report.bytes),
            grouped(rate),
        )];
        if report.known > 0 {
            lines.push(format!(
                "{} in the lake already.",
                counted(report.known, "decision was", "decisions were")
            ));
        }
        if report.repeated > 0 {
            lines.push(format!(
                "{} in the input: the last line of each counts.",
                counted(report.repeated, "line was repeated", "lines were repeated")
            ));
        }
        if let Some(rejects) = &report.rejects {
            let refused = match report.rejected {
                1 => "1 line was refused; it is in".to_owned(),
                lines => format!("{} lines were refused, all of them in", grouped(lines)),
            };
            lines.push(format!("{refused} {}:", rejects.display()));
            lines.extend(report.refused.iter().map(|refused| {
                format!(
                    "  {} line {}: {}",
                    refused.file.display(),
                    refused.line,
                    refused.reason
                )
            }));
        }
        if !report.assumed.is_empty() {
            lines.push(format!(
                "No catalog was given; {into}/why.toml was inferred and assumes:"
            ));
            lines.extend(report.assumed.iter().map(|assumed| format!("  {assumed}")));
        }
        lines.extend(report.notes.iter().cloned());
        if let Some(example) = &report.example {
            lines.push(format!("Next: why --catalog {into} '{example}'"));
        }
        lines
    }
}

/// A number and what is counted, as people say it.
pub(super) fn counted(number: u64, one: &str, many: &str) -> String {
    format!(
        "{} {}",
        grouped(number),
        if number == 1 { one } else { many }
    )
}

/// Bytes in the unit that reads best.
pub(super) fn size(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "a size for people")]
    let bytes = bytes as f64;
    match bytes {
        b if b >= 1e9 => format!("{:.1} GB", b / 1e9),
        b if b >= 1e6 => format!("{:.1} MB", b / 1e6),
        b => format!("{:.1} kB", b / 1e3),
    }
}

/// How far it is, where somebody looks.
pub(super) struct Bar {
    bar: ProgressBar,
}

impl Bar {
    pub(super) fn new(terminal: &Terminal) -> Self {
        let target = match terminal.progress {
            true => ProgressDrawTarget::stderr(),
            false => ProgressDrawTarget::hidden(),
        };
        let bar = ProgressBar::with_draw_target(None, target);
        bar.set_style(style("{spinner} {bytes} {msg}"));
        Bar { bar }
    }

    pub(super) fn done(&self) {
        self.bar.finish_and_clear();
    }

    pub(super) fn show(&self, progress: Progress) {
        if progress.written > 0 {
            self.bar.set_style(style(
                "writing {wide_bar} {pos}/{len} decisions, {eta} left",
            ));
            self.bar.set_length(progress.decisions);
            self.bar.set_position(progress.written);
            return;
        }
        if let Some(length) = progress.bytes_in_all {
            self.bar
                .set_style(style("reading {wide_bar} {percent} %, {msg}, {eta} left"));
            self.bar.set_length(length);
        }
        self.bar.set_position(progress.bytes_read);
        self.bar
            .set_message(format!("{} decisions", grouped(progress.decisions)));
    }
}

/// A template that can't be read would only make the bar plainer.
pub(super) fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
