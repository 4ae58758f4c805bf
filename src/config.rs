//! What the environment says: every variable is declared here, once.
//!
//! `main` collects the variables and passes them in; nothing else reads them.
//! Flags win over variables, variables over defaults.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::catalog;

#[cfg(feature = "lambda")]
pub mod lambda;
pub mod serve;
pub mod web;

/// One variable that `why` reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable {
    pub name: &'static str,
    /// What it is for, as `why help` and the README print it.
    pub doc: &'static str,
}

/// The catalog file, or the folder it is in. `--catalog` wins over it.
pub const CATALOG: Variable = Variable {
    name: "WHY_CATALOG",
    doc: "the catalog file, or the folder that holds it; without it: why.toml here",
};

/// Set to anything but nothing: no colour.
pub const NO_COLOR: Variable = Variable {
    name: "NO_COLOR",
    doc: "set to anything: plain text without colour",
};

/// `dumb`: the terminal knows no codes.
pub const TERM: Variable = Variable {
    name: "TERM",
    doc: "`dumb`: plain text without colour",
};

/// Asked where no terminal tells its width.
pub const COLUMNS: Variable = Variable {
    name: "COLUMNS",
    doc: "how wide lines may be where the answer goes to no terminal; without it: 100",
};

/// A secret: never printed.
pub const BOT_TOKEN: Variable = Variable {
    name: "SLACK_BOT_TOKEN",
    doc: "the app's bot token (xoxb-…), for `why serve`",
};

/// A secret: never printed.
pub const SIGNING_SECRET: Variable = Variable {
    name: "SLACK_SIGNING_SECRET",
    doc: "the app's signing secret, by which Slack's requests are known; not needed in Socket Mode",
};

/// A secret: never printed.
pub const SIGNING_SECRET_OLD: Variable = Variable {
    name: "SLACK_SIGNING_SECRET_OLD",
    doc: "during a rotation: the secret that is also still accepted",
};

/// A secret: never printed.
pub const APP_TOKEN: Variable = Variable {
    name: "SLACK_APP_TOKEN",
    doc: "the app-level token (xapp-…): Socket Mode, without a public URL",
};

/// Another Slack than Slack: a fake on this machine.
pub const SLACK_API_URL: Variable = Variable {
    name: "SLACK_API_URL",
    doc: "where Slack's Web API is; without it: https://slack.com/api",
};

pub const LISTEN: Variable = Variable {
    name: "WHY_LISTEN",
    doc: "where `why serve` takes Slack's requests; without it: 127.0.0.1:3000",
};

pub const METRICS: Variable = Variable {
    name: "WHY_METRICS",
    doc: "where `why serve` shows its metrics, or `off`; without it: 127.0.0.1:9464",
};

pub const STATE: Variable = Variable {
    name: "WHY_STATE",
    doc: "the state file of `why serve`; without it: why-state.sqlite here",
};

pub const TRIAGE_CHANNEL: Variable = Variable {
    name: "WHY_TRIAGE_CHANNEL",
    doc: "the id of the channel for reports of wrong values; without it there are none",
};

pub const LOG: Variable = Variable {
    name: "WHY_LOG",
    doc: "how much `why serve` logs: error, warn, info, debug or trace; without it: info",
};

/// For tests and drills: nobody needs another one.
pub const LEASE: Variable = Variable {
    name: "WHY_LEASE",
    doc: "after how many seconds another `why serve` takes up a job that one died over; without it: 60",
};

/// `--engine` wins over it.
pub const ENGINE: Variable = Variable {
    name: "WHY_ENGINE",
    doc: "who reads the lake: direct (this process), athena, or auto (each question by the likely faster); without it: direct",
};

pub const ATHENA_WORKGROUP: Variable = Variable {
    name: "WHY_ATHENA_WORKGROUP",
    doc: "the workgroup that Athena's queries run in; without it: primary",
};

pub const ATHENA_REUSE_MINUTES: Variable = Variable {
    name: "WHY_ATHENA_REUSE_MINUTES",
    doc: "how old a result of the same query may be to be taken for this one's; without it, or with 0: each is run",
};

/// Where links lead; without it Slack's answers have none.
pub const PAGE_URL: Variable = Variable {
    name: "WHY_PAGE_URL",
    doc: "how people reach the page (https://why.example.com): Slack's answers link to it",
};

pub const OIDC_ISSUER: Variable = Variable {
    name: "WHY_OIDC_ISSUER",
    doc: "the OpenID Connect issuer whose tokens open the page and the API (https://…)",
};

