//! Gives the sources that are not disclosable another name, one for one.
//!
//! What is compared (source, record id, rule and its version, decision id) is renamed so that equal
//! stays equal and different stays different; free text is scrubbed. Start at [`disguise`].

use std::collections::{BTreeMap, BTreeSet};

use super::scrub::Scrub;
use crate::catalog::{Catalog, RuleKind, Source};
use crate::names;
use crate::trace::{Candidate, Decision};

/// Followed by a number from the second on.
const NAME: &str = "a restricted source";
/// A shorter record id tells nothing in a text, and would be found in every figure.
const SHORTEST_ID: usize = 3;

pub(super) fn disguise(
    mut decisions: Vec<Decision>,
    catalog: &Catalog,
) -> (Vec<Decision>, Catalog) {
    rank_copies(&mut decisions);
    let names = new_names(catalog, &decisions);
    let records = new_records(&names, &decisions);
    let called = called(&names, catalog);
    let scrub = Scrub::new(
        called
            .iter()
            .cloned()
            .chain(told(&names, &records, &decisions)),
    );
    // A version is no record, though both may be `2024`.
    let by_name = Scrub::new(called);
    let rules = Renamed::of(rules(catalog, &decisions), &by_name);
    let versions = Renamed::of(versions(catalog, &decisions), &by_name);
    let disclosed_records = Renamed::of(disclosed_records(&names, &decisions), &by_name);
    let ids = new_ids(&decisions, &scrub);

    for decision in &mut decisions {
        if let Some(id) = ids.get(&decision.decision_id) {
            decision.decision_id.clone_from(id);
        }
        decision.rule = rules.option(decision.rule.take());
        decision.rule_version = versions.option(decision.rule_version.take());
        decision.reason = scrub.option(decision.reason.take());
        decision.run_id = scrub.option(decision.run_id.take());
        decision.actor = scrub.option(decision.actor.take());
        for candidate in &mut decision.evidence {
            candidate.reason = scrub.option(candidate.reason.take());
            match names.get(&candidate.source) {
                Some(name) => {
                    let key = (candidate.source.clone(), candidate.record_id.take());
                    candidate.record_id = records.get(&key).cloned();
                    candidate.url = None;
                    candidate.source.clone_from(name);
                }
                None => {
                    candidate.record_id = disclosed_records.option(candidate.record_id.take());
                    let own = candidate.url.take();
                    candidate.url = own.filter(|url| scrub.text(url) == *url);
                }
            }
        }
    }
    let mut catalog = catalog.clone();
    for source in &mut catalog.sources {
        if let Some(name) = names.get(&source.name) {
            *source = Source {
                name: name.clone(),
                label: name.clone(),
                link: None,
                disclosable: false,
            };
        }
    }
    for rule in &mut catalog.rules {
        rule.name = rules.text(&rule.name);
        rule.versions.iter_mut().for_each(|v| *v = versions.text(v));
        match &mut rule.kind {
            RuleKind::SourcePriority(order) => {
                for source in order {
                    if let Some(name) = names.get(source) {
                        source.clone_from(name);
                    }
                }
            }
            RuleKind::Recency | RuleKind::Confidence | RuleKind::Frequency => {}
        }
    }
    (decisions, catalog)
}

/// Which copy of a decision counts is told by `written` and then by its texts, which are about to
/// change: the order is kept in `written`, which nobody reads.
fn rank_copies(decisions: &mut [Decision]) {
    decisions.sort_by_cached_key(|decision| (decision.written.clone(), format!("{decision:?}")));
    for (rank, decision) in decisions.iter_mut().enumerate() {
        decision.written = format!("{rank:020}");
    }
}

/// By the source's own name, numbered in the catalog's order: one source has one number in all
/// answers.
fn new_names(catalog: &Catalog, decisions: &[Decision]) -> BTreeMap<String, String> {
    let (disclosed, hidden): (Vec<&Source>, Vec<&Source>) = catalog
        .sources
        .iter()
        .partition(|source| source.disclosable);
    let hidden: Vec<&str> = hidden.iter().map(|source| source.name.as_str()).collect();
    let mut taken: BTreeSet<&str> = candidates(decisions)
        .map(|candidate| candidate.source.as_str())
        .filter(|source| !hidden.contains(source))
        .collect();
    taken.extend(
        disclosed
            .iter()
            .flat_map(|s| [s.name.as_str(), s.label.as_str()]),
    );
    let free = (1_u32..)
        .map(|number| match number {
            1 => NAME.to_owned(),
            number => format!("{NAME} {number}"),
        })
        .filter(|name| !taken.contains(name.as_str()));
    hidden
        .iter()
        .map(|name| (*name).to_owned())
        .zip(free)
        .collect()
}

