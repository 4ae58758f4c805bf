//! What went wrong in a call, in our words.
//!
//! The codes are Athena's and those that all of AWS's services share. Whatever is not plainly
//! our fault may work in a moment. Start at [`named`].

use aws_sdk_athena::config::http::HttpResponse;
use aws_sdk_athena::error::{ProvideErrorMetadata, SdkError};

use crate::engine::Error;

const THROTTLED: [&str; 5] = [
    "TooManyRequestsException",
    "ThrottlingException",
    "Throttling",
    "RequestLimitExceeded",
    "SlowDown",
];
const DENIED: [&str; 8] = [
    "AccessDeniedException",
    "AccessDenied",
    "UnrecognizedClientException",
    "ExpiredTokenException",
    "InvalidSignatureException",
    "IncompleteSignature",
    "MissingAuthenticationTokenException",
    "OptInRequired",
];

/// `call` is what Athena was asked to do.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "whatever else the SDK may say is an answer that it can't read"
)]
pub(super) fn named<E>(call: &str, error: &SdkError<E, HttpResponse>) -> Error
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let what = format!("Athena, {call}");
    match error {
        SdkError::TimeoutError(_) => Error::TimedOut { what },
        SdkError::DispatchFailure(failure) if failure.is_timeout() => Error::TimedOut { what },
        SdkError::DispatchFailure(failure) if failure.is_io() || failure.is_other() => {
            let cause = first_cause(error);
            match cause.contains("credentials") {
                true => Error::AthenaDenied {
                    what: format!("{call}: {cause}"),
                },
                false => Error::Unavailable {
                    what: format!("{what}: {cause}"),
                },
            }
        }
        SdkError::ConstructionFailure(_) | SdkError::DispatchFailure(_) => {
            let cause = first_cause(error);
            if cause.contains("credentials") {
                return Error::AthenaDenied {
                    what: format!("{call}: {cause}"),
                };
            }
            Error::Misconfigured {
                what: format!("{what}: {cause}"),
            }
        }
        SdkError::ServiceError(service) => {
            let status = service.raw().status().as_u16();
            said(call, status, service.err())
        }
        _ => unreadable(call),
    }
}

/// Whether Glue knows no such table or database: Athena wraps what Glue says of it.
pub(super) fn is_no_entity<E>(error: &SdkError<E, HttpResponse>) -> bool
where
    E: ProvideErrorMetadata,
{
    let SdkError::ServiceError(service) = error else {
        return false;
    };
    let (code, message) = (service.err().code(), service.err().message());
    code == Some("MetadataException")
        && message.is_some_and(|message| message.contains("EntityNotFoundException"))
}

/// An answer that is none.
pub(super) fn unreadable(call: &str) -> Error {
    Error::Unavailable {
        what: format!("Athena, {call}: its answer can't be read"),
    }
}

fn said(call: &str, status: u16, error: &impl ProvideErrorMetadata) -> Error {
    let code = error.code().unwrap_or_default();
    let message = error.message().unwrap_or_default();
    let told = match (code, message) {
        ("", "") => format!("{call}: status {status}"),
        (code, "") => format!("{call}: {code}"),
        (_, message) => format!("{call}: {message}"),
    };
    if status == 429 || THROTTLED.contains(&code) {
        return Error::Throttled { what: told };
    }
    if DENIED.contains(&code) || status == 401 || status == 403 {
        return Error::AthenaDenied { what: told };
    }
    if code.is_empty() || status >= 500 || code == "InternalServerException" {
        return Error::Unavailable {
            what: format!("Athena, {told}"),
        };
    }
    Error::QueryRefused { what: told }
}

fn first_cause(error: &(dyn std::error::Error + 'static)) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
