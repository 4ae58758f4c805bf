//! `why token`: who may ask over HTTP, made, listed and revoked.
//!
//! A token is printed once, when it is made; what is kept is its hash, in the state file of
//! `why serve`, which need not run, and need not be started anew. Start at [`Tokens::run`].

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, Subcommand};
use jiff::Timestamp;
use unicode_width::UnicodeWidthStr;

use super::{Context, Stop, Terminal};
use crate::access::{self, Scopes, Token};
use crate::config::{self, Environment};
use crate::error::{Class, Failure, sentence};
use crate::ledger::{self, Ledger};
use crate::question::{self, LookBack};
use crate::render::printable;
use crate::state;
use crate::visibility::Standing;

#[cfg(test)]
mod tests;

#[derive(Debug, Subcommand)]
pub(crate) enum Tokens {
    /// Make one, and print it once: `why token create dashboard --user U0123456789`
    Create(Create),
    /// List them, without what they are
    List(State),
    /// Take one back: from now on nobody asks with it
    Revoke {
        /// As `why token list` prints it
        name: String,
        #[command(flatten)]
        state: State,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Create {
    /// What it is called: letters, digits, `-`, `_`, `.` and `@`
    name: String,
    /// Who holds it: an id as the catalog names people
    #[arg(long, value_name = "ID")]
    user: String,
    /// User groups they belong to, as the catalog names them, with commas between
    #[arg(long = "group", value_name = "IDS", value_delimiter = ',')]
    groups: Vec<String>,
    /// What it may do: ask, feedback, or both
    #[arg(long = "scope", value_name = "SCOPES", default_value = "ask,feedback")]
    scopes: String,
    /// After how long it opens nothing: 90d, 12w, 1y; without it, when it is revoked
    #[arg(long, value_name = "SPAN")]
    expires: Option<String>,
    /// They are a guest, or of another organisation: nothing restricted is shown to them
    #[arg(long)]
    outsider: bool,
    #[command(flatten)]
    state: State,
}

#[derive(Debug, Args)]
pub(crate) struct State {
    /// The state file of `why serve`, or the folder that holds it
    /// [env: WHY_STATE] [default: why-state.sqlite]
    #[arg(long = "state", value_name = "FILE")]
    file: Option<PathBuf>,
}

impl Tokens {
    pub(crate) fn run(&self, context: &Context<'_>, terminal: &mut Terminal) -> Result<u8, Stop> {
        let runtime = super::runtime()?;
        runtime.block_on(async {
            match self {
                Tokens::Create(create) => create.run(context, terminal).await?,
                Tokens::List(state) => {
                    let tokens = state.open(context.environment).await?.tokens().await;
                    let tokens = tokens.map_err(|error| of_ledger(&error))?;
                    list(&tokens, context.now, &mut terminal.out)?;
                }
                Tokens::Revoke { name, state } => {
                    let ledger = state.open(context.environment).await?;
                    let revoked = ledger.revoke_token(name).await;
                    if !revoked.map_err(|error| of_ledger(&error))? {
                        return Err(of_no_token(name).into());
                    }
                    writeln!(terminal.out, "{} opens nothing any more.", printable(name))?;
                }
            }
            Ok(0)
        })
    }
}

impl Create {
    async fn run(&self, context: &Context<'_>, terminal: &mut Terminal) -> Result<(), Stop> {
        let token = self.token(context.now)?;
        let ledger = self.state.make(context.environment).await?;
        let secret = access::token(&rand::random());
        let kept = ledger.create_token(&token, &access::hash(&secret)).await;
        if !kept.map_err(|error| of_ledger(&error))? {
            return Err(user(
                "token_exists",
                format!("There is a token {} already.", token.name),
                "Choose another name, or take that one back: `why token revoke NAME`.",
            )
            .into());
        }
        // The token alone on standard output, so that it can be piped to where it is kept.
        let ends = match token.expires_at {
            Some(at) => format!("until {at}"),
            None => "until it is revoked".to_owned(),
        };
        writeln!(
            terminal.err,
            "The token {} of {} ({}), {ends}. It is shown this once; only its hash is kept.",
            token.name, token.user, token.may
        )?;
        writeln!(terminal.out, "{secret}")?;
        Ok(())
    }

    fn token(&self, now: Timestamp) -> Result<Token, Failure> {
        if !access::is_name(&self.name) {
            return Err(user(
                "bad_name",
                "That is no name for a token.",
                "Use up to 64 letters, digits, `-`, `_`, `.` and `@`.",
            ));
        }
        let ids = self.groups.iter().chain([&self.user]);
        if let Some(odd) = ids.into_iter().find(|id| !is_id(id)) {
            return Err(user(
                "bad_id",
                format!("\u{201c}{}\u{201d} is no id.", printable(odd)),
                "Write ids as the catalog's visible_to does, such as U0123456789 and S0123456789.",
            ));
        }
        let may = Scopes::parse(&self.scopes).ok_or_else(|| {
            user(
                "bad_scope",
                format!("{} is no scope.", printable(&self.scopes)),
                "Write ask, feedback, or ask,feedback.",
            )
        })?;
        Ok(Token {
            name: self.name.clone(),
            user: self.user.clone(),
            groups: self.groups.clone(),
            standing: match self.outsider {
                true => Standing::Outsider,
                false => Standing::Member,
            },
            may,
            created_at: now,
            expires_at: self.expires_at(now)?,
        })
    }

    fn expires_at(&self, now: Timestamp) -> Result<Option<Timestamp>, Failure> {
        const DAY_S: u64 = 24 * 60 * 60;
        let Some(span) = &self.expires else {
            return Ok(None);
        };
        let days = match question::look_back(span) {
            Ok(LookBack::Days(days)) => Some(u64::from(days)),
            Ok(LookBack::Auto | LookBack::Latest | LookBack::Since(_) | LookBack::All) | Err(_) => {
                None
            }
        };
        let ends = days.and_then(|days| now.checked_add(Duration::from_secs(days * DAY_S)).ok());
        ends.map(Some).ok_or_else(|| {
            user(
                "bad_span",
                format!("{} is no span after which a token ends.", printable(span)),
                "Write 90d, 12w, 6 months or 1y; or leave it out, and revoke the token one day.",
            )
        })
    }
}

impl State {
    fn named(&self, environment: &Environment) -> PathBuf {
        let named = self.file.as_deref();
        let named = named.or_else(|| environment.get(config::STATE).map(Path::new));
        state::file_at(named.unwrap_or_else(|| state::FILE_NAME.as_ref()))
    }

    /// `why serve` may never have run: it refuses to without a token.
    async fn make(&self, environment: &Environment) -> Result<Ledger, Failure> {
        let ledger = Ledger::sqlite(&self.named(environment)).await;
        ledger.map_err(|error| of_ledger(&error))
    }

    /// A file that is there: to list is not to make one.
    pub(super) async fn open(&self, environment: &Environment) -> Result<Ledger, Failure> {
        let file = self.named(environment);
        if !file.exists() {
            return Err(user(
                "no_state",
                format!("There is no state file {}.", file.display()),
                "`why token create` and `why serve` make it; name another with --state or WHY_STATE.",
            ));
        }
        self.make(environment).await
    }
}

fn list(tokens: &[Token], now: Timestamp, out: &mut dyn Write) -> std::io::Result<()> {
    if tokens.is_empty() {
        return writeln!(out, "There are no tokens: `why token create` makes one.");
    }
    let width = |text: fn(&Token) -> &str| {
        let widths = tokens.iter().map(|token| text(token).width());
        widths.max().unwrap_or_default()
    };
    let (names, users) = (width(|t| &t.name), width(|t| &t.user));
    for token in tokens {
        let ends = match token.expires_at {
            Some(at) if token.has_expired(now) => format!("expired {}", day(at)),
            Some(at) => format!("until {}", day(at)),
            None => "until revoked".to_owned(),
        };
        write!(
            out,
            "{:names$}  {:users$}  {:<12}  made {}  {ends}",
            token.name,
            token.user,
            token.may.to_string(),
            day(token.created_at),
        )?;
        if !token.groups.is_empty() {
            write!(out, "  in {}", token.groups.join(", "))?;
        }
        if token.standing == Standing::Outsider {
            write!(out, "  outsider")?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

/// As Slack's and issuers' are.
fn is_id(id: &str) -> bool {
    const MOST: usize = 256;
    !id.is_empty() && id.len() <= MOST && id.chars().all(|c| !c.is_whitespace() && !c.is_control())
}

fn of_no_token(name: &str) -> Failure {
    user(
        "no_token",
        format!("There is no token {}.", printable(name)),
        "`why token list` lists them.",
    )
}

pub(super) fn of_ledger(error: &ledger::Error) -> Failure {
    user(
        "state",
        sentence(error),
        "Name another state file with --state or WHY_STATE.",
    )
}

fn user(code: &'static str, text: impl Into<String>, advice: &str) -> Failure {
    Failure::new(Class::User, code, text, advice)
}
