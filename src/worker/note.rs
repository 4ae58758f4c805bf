//! What happened to a job, for whoever counts: metrics on AWS, nobody elsewhere.
//!
//! Says less than the log and in fewer words, so that it can be counted. Start at [`Note`].

use std::sync::Arc;
use std::time::Duration;

use crate::answer::Read;
use crate::error::Class;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Note {
    /// A question was answered, by reading this.
    Answered(Box<Read>),
    /// A question was not.
    Failed {
        code: &'static str,
        class: Class,
    },
    /// An answer (or a failure) stands in Slack, so long after the question was accepted.
    Told(Duration),
    /// Given back to the queue, so long after it was put there.
    Again(Duration),
    Buried,
    /// Nothing led to the asker of a job that was given up.
    ApologyOwed,
    /// Slack refused the token, or what it may do.
    TokenRefused,
}

/// Takes each note when it is made.
#[derive(Clone)]
pub struct Notes(Arc<dyn Fn(Note) + Send + Sync>);

impl std::fmt::Debug for Notes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Notes(…)")
    }
}

impl Notes {
    pub fn new(take: impl Fn(Note) + Send + Sync + 'static) -> Self {
        Notes(Arc::new(take))
    }

    /// Nobody counts.
    #[must_use]
    pub fn none() -> Self {
        Notes::new(drop)
    }

    /// These as well.
    #[must_use]
    pub fn and(self, also: impl Fn(&Note) + Send + Sync + 'static) -> Self {
        Notes::new(move |note| {
            also(&note);
            self.take(note);
        })
    }

    pub(crate) fn take(&self, note: Note) {
        (self.0)(note);
    }
}
