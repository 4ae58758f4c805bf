//! The command line: what can be typed, and where each command lives.
//!
//! Knows flags, files and the terminal, not how a question is answered: that is
//! `ask`. Each command is a file below `cli/`; all of them return an exit code
//! (0 answered, 1 the person can mend it, 2 it failed, 3 a check found something). Start at [`run`].

use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use clap::{CommandFactory, Parser, Subcommand};
use jiff::Timestamp;

use crate::config::Environment;
use crate::error::Failure;
use crate::render::text;

mod ask;
#[cfg(feature = "serve")]
mod audit;
mod catalog;
mod check;
mod directory;
#[cfg(feature = "serve")]
mod doctor;
mod entities;
mod import;
mod infra;
#[cfg(feature = "serve")]
mod jobs;
mod lake;
mod layout;
#[cfg(feature = "serve")]
pub(crate) mod manifest;
mod measure;
#[cfg(feature = "serve")]
mod openapi;
mod plan;
mod prose;
mod questions;
#[cfg(feature = "serve")]
mod reports;
#[cfg(feature = "serve")]
mod serve;
#[cfg(feature = "serve")]
mod slack_demo;
#[cfg(feature = "serve")]
mod token;

/// For a command that waits, on its own thread.
fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
}

/// The command that a question without one is read as.
const ASK: &str = "ask";

/// Everything that can be typed after `why`.
#[derive(Debug, Parser)]
#[command(
    name = "why",
    version,
    about = "Why does this attribute of this company have this value?",
    after_help = "A question needs no command: `why acme revenue` is `why ask acme revenue`.",
    subcommand_required = false
)]
pub struct Arguments {
    /// The catalog file, or the folder that holds it [env: WHY_CATALOG] [default: why.toml]
    #[arg(long, global = true, value_name = "PATH")]
    catalog: Option<PathBuf>,
    /// Colour: auto, always or never
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: Color,
    /// Answer as if it were this instant: for tests and reports that can be repeated
    #[arg(long, global = true, value_name = "INSTANT", hide = true)]
    now: Option<Timestamp>,
    #[command(subcommand)]
    command: Option<Command>,
}

/// `--catalog` where it means nothing: a script may say it of every command, `--help` says nothing of it.
fn no_catalog() -> clap::Arg {
    clap::Arg::new("catalog")
        .long("catalog")
        .value_name("PATH")
        .value_parser(clap::value_parser!(PathBuf))
        .global(true)
        .hide(true)
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Ask a question in plain words: `why ask acme revenue`
    Ask(ask::Ask),
    /// Show what a question would read and cost, without reading it
    ExplainPlan(plan::ExplainPlan),
    /// Turn decisions into a lake
    Import(import::ImportArguments),
    /// Build the directory of names alone, for a lake that another writer fills
    #[command(subcommand)]
    Directory(directory::Directory),
    /// Check a catalog, or print one to start from
    #[command(subcommand)]
    Catalog(catalog::Catalog),
    /// Compare the lake with the contract and the catalog, and look at its decisions
    Check(check::CheckArguments),
    /// Print the Athena DDL of the lake's tables
    Ddl(catalog::Ddl),
    /// Look at decisions, and say which partitions and buckets they ask for
    #[command(subcommand)]
    Layout(layout::Layout),
    /// Measure what top questions take: queue, planning, scan, bytes, requests, cost
    Measure(measure::Measure),
    /// Print the template of what runs on AWS, for the catalog
    Infra(infra::Infra),
    /// Search the companies
    #[command(subcommand)]
    Entities(entities::Entities),
    /// Answer in Slack, on the page and over the API, from this machine
    #[cfg(feature = "serve")]
    Serve(serve::Serve),
    /// Check what `why serve` needs, and say how to mend it
    #[cfg(feature = "serve")]
    Doctor(doctor::Doctor),
    /// List, show and retry the jobs that were given up
    #[cfg(feature = "serve")]
    #[command(subcommand, arg(no_catalog()))]
    Jobs(jobs::Jobs),
    /// Make, list and revoke the tokens of those who ask over HTTP
    #[cfg(feature = "serve")]
    #[command(subcommand, arg(no_catalog()))]
    Token(token::Tokens),
    /// List what looked wrong to somebody, and say what came of it
    #[cfg(feature = "serve")]
    #[command(arg(no_catalog()))]
    Reports(reports::Reports),
    /// List who asked what, through which door, and how it ended
    #[cfg(feature = "serve")]
    #[command(arg(no_catalog()))]
    Audit(audit::Audit),
    /// Print the manifest that a Slack app is made from
    #[cfg(feature = "serve")]
    Manifest(manifest::Manifest),
    /// Print the JSON API as an OpenAPI document
    #[cfg(feature = "serve")]
    #[command(name = "openapi", arg(no_catalog()))]
    OpenApi(openapi::OpenApi),
    /// Try the conversation in a Slack that is played on this machine
    #[cfg(feature = "serve")]
    SlackDemo(slack_demo::SlackDemo),
    /// Print completions for a shell
    #[command(arg(no_catalog()))]
    Completions {
        /// The shell they are for
        shell: clap_complete::Shell,
    },
    /// Print the man page
    #[command(arg(no_catalog()))]
    Man,
    #[command(external_subcommand)]
    Question(Vec<OsString>),
}

