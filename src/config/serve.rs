//! What `why serve` is told, and by whom: flags win over variables, variables over a file, a file
//! over defaults.
//!
//! Says what is missing or wrong and where to find the right thing, never what it was given where
//! that is a secret. Opens nothing but the file. Start at [`Told`].

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use toml::de::{DeTable, DeValue};

use super::{
    API_AT_ONCE, APP_TOKEN, ATHENA_REUSE_MINUTES, ATHENA_WORKGROUP, BOT_TOKEN, CORS, ENGINE,
    EngineSaid, Environment, LEASE, LISTEN, LOG, METRICS, OIDC_AUDIENCE, OIDC_GROUPS_CLAIM,
    OIDC_ISSUER, OIDC_USER_CLAIM, PAGE_URL, SIGNING_SECRET, SIGNING_SECRET_OLD, SLACK_API_URL,
    STATE, TRIAGE_CHANNEL, Variable,
};
use crate::error::{Class, Failure};

#[cfg(test)]
mod tests;

/// One thing that can be set: by a key in the file, and by a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Setting {
    key: &'static str,
    variable: Variable,
}

/// The keys of the file. A flag has the same name, with hyphens; secrets have none, because
/// everybody on a machine can read the arguments of its processes; the lease, the claims and
/// how many ask at once have none, because hardly anybody needs others.
const SETTINGS: [Setting; 21] = [
    setting("slack_bot_token", BOT_TOKEN),
    setting("slack_signing_secret", SIGNING_SECRET),
    setting("slack_signing_secret_old", SIGNING_SECRET_OLD),
    setting("slack_app_token", APP_TOKEN),
    setting("slack_api_url", SLACK_API_URL),
    setting("listen", LISTEN),
    setting("metrics", METRICS),
    setting("state", STATE),
    setting("triage_channel", TRIAGE_CHANNEL),
    setting("log", LOG),
    setting("lease", LEASE),
    setting("engine", ENGINE),
    setting("athena_workgroup", ATHENA_WORKGROUP),
    setting("athena_reuse_minutes", ATHENA_REUSE_MINUTES),
    setting("page_url", PAGE_URL),
    setting("oidc_issuer", OIDC_ISSUER),
    setting("oidc_audience", OIDC_AUDIENCE),
    setting("oidc_user_claim", OIDC_USER_CLAIM),
    setting("oidc_groups_claim", OIDC_GROUPS_CLAIM),
    setting("cors", CORS),
    setting("api_at_once", API_AT_ONCE),
];

const fn setting(key: &'static str, variable: Variable) -> Setting {
    Setting { key, variable }
}

const DEFAULT_LISTEN: &str = "127.0.0.1:3000";
const DEFAULT_METRICS: &str = "127.0.0.1:9464";
const DEFAULT_API_URL: &str = "https://slack.com/api";
const DEFAULT_LOG: &str = "info";
const DEFAULT_LEASE: Duration = Duration::from_secs(60);
/// In seconds. Less is not enough for one call to Slack; with more an answer would come too late.
const LEASES: std::ops::RangeInclusive<u64> = 2..=600;
const LEVELS: [&str; 5] = ["error", "warn", "info", "debug", "trace"];

