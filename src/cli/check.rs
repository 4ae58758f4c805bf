//! `why check`: whether the lake is what the contract and the catalog say.
//!
//! Flags, a progress bar and the report; the work is `crate::check`'s.

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget};

use super::import::{counted, size, style};
use super::lake::LakeArgument;
use super::{Context, Stop, Terminal};
use crate::check::{Check, Depth, EXAMPLES, Finding, Kind, Looked, Progress, Report, Unit, json};
use crate::engine::{Choice, Settings};
use crate::render::{printable, text, unobeyed};
use crate::value::grouped;

/// Something differs: neither an answer nor a failure.
const DRIFT: u8 = 3;
/// Where what each side says begins.
const INDENT: usize = 14;

#[derive(Debug, Args)]
#[command(
    after_help = "Every folder is listed. Files are read in up to 32 folders of each table: half of \
    them those that were written last, a quarter those of the newest days of each attribute, the \
    rest by chance, others each day; in all with --all. docs/check.md explains each code. Exit \
    codes: 0 nothing is wrong, 3 something differs and is named, 1 or 2 it could not be checked."
)]
pub(crate) struct CheckArguments {
    #[command(flatten)]
    lake: LakeArgument,
    /// Read every file, and follow every company's decisions from the first to the last
    #[arg(long)]
    all: bool,
    /// Compare Glue's tables and their projection too, asked through Athena
    #[cfg(feature = "athena")]
    #[arg(long)]
    glue: bool,
    /// As one JSON object (schema/check.v1.json)
    #[arg(long)]
    json: bool,
}

impl CheckArguments {
    pub(crate) fn run(&self, context: &Context<'_>, terminal: &mut Terminal) -> Result<u8, Stop> {
        let (catalog_file, lake) = self.lake.place(context)?;
        let check = Check {
            catalog_file,
            lake,
            depth: match self.all {
                true => Depth::All,
                false => Depth::Sample,
            },
            glue: self.glue(context)?,
            aws: context.environment.s3_options(),
            now: context.now,
        };
        let runtime = super::runtime()?;
        let bar = Bar::new(terminal);
        let report = runtime.block_on(check.run(&mut |progress| bar.show(progress)));
        bar.bar.finish_and_clear();
        let report = report?;
        let (out, columns) = (&mut terminal.out, terminal.columns);
        if self.json {
            // The same JSON, and no line that a build which prints it would obey.
            let json = format!("{:#}", json::report(&report));
            writeln!(out, "{}", json.replace('#', "\\u0023"))?;
        } else {
            for line in lines(&report) {
                write!(out, "{}", line.shown(columns))?;
            }
        }
        Ok(if report.is_clean() { 0 } else { DRIFT })
    }

    #[cfg(feature = "athena")]
    fn glue(&self, context: &Context<'_>) -> Result<Option<Settings>, Stop> {
        let said = context.environment.engine(Some("athena"));
        let settings = |choice: Choice| match choice {
            Choice::Direct => None,
            Choice::Athena(settings) | Choice::Auto(settings) => Some(settings),
        };
        if !self.glue {
            return Ok(None);
        }
        Ok(settings(crate::ask::choice(said)?))
    }

    #[cfg(not(feature = "athena"))]
    fn glue(&self, _: &Context<'_>) -> Result<Option<Settings>, Stop> {
        Ok(None)
    }
}

/// A line of the report, however long: what it says, and what stands before that.
struct Line {
    label: String,
    says: String,
}

impl Line {
    fn of(says: String) -> Line {
        Line {
            label: String::new(),
            says,
        }
    }

    /// With the newline at its end; broken to a terminal's width, if there is one.
    fn shown(&self, columns: Option<usize>) -> String {
        let (label, says) = (&self.label, printable(&self.says));
        let lines = match columns {
            None => format!("{label}{says}"),
            Some(width) => text::beside(label, &says, width),
        };
        lines
            .split('\n')
            .map(|line| unobeyed(line) + "\n")
            .collect()
    }
}