/// Where a command writes, and how.
pub(crate) struct Terminal {
    pub(crate) out: Box<dyn Write>,
    pub(crate) err: Box<dyn Write>,
    pub(crate) style: text::Style,
    /// Standard output is a terminal, or COLUMNS says how wide its reader is: long lines are broken
    /// to that width. What else reads them from a pipe finds each whole.
    pub(crate) columns: Option<usize>,
    /// Standard error is a terminal: progress may be drawn.
    pub(crate) progress: bool,
}

/// What every command is given.
pub(crate) struct Context<'a> {
    pub(crate) catalog_file: PathBuf,
    /// `--catalog` as it was typed, if it was.
    pub(crate) catalog_flag: Option<PathBuf>,
    pub(crate) environment: &'a Environment,
    pub(crate) now: Timestamp,
    /// For what runs on: the time as it passes.
    #[cfg(feature = "serve")]
    pub(crate) clock: fn() -> Timestamp,
}

/// Runs one command; the exit code is the failure's class.
pub fn run(
    arguments: impl IntoIterator<Item = OsString>,
    environment: &Environment,
    clock: fn() -> Timestamp,
) -> u8 {
    let typed: Vec<OsString> = arguments.into_iter().collect();
    let arguments = match parse(typed.clone()) {
        Ok(arguments) => arguments,
        Err(error) => {
            let code = u8::from(error.use_stderr());
            let printed = error.print();
            if error.use_stderr()
                && let Some(question) = question_instead(&typed)
            {
                let _ = writeln!(std::io::stderr(), "\n{question}");
            }
            return match printed {
                Err(error) if is_trouble(&error) => {
                    Stop::Output(error).report(&mut terminal(Color::Never, environment))
                }
                Ok(()) | Err(_) => code,
            };
        }
    };
    let mut terminal = terminal(arguments.color, environment);
    let context = Context {
        catalog_file: environment.catalog_file(arguments.catalog.as_deref()),
        catalog_flag: arguments.catalog,
        environment,
        now: arguments.now.unwrap_or_else(clock),
        #[cfg(feature = "serve")]
        clock,
    };
    let ended = dispatch(arguments.command, &context, &mut terminal);
    // What is still in the buffer is only now written: nothing is answered before.
    let flushed = terminal.out.flush().map_err(Stop::from);
    match ended.and_then(|code| flushed.map(|()| code)) {
        Ok(code) => code,
        Err(stop) => stop.report(&mut terminal),
    }
}

/// A closed pipe is the reader's choice, not a failure.
fn is_trouble(error: &std::io::Error) -> bool {
    error.kind() != std::io::ErrorKind::BrokenPipe
}

/// A question needs no command: where the words are none, they are read as `why ask …`, flags too.
fn parse(mut arguments: Vec<OsString>) -> Result<Arguments, clap::Error> {
    let parsed = Arguments::try_parse_from(&arguments)?;
    let Some(Command::Question(words)) = &parsed.command else {
        return Ok(parsed);
    };
    arguments.insert(arguments.len() - words.len(), OsString::from(ASK));
    Arguments::try_parse_from(&arguments)
}

/// For words that a command could not read: `why man revenue` may ask about a company.
fn question_instead(typed: &[OsString]) -> Option<String> {
    let mut all = Arguments::command();
    all.build();
    let commands: Vec<&str> = all.get_subcommands().map(clap::Command::get_name).collect();
    let texts: Vec<&str> = typed
        .iter()
        .map(|word| word.to_str())
        .collect::<Option<_>>()?;
    let at = texts
        .iter()
        .skip(1)
        .position(|word| commands.contains(word))?
        + 1;
    let words = texts.get(at..)?;
    let (command, rest) = words.split_first()?;
    let flags_are_fine = Arguments::try_parse_from(typed.get(..at)?).is_ok();
    let is_question = !rest.is_empty() && rest.iter().all(|word| !word.starts_with('-'));
    (flags_are_fine && is_question && *command != ASK).then(|| {
        format!(
            "To ask a question that begins with `{command}`, type `why {ASK} {}`.",
            words.join(" ")
        )
    })
}

/// Why a command ended early.
pub(crate) enum Stop {
    Failed(Box<Failure>),
    Output(std::io::Error),
}

impl Stop {
    /// Says what went wrong; the exit code.
    fn report(self, terminal: &mut Terminal) -> u8 {
        match self {
            Stop::Failed(failure) => {
                let words = text::failure(&failure, &terminal.style);
                let _ = writeln!(terminal.err, "{}", words.trim_end());
                failure.class.exit_code()
            }
            Stop::Output(error) if is_trouble(&error) => {
                let _ = writeln!(
                    terminal.err,
                    "The answer could not be written: {error}.\nMake room there, or write it elsewhere."
                );
                2
            }
            Stop::Output(_) => 0,
        }
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Stop::Failed(Box::new(failure))
    }
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        Stop::Output(error)
    }
}

