//! Why `why serve` does not start, in words: what was wrong, what to do next.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::Path;

use crate::chat;
use crate::error::{Class, Failure, sentence};
use crate::oidc;

pub(super) fn of_port(address: SocketAddr, error: &std::io::Error) -> Failure {
    let kind = error.kind();
    let advice = if kind == ErrorKind::AddrInUse {
        "Another process is there: end it, or choose another port."
    } else if kind == ErrorKind::PermissionDenied {
        "Ports below 1024 need rights: choose a higher one, behind a proxy."
    } else if kind == ErrorKind::AddrNotAvailable {
        "This machine has no such address: 127.0.0.1 is always there."
    } else {
        "Choose another address with --listen and --metrics."
    };
    Failure::new(
        Class::User,
        "port",
        format!("Can't listen on {address}: {error}."),
        advice,
    )
}

pub(super) fn of_no_folder(file: &Path) -> Failure {
    Failure::new(
        Class::User,
        "state",
        format!(
            "The state file {} would lie in a folder that does not exist.",
            file.display()
        ),
        "Make the folder, or name another file with --state or WHY_STATE.",
    )
}

/// The lake would be open to everybody who reaches the address.
pub(super) fn of_open_door(address: SocketAddr, state: &Path) -> Failure {
    Failure::new(
        Class::User,
        "open_door",
        format!(
            "On {address} others reach the page and the API, and there is no way to say who they are."
        ),
        format!(
            "Make a token (`why token create NAME --user ID --state {}`), or name an issuer (WHY_OIDC_ISSUER, WHY_OIDC_AUDIENCE); or listen on 127.0.0.1 alone.",
            state.display()
        ),
    )
}

/// It starts all the same: links open.
pub(super) fn of_nobody() -> Failure {
    Failure::new(
        Class::User,
        "nobody",
        "Nobody may ask but holders of links: the page is reached from elsewhere (WHY_PAGE_URL), so \
         that being at this machine tells nothing.",
        "Make a token (`why token create NAME --user ID`), or name an issuer (WHY_OIDC_ISSUER).",
    )
}

pub(super) fn of_issuer(error: &oidc::Error) -> Failure {
    Failure::new(
        Class::Retry,
        "issuer",
        sentence(error),
        "See whether this machine reaches the issuer, and whether WHY_OIDC_ISSUER is what its tokens say (`iss`).",
    )
}

/// Requests and metrics are for different eyes.
pub(super) fn of_one_port(address: SocketAddr) -> Failure {
    Failure::new(
        Class::User,
        "port",
        format!("Slack's requests and the metrics can't both be on {address}."),
        "Give --metrics another port, or `off`.",
    )
}

/// The state file's own words already say what to do.
pub(super) fn of_state(error: &(dyn std::error::Error + 'static)) -> Failure {
    Failure::new(
        Class::User,
        "state",
        format!("The state file can't be used: {error}."),
        "Name another with --state or WHY_STATE.",
    )
}

pub(super) fn of_slack(error: &chat::Error) -> Failure {
    let text = sentence(error);
    match error {
        chat::Error::Auth(_) => Failure::new(
            Class::User,
            "slack_auth",
            text,
            "Install the app anew at api.slack.com/apps (Install App), and copy its Bot User OAuth Token into SLACK_BOT_TOKEN.",
        ),
        chat::Error::RateLimited(_) | chat::Error::Retry(_) => Failure::new(
            Class::Retry,
            "slack_unavailable",
            text,
            "See whether this machine reaches slack.com, and status.slack.com; then try again.",
        ),
        chat::Error::Unreachable(_)
        | chat::Error::Gone(_)
        | chat::Error::Refused(_)
        | chat::Error::Unknown(_) => Failure::new(
            Class::User,
            "slack_url",
            text,
            "See whether SLACK_API_URL is right; without it Slack itself is asked.",
        ),
    }
}

/// Socket Mode came to its end: the app-level token is refused.
pub(super) fn of_socket(error: &chat::Error) -> Failure {
    Failure::new(
        Class::User,
        "slack_socket",
        format!("Socket Mode ended: {error}."),
        "Make an app-level token with the scope connections:write at api.slack.com/apps (Basic Information), put it into SLACK_APP_TOKEN, and see that Socket Mode is on.",
    )
}