/// Everything that was said, the strongest word for each setting. No `Debug`: it holds secrets.
pub struct Told(BTreeMap<&'static str, String>);

impl Told {
    /// `flags` hold a value where one was typed.
    ///
    /// # Errors
    /// A file that can't be read, or says what is not known.
    pub fn new(
        flags: &[(Variable, Option<&str>)],
        environment: &Environment,
        file: Option<&Path>,
    ) -> Result<Self, Failure> {
        let mut told = match file {
            Some(file) => read(file)?,
            None => BTreeMap::new(),
        };
        for setting in SETTINGS {
            let flag = flags
                .iter()
                .find(|(variable, _)| *variable == setting.variable)
                .and_then(|(_, value)| *value);
            if let Some(value) = flag.or_else(|| environment.get(setting.variable)) {
                told.insert(setting.variable.name, value.trim().to_owned());
            }
        }
        told.retain(|_, value| !value.is_empty());
        Ok(Told(told))
    }

    pub(super) fn get(&self, variable: Variable) -> Option<&str> {
        self.0.get(variable.name).map(String::as_str)
    }

    /// Whether anything was said by which Slack is known, or knows us: without it there is the page
    /// and the API alone.
    #[must_use]
    pub fn wants_slack(&self) -> bool {
        let known_by = [BOT_TOKEN, SIGNING_SECRET, SIGNING_SECRET_OLD, APP_TOKEN];
        let needs_it = [TRIAGE_CHANNEL, SLACK_API_URL];
        let mut all = known_by.into_iter().chain(needs_it);
        all.any(|variable| self.get(variable).is_some())
    }

    /// # Errors
    /// None, or something else.
    pub fn bot_token(&self) -> Result<String, Failure> {
        match self.get(BOT_TOKEN) {
            None => Err(user(
                "no_bot_token",
                "There is no bot token.",
                format!("{BOT_TOKEN_PLACE} Put it into SLACK_BOT_TOKEN."),
            )),
            Some(token) if token.starts_with("xoxb-") => Ok(token.to_owned()),
            Some(token) => Err(user(
                "bad_bot_token",
                format!(
                    "What stands in SLACK_BOT_TOKEN is {}: a bot token begins with xoxb-.",
                    kind(token)
                ),
                BOT_TOKEN_PLACE.to_owned(),
            )),
        }
    }

    /// The secrets that are accepted; none in Socket Mode, where nothing is signed.
    ///
    /// # Errors
    /// None though one is needed, or something else.
    pub fn signing_secrets(&self) -> Result<Vec<String>, Failure> {
        let both = [SIGNING_SECRET, SIGNING_SECRET_OLD];
        for variable in both {
            let Some(secret) = self.get(variable) else {
                continue;
            };
            let is_token = secret.starts_with("xox") || secret.starts_with("xapp-");
            if is_token || secret.len() < SHORTEST_SECRET || secret.contains(char::is_whitespace) {
                let what = if is_token {
                    kind(secret)
                } else {
                    "no signing secret"
                };
                return Err(user(
                    "bad_signing_secret",
                    format!(
                        "What stands in {} is {what}: a signing secret is 32 letters and digits.",
                        variable.name
                    ),
                    SECRET_PLACE.to_owned(),
                ));
            }
        }
        if self.get(SIGNING_SECRET).is_none() && self.get(APP_TOKEN).is_none() {
            return Err(no_signing_secret());
        }
        Ok(both
            .into_iter()
            .filter_map(|variable| self.get(variable))
            .map(str::to_owned)
            .collect())
    }

    /// # Errors
    /// Something that is no app-level token.
    pub fn app_token(&self) -> Result<Option<String>, Failure> {
        match self.get(APP_TOKEN) {
            Some(token) if !token.starts_with("xapp-") => Err(user(
                "bad_app_token",
                format!(
                    "What stands in SLACK_APP_TOKEN is {}: an app-level token begins with xapp-.",
                    kind(token)
                ),
                APP_TOKEN_PLACE.to_owned(),
            )),
            token => Ok(token.map(str::to_owned)),
        }
    }

    #[must_use]
    pub fn engine(&self) -> EngineSaid {
        let said = |variable| self.get(variable).map(str::to_owned);
        EngineSaid {
            engine: said(ENGINE),
            workgroup: said(ATHENA_WORKGROUP),
            reuse_minutes: said(ATHENA_REUSE_MINUTES),
        }
    }

    /// Without a slash at its end.
    ///
    /// # Errors
    /// A URL over which the token would travel in the open, or none at all.
    pub fn api_url(&self) -> Result<String, Failure> {
        let url = self
            .get(SLACK_API_URL)
            .unwrap_or(DEFAULT_API_URL)
            .trim_end_matches('/');
        let is_safe = url.strip_prefix("https://").is_some_and(|r| !r.is_empty());
        if is_safe || loopback_host(url).is_some() {
            return Ok(url.to_owned());
        }
        Err(user(
            "bad_api_url",
            "SLACK_API_URL is neither https nor on this machine: the token would travel in the open.",
            format!(
                "Leave it out for Slack itself ({DEFAULT_API_URL}); a fake stands at http://127.0.0.1:PORT/api."
            ),
        ))
    }

    /// The hosts that a response URL may name: Slack's, or the fake's.
    ///
    /// # Errors
    /// As [`Told::api_url`].
    pub fn response_hosts(&self) -> Result<Vec<String>, Failure> {
        let url = self.api_url()?;
        Ok(match loopback_host(&url) {
            Some(host) => vec![host.to_owned()],
            None => ["hooks.slack.com", "hooks.slack-gov.com"]
                .map(str::to_owned)
                .to_vec(),
        })
    }

    /// # Errors
    /// Not an address and a port.
    pub fn listen(&self) -> Result<SocketAddr, Failure> {
        address(LISTEN, self.get(LISTEN).unwrap_or(DEFAULT_LISTEN))
    }

    /// `None` where they are `off`.
    ///
    /// # Errors
    /// Not an address and a port.
    pub fn metrics(&self) -> Result<Option<SocketAddr>, Failure> {
        match self.get(METRICS).unwrap_or(DEFAULT_METRICS) {
            "off" => Ok(None),
            text => address(METRICS, text).map(Some),
        }
    }

    /// As it was said; where nothing was, the caller knows the usual name.
    #[must_use]
    pub fn state(&self) -> Option<&Path> {
        self.get(STATE).map(Path::new)
    }

    /// # Errors
    /// A name instead of an id.
    pub fn triage_channel(&self) -> Result<Option<String>, Failure> {
        match self.get(TRIAGE_CHANNEL) {
            Some(id) if !is_channel(id) => Err(user(
                "bad_triage_channel",
                format!("{id} is not the id of a channel."),
                "In Slack, open the channel's details: its id stands at the end, such as C0123456789.",
            )),
            id => Ok(id.map(str::to_owned)),
        }
    }

    /// # Errors
    /// No whole number of seconds, or one that makes no sense.
    pub fn lease(&self) -> Result<Duration, Failure> {
        let Some(text) = self.get(LEASE) else {
            return Ok(DEFAULT_LEASE);
        };
        match text.parse().ok().filter(|seconds| LEASES.contains(seconds)) {
            Some(seconds) => Ok(Duration::from_secs(seconds)),
            None => Err(user(
                "bad_lease",
                format!("{text} is no lease."),
                format!(
                    "Write whole seconds from {} to {}, or leave it out for {}.",
                    LEASES.start(),
                    LEASES.end(),
                    DEFAULT_LEASE.as_secs()
                ),
            )),
        }
    }

    /// # Errors
    /// A word that is no level.
    pub fn log(&self) -> Result<&str, Failure> {
        let level = self.get(LOG).unwrap_or(DEFAULT_LOG);
        if LEVELS.contains(&level) {
            return Ok(level);
        }
        Err(user(
            "bad_log_level",
            format!("{level} is no level of the log."),
            format!("Write one of {}.", LEVELS.join(", ")),
        ))
    }
}

/// Less than this is a slip of the clipboard.
const SHORTEST_SECRET: usize = 16;
const BOT_TOKEN_PLACE: &str =
    "Find it at api.slack.com/apps, your app, OAuth & Permissions: Bot User OAuth Token.";
const SECRET_PLACE: &str =
    "Find it at api.slack.com/apps, your app, Basic Information: Signing Secret.";
const APP_TOKEN_PLACE: &str = "Make one at api.slack.com/apps, your app, Basic Information: App-Level Tokens, with the scope connections:write.";

/// Nothing by which Slack's requests could be told from anybody's.
#[must_use]
pub fn no_signing_secret() -> Failure {
    user(
        "no_signing_secret",
        "There is no signing secret.",
        format!(
            "{SECRET_PLACE} Put it into SLACK_SIGNING_SECRET; or use Socket Mode, with SLACK_APP_TOKEN."
        ),
    )
}

/// What somebody took for a token, without a word of it.
fn kind(token: &str) -> &'static str {
    if token.starts_with("xoxb-") {
        "a bot token"
    } else if token.starts_with("xoxp-") {
        "a user token"
    } else if token.starts_with("xapp-") {
        "an app-level token"
    } else {
        "something else"
    }
}