fn dispatch(
    command: Option<Command>,
    context: &Context<'_>,
    terminal: &mut Terminal,
) -> Result<u8, Stop> {
    match command {
        None | Some(Command::Question(_)) => welcome(context, terminal),
        Some(Command::Ask(ask)) => ask.run(context, terminal),
        Some(Command::ExplainPlan(plan)) => plan.run(context, terminal),
        Some(Command::Import(import)) => import.run(context, terminal),
        Some(Command::Directory(directory)) => directory.run(context, terminal),
        Some(Command::Catalog(catalog)) => catalog.run(context, terminal),
        Some(Command::Check(check)) => check.run(context, terminal),
        Some(Command::Ddl(ddl)) => ddl.run(context, terminal),
        Some(Command::Layout(layout)) => layout.run(context, terminal),
        Some(Command::Measure(measure)) => measure.run(context, terminal),
        Some(Command::Infra(infra)) => infra.run(context, terminal),
        Some(Command::Entities(entities)) => entities.run(context, terminal),
        #[cfg(feature = "serve")]
        Some(Command::Serve(serve)) => serve.run(context, terminal),
        #[cfg(feature = "serve")]
        Some(Command::Doctor(doctor)) => doctor.run(context, terminal),
        #[cfg(feature = "serve")]
        Some(Command::Jobs(jobs)) => jobs.run(context, terminal),
        #[cfg(feature = "serve")]
        Some(Command::Token(tokens)) => tokens.run(context, terminal),
        #[cfg(feature = "serve")]
        Some(Command::Reports(reports)) => reports.run(context, terminal),
        #[cfg(feature = "serve")]
        Some(Command::Audit(audit)) => audit.run(context, terminal),
        #[cfg(feature = "serve")]
        Some(Command::Manifest(manifest)) => manifest.run(context, terminal),
        #[cfg(feature = "serve")]
        Some(Command::OpenApi(openapi)) => openapi.run(terminal),
        #[cfg(feature = "serve")]
        Some(Command::SlackDemo(demo)) => demo.run(context, terminal),
        Some(Command::Completions { shell }) => {
            // Into memory first: it panics where it can't write.
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "why", &mut script);
            terminal.out.write_all(&script)?;
            Ok(0)
        }
        Some(Command::Man) => {
            clap_mangen::Man::new(Arguments::command()).render(&mut terminal.out)?;
            Ok(0)
        }
    }
}

/// `why` alone: what to type next, by what there is.
fn welcome(context: &Context<'_>, terminal: &mut Terminal) -> Result<u8, Stop> {
    let out = &mut terminal.out;
    writeln!(
        out,
        "why: why does this attribute of this company have this value?\n"
    )?;
    match crate::ask::read_catalog(&context.catalog_file) {
        Ok(catalog) => {
            let names: Vec<&str> = catalog.attributes.iter().map(|a| a.name.as_str()).collect();
            let example = names.first().copied().unwrap_or("revenue");
            writeln!(
                out,
                "The lake of {} knows: {}.\n",
                context.catalog_file.display(),
                names.join(", ")
            )?;
            writeln!(out, "  why entities search acme          find a company")?;
            writeln!(out, "  why acme {example:<24} ask")?;
            writeln!(out, "  why acme {example} as of 2025-03-01")?;
            writeln!(out, "  why acme {example} expected 10M")?;
        }
        Err(_) => {
            writeln!(
                out,
                "There is no catalog here yet ({}). Next:\n",
                context.catalog_file.display()
            )?;
            writeln!(
                out,
                "  make demo                         real data and five questions (in the source tree)"
            )?;
            writeln!(
                out,
                "  why import --decisions F.jsonl --entities F.jsonl --latest --into lake"
            )?;
            writeln!(out, "  why --catalog lake acme revenue   then ask")?;
        }
    }
    writeln!(out, "\n`why --help` lists all there is.")?;
    Ok(0)
}

fn terminal(color: Color, environment: &Environment) -> Terminal {
    let is_terminal = std::io::stdout().is_terminal();
    let colour = match color {
        Color::Always => text::Colour::On,
        Color::Never => text::Colour::Off,
        Color::Auto if is_terminal && !environment.wants_no_colour() => text::Colour::On,
        Color::Auto => text::Colour::Off,
    };
    // A terminal that does not know its width says 0.
    let width = terminal_size::terminal_size()
        .map(|(width, _)| usize::from(width.0))
        .filter(|width| *width > 0)
        .or_else(|| environment.columns());
    Terminal {
        out: Box::new(std::io::BufWriter::new(anstream::AutoStream::new(
            std::io::stdout(),
            match colour {
                text::Colour::On => anstream::ColorChoice::Always,
                text::Colour::Off => anstream::ColorChoice::Never,
            },
        ))),
        err: Box::new(std::io::stderr()),
        style: text::Style {
            width: width.unwrap_or(100).max(30),
            colour,
            verbosity: text::Verbosity::Usual,
        },
        columns: match is_terminal {
            true => Some(width.unwrap_or(80)),
            false => environment.columns(),
        }
        .map(|width| width.max(30)),
        progress: std::io::stderr().is_terminal(),
    }
}
