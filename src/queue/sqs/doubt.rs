//! Whether a message may lie in the queue although nobody said so: what is told to whoever asked.
//!
//! Watches every try of one call. Some of them may end in a time-out and the last in a refusal:
//! then it may lie there all the same. Start at [`Doubt::told`].

use std::error::Error as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aws_sdk_sqs::config::interceptors::{
    BeforeTransmitInterceptorContextRef, FinalizerInterceptorContextRef,
};
use aws_sdk_sqs::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_sqs::error::{BoxError, ConnectorError};

use super::super::Error;

/// One call's; clones share it.
#[derive(Debug, Clone, Default)]
pub(super) struct Doubt(Arc<Seen>);

#[derive(Debug, Default)]
struct Seen {
    /// This try has left for the wire.
    left: AtomicBool,
    /// Of some try nobody knows what became of it.
    in_doubt: AtomicBool,
}

impl Doubt {
    /// The error of the whole call, in the light of all its tries.
    pub(super) fn told(&self, error: Error) -> Error {
        match (error, self.0.in_doubt.load(Ordering::Relaxed)) {
            (Error::Failed { reason }, true) => Error::Unknown { reason },
            // Nothing has left: the time was spent before, on credentials say.
            (Error::TimedOut, false) => Error::Failed {
                reason: "nothing could be sent in time".to_owned(),
            },
            (told, _) => told,
        }
    }
}

impl Intercept for Doubt {
    fn name(&self) -> &'static str {
        "Doubt"
    }

    fn read_before_transmit(
        &self,
        _context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.0.left.store(true, Ordering::Relaxed);
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if self.0.left.swap(false, Ordering::Relaxed) && !is_settled(context) {
            self.0.in_doubt.store(true, Ordering::Relaxed);
        }
        Ok(())
    }
}

/// Taken, or refused for certain. A 500, 502 or 504 says neither, nor does a 200 that can't be read;
/// a 503 does: it is SQS's word for being too busy to begin.
fn is_settled(context: &FinalizerInterceptorContextRef<'_>) -> bool {
    let Some(Err(error)) = context.output_or_error() else {
        return context.output_or_error().is_some();
    };
    if let Some(failure) = error.as_connector_error() {
        return nobody_listened(failure);
    }
    let status = context
        .response()
        .map(|response| response.status().as_u16());
    status.is_some_and(|status| (400..500).contains(&status) || status == 503)
}

fn nobody_listened(failure: &ConnectorError) -> bool {
    let mut cause = failure.source();
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<std::io::Error>() {
            return error.kind() == std::io::ErrorKind::ConnectionRefused;
        }
        cause = error.source();
    }
    false
}
