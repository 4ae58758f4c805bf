//! `why doctor`: looks at everything that `why serve` needs, one thing after the other, and says
//! how to mend what is not as it should be.
//!
//! Changes nothing that lasts: to see whether a job could be queued, one is written and taken back.
//! Start at [`examine`].

use std::io::ErrorKind;
use std::path::Path;

use jiff::Timestamp;
use tokio::net::TcpListener;

use super::{SLACK_TIMEOUT, refusal};
use crate::ask::{self, Why};
use crate::chat::{self, Client, Error, Myself};
use crate::config::serve::Told;
use crate::error::{Class, Failure};
use crate::queue::Queue;
use crate::slack::app::{PAGE_SCOPES, SCOPES};
use crate::slack::signature::MAX_SKEW_S;

mod doors;

/// A clock that is further off, in seconds, is on its way to the limit at which Slack's requests
/// are refused.
const CLOCK_DRIFTS: u64 = 60;

/// What is looked at where there is a Slack.
const SLACKS: [&str; 6] = [
    "triage channel",
    "signing secret",
    "app token",
    "bot token",
    "scopes",
    "clock",
];
const NO_SLACK: &str =
    "nothing is said of Slack: the page and the API alone (`why manifest` makes an app)";

/// One thing that was looked at.
#[derive(Debug)]
pub struct Check {
    pub name: &'static str,
    pub finding: Finding,
}

#[derive(Debug)]
pub enum Finding {
    /// With a word on what was found.
    Ok(String),
    /// Something else must be mended first, or there is nothing to look at.
    Skipped(String),
    /// It works, but may not for long.
    Warning(Box<Failure>),
    NotOk(Box<Failure>),
}

impl From<Result<String, Failure>> for Finding {
    fn from(looked: Result<String, Failure>) -> Self {
        match looked {
            Ok(found) => Finding::Ok(found),
            Err(failure) => Finding::NotOk(Box::new(failure)),
        }
    }
}

/// What is looked at.
pub struct Patient<'a> {
    pub catalog_file: &'a Path,
    pub s3: &'a std::collections::BTreeMap<String, String>,
    pub state: &'a Path,
    pub told: &'a Told,
    /// Reads the clock.
    pub now: fn() -> Timestamp,
}

/// Every check, in the order in which things are to be mended.
pub async fn examine(patient: &Patient<'_>) -> Vec<Check> {
    let mut checks = lake(patient).await;
    let mut add = |name, finding| checks.push(Check { name, finding });
    add("state file", state(patient.state).await);
    add("listener", address(patient.told).await);
    add("who may ask", doors::who_may_ask(patient).await);
    add("issuer", doors::issuer(patient.told).await);
    add("page", doors::page(patient.told));
    if !patient.told.wants_slack() {
        for name in SLACKS {
            add(name, Finding::Skipped(NO_SLACK.to_owned()));
        }
        return checks;
    }
    add("triage channel", triage_channel(patient.told));
    add("signing secret", signing_secret(patient.told));
    add("app token", app_token(patient.told).await);
    match slack(patient.told).await {
        Ok(myself) => {
            let now = (patient.now)();
            add("bot token", Finding::Ok(who(&myself)));
            // What is wrong with it is said in its own place.
            let has_page = patient.told.web().is_ok_and(|web| web.page_url.is_some());
            add("scopes", scopes(&myself, has_page).into());
            add("clock", clock(myself.date, now));
        }
        Err(failure) => {
            add("bot token", Finding::NotOk(Box::new(failure)));
            for name in ["scopes", "clock"] {
                add(name, Finding::Skipped("the bot token first".to_owned()));
            }
        }
    }
    checks
}

async fn lake(patient: &Patient<'_>) -> Vec<Check> {
    let skipped = |what: &str| Finding::Skipped(format!("the {what} first"));
    let catalog = ask::read_catalog(patient.catalog_file);
    let found = catalog.map(|catalog| {
        let file = patient.catalog_file.display();
        format!("{file}, {} attributes", catalog.attributes.len())
    });
    let (lake, directory) = if found.is_err() {
        (skipped("catalog"), skipped("catalog"))
    } else {
        match open(patient).await {
            Ok(why) => (
                Finding::Ok(why.catalog.lake.location.clone()),
                Finding::Ok(format!("{} companies", why.directory.len())),
            ),
            Err(failure) if failure.code == "no_directory" => (
                Finding::Ok("the tables are there".to_owned()),
                Finding::NotOk(Box::new(failure)),
            ),
            Err(failure) => (Finding::NotOk(Box::new(failure)), skipped("lake")),
        }
    };
    let checks = [
        ("catalog", found.into()),
        ("lake", lake),
        ("directory", directory),
    ];
    checks
        .into_iter()
        .map(|(name, finding)| Check { name, finding })
        .collect()
}

async fn open(patient: &Patient<'_>) -> Result<Why, Failure> {
    let choice = ask::choice(patient.told.engine())?;
    Why::open_with(patient.catalog_file, patient.s3, &choice).await
}

/// To look is not to make one.
async fn state(file: &Path) -> Finding {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    if folder.is_some_and(|folder| !folder.is_dir()) {
        return Finding::NotOk(Box::new(refusal::of_no_folder(file)));
    }
    if !file.exists() {
        return Finding::Skipped(format!("{} is made by `why serve`", file.display()));
    }
    let looked = match Queue::sqlite(file).await {
        Ok(queue) => queue.depth().await,
        Err(error) => Err(error),
    };
    looked
        .map(|(depth, _)| format!("{}, {depth} jobs wait", file.display()))
        .map_err(|error| refusal::of_state(&error))
        .into()
}