/// By source and id; no id stays none.
type Records = BTreeMap<(String, Option<String>), String>;

fn new_records(names: &BTreeMap<String, String>, decisions: &[Decision]) -> Records {
    let hidden: BTreeSet<(String, Option<String>)> = candidates(decisions)
        .filter(|candidate| names.contains_key(&candidate.source) && candidate.record_id.is_some())
        .map(|candidate| (candidate.source.clone(), candidate.record_id.clone()))
        .collect();
    let numbers = (1_u32..).map(|number| format!("record {number}"));
    hidden.into_iter().zip(numbers).collect()
}

/// What hidden sources are called.
fn called(names: &BTreeMap<String, String>, catalog: &Catalog) -> Vec<(String, String)> {
    let mut called = Vec::new();
    for source in &catalog.sources {
        let Some(name) = names.get(&source.name) else {
            continue;
        };
        let host = source.link.as_deref().and_then(names::domain);
        let own = [source.name.clone(), source.label.clone()];
        called.extend(own.into_iter().chain(host).map(|term| (term, name.clone())));
    }
    called
}

/// What tells of a hidden source's records: their ids and addresses.
fn told(
    names: &BTreeMap<String, String>,
    records: &Records,
    decisions: &[Decision],
) -> Vec<(String, String)> {
    let ids = records.iter().filter_map(|((_, id), instead)| {
        let telling = id.as_ref().filter(|id| id.chars().count() >= SHORTEST_ID)?;
        Some((telling.clone(), instead.clone()))
    });
    let urls = candidates(decisions).filter_map(|candidate| {
        let name = names.get(&candidate.source)?;
        Some((candidate.url.clone()?, name.clone()))
    });
    ids.chain(urls).collect()
}

fn candidates(decisions: &[Decision]) -> impl Iterator<Item = &Candidate> {
    decisions.iter().flat_map(|decision| &decision.evidence)
}

fn rules(catalog: &Catalog, decisions: &[Decision]) -> BTreeSet<String> {
    let declared = catalog.rules.iter().map(|rule| rule.name.clone());
    declared
        .chain(
            decisions
                .iter()
                .filter_map(|decision| decision.rule.clone()),
        )
        .collect()
}

fn versions(catalog: &Catalog, decisions: &[Decision]) -> BTreeSet<String> {
    let declared = catalog.rules.iter().flat_map(|rule| rule.versions.clone());
    declared
        .chain(decisions.iter().filter_map(|d| d.rule_version.clone()))
        .collect()
}

fn disclosed_records(names: &BTreeMap<String, String>, decisions: &[Decision]) -> BTreeSet<String> {
    candidates(decisions)
        .filter(|candidate| !names.contains_key(&candidate.source))
        .filter_map(|candidate| candidate.record_id.clone())
        .collect()
}

/// Where an id names a hidden source, all get another, in the same order: it decides between
/// decisions of one millisecond.
fn new_ids(decisions: &[Decision], scrub: &Scrub) -> BTreeMap<String, String> {
    let ids: BTreeSet<String> = decisions.iter().map(|d| d.decision_id.clone()).collect();
    if ids.iter().all(|id| scrub.text(id) == *id) {
        return BTreeMap::new();
    }
    let numbers = (1_u32..).map(|number| format!("decision {number:08}"));
    ids.into_iter().zip(numbers).collect()
}

/// Texts that are compared: different ones stay different when they are scrubbed.
#[derive(Debug)]
struct Renamed(BTreeMap<String, String>);

impl Renamed {
    fn of(texts: BTreeSet<String>, scrub: &Scrub) -> Self {
        let scrubbed = texts.into_iter().map(|text| (scrub.text(&text), text));
        let (same, changed): (Vec<_>, Vec<_>) = scrubbed.partition(|(new, text)| new == text);
        let mut taken: BTreeSet<String> = same.into_iter().map(|(new, _)| new).collect();
        let mut renamed = BTreeMap::new();
        for (new, text) in changed {
            let numbered = (2_u32..).map(|number| format!("{new} ({number})"));
            let mut free = std::iter::once(new.clone()).chain(numbered);
            if let Some(name) = free.find(|name| !taken.contains(name)) {
                taken.insert(name.clone());
                renamed.insert(text, name);
            }
        }
        Renamed(renamed)
    }

    fn text(&self, text: &str) -> String {
        self.0.get(text).map_or(text, String::as_str).to_owned()
    }

    fn option(&self, text: Option<String>) -> Option<String> {
        text.map(|text| self.text(&text))
    }
}