pub const OIDC_AUDIENCE: Variable = Variable {
    name: "WHY_OIDC_AUDIENCE",
    doc: "the audience that its tokens must be made for: why's client id there",
};

pub const OIDC_USER_CLAIM: Variable = Variable {
    name: "WHY_OIDC_USER_CLAIM",
    doc: "the claim that holds somebody's id as the catalog names people; without it: sub",
};

pub const OIDC_GROUPS_CLAIM: Variable = Variable {
    name: "WHY_OIDC_GROUPS_CLAIM",
    doc: "the claim that holds somebody's groups as the catalog names them; without it: groups",
};

pub const CORS: Variable = Variable {
    name: "WHY_CORS",
    doc: "origins of other pages whose scripts may read the API, with commas between; without it: none",
};

pub const API_AT_ONCE: Variable = Variable {
    name: "WHY_API_AT_ONCE",
    doc: "how many questions over HTTP read the lake at once, the others wait; without it: 64",
};

/// All variables of our own, in the order in which they are documented.
pub const VARIABLES: [Variable; 25] = [
    CATALOG,
    NO_COLOR,
    TERM,
    COLUMNS,
    BOT_TOKEN,
    SIGNING_SECRET,
    SIGNING_SECRET_OLD,
    APP_TOKEN,
    SLACK_API_URL,
    LISTEN,
    METRICS,
    STATE,
    TRIAGE_CHANNEL,
    LOG,
    LEASE,
    ENGINE,
    ATHENA_WORKGROUP,
    ATHENA_REUSE_MINUTES,
    PAGE_URL,
    OIDC_ISSUER,
    OIDC_AUDIENCE,
    OIDC_USER_CLAIM,
    OIDC_GROUPS_CLAIM,
    CORS,
    API_AT_ONCE,
];

/// The variables of a lake on S3, under the names that AWS's own tools use.
pub const S3_PREFIX: &str = "AWS_";

/// What was said of the engine; words that nobody has read yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EngineSaid {
    pub engine: Option<String>,
    pub workgroup: Option<String>,
    pub reuse_minutes: Option<String>,
}

/// The process's environment.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    variables: BTreeMap<String, String>,
}

impl FromIterator<(String, String)> for Environment {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(variables: I) -> Self {
        Environment {
            variables: variables.into_iter().collect(),
        }
    }
}

impl FromIterator<(OsString, OsString)> for Environment {
    /// What is not text is not ours.
    fn from_iter<I: IntoIterator<Item = (OsString, OsString)>>(variables: I) -> Self {
        let text = |(name, value): (OsString, OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        variables.into_iter().filter_map(text).collect()
    }
}

impl Environment {
    pub(crate) fn get(&self, variable: Variable) -> Option<&str> {
        self.variables
            .get(variable.name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// Where the catalog is: the flag, the variable, or `why.toml` here.
    #[must_use]
    pub fn catalog_file(&self, flag: Option<&Path>) -> PathBuf {
        let named = flag
            .map(Path::to_path_buf)
            .or_else(|| self.get(CATALOG).map(PathBuf::from));
        match named {
            Some(path) if path.is_dir() => path.join(catalog::FILE_NAME),
            Some(path) => path,
            None => PathBuf::from(catalog::FILE_NAME),
        }
    }

    #[must_use]
    pub fn wants_no_colour(&self) -> bool {
        self.get(NO_COLOR).is_some() || self.get(TERM) == Some("dumb")
    }

    /// How wide lines may be, if it is said; a number of columns.
    #[must_use]
    pub fn columns(&self) -> Option<usize> {
        self.get(COLUMNS)?.trim().parse().ok()
    }

    /// The flag, or the variables.
    #[must_use]
    pub fn engine(&self, flag: Option<&str>) -> EngineSaid {
        let said = |variable| self.get(variable).map(|value| value.trim().to_owned());
        EngineSaid {
            engine: flag.map(str::to_owned).or_else(|| said(ENGINE)),
            workgroup: said(ATHENA_WORKGROUP),
            reuse_minutes: said(ATHENA_REUSE_MINUTES),
        }
    }

    /// What a lake on S3 needs: region, endpoint and credentials.
    #[must_use]
    pub fn s3_options(&self) -> BTreeMap<String, String> {
        self.variables
            .iter()
            .filter(|(name, value)| name.starts_with(S3_PREFIX) && !value.is_empty())
            .map(|(name, value)| (name.to_ascii_lowercase(), value.clone()))
            .collect()
    }
}

#[cfg(test)]
mod tests;
