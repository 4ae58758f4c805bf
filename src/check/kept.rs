//! The decisions of one folder that are kept for the chain: so many, however many there are.
//!
//! A company that alone has too many is left out by itself: its newest decision stands for all, and
//! nothing is compared with it. Only then are companies thinned out. Start at [`Kept::keep`].

use std::collections::HashMap;

use super::chain::{Link, is_followed};

/// Decisions that are kept at a time.
const MOST: usize = 100_000;
/// A company with more than this part of them is left out.
const SHARE: usize = 10;

pub(super) struct Kept {
    most: usize,
    /// As in `chain`.
    thinned: u32,
    links: Vec<Link>,
    /// The newest decision of each company that was left out.
    left_out: HashMap<i64, Link>,
}

/// What a folder gives the chain.
#[derive(Default)]
pub(super) struct Links {
    pub(super) links: Vec<Link>,
    pub(super) thinned: u32,
    /// Companies that were left out.
    pub(super) left_out: u64,
}

impl Kept {
    pub(super) fn new(thinned: u32) -> Self {
        Kept {
            most: MOST,
            thinned,
            links: Vec::new(),
            left_out: HashMap::new(),
        }
    }

    #[cfg(test)]
    pub(super) fn of_at_most(mut self, most: usize) -> Self {
        self.most = most;
        self
    }

    pub(super) fn keep(&mut self, link: Link) {
        let entity_id = link.decision.entity_id;
        if !is_followed(entity_id, self.thinned) {
            return;
        }
        if let Some(newest) = self.left_out.get_mut(&entity_id) {
            replace(newest, link);
            return;
        }
        self.links.push(link);
        if self.links.len() > self.most {
            self.leave_out();
        }
        while self.links.len() > self.most && self.thinned < u32::BITS {
            self.thinned += 1;
            let thinned = self.thinned;
            self.links
                .retain(|link| is_followed(link.decision.entity_id, thinned));
        }
    }

    fn leave_out(&mut self) {
        let mut counts: HashMap<i64, usize> = HashMap::new();
        for link in &self.links {
            *counts.entry(link.decision.entity_id).or_default() += 1;
        }
        let much = self.most / SHARE;
        counts.retain(|_, count| *count > much);
        for link in self
            .links
            .extract_if(.., |link| counts.contains_key(&link.decision.entity_id))
        {
            let place = self.left_out.entry(link.decision.entity_id);
            let newest = place.or_insert_with(|| link.clone().apart());
            replace(newest, link);
        }
    }

    pub(super) fn finish(self) -> Links {
        let mut links = self.links;
        let left_out = self.left_out.len() as u64;
        links.extend(self.left_out.into_values());
        Links {
            links,
            thinned: self.thinned,
            left_out,
        }
    }
}

/// The newest of a company that is left out, and whether all of them lie in their places.
fn replace(newest: &mut Link, link: Link) {
    let is_placed = newest.is_placed && link.is_placed;
    if link.decision.decided_at > newest.decision.decided_at {
        *newest = link.apart();
    }
    newest.is_placed = is_placed;
}
