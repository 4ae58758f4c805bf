//! `why doctor`: looks at everything that `why serve` needs, one thing after the other, and says
//! how to mend what is not as it should be.
//!
//! Changes nothing. Start at [`examine`].

use std::path::Path;

use super::{SLACK_TIMEOUT, refusal};
use crate::ask::{self, Why};
use crate::chat::{self, Client, Myself};
use crate::cli::manifest::SCOPES;
use crate::config::serve::Told;
use crate::error::{Class, Failure};
use crate::queue::Queue;

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
}

/// Every check, in the order in which things are to be mended.
pub async fn examine(patient: &Patient<'_>) -> Vec<Check> {
    let mut checks = lake(patient).await;
    let mut add = |name, finding| checks.push(Check { name, finding });
    add("state file", state(patient.state).await);
    add("listener", address(patient.told).into());
    add("signing secret", signing_secret(patient.told));
    add("app token", app_token(patient.told));
    match slack(patient.told).await {
        Ok(myself) => {
            add("bot token", Finding::Ok(who(&myself)));
            add("scopes", scopes(&myself).into());
        }
        Err(failure) => {
            add("bot token", Finding::NotOk(Box::new(failure)));
            add("scopes", Finding::Skipped("the bot token first".to_owned()));
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

fn address(told: &Told) -> Result<String, Failure> {
    told.metrics()?;
    told.triage_channel()?;
    told.lease()?;
    Ok(told.listen()?.to_string())
}

fn signing_secret(told: &Told) -> Finding {
    match told.signing_secrets() {
        Ok(secrets) if secrets.is_empty() => Finding::Skipped("Socket Mode needs none".to_owned()),
        Ok(secrets) if secrets.len() > 1 => Finding::Ok("two, during a rotation".to_owned()),
        Ok(_) => Finding::Ok("looks like one".to_owned()),
        Err(failure) => Finding::NotOk(Box::new(failure)),
    }
}

fn app_token(told: &Told) -> Finding {
    match told.app_token() {
        Ok(None) => Finding::Skipped("only Socket Mode needs one".to_owned()),
        Ok(Some(_)) => Finding::Ok("looks like one".to_owned()),
        Err(failure) => Finding::NotOk(Box::new(failure)),
    }
}

async fn slack(told: &Told) -> Result<Myself, Failure> {
    let settings = chat::Settings {
        token: told.bot_token()?,
        api_url: told.api_url()?,
        response_hosts: told.response_hosts()?,
        timeout: SLACK_TIMEOUT,
    };
    let asked = match Client::new(settings) {
        Ok(client) => client.who_am_i().await,
        Err(error) => Err(error),
    };
    asked.map_err(|error| refusal::of_slack(&error))
}

fn who(myself: &Myself) -> String {
    match &myself.team {
        Some(team) => format!("{} in {team}", myself.user),
        None => myself.user.clone(),
    }
}

fn scopes(myself: &Myself) -> Result<String, Failure> {
    let missing: Vec<&str> = SCOPES
        .into_iter()
        .filter(|scope| !myself.scopes.iter().any(|has| has == scope))
        .collect();
    if missing.is_empty() {
        return Ok(format!("all {}", SCOPES.len()));
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
