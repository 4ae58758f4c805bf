//! `why ask`: one question, or a file of them.

use std::io::BufRead;
use std::path::{Path, PathBuf};

use clap::Args;
use futures::StreamExt;

use super::{Context, Stop, Terminal};
use jiff::Timestamp;

use crate::ask::{self, Request, Response, Why, failure};
use crate::catalog::Catalog;
use crate::error::{Class, Failure};
use crate::overview::{Row, State};
use crate::question::{self, LookBack};
use crate::render::{blocks, json, text, views};

/// Questions of a batch that are under way at once.
const AT_ONCE: usize = 8;

#[derive(Debug, Args)]
pub(crate) struct Ask {
    /// Answer as JSON, one object a line
    #[arg(long, conflicts_with = "blocks")]
    json: bool,
    /// Answer as Slack blocks, with a link that shows them
    #[arg(long)]
    blocks: bool,
    /// The value at that time: `2025-03-01`, `yesterday`, `2025-03-01T12:00Z`
    #[arg(long, value_name = "WHEN")]
    as_of: Option<String>,
    /// The value you believe in: was it ever said, and by whom?
    #[arg(long, value_name = "VALUE")]
    expected: Option<String>,
    /// Look at what happened since that day
    #[arg(long, value_name = "DAY", conflicts_with = "look_back")]
    since: Option<String>,
    /// How far to look back: `90d`, `2y`, `all`, `latest`
    #[arg(long, value_name = "TIME")]
    look_back: Option<String>,
    /// Who reads the lake: direct, athena or auto [env: WHY_ENGINE] [default: direct]
    #[arg(long, value_name = "ENGINE")]
    engine: Option<String>,
    /// Questions from a file, one a line (`-` is standard input)
    #[arg(long, value_name = "FILE", conflicts_with = "question")]
    batch: Option<PathBuf>,
    /// Also say what was read, how long it took and what it cost
    #[arg(short, long)]
    verbose: bool,
    /// The question, in any order: `acme revenue as of 2025-03-01 expected 10M`
    #[arg(required_unless_present = "batch", allow_hyphen_values = false)]
    question: Vec<String>,
}

enum Output {
    Text,
    Json,
    Blocks,
}

impl Ask {
    fn output(&self) -> Output {
        match (self.json, self.blocks) {
            (true, _) => Output::Json,
            (false, true) => Output::Blocks,
            (false, false) => Output::Text,
        }
    }

