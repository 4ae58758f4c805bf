//! From a question to the partitions that can hold its answer.
//!
//! Pure arithmetic over the catalog: a plan knows what it will read before
//! anything runs, so that it can be shown, priced, narrowed or refused.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::catalog::Catalog;
use crate::layout::Partition;
use crate::question::{LookBack, Question};

/// What one question reads.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub entity_id: i64,
    pub attribute: String,
    pub bucket: u32,
    pub as_of: Timestamp,
    /// Read the latest table's partition first; its `decision_dates` then say
    /// which partitions of the trace hold this entity.
    pub latest: bool,
    /// Read nothing but the latest table where it answers the question
    /// (`LookBack::Latest` and the latest decision is not after as-of).
    pub latest_only: bool,
    /// The rungs of the ladder, each a span of days that does not overlap the
    /// one before; the next rung is read only if nothing was found so far.
    /// Never empty. Ends are a day wider than asked for (times are rounded, partitions
    /// are not) and clipped to the layout's first date.
    pub rungs: Vec<Span>,
    /// Nothing older exists below the last rung.
    pub reaches_first_date: bool,
}

/// Days, inclusive at both ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub from: Date,
    pub to: Date,
}

/// Works out what to read. `today` bounds a question about the future.
#[must_use]
pub fn plan(question: &Question, catalog: &Catalog, now: Timestamp) -> Plan {
    let _ = (question, catalog, now, LookBack::Auto);
    Plan {
        entity_id: question.entity_id,
        attribute: question.attribute.clone(),
        bucket: 0,
        as_of: question.as_of,
        latest: false,
        latest_only: false,
        rungs: vec![],
        reaches_first_date: false,
    }
}

impl Plan {
    /// The partitions of the trace table that a rung covers, ascending by date.
    #[must_use]
    pub fn partitions(&self, catalog: &Catalog, span: Span) -> Vec<Partition> {
        let layout = &catalog.layout;
        layout
            .steps(span.from.max(layout.first_date), span.to)
            .map(|date| Partition {
                attribute: self.attribute.clone(),
                bucket: self.bucket,
                date,
            })
            .collect()
    }
}
