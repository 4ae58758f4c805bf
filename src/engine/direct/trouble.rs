//! What went wrong in the store, in our words.
//!
//! object_store wraps the cause several times; only the innermost is worth reading,
//! and whether time ran out is known to the layers between.

use std::error::Error as _;

use object_store::client::{HttpError, HttpErrorKind};

use crate::engine::Error;

/// The text of the first cause, without the XML that S3 adds.
pub(super) fn innermost(error: &object_store::Error) -> String {
    let text = first_cause(error);
    let plain = text.split(": <").next().unwrap_or_default();
    plain.trim_end_matches([':', ' ']).to_owned()
}

fn first_cause(error: &object_store::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

/// A listing of a bucket that is not there is no `NotFound` to object_store.
pub(super) fn is_not_found(error: &object_store::Error) -> bool {
    matches!(error, object_store::Error::NotFound { .. })
        || first_cause(error).contains("<Code>NoSuchBucket</Code>")
}

/// `what` was being done; `NotFound` is the caller's to judge.
pub(super) fn named(what: String, error: &object_store::Error) -> Error {
    if is_denied(error) {
        return Error::Denied { what };
    }
    if timed_out(error) {
        return Error::TimedOut { what };
    }
    let what = format!("{what}: {}", innermost(error));
    if is_in_the_way(error) {
        return Error::Unlistable { what };
    }
    match is_permanent(error) {
        true => Error::Misconfigured { what },
        false => Error::Unavailable { what },
    }
}

/// A link that leads in a circle, or a name that is no path, fails the listing of its folder.
fn is_in_the_way(error: &object_store::Error) -> bool {
    use object_store::path::Error::{BadSegment, InvalidPath, NonUnicode};
    causes(error).any(|cause| {
        let path = cause.downcast_ref();
        matches!(
            path,
            Some(BadSegment { .. } | InvalidPath { .. } | NonUnicode { .. })
        )
    }) || first_cause(error).contains("File system loop found")
}

/// Asking again would give the same.
fn is_permanent(error: &object_store::Error) -> bool {
    use object_store::Error::{InvalidPath, NotImplemented, NotSupported, UnknownConfigurationKey};
    matches!(
        error,
        InvalidPath { .. }
            | NotImplemented { .. }
            | NotSupported { .. }
            | UnknownConfigurationKey { .. }
    ) || first_cause(error).contains("incorrectly configured region")
}

/// A listing that is refused is neither of the two to object_store, nor is what a disk
/// refuses.
fn is_denied(error: &object_store::Error) -> bool {
    use object_store::Error::{PermissionDenied, Unauthenticated};
    let text = first_cause(error);
    matches!(error, PermissionDenied { .. } | Unauthenticated { .. })
        || causes(error).any(|cause| {
            let io = cause.downcast_ref::<std::io::Error>();
            io.is_some_and(|io| io.kind() == std::io::ErrorKind::PermissionDenied)
        })
        || ["401", "403"]
            .iter()
            .any(|status| text.contains(&format!("status code: {status}")))
}

fn timed_out(error: &object_store::Error) -> bool {
    causes(error).any(|cause| {
        let http = cause.downcast_ref::<HttpError>().map(HttpError::kind);
        matches!(http, Some(HttpErrorKind::Timeout))
    })
}

/// From the outermost to the first.
fn causes(error: &object_store::Error) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
    std::iter::successors(error.source(), |&cause| cause.source())
}

/// An error of our own look at a disk, as object_store would give it.
pub(super) fn on_disk(source: std::io::Error) -> object_store::Error {
    if source.kind() == std::io::ErrorKind::NotFound {
        return object_store::Error::NotFound {
            path: String::new(),
            source: Box::new(source),
        };
    }
    object_store::Error::Generic {
        store: "disk",
        source: Box::new(source),
    }
}
