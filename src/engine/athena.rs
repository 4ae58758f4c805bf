//! The Athena engine: a plan becomes SQL, Athena runs it, its rows become decisions.
//!
//! `crate::sql` writes the SQL, `reading` decides what to ask, `query` sees one query through,
//! `pace` when to look for its end,
//! `client` speaks to Athena, `decode` reads what comes back. It gives the decisions that the
//! direct engine gives for the same plan. Start at [`Engine::read`].

use std::collections::BTreeMap;

use self::client::Client;
use self::pace::Pace;
use self::query::Asking;
use self::reading::Reading;
use super::{Call, Error, Rows, Settings};
use crate::catalog::Catalog;
use crate::plan::Plan;

mod client;
mod decode;
mod pace;
mod query;
mod reading;
mod table;
#[cfg(test)]
mod tests;
mod trouble;

pub use table::Described;

/// Opened once, shared by concurrent questions.
#[derive(Debug)]
pub struct Engine {
    client: Client,
    catalog: Catalog,
    pace: Pace,
}

impl Engine {
    /// Asks Athena nothing. `options` are AWS's variables in lower case (`aws_region`,
    /// `aws_endpoint_url_athena`, …); what they don't say comes from where AWS's own tools look.
    ///
    /// # Errors
    /// No region.
    pub async fn open(
        catalog: &Catalog,
        settings: &Settings,
        options: &BTreeMap<String, String>,
    ) -> Result<Self, Error> {
        Ok(Engine {
            client: Client::open(settings, &catalog.lake.database, options).await?,
            catalog: catalog.clone(),
            pace: Pace::default(),
        })
    }

    /// What Glue says of a table of the catalog's database, asked through Athena; `None` where it
    /// knows none of this name.
    ///
    /// # Errors
    /// Athena can't be asked, or does not let these credentials.
    pub async fn table(&self, name: &str) -> Result<Option<Described>, Error> {
        Ok(self.client.table(name).await?.map(Described::from))
    }

    fn asking(&self, call: &Call) -> Asking<'_> {
        Asking::begin(&self.client, &self.catalog, &self.pace, call)
    }

    /// Reads what the plan names. Where the trace was rewritten meanwhile, once more.
    ///
    /// # Errors
    /// Whatever keeps a decision from being seen: never a decision left out.
    pub async fn read(&self, plan: &Plan, call: &Call) -> Result<Rows, Error> {
        let mut asking = self.asking(call);
        match Reading::new(&self.catalog, plan, &mut asking).run().await {
            Err(Error::Rewritten { .. }) => {
                asking.anew();
                let reading = Reading::new(&self.catalog, plan, &mut asking).once_more();
                reading.run().await
            }
            done => done,
        }
    }

    /// The catalog attributes, of those given, for which the plan's entity has any decision.
    /// One query: over the latest table, or without one over the newest partitions of each
    /// attribute, as many as cost little together. None where it can't be found out.
    pub async fn attributes_with_a_trace(
        &self,
        plan: &Plan,
        attributes: &[String],
        call: &Call,
    ) -> Vec<String> {
        let mut asking = self.asking(call);
        let reading = Reading::new(&self.catalog, plan, &mut asking);
        reading.has_traces(attributes).await.unwrap_or_default()
    }
}