/// The report, as a person reads it.
fn lines(report: &Report) -> Vec<Line> {
    let mut lines = Vec::new();
    for finding in &report.findings {
        lines.extend(told(finding));
        lines.push(Line::of(String::new()));
    }
    let looked = report.tables.iter().map(looked);
    lines.extend(looked.chain(report.notes.iter().cloned()).map(Line::of));
    if !report.is_whole() {
        lines.push(Line::of(
            "Files of some folders were read: those written last, those of the newest days, and others by chance; --all reads every one."
                .to_owned(),
        ));
    }
    let found = match report.findings.len() {
        0 => "nothing is wrong".to_owned(),
        1 => "1 thing is wrong".to_owned(),
        several => format!("{several} things are wrong"),
    };
    lines.push(Line::of(format!(
        "{}, by {}: {found}.",
        report.lake, report.catalog
    )));
    lines
}

/// `attribute_trace: 12 of 5,432 files, …`
fn looked(looked: &Looked) -> String {
    let of = |read: u64, all: u64| match read == all {
        true => String::new(),
        false => format!("{} of ", grouped(read)),
    };
    let rows = match looked.rows {
        0 => String::new(),
        rows => format!(", {}", counted(rows, "row", "rows")),
    };
    format!(
        "{}: {}{} in {}{}{rows}, {} fetched.",
        looked.table,
        of(looked.files_read, looked.files),
        counted(looked.files, "file", "files"),
        of(looked.folders_read, looked.folders),
        counted(looked.folders, "folder", "folders"),
        size(looked.bytes_read),
    )
}

/// One finding: what, where, both sides, what to do.
fn told(finding: &Finding) -> Vec<Line> {
    let place = match &finding.column {
        Some(column) => format!("{}, {column}", finding.table),
        None => finding.table.clone(),
    };
    let count = match finding.kind.unit() {
        Unit::Once => None,
        Unit::Files if finding.examples.is_empty() => None,
        Unit::Files => Some(counted(finding.count, "file", "files")),
        Unit::Folders => Some(counted(finding.count, "folder", "folders")),
        Unit::Decisions => Some(counted(finding.count, "decision", "decisions")),
        Unit::Companies => Some(counted(finding.count, "company", "companies")),
        Unit::Rows => Some(counted(finding.count, "row", "rows")),
    };
    let count = count.map_or(String::new(), |count| format!(": {count}"));
    let line = |label: &str, text: &str| Line {
        label: format!("  {label:<INDENT$}"),
        says: text.to_owned(),
    };
    let mut lines = vec![
        Line {
            label: format!("{}  ", finding.kind.code()),
            says: format!("{place}{count}"),
        },
        line(finding.expected.0.label(), &finding.expected.1),
        line(finding.found.0.label(), &finding.found.1),
    ];
    let item = |example: &String| Line {
        label: format!("  {:<INDENT$}- ", ""),
        says: example.clone(),
    };
    lines.extend(finding.examples.iter().map(item));
    lines.extend(more(finding).map(|more| line("", &more)));
    lines.push(line("next", &finding.advice));
    lines
}

/// What is not among the examples.
fn more(finding: &Finding) -> Option<String> {
    let more = finding.count.saturating_sub(finding.examples.len() as u64);
    if more == 0 || finding.examples.is_empty() {
        return None;
    }
    if !matches!(finding.kind, Kind::AttributeUnknown | Kind::ParentCircle) {
        return Some(format!("and {} more", grouped(more)));
    }
    // Folders are counted, names are shown; companies are counted, circles are shown.
    (finding.examples.len() == EXAMPLES).then(|| "and perhaps others".to_owned())
}

/// How far it is, where somebody looks.
struct Bar {
    bar: ProgressBar,
}

impl Bar {
    fn new(terminal: &Terminal) -> Self {
        let target = match terminal.progress {
            true => ProgressDrawTarget::stderr(),
            false => ProgressDrawTarget::hidden(),
        };
        let bar = ProgressBar::with_draw_target(None, target);
        bar.set_style(style("{spinner} {msg}"));
        Bar { bar }
    }

    fn show(&self, progress: &Progress) {
        let found = grouped(progress.found);
        match progress.to_read {
            Some(to_read) => {
                self.bar
                    .set_style(style("{msg} {wide_bar} {pos}/{len} files, {eta} left"));
                self.bar.set_length(to_read);
                self.bar.set_position(progress.read);
                self.bar.set_message(progress.table.clone());
            }
            None => {
                self.bar.set_style(style("{spinner} {msg}"));
                self.bar.tick();
                let read = grouped(progress.read);
                let table = &progress.table;
                self.bar
                    .set_message(format!("{table}: {found} files found, {read} read"));
            }
        }
    }
}
