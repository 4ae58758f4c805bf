//! Engines: a plan goes in, decisions and a receipt come out.
//!
//! [`direct`] reads the lake's Parquet itself, `athena` lets Athena read it. Whatever the
//! engine, the same plan over the same lake gives the same decisions. Errors name the file,
//! the table or the query and never turn into a missing decision. Start at [`Engine::read`].

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use crate::answer::Read;
use crate::catalog::Catalog;
use crate::plan::Plan;
use crate::trace::Decision;
pub use choice::{Choice, NotAChoice, Settings};
pub use direct::File;
pub use error::{Ended, Error};

#[cfg(feature = "athena")]
pub mod athena;
mod choice;
pub mod direct;
mod error;
mod latest;
#[cfg(test)]
mod tests;
mod text;

/// What an engine found.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    /// In no particular order, possibly with copies: `Trace::new` sorts that out.
    pub decisions: Vec<Decision>,
    pub read: Read,
}

/// What an engine is told beside the plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Call {
    /// Names what the reading is for (a job's id): the same work done again takes up the same
    /// queries. `None`: every reading is new.
    pub seed: Option<String>,
    /// For the reading as a whole; after it a query that still runs is stopped.
    pub budget: Option<Duration>,
}

/// The engine of one lake.
#[derive(Debug)]
pub enum Engine {
    Direct(direct::Engine),
    /// Tables through Athena, files from the lake itself.
    #[cfg(feature = "athena")]
    Athena {
        athena: athena::Engine,
        lake: direct::Engine,
    },
    /// Each plan by the engine that is likely the faster (see [`choice`]).
    #[cfg(feature = "athena")]
    Auto {
        athena: athena::Engine,
        lake: direct::Engine,
        catalog: Box<Catalog>,
    },
}

impl Engine {
    /// `base` and `options` are [`direct::Engine::open`]'s. The tables are not looked at: see
    /// [`Engine::check`].
    ///
    /// # Errors
    /// No such lake, or settings that Athena can't be asked with.
    pub async fn unchecked(
        catalog: &Catalog,
        base: &Path,
        options: &BTreeMap<String, String>,
        choice: &Choice,
    ) -> Result<Self, Error> {
        Ok(match choice {
            Choice::Direct => Engine::Direct(direct::Engine::unchecked(catalog, base, options)?),
            #[cfg(feature = "athena")]
            Choice::Athena(settings) => Engine::Athena {
                lake: direct::Engine::unchecked(catalog, base, options)?,
                athena: athena::Engine::open(catalog, settings, options).await?,
            },
            #[cfg(feature = "athena")]
            Choice::Auto(settings) => Engine::Auto {
                lake: direct::Engine::unchecked(catalog, base, options)?,
                athena: athena::Engine::open(catalog, settings, options).await?,
                catalog: Box::new(catalog.clone()),
            },
        })
    }

    /// Whether the tables are there and can be read. Where Athena reads them too, they are not
    /// looked at.
    ///
    /// # Errors
    /// What is wrong with one, or that it can't be found out.
    pub async fn check(&self) -> Result<(), Error> {
        match self {
            Engine::Direct(direct) => direct.check().await,
            #[cfg(feature = "athena")]
            Engine::Athena { .. } | Engine::Auto { .. } => Ok(()),
        }
    }

    /// Reads what the plan names.
    ///
    /// # Errors
    /// Whatever keeps a decision from being seen: never a decision left out.
    pub async fn read(&self, plan: &Plan, call: &Call) -> Result<Rows, Error> {
        match self {
            Engine::Direct(direct) => in_time(direct, plan, call).await,
            #[cfg(feature = "athena")]
            Engine::Athena { athena, .. } => athena.read(plan, call).await,
            #[cfg(feature = "athena")]
            Engine::Auto {
                athena,
                lake,
                catalog,
            } => {
                let (pick, reason) = choice::pick(plan, catalog);
                let mut rows = match pick {
                    choice::Pick::Direct => in_time(lake, plan, call).await,
                    choice::Pick::Athena => athena.read(plan, call).await,
                }?;
                rows.read.engine_reason = Some(reason);
                Ok(rows)
            }
        }
    }

    /// The catalog attributes, of those given, for which the plan's entity has any decision,
    /// for an answer that found nothing. Exact with a latest table, a hint without one; none
    /// where it can't be found out.
    #[cfg_attr(not(feature = "athena"), expect(unused_variables))]
    pub async fn attributes_with_a_trace(
        &self,
        plan: &Plan,
        attributes: &[String],
        call: &Call,
    ) -> Vec<String> {
        match self {
            Engine::Direct(direct) => {
                direct
                    .attributes_with_a_trace(plan.entity_id, attributes)
                    .await
            }
            #[cfg(feature = "athena")]
            Engine::Athena { athena, .. } => {
                athena.attributes_with_a_trace(plan, attributes, call).await
            }
            // A few partitions at most.
            #[cfg(feature = "athena")]
            Engine::Auto { lake, .. } => {
                lake.attributes_with_a_trace(plan.entity_id, attributes)
                    .await
            }
        }
    }

    /// A whole file below the lake's location, such as the directory.
    ///
    /// # Errors
    /// [`Error::NoLake`] where there is no such file.
    pub async fn file(&self, name: &str) -> Result<File, Error> {
        self.lake().file(name).await
    }

    /// The tag that [`Engine::file`] would give, without reading the file.
    ///
    /// # Errors
    /// As there.
    pub async fn tag(&self, name: &str) -> Result<Option<String>, Error> {
        self.lake().tag(name).await
    }

    fn lake(&self) -> &direct::Engine {
        match self {
            Engine::Direct(lake) => lake,
            #[cfg(feature = "athena")]
            Engine::Athena { lake, .. } | Engine::Auto { lake, .. } => lake,
        }
    }
}

async fn in_time(engine: &direct::Engine, plan: &Plan, call: &Call) -> Result<Rows, Error> {
    let Some(budget) = call.budget else {
        return engine.read(plan).await;
    };
    let read = tokio::time::timeout(budget, engine.read(plan)).await;
    read.unwrap_or_else(|_| {
        Err(Error::TimedOut {
            what: format!("reading took longer than {:.1} s", budget.as_secs_f64()),
        })
    })
}