fn is_channel(id: &str) -> bool {
    id.starts_with(['C', 'G']) && id.len() > 1 && id.chars().all(|c| c.is_ascii_alphanumeric())
}

/// `127.0.0.1:8080` of `http://127.0.0.1:8080/api`; `None` where that is not this machine.
pub(super) fn loopback_host(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("http://")?;
    let host = rest.split('/').next().unwrap_or_default();
    let address = host.parse::<SocketAddr>().ok()?;
    address.ip().is_loopback().then_some(host)
}

/// Wherever it may have been said: `--listen or WHY_LISTEN`.
fn said_by(variable: Variable) -> String {
    let setting = SETTINGS.iter().find(|s| s.variable == variable);
    let flag = setting.map_or("", |s| s.key).replace('_', "-");
    format!("--{flag} or {}", variable.name)
}

fn address(variable: Variable, text: &str) -> Result<SocketAddr, Failure> {
    text.parse().map_err(|_| {
        user(
            "bad_address",
            format!("{text} is no address and port ({}).", said_by(variable)),
            "Write it like 127.0.0.1:3000; [::1]:3000 for IPv6, 0.0.0.0:3000 for every network.",
        )
    })
}

fn read(file: &Path) -> Result<BTreeMap<&'static str, String>, Failure> {
    let text = std::fs::read_to_string(file).map_err(|error| {
        user(
            "no_config",
            format!("The file {} can't be read: {error}.", file.display()),
            "Name another with --config, or leave it out.",
        )
    })?;
    // Neither the reader's message nor a line of the file: they may quote a secret.
    let table = DeTable::parse(&text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start));
        let line = before.map_or(1, |before| before.matches('\n').count() + 1);
        user(
            "bad_config",
            format!("Line {line} of {} is not TOML.", file.display()),
            "Write `key = \"value\"` lines.",
        )
    })?;
    table
        .get_ref()
        .iter()
        .map(|(key, value)| entry(file, key.get_ref(), value.get_ref()))
        .collect()
}

fn entry(file: &Path, key: &str, value: &DeValue<'_>) -> Result<(&'static str, String), Failure> {
    let Some(setting) = SETTINGS.iter().find(|setting| setting.key == key) else {
        let near = SETTINGS
            .iter()
            .map(|setting| (strsim::osa_distance(setting.key, key), setting.key))
            .min()
            .filter(|(distance, _)| *distance <= 3);
        let keys = SETTINGS.map(|setting| setting.key).join(", ");
        return Err(user(
            "unknown_key",
            format!("{} sets {key}, which there is not.", file.display()),
            match near {
                Some((_, near)) => format!("Did you mean {near}?"),
                None => format!("There is: {keys}."),
            },
        ));
    };
    match value.as_str() {
        Some(text) => Ok((setting.variable.name, text.trim().to_owned())),
        None => Err(user(
            "bad_value",
            format!("{key} in {} is no text.", file.display()),
            format!("Put it between double quotes: {key} = \"…\"."),
        )),
    }
}

pub(super) fn user(
    code: &'static str,
    text: impl Into<String>,
    advice: impl Into<String>,
) -> Failure {
    Failure::new(Class::User, code, text, advice)
}
