//! What a question comes to on Athena in one layout: the formula, and its constants.
//!
//! The queries are the plan's ([`plan::queries`]). Of each, by how likely it is run: every
//! partition that it names is listed, there or not; the files of those that exist are read, at
//! most whole. So with p partitions named and f files of b bytes in a query
//!
//! planning = [`PLANNING_MS`] p, partitions = [`PARTITION_MS`] p, planning included; the query's own
//! second or so and the opening of f files come on top,
//! cost = the scan's at the catalog's price + p listings + [`REQUESTS_OF_A_FILE`] f requests.

use jiff::Timestamp;
use jiff::civil::Date;

use super::shape::{Held, Shape};
use super::tally::Tally;
use super::{Asked, count};
use crate::catalog::{Catalog, USD_PER_GET, USD_PER_LIST};
use crate::layout::utc_date;
use crate::plan::{self, Span, When};
use crate::question::Question;
use crate::sql;

/// Of planning, for each partition that a query names (measured on Trino, whose engine Athena
/// runs: 64 ms for one, 407 ms for 5,440, in a straight line).
pub(super) const PLANNING_MS: f64 = 0.05;
/// For each, planning included (the same: 174,144 take some 15 s more than one). Files that lie in
/// them are opened on top.
pub(super) const PARTITION_MS: f64 = 0.1;
/// Of a query by itself, however little it reads.
pub(super) const QUERY_MS: f64 = 1_000.0;
/// Of a Parquet file: its footer, and what is wanted of the rest.
pub(super) const REQUESTS_OF_A_FILE: f64 = 2.0;

/// All figures are what is to be expected: a query that is run for one question in three counts
/// as a third.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Price {
    pub queries: f64,
    /// Partitions that the queries name.
    pub projected: f64,
    /// Those of them that exist.
    pub existing: f64,
    pub files: f64,
    /// At most: the files whole.
    pub bytes: f64,
    pub planning_ms: f64,
    /// Planning included, the opening of files not.
    pub partitions_ms: f64,
    pub usd: f64,
}

/// # Errors
/// The question can't be planned.
pub fn price(
    asked: &Asked,
    catalog: &Catalog,
    shape: &Shape,
    tally: &Tally,
    now: Timestamp,
) -> Result<Price, plan::Error> {
    let question = Question {
        text: asked.text.clone(),
        entity_id: 0,
        entity_name: String::new(),
        attribute: asked.attribute.clone(),
        as_of: asked.as_of,
        expected: None,
        look_back: asked.look_back,
    };
    let plan = plan::plan(&question, catalog, now)?;
    let layout = &catalog.layout;
    let number = tally.number_of(&asked.attribute);
    let day = utc_date(asked.as_of);
    let mut price = Price::default();
    let mut still_sought = 1.0;
    for query in plan::queries(&plan, catalog) {
        let steps = |span: Span| layout.step_count(span.from, span.to);
        let mut named = count(query.span.map_or(0, steps));
        let of_the_trace = number.zip(query.span);
        let mut held = of_the_trace.map_or(Held::default(), |(number, span)| {
            shape.of_a_bucket(number, span)
        });
        let mut share = 1.0;
        match query.when {
            When::Always => {}
            When::NothingFound => share = still_sought,
            // Beside the newest decision, each at most lies in a partition of its own.
            When::Named | When::Later => {
                let older = (tally.decisions_of_a_pair(number) - 1.0).max(0.0);
                let mine = older.min(held.existing);
                held.rows *= mine / held.existing.max(1.0);
                held.existing = mine;
                named = mine;
                share = older.min(1.0);
                if query.when == When::Later {
                    share *= tally.found_since(number, Date::MAX, day);
                }
            }
        }
        if query.latest {
            named += 1.0;
            held.existing += 1.0;
            held.rows += tally.pairs_of(number) / f64::from(layout.buckets.max(1));
        }
        let (bytes, files) = shape.bytes_and_files(held, tally);
        price.queries += share;
        price.projected += share * named;
        price.existing += share * held.existing;
        price.files += share * files;
        price.bytes += share * bytes;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a positive number of bytes"
        )]
        let scan = sql::cost(bytes as u64, catalog);
        let requests = named * USD_PER_LIST + files * REQUESTS_OF_A_FILE * USD_PER_GET;
        price.usd += share * (scan + requests);
        if let Some(span) = query.span {
            still_sought = 1.0 - tally.found_since(number, span.from, day);
        }
    }
    price.planning_ms = price.projected * PLANNING_MS;
    price.partitions_ms = price.projected * PARTITION_MS;
    Ok(price)
}
