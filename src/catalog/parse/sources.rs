//! `[sources.…]` and `[rules.…]`.

use super::reader::{Field, Section, is_clean, nearest};
use crate::catalog::errors::{Problems, quoted};
use crate::catalog::{Rule, RuleKind, Source, default_label, keys, write};

pub(super) fn sources(root: &Section<'_>, problems: &mut Problems) -> Vec<Source> {
    let Some(field) = root.get("sources") else {
        return Vec::new();
    };
    Section::open(&field, "[sources]".to_owned(), problems)
        .in_order()
        .iter()
        .map(|field| source(field, problems))
        .collect()
}

fn source(field: &Field<'_>, problems: &mut Problems) -> Source {
    check_name("a source", field, problems);
    let title = format!("[sources.{}]", write::key(field.key));
    let section = Section::open(field, title, problems).knows(keys::SOURCE, problems);
    let link = section.get("link").and_then(|field| {
        let advice = "Write an https link with {record_id} after its host, such as \"https://crm.example.com/records/{record_id}\".";
        let link = field.text(advice, problems)?;
        if !is_link(link) {
            field.refuse(advice, problems);
        }
        Some(link.to_owned())
    });
    Source {
        name: field.key.to_owned(),
        label: section
            .get("label")
            .and_then(|field| field.words("Write what people call it, such as \"CRM\".", problems))
            .unwrap_or_else(|| default_label(field.key)),
        link,
        disclosable: section
            .get("disclosable")
            .and_then(|field| field.flag(problems))
            .unwrap_or(true),
    }
}

/// The place holder may stand anywhere after the host: a record must never choose the host.
fn is_link(link: &str) -> bool {
    let Some(rest) = link.strip_prefix("https://") else {
        return false;
    };
    let Some((host, path)) = rest.split_once('/') else {
        return false;
    };
    let filled = path.replace("{record_id}", "");
    !host.is_empty()
        && !host.contains(['{', '}', '@', '?', '#'])
        && filled != path
        && !filled.contains(['{', '}', '"', '<', '>', '|'])
        && !link.chars().any(|c| c.is_whitespace() || c.is_control())
}

fn check_name(what: &str, field: &Field<'_>, problems: &mut Problems) {
    if !is_clean(field.key) {
        problems.report(
            field.key_at,
            format!("{what} can't be called {}", quoted(field.key)),
            "Write the name as it stands in the trace, without spaces around it or control characters.",
        );
    }
}

/// One declaration is `[rules.x]`; several, for different versions, are `[[rules.x]]`.
pub(super) fn rules(root: &Section<'_>, sources: &[Source], problems: &mut Problems) -> Vec<Rule> {
    let Some(field) = root.get("rules") else {
        return Vec::new();
    };
    let section = Section::open(&field, "[rules]".to_owned(), problems);
    let mut rules: Vec<(usize, Rule)> = Vec::new();
    for field in section.in_order() {
        check_name("a rule", &field, problems);
        let name = write::key(field.key);
        if field.is_list() {
            let items = field.list("", problems).unwrap_or_default();
            let mut seen: Vec<String> = Vec::new();
            for item in &items {
                let section = Section::open(item, format!("[[rules.{name}]]"), problems)
                    .knows(keys::RULE, problems);
                let rule = rule(field.key, &section, sources, problems);
                if items.len() > 1 {
                    tell_apart(&rule, &section, &mut seen, problems);
                }
                rules.push((item.at, rule));
            }
        } else {
            let section = Section::open(&field, format!("[rules.{name}]"), problems)
                .knows(keys::RULE, problems);
            rules.push((field.at, rule(field.key, &section, sources, problems)));
        }
    }
    rules.sort_by_key(|(at, _)| *at);
    rules.into_iter().map(|(_, rule)| rule).collect()
}

/// Several declarations of one rule speak for different versions.
fn tell_apart(rule: &Rule, section: &Section<'_>, seen: &mut Vec<String>, problems: &mut Problems) {
    if rule.versions.is_empty() {
        section.missing(
            format!(
                "{} is declared several times, here without `versions`",
                section.name
            ),
            "Say which versions each declaration speaks for: versions = [\"3\"].",
            problems,
        );
    }
    for version in &rule.versions {
        if seen.contains(version) {
            problems.report(
                section.at,
                format!(
                    "version {} of {} is declared twice",
                    quoted(version),
                    section.name
                ),
                "Keep it in one of the declarations.",
            );
        }
        seen.push(version.clone());
    }
}

#[derive(Clone, Copy)]
enum Kind {
    SourcePriority,
    Recency,
    Confidence,
    Frequency,
}

fn rule(name: &str, section: &Section<'_>, sources: &[Source], problems: &mut Problems) -> Rule {
    let kinds = [
        ("source_priority", Kind::SourcePriority),
        ("recency", Kind::Recency),
        ("confidence", Kind::Confidence),
        ("frequency", Kind::Frequency),
    ];
    let kind_field = section.get("kind");
    if kind_field.is_none() {
        section.missing(
            format!("{} has no `kind`", section.name),
            "Add kind = \"source_priority\", \"recency\", \"confidence\" or \"frequency\".",
            problems,
        );
    }
    let kind = kind_field.and_then(|field| field.choice(&kinds, problems));
    let versions = section
        .get("versions")
        .map(|field| {
            let advice = "Write a list of versions in quotes, such as [\"3\", \"4\"].";
            field.word_list(advice, problems)
        })
        .unwrap_or_default();
    let order = section
        .get("order")
        .map(|field| order(&field, sources, problems));
    if let (Some(Kind::Recency | Kind::Confidence | Kind::Frequency), Some(field)) =
        (kind, section.get("order"))
    {
        problems.report(
            field.key_at,
            format!("`order` in {} has no meaning there", section.name),
            "Remove it, or write kind = \"source_priority\".",
        );
    }
    let kind = match kind {
        Some(Kind::SourcePriority) => {
            if order.as_ref().is_none_or(Vec::is_empty) {
                section.missing(
                    format!("{} has no `order`", section.name),
                    "Add the sources, the strongest first: order = [\"crm\", \"filings\"].",
                    problems,
                );
            }
            RuleKind::SourcePriority(order.unwrap_or_default())
        }
        Some(Kind::Recency) => RuleKind::Recency,
        Some(Kind::Confidence) => RuleKind::Confidence,
        Some(Kind::Frequency) | None => RuleKind::Frequency,
    };
    Rule {
        name: name.to_owned(),
        versions: versions.into_iter().map(|(_, version)| version).collect(),
        kind,
    }
}

fn order(field: &Field<'_>, sources: &[Source], problems: &mut Problems) -> Vec<String> {
    let advice = "Write the sources, the strongest first, such as [\"crm\", \"filings\"].";
    let Some(items) = field.list(advice, problems) else {
        return Vec::new();
    };
    let mut order: Vec<String> = Vec::new();
    for item in items {
        let Some(name) = item.words(advice, problems) else {
            continue;
        };
        if order.contains(&name) {
            item.refuse("It is there already: name each source once.", problems);
        } else if !sources.iter().any(|source| source.name == name) {
            let advice = match nearest(&name, sources.iter().map(|source| source.name.as_str())) {
                Some(near) => format!("Did you mean \"{near}\"?"),
                None => format!("Declare it: [sources.{}].", write::key(&name)),
            };
            problems.report(
                item.at,
                format!("there is no source {}", quoted(&name)),
                advice,
            );
            order.push(name);
        } else {
            order.push(name);
        }
    }
    order
}
