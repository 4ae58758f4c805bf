//! From decisions to an answer: EXPLAIN.md, as a pure function.

use jiff::Timestamp;

use crate::answer::{Answer, Read};
use crate::catalog::Catalog;
use crate::question::Question;
use crate::trace::Decision;

/// Works out what the answer says. `decisions` in any order, with copies.
#[must_use]
pub fn explain(
    question: &Question,
    decisions: Vec<Decision>,
    read: Read,
    catalog: &Catalog,
    now: Timestamp,
) -> Answer {
    let _ = (question, decisions, read, catalog, now);
    unreachable!()
}
