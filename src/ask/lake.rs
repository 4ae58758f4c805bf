//! A lake that is opened when it is first needed, kept, and looked after.
//!
//! A process that lives for hours must see companies that are imported meanwhile, and one that is
//! started for a moment must not read what it does not need. What can't be opened is tried again
//! soon; what was open stays open, however its store fails later. Start at [`Lake::why`].

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use super::Why;
use crate::error::{Class, Failure};

#[cfg(test)]
mod tests;

/// How long what is known is good enough.
#[derive(Debug, Clone, Copy)]
struct Pace {
    /// A failure is passed on to whoever asks at the same time, not to whoever asks next.
    failed_for: Duration,
    /// Between two looks at the directory.
    look_every: Duration,
}

const USUAL: Pace = Pace {
    failed_for: Duration::from_secs(1),
    look_every: Duration::from_secs(60),
};
/// A look holds somebody's question up: it may cost no more than this,
const LOOK: Duration = Duration::from_secs(1);
/// nor opening a lake that changed.
const REOPEN: Duration = Duration::from_secs(5);

type Opening = Pin<Box<dyn Future<Output = Result<Why, Failure>> + Send>>;
type Open = dyn Fn() -> Opening + Send + Sync;

/// Cheap to clone: all clones share what is open.
#[derive(Clone)]
pub struct Lake(Arc<Inner>);

enum Inner {
    /// At the start, for good.
    Opened(Arc<Why>),
    Lazy(Box<Lazy>),
}

struct Lazy {
    open: Box<Open>,
    pace: Pace,
    last: Mutex<Option<Looked>>,
}

/// How it went when it was last opened or looked at.
struct Looked {
    at: Instant,
    found: Result<Arc<Why>, Failure>,
}

impl std::fmt::Debug for Lake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Lake(…)")
    }
}

impl Lake {
    /// Opened already, and kept as it is.
    #[must_use]
    pub fn opened(why: Arc<Why>) -> Self {
        Lake(Arc::new(Inner::Opened(why)))
    }

    /// Opened by this when it is first needed, and again when the directory has changed.
    pub fn lazy<F, Fut>(open: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Why, Failure>> + Send + 'static,
    {
        Lake::paced(USUAL, open)
    }

    fn paced<F, Fut>(pace: Pace, open: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Why, Failure>> + Send + 'static,
    {
        Lake(Arc::new(Inner::Lazy(Box::new(Lazy {
            open: Box::new(move || Box::pin(open())),
            pace,
            last: Mutex::default(),
        }))))
    }

    /// What is open, opened now if need be. Who asks meanwhile waits for the same opening.
    ///
    /// # Errors
    /// Why it can't be opened.
    pub async fn why(&self) -> Result<Arc<Why>, Failure> {
        let Lazy { open, pace, last } = match &*self.0 {
            Inner::Opened(why) => return Ok(Arc::clone(why)),
            Inner::Lazy(lazy) => &**lazy,
        };
        let mut last = last.lock().await;
        let found = match &*last {
            Some(Looked { at, found }) if at.elapsed() < pace.of(found) => return found.clone(),
            Some(Looked { found: Ok(why), .. }) => Ok(match newer(why, open).await {
                Some(newer) => Arc::new(newer),
                None => Arc::clone(why),
            }),
            Some(Looked { found: Err(_), .. }) | None => {
                let opened = open().await;
                opened.map(Arc::new).map_err(operators)
            }
        };
        let at = Instant::now();
        *last = Some(Looked {
            at,
            found: found.clone(),
        });
        found
    }
}

impl Pace {
    fn of(self, found: &Result<Arc<Why>, Failure>) -> Duration {
        match found {
            Ok(_) => self.look_every,
            Err(_) => self.failed_for,
        }
    }
}

/// What is wrong with a catalog or a lake is nothing that whoever asks could mend.
fn operators(failure: Failure) -> Failure {
    let class = match failure.class {
        Class::Retry => Class::Retry,
        Class::Rejected | Class::User | Class::Internal => Class::Internal,
    };
    Failure { class, ..failure }
}

/// The lake opened anew, if its directory is another by now. What goes wrong is logged: what is
/// open still answers.
async fn newer(why: &Why, open: &Open) -> Option<Why> {
    match timeout(LOOK, why.is_current()).await {
        Ok(Ok(true)) => return None,
        Ok(Ok(false)) => {}
        Ok(Err(failure)) => return kept(failure.code),
        Err(_) => return kept("timed_out"),
    }
    match timeout(REOPEN, open()).await {
        Ok(Ok(newer)) => {
            tracing::info!(
                companies = newer.directory.len(),
                "the directory has changed"
            );
            Some(newer)
        }
        Ok(Err(failure)) => kept(failure.code),
        Err(_) => kept("timed_out"),
    }
}

fn kept(code: &str) -> Option<Why> {
    tracing::warn!(code, "the directory can't be looked at: it stays as it was");
    None
}
