//! What each Lambda is told by its environment, which the template in `infra/` sets.
//!
//! A list for each function, so that a test can hold the template to it. Says what is missing or
//! wrong; opens nothing. Start at [`Ingress::told`].

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::serve::Told;
use super::web::Web;
use super::{
    ATHENA_REUSE_MINUTES, ATHENA_WORKGROUP, CATALOG, ENGINE, EngineSaid, Environment, LOG,
    OIDC_AUDIENCE, OIDC_GROUPS_CLAIM, OIDC_ISSUER, OIDC_USER_CLAIM, PAGE_URL, SLACK_API_URL,
    TRIAGE_CHANNEL, Variable,
};
use crate::error::{Class, Failure};

#[cfg(test)]
mod tests;

/// Holds `{"bot_token": …, "signing_secret": …, "link_key": …}`.
pub const SECRET: Variable = Variable {
    name: "WHY_SECRET",
    doc: "the name or ARN of the secret in Secrets Manager",
};

pub const QUEUE_URL: Variable = Variable {
    name: "WHY_QUEUE_URL",
    doc: "the URL of the queue of questions",
};

pub const DEAD_LETTERS_URL: Variable = Variable {
    name: "WHY_DEAD_LETTERS_URL",
    doc: "the URL of the queue of dead letters",
};

pub const LEDGER_TABLE: Variable = Variable {
    name: "WHY_LEDGER_TABLE",
    doc: "the name of the ledger's table in DynamoDB",
};

/// Two stacks of one account report to the same CloudWatch.
pub const STACK: Variable = Variable {
    name: "WHY_STACK",
    doc: "the name of the stack, by which its metrics are told from another's; by default `why`",
};
const DEFAULT_STACK: &str = "why";

/// The SDK reads it itself; empty in production.
pub const ATHENA_ENDPOINT: Variable = Variable {
    name: "AWS_ENDPOINT_URL_ATHENA",
    doc: "another Athena than AWS's, for tests; empty: AWS's own",
};

/// The variables of the ingress function.
pub const INGRESS: [Variable; 6] = [CATALOG, SECRET, QUEUE_URL, STACK, LOG, SLACK_API_URL];

/// The variables of the worker function.
pub const WORKER: [Variable; 14] = [
    CATALOG,
    SECRET,
    QUEUE_URL,
    DEAD_LETTERS_URL,
    LEDGER_TABLE,
    STACK,
    ENGINE,
    ATHENA_WORKGROUP,
    ATHENA_REUSE_MINUTES,
    TRIAGE_CHANNEL,
    PAGE_URL,
    LOG,
    SLACK_API_URL,
    ATHENA_ENDPOINT,
];

/// The variables of the function that takes the dead letters: the worker's, without a lake.
pub const DEAD_LETTERS: [Variable; 9] = [
    CATALOG,
    SECRET,
    QUEUE_URL,
    DEAD_LETTERS_URL,
    LEDGER_TABLE,
    STACK,
    LOG,
    SLACK_API_URL,
    TRIAGE_CHANNEL,
];

/// The variables of the api function.
pub const API: [Variable; 15] = [
    CATALOG,
    SECRET,
    QUEUE_URL,
    LEDGER_TABLE,
    ENGINE,
    ATHENA_WORKGROUP,
    ATHENA_REUSE_MINUTES,
    PAGE_URL,
    OIDC_ISSUER,
    OIDC_AUDIENCE,
    OIDC_USER_CLAIM,
    OIDC_GROUPS_CLAIM,
    STACK,
    LOG,
    ATHENA_ENDPOINT,
];

/// How Slack is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slack {
    pub api_url: String,
    /// Hosts that a response URL may name.
    pub response_hosts: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ingress {
    pub catalog_file: PathBuf,
    pub secret: String,
    pub queue_url: String,
    pub stack: String,
    pub slack: Slack,
}

/// Of the worker, and of what takes the dead letters: one program, which tells by the record
/// what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worker {
    pub catalog_file: PathBuf,
    pub secret: String,
    pub queue_url: String,
    pub dead_letters_url: String,
    pub ledger_table: String,
    pub stack: String,
    pub triage_channel: Option<String>,
    pub page_url: Option<String>,
    pub slack: Slack,
    pub engine: EngineSaid,
    /// What the lake on S3 needs.
    pub s3: BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Api {
    pub catalog_file: PathBuf,
    pub secret: String,
    pub stack: String,
    pub queue_url: String,
    pub ledger_table: String,
    pub web: Web,
    pub engine: EngineSaid,
    pub s3: BTreeMap<String, String>,
}

impl Ingress {
    /// # Errors
    /// A variable that is missing or wrong.
    pub fn told(environment: &Environment) -> Result<Self, Failure> {
        let told = told(environment)?;
        Ok(Ingress {
            catalog_file: environment.catalog_file(None),
            secret: required(environment, SECRET)?,
            queue_url: required(environment, QUEUE_URL)?,
            stack: stack(environment),
            slack: slack(&told)?,
        })
    }
}

impl Worker {
    /// # Errors
    /// A variable that is missing or wrong.
    pub fn told(environment: &Environment) -> Result<Self, Failure> {
        let told = told(environment)?;
        Ok(Worker {
            catalog_file: environment.catalog_file(None),
            secret: required(environment, SECRET)?,
            queue_url: required(environment, QUEUE_URL)?,
            dead_letters_url: required(environment, DEAD_LETTERS_URL)?,
            ledger_table: required(environment, LEDGER_TABLE)?,
            stack: stack(environment),
            triage_channel: told.triage_channel()?,
            page_url: told.web()?.page_url,
            slack: slack(&told)?,
            engine: environment.engine(None),
            s3: environment.s3_options(),
        })
    }
}

impl Api {
    /// # Errors
    /// A variable that is missing or wrong.
    pub fn told(environment: &Environment) -> Result<Self, Failure> {
        let told = told(environment)?;
        Ok(Api {
            catalog_file: environment.catalog_file(None),
            secret: required(environment, SECRET)?,
            stack: stack(environment),
            queue_url: required(environment, QUEUE_URL)?,
            ledger_table: required(environment, LEDGER_TABLE)?,
            web: told.web()?,
            engine: environment.engine(None),
            s3: environment.s3_options(),
        })
    }
}

/// How much is logged; the usual where it is said wrong, because it is needed to say so.
#[must_use]
pub fn log(environment: &Environment) -> String {
    let told = Told::new(&[], environment, None);
    let level = told.and_then(|told| told.log().map(str::to_owned));
    level.unwrap_or_else(|_| "info".to_owned())
}

/// With a level of the log that is one.
fn told(environment: &Environment) -> Result<Told, Failure> {
    let told = Told::new(&[], environment, None)?;
    told.log()?;
    Ok(told)
}

fn stack(environment: &Environment) -> String {
    let stack = environment.get(STACK).unwrap_or(DEFAULT_STACK);
    stack.to_owned()
}

fn slack(told: &Told) -> Result<Slack, Failure> {
    Ok(Slack {
        api_url: told.api_url()?,
        response_hosts: told.response_hosts()?,
    })
}

fn required(environment: &Environment, variable: Variable) -> Result<String, Failure> {
    let value = environment.get(variable).map(str::to_owned);
    value.ok_or_else(|| {
        Failure::new(
            Class::Internal,
            "no_variable",
            format!("{} is not set: {}.", variable.name, variable.doc),
            "Deploy the function by the template in infra/, which sets it.".to_owned(),
        )
    })
}
