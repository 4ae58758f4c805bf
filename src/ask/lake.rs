//! A lake that is opened when it is first needed, kept, and looked after.
//!
//! A process that lives for hours must see companies that are imported meanwhile, and one that is
//! started for a moment must not read what it does not need. What can't be opened is tried again
//! soon; what was open stays open, however its store fails later. Nothing is begun twice: `kept`
//! holds what was begun, whoever waits for it. Start at [`Lake::why`].

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::time::timeout;

use super::Why;
use crate::error::{Class, Failure};
use kept::{Kept, Pace};

mod kept;
#[cfg(test)]
mod tests;

/// How long it is waited, and how often looked.
#[derive(Debug, Clone, Copy)]
struct Times {
    failed_for: Duration,
    /// Between two looks at the directory.
    look_every: Duration,
    /// Of somebody who could be answered from what was open.
    hold: Duration,
}

const USUAL: Times = Times {
    failed_for: Duration::from_secs(1),
    look_every: Duration::from_secs(60),
    hold: Duration::from_millis(400),
};
/// A store that does not say by then whether the directory has changed is asked again later.
const LOOK: Duration = Duration::from_secs(1);
/// Tables that were there once are there: what is wrong with one later, its reading finds.
const FOR_GOOD: Duration = Duration::MAX;

type Open = dyn Fn() -> BoxFuture<'static, Result<Why, Failure>> + Send + Sync;

/// Cheap to clone: all clones share what is open.
#[derive(Clone)]
pub struct Lake(Arc<Inner>);

enum Inner {
    /// At the start, for good.
    Opened(Arc<Why>),
    Lazy(Lazy),
}

struct Lazy {
    open: Arc<Open>,
    times: Times,
    names: Arc<Kept<Arc<Why>>>,
    /// Whether they are there.
    tables: Arc<Kept<()>>,
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

    /// Opened by this when it is first needed, and again when the directory has changed. The lake
    /// looks at its tables itself: [`Why::unchecked`] is enough.
    pub fn lazy<F, Fut>(open: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Why, Failure>> + Send + 'static,
    {
        Lake::timed(USUAL, open)
    }

    fn timed<F, Fut>(times: Times, open: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Why, Failure>> + Send + 'static,
    {
        Lake(Arc::new(Inner::Lazy(Lazy {
            open: Arc::new(move || Box::pin(open())),
            times,
            names: Arc::default(),
            tables: Arc::default(),
        })))
    }

    /// What is open, opened now if need be. Who asks meanwhile waits for the same opening, and
    /// where all of them go away it goes on.
    ///
    /// # Errors
    /// Why it can't be opened.
    pub async fn why(&self) -> Result<Arc<Why>, Failure> {
        let why = self.names().await?;
        if let Inner::Lazy(lazy) = &*self.0 {
            let open = Arc::clone(&why);
            let look = |_| async move { open.check().await.map_err(operators) };
            lazy.tables.get(lazy.times.pace(FOR_GOOD), look).await?;
        }
        Ok(why)
    }

    /// The same as soon as the companies are known, before the tables are looked at: for who
    /// reads none.
    ///
    /// # Errors
    /// Why the directory can't be opened.
    pub async fn names(&self) -> Result<Arc<Why>, Failure> {
        let lazy = match &*self.0 {
            Inner::Opened(why) => return Ok(Arc::clone(why)),
            Inner::Lazy(lazy) => lazy,
        };
        let open = Arc::clone(&lazy.open);
        let find = |known: Option<Arc<Why>>| async move {
            match known {
                Some(known) => Ok(newer(&known, &*open).await.map_or(known, Arc::new)),
                None => open().await.map(Arc::new).map_err(operators),
            }
        };
        let pace = lazy.times.pace(lazy.times.look_every);
        lazy.names.get(pace, find).await
    }
}

impl Times {
    fn pace(self, found_for: Duration) -> Pace {
        Pace {
            failed_for: self.failed_for,
            found_for,
            hold: self.hold,
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

/// The lake opened anew, if its directory is another by now; in whatever time that takes, since
/// nobody waits for it. What goes wrong is logged: what is open still answers.
async fn newer(why: &Why, open: &Open) -> Option<Why> {
    match timeout(LOOK, why.is_current()).await {
        Ok(Ok(true)) => return None,
        Ok(Ok(false)) => {}
        Ok(Err(failure)) => return kept(failure.code),
        Err(_) => return kept("timed_out"),
    }
    match open().await {
        Ok(newer) => {
            tracing::info!(
                companies = newer.directory.len(),
                "the directory has changed"
            );
            Some(newer)
        }
        Err(failure) => kept(failure.code),
    }
}

fn kept(code: &str) -> Option<Why> {
    tracing::warn!(code, "the directory can't be looked at: it stays as it was");
    None
}