    pub(crate) fn run(&self, context: &Context<'_>, terminal: &mut Terminal) -> Result<u8, Stop> {
        if self.verbose {
            terminal.style.verbosity = text::Verbosity::Verbose;
        }
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            let why = match self.open(context).await {
                Ok(why) => why,
                Err(failure) => return self.print_failure(&failure, terminal),
            };
            let base = match self.request(&why.catalog, context.now) {
                Ok(base) => base,
                Err(failure) => return self.print_failure(&failure, terminal),
            };
            match &self.batch {
                None => {
                    let request = Request {
                        text: self.question.join(" "),
                        ..base
                    };
                    let outcome = why.respond(&request, context.now).await;
                    self.print(&outcome, terminal)
                }
                Some(file) => self.batch(&why, &base, (file, context), terminal).await,
            }
        })
    }

    async fn open(&self, context: &Context<'_>) -> Result<Why, Failure> {
        let environment = context.environment;
        let choice = ask::choice(environment.engine(self.engine.as_deref()))?;
        Why::open_with(&context.catalog_file, &environment.s3_options(), &choice).await
    }

    /// What the flags say.
    fn request(&self, catalog: &Catalog, now: Timestamp) -> Result<Request, Failure> {
        let refused = |error: question::Error| failure::question(&error, catalog);
        let day = self
            .since
            .as_ref()
            .map(|day| question::day(day, now))
            .transpose();
        let back = self
            .look_back
            .as_ref()
            .map(|back| question::look_back(back))
            .transpose();
        let as_of = self
            .as_of
            .as_ref()
            .map(|when| question::when(when, now))
            .transpose();
        let since = day.map_err(refused)?.map(LookBack::Since);
        Ok(Request {
            text: String::new(),
            as_of: as_of.map_err(refused)?,
            expected: self.expected.clone(),
            look_back: since.or(back.map_err(refused)?),
            ..Request::default()
        })
    }

    /// Answers come in the order of the questions; a failed one does not stop the rest.
    async fn batch(
        &self,
        why: &Why,
        base: &Request,
        (file, context): (&Path, &Context<'_>),
        terminal: &mut Terminal,
    ) -> Result<u8, Stop> {
        let lines: Box<dyn BufRead + Send> = if file == Path::new("-") {
            Box::new(std::io::BufReader::new(std::io::stdin()))
        } else {
            match std::fs::File::open(file) {
                Ok(opened) => Box::new(std::io::BufReader::new(opened)),
                Err(error) => return Err(failure::no_batch(file, &error).into()),
            }
        };
        let now = context.now;
        let mut outcomes = futures::stream::iter((1_u64..).zip(lines.split(b'\n')))
            .map(|(number, line)| async move {
                let line = match line {
                    Ok(line) => line,
                    Err(error) => return Err(failure::no_batch(file, &error)),
                };
                let Ok(line) = std::str::from_utf8(&line) else {
                    let asked = format!("line {number}");
                    return Ok(Some((asked, Err(failure::no_text(number)))));
                };
                let text = line.trim();
                if text.is_empty() || text.starts_with("//") {
                    return Ok(None);
                }
                let request = Request {
                    text: text.to_owned(),
                    ..base.clone()
                };
                Ok(Some((text.to_owned(), why.respond(&request, now).await)))
            })
            .buffered(AT_ONCE);
        let mut worst = 0;
        while let Some(outcome) = outcomes.next().await {
            if let Some((asked, outcome)) = outcome? {
                if matches!(self.output(), Output::Text) {
                    writeln!(terminal.out, "> {}", asked.replace(char::is_control, " "))?;
                }
                worst = worst.max(self.print(&outcome, terminal)?);
            }
        }
        Ok(worst)
    }

    fn print(
        &self,
        outcome: &Result<Response, Failure>,
        terminal: &mut Terminal,
    ) -> Result<u8, Stop> {
        let response = match outcome {
            Ok(response) => response,
            Err(failure) => return self.print_failure(failure, terminal),
        };
        let out = &mut terminal.out;
        match self.output() {
            Output::Text => {
                writeln!(out, "{}", as_text(response, &terminal.style).trim_end())?;
                if self.batch.is_some() {
                    writeln!(out)?;
                }
            }
            Output::Json => writeln!(out, "{}", as_json(response))?,
            Output::Blocks => {
                let message = as_message(response);
                writeln!(out, "{}", blocks::payload(&message))?;
                writeln!(terminal.err, "{}", blocks::builder_link(&message))?;
            }
        }
        Ok(exit_code(response))
    }

    /// In the form that was asked for, so that a script reads one form only.
    fn print_failure(&self, failure: &Failure, terminal: &mut Terminal) -> Result<u8, Stop> {
        match self.output() {
            Output::Text if self.batch.is_none() => return Err(failure.clone().into()),
            Output::Text => {
                writeln!(
                    terminal.out,
                    "{}\n",
                    text::failure(failure, &terminal.style).trim_end()
                )?;
            }
            Output::Json => writeln!(terminal.out, "{}", json::failure(failure))?,
            Output::Blocks => {
                let message = blocks::failure(failure);
                writeln!(terminal.out, "{}", blocks::payload(&message))?;
            }
        }
        Ok(failure.class.exit_code())
    }
}

fn as_text(response: &Response, style: &text::Style) -> String {
    match response {
        Response::Answer(answer) => text::answer(answer, style),
        Response::Overview(overview) => text::overview(overview, style),
        Response::Changes(changes) => text::changes(changes, style),
    }
}

fn as_json(response: &Response) -> serde_json::Value {
    match response {
        Response::Answer(answer) => json::answer(answer),
        Response::Overview(overview) => json::overview(overview),
        Response::Changes(changes) => json::changes(changes),
    }
}

fn as_message(response: &Response) -> blocks::Message {
    match response {
        Response::Answer(answer) => blocks::answer(answer, blocks::Flavour::Rich),
        Response::Overview(overview) => views::overview(overview, views::Offers::default()),
        Response::Changes(changes) => views::changes(changes, views::Offers::default()),
    }
}

/// That nothing changed is an answer; that there is no decision is not.
fn exit_code(response: &Response) -> u8 {
    let found = match response {
        Response::Answer(answer) => answer.current.is_some(),
        Response::Overview(overview) => {
            let nothing = |row: &Row| row.state == State::Nothing;
            !overview.rows.iter().all(nothing)
        }
        Response::Changes(_) => true,
    };
    if found { 0 } else { Class::User.exit_code() }
}