/// Both addresses are tried: what is taken may be taken by the server itself.
async fn address(told: &Told) -> Finding {
    let addresses = || -> Result<_, Failure> {
        told.lease()?;
        Ok((told.listen()?, told.metrics()?))
    };
    let (listen, metrics) = match addresses() {
        Ok(both) => both,
        Err(failure) => return Finding::NotOk(Box::new(failure)),
    };
    if metrics == Some(listen) && listen.port() != 0 {
        return Finding::NotOk(Box::new(refusal::of_one_port(listen)));
    }
    for address in [Some(listen), metrics].into_iter().flatten() {
        match TcpListener::bind(address).await {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::AddrInUse => {
                return Finding::Warning(Box::new(Failure {
                    advice: "If that is `why serve` itself, all is well. Else end it, or choose \
                             another port with --listen and --metrics."
                        .to_owned(),
                    ..refusal::of_port(address, &error)
                }));
            }
            Err(error) => return Finding::NotOk(Box::new(refusal::of_port(address, &error))),
        }
    }
    Finding::Ok(listen.to_string())
}

/// Whether the app may post there only a post would tell.
fn triage_channel(told: &Told) -> Finding {
    match told.triage_channel() {
        Ok(None) => Finding::Skipped("without one nobody can report a wrong value".to_owned()),
        Ok(Some(id)) => Finding::Ok(format!("{id}; the app must be a member there")),
        Err(failure) => Finding::NotOk(Box::new(failure)),
    }
}

fn signing_secret(told: &Told) -> Finding {
    match told.signing_secrets() {
        Ok(secrets) if secrets.is_empty() => Finding::Skipped("Socket Mode needs none".to_owned()),
        Ok(secrets) if secrets.len() > 1 => Finding::Ok("two, during a rotation".to_owned()),
        Ok(_) => Finding::Ok("looks like one".to_owned()),
        Err(failure) => Finding::NotOk(Box::new(failure)),
    }
}

/// Slack is asked for a connection, which is not made.
async fn app_token(told: &Told) -> Finding {
    let token = match told.app_token() {
        Ok(None) => return Finding::Skipped("only Socket Mode needs one".to_owned()),
        Ok(Some(token)) => token,
        Err(failure) => return Finding::NotOk(Box::new(failure)),
    };
    let client = match client(told, token.clone()) {
        Ok(client) => client,
        Err(failure) => return Finding::NotOk(Box::new(failure)),
    };
    let asked = client.may_listen(&token).await;
    asked
        .map(|()| "Socket Mode may begin".to_owned())
        .map_err(|error| match error {
            Error::Auth(_) => refusal::of_socket(&error),
            Error::RateLimited(_)
            | Error::Retry(_)
            | Error::Unreachable(_)
            | Error::Gone(_)
            | Error::Refused(_)
            | Error::Unknown(_) => refusal::of_slack(&error),
        })
        .into()
}

async fn slack(told: &Told) -> Result<Myself, Failure> {
    let client = client(told, told.bot_token()?)?;
    let asked = client.who_am_i().await;
    asked.map_err(|error| refusal::of_slack(&error))
}

/// For one token: what is wrong with another is said in its own place.
fn client(told: &Told, token: String) -> Result<Client, Failure> {
    Client::new(chat::Settings {
        token,
        api_url: told.api_url()?,
        response_hosts: told.response_hosts()?,
        timeout: SLACK_TIMEOUT,
    })
    .map_err(|error| refusal::of_slack(&error))
}

/// Ours beside Slack's, which stands in its answers: requests are signed with the time.
fn clock(slack: Option<Timestamp>, now: Timestamp) -> Finding {
    let Some(slack) = slack else {
        return Finding::Skipped("Slack did not say its time".to_owned());
    };
    let off = now.as_second() - slack.as_second();
    let which = if off < 0 { "behind" } else { "ahead of" };
    let found = format!("{} s {which} Slack's", off.unsigned_abs());
    let failure = |consequence: &str| {
        let advice = "Set it: `timedatectl set-ntp true`, or see that chrony or systemd-timesyncd \
             runs and reaches its server.";
        let text = format!("This machine's clock is {found}: {consequence}.");
        Box::new(Failure::new(Class::User, "clock", text, advice))
    };
    let off = off.unsigned_abs();
    if off <= CLOCK_DRIFTS {
        Finding::Ok(found)
    } else if off <= MAX_SKEW_S {
        Finding::Warning(failure(&format!(
            "beyond {MAX_SKEW_S} s all that Slack sends is refused"
        )))
    } else {
        Finding::NotOk(failure(
            "what Slack sends is refused, because its signatures look old or not yet made",
        ))
    }
}

fn who(myself: &Myself) -> String {
    match &myself.team {
        Some(team) => format!("{} in {team}", myself.user),
        None => myself.user.clone(),
    }
}

/// With a page, also those by which pasted links are shown.
fn scopes(myself: &Myself, has_page: bool) -> Result<String, Failure> {
    let also = PAGE_SCOPES.into_iter().filter(|_| has_page);
    let needed: Vec<&str> = SCOPES.into_iter().chain(also).collect();
    let missing: Vec<&str> = needed
        .iter()
        .copied()
        .filter(|scope| !myself.scopes.iter().any(|has| has == scope))
        .collect();
    if missing.is_empty() {
        return Ok(format!("all {}", needed.len()));
    }
    Err(Failure::new(
        Class::User,
        "missing_scopes",
        format!("The token lacks {}.", missing.join(", ")),
        "Add them at api.slack.com/apps, your app, OAuth & Permissions, then install the app anew.",
    ))
}

#[cfg(test)]
mod tests;
