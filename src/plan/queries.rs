//! The queries in which Athena reads a plan, one after another.
//!
//! Pure: shown by `why explain-plan`, priced by `advice`. Start at [`queries`].

use super::{CHEAP_PARTITIONS, Plan, Span, day_before};
use crate::catalog::Catalog;

/// One query, and what of the lake it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Query {
    /// Beside the trace, the partition of the latest table.
    pub latest: bool,
    /// Of the trace; `None`: nothing.
    pub span: Option<Span>,
    pub when: When,
}

/// Whether a query is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    Always,
    /// Only if those before found no decision that counts.
    NothingFound,
    /// Only for those partitions of its span that the latest table's row names.
    Named,
    /// The same, and only if that row's decision comes after the time that was asked about.
    Later,
}

/// In the order in which Athena takes them; none where there is nothing to read.
#[must_use]
pub fn queries(plan: &Plan, catalog: &Catalog) -> Vec<Query> {
    let Some(oldest) = plan.rungs.last() else {
        return Vec::new();
    };
    if plan.latest {
        let beside = beside(plan, catalog);
        let mut queries = vec![Query {
            latest: true,
            span: beside,
            when: When::Always,
        }];
        let (to, when) = match beside {
            Some(span) => (day_before(span.from), When::Named),
            None => (plan.end(), When::Later),
        };
        if oldest.from <= to {
            queries.push(Query {
                latest: false,
                span: Some(Span {
                    from: oldest.from,
                    to,
                }),
                when,
            });
        }
        return queries;
    }
    let rungs = plan.rungs.iter().enumerate();
    rungs
        .map(|(number, span)| Query {
            latest: false,
            span: Some(*span),
            when: match number {
                0 => When::Always,
                _ => When::NothingFound,
            },
        })
        .collect()
}

/// With a latest table: what is read of the trace in the same query, as much as costs little.
/// Nothing where the latest row is all that is asked for.
#[must_use]
pub fn beside(plan: &Plan, catalog: &Catalog) -> Option<Span> {
    if plan.latest_only {
        return None;
    }
    plan.newest(catalog, CHEAP_PARTITIONS.min(catalog.max_partitions))
}
