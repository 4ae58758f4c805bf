//! Sorts what went wrong on the way to Slack by what to do next.
//!
//! Only codes and our own words reach a text: slack-morphism's errors print whole bodies, and a
//! code that does not look like one is not repeated. Start at [`of_call`].

use std::time::Duration;

use slack_morphism::errors::SlackClientError;

use super::Error;

#[cfg(test)]
mod tests;

/// Where Slack says "later" without saying when.
const DEFAULT_DELAY: Duration = Duration::from_secs(5);

/// A server that says more is not believed: a job must come back some day.
const LONGEST_DELAY: Duration = Duration::from_secs(3600);

/// Slack's codes are shorter.
const LONGEST_CODE: usize = 64;

/// What doing it twice does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// A second message: what may have been done is [`Error::Unknown`].
    Once,
    /// Nothing more than doing it once: reads, and writes that replace.
    Repeatable,
}

/// A call through slack-morphism that failed.
pub(super) fn of_call(error: SlackClientError, effect: Effect) -> Error {
    match error {
        SlackClientError::ApiError(e) => of_code(&e.code, effect),
        SlackClientError::HttpError(e) => of_status(e.status_code.as_u16(), effect),
        SlackClientError::RateLimitError(e) => rate_limited(e.retry_after),
        SlackClientError::HttpProtocolError(e) if e.cause.as_deref().is_some_and(unsent) => {
            Error::Retry("no connection".to_owned())
        }
        SlackClientError::HttpProtocolError(_) | SlackClientError::SystemError(_) => {
            undecided(effect, "the connection broke")
        }
        SlackClientError::ProtocolError(_)
        | SlackClientError::EndOfStream(_)
        | SlackClientError::SocketModeProtocolError(_) => undecided(effect, "unreadable"),
    }
}

/// Whether the request never left.
fn unsent(cause: &(dyn std::error::Error + Send + Sync + 'static)) -> bool {
    cause
        .downcast_ref::<hyper_util::client::legacy::Error>()
        .is_some_and(hyper_util::client::legacy::Error::is_connect)
}

/// Slack may have done it, or not.
pub(super) fn undecided(effect: Effect, what: &str) -> Error {
    match effect {
        Effect::Once => Error::Unknown(what.to_owned()),
        Effect::Repeatable => Error::Retry(what.to_owned()),
    }
}

pub(super) fn rate_limited(retry_after: Option<Duration>) -> Error {
    Error::RateLimited(retry_after.unwrap_or(DEFAULT_DELAY).min(LONGEST_DELAY))
}

/// A status other than 200 and 429.
pub(super) fn of_status(status: u16, effect: Effect) -> Error {
    let text = format!("HTTP {status}");
    match status {
        408 | 503 => Error::Retry(text),
        // Slack, or a proxy on the way, may have failed after it was done; 503 says that it was not.
        500..=599 => undecided(effect, &text),
        413 => Error::Refused(text),
        // Slack's methods say what they refuse with 200: this is another server, or a proxy.
        _ => Error::Auth(text),
    }
}

/// Slack's own code. One that is not known is a fault in what we sent.
pub(super) fn of_code(code: &str, effect: Effect) -> Error {
    let text = printable(code).to_owned();
    match code {
        "ratelimited" | "rate_limited" => rate_limited(None),
        "service_unavailable" | "request_timeout" | "team_added_to_org" => Error::Retry(text),
        // Slack: some of it may have succeeded.
        "internal_error" | "fatal_error" => undecided(effect, &text),
        "access_denied"
        | "accesslimited"
        | "account_inactive"
        | "ekm_access_denied"
        | "enterprise_is_restricted"
        | "forbidden_team"
        | "invalid_auth"
        | "method_deprecated"
        | "deprecated_endpoint"
        | "missing_scope"
        | "no_permission"
        | "not_allowed_token_type"
        | "not_authed"
        | "org_login_required"
        | "team_access_not_granted"
        | "token_expired"
        | "token_revoked"
        | "two_factor_setup_required"
        | "unknown_method" => Error::Auth(text),
        "as_user_not_supported"
        | "cannot_dm_bot"
        | "cannot_find_channel"
        | "cannot_find_message"
        | "cannot_find_service"
        | "cannot_reply_to_message"
        | "cannot_unfurl_message"
        | "cannot_unfurl_url"
        | "cant_update_message"
        | "channel_is_limited_access"
        | "channel_not_found"
        | "edit_window_closed"
        | "exchanged_trigger_id"
        | "expired_trigger_id"
        | "external_channel_migrating"
        | "invalid_channel"
        | "invalid_trigger"
        | "invalid_trigger_id"
        | "invalid_unfurl_id"
        | "is_archived"
        | "message_limit_exceeded"
        | "message_not_found"
        | "messages_tab_disabled"
        | "not_enabled"
        | "not_found"
        | "not_in_channel"
        | "team_not_found"
        | "thread_locked"
        | "thread_not_found"
        | "trigger_exchanged"
        | "trigger_expired"
        | "user_disabled"
        | "user_not_found"
        | "user_not_in_channel"
        | "user_not_visible"
        | "users_not_found" => Error::Unreachable(text),
        _ if code.starts_with("restricted_action") => Error::Unreachable(text),
        _ => Error::Refused(text),
    }
}

/// A code, or words in its place where it might be anything.
fn printable(code: &str) -> &str {
    let is_code = !code.is_empty()
        && code.len() <= LONGEST_CODE
        && code
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if is_code { code } else { "an unreadable code" }
}
