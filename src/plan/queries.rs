//! The queries in which Athena reads a plan, one after another.
//!
//! Pure: shown by `why explain-plan`, priced by `advice`. Start at [`queries`].

use super::{CHEAP_PARTITIONS, Plan, Span};
use crate::catalog::Catalog;

/// One query, and what of the lake it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Query {
    /// Beside the trace, the partition of the latest table.
    pub latest: bool,
    /// Of the trace.
    pub span: Span,
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
}

/// In the order in which Athena takes them; none where there is nothing to read.
#[must_use]
pub fn queries(plan: &Plan, catalog: &Catalog) -> Vec<Query> {
    let Some(oldest) = plan.rungs.last() else {
        return Vec::new();
    };
    let newest = plan.newest(catalog, CHEAP_PARTITIONS.min(catalog.max_partitions));
    if let (Some(_), Some(span)) = (&catalog.lake.latest, newest) {
        let mut queries = vec![Query {
            latest: true,
            span,
            when: When::Always,
        }];
        if oldest.from < span.from {
            queries.push(Query {
                latest: false,
                span: Span {
                    from: oldest.from,
                    to: span.from.yesterday().unwrap_or(span.from),
                },
                when: When::Named,
            });
        }
        return queries;
    }
    let rungs = plan.rungs.iter().enumerate();
    rungs
        .map(|(number, span)| Query {
            latest: false,
            span: *span,
            when: match number {
                0 => When::Always,
                _ => When::NothingFound,
            },
        })
        .collect()
}
