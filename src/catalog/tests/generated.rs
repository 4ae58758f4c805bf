//! Catalogs of every shape that the parser takes, for property tests here and in
//! the modules that derive from a catalog.

use std::collections::HashSet;

use jiff::SignedDuration;
use jiff::civil::Date;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::catalog::{
    Attribute, Catalog, Columns, Cost, Lake, Rule, RuleKind, Source, Thresholds, Visibility,
    default_label, names,
};
use crate::layout::{Format, Layout, PartitionColumn, PartitionColumnNames, Step};
use crate::value::Kind;

pub(crate) const ORDERS: [[PartitionColumn; 3]; 6] = {
    use PartitionColumn::{Attribute as A, Bucket as B, Date as D};
    [
        [A, B, D],
        [A, D, B],
        [B, A, D],
        [B, D, A],
        [D, A, B],
        [D, B, A],
    ]
};

/// A whole catalog.
pub(crate) fn catalog() -> impl Strategy<Value = Catalog> {
    let tables = (lake(), layout(), columns());
    let reading = (
        vec(1..73_000u32, 0..4),
        1..=1_000_000u32,
        (0.0..=1_000.0f64, 0..=1_000_000_000_000u64),
    );
    (tables, attributes(), sources_and_rules(), reading).prop_map(
        |((lake, layout, columns), attributes, (sources, rules), (mut ladder, most, cost))| {
            ladder.sort_unstable();
            ladder.dedup();
            Catalog {
                lake,
                layout,
                columns,
                attributes,
                sources,
                rules,
                ladder_days: ladder,
                max_partitions: most,
                cost: Cost {
                    usd_per_tb: cost.0,
                    minimum_bytes: cost.1,
                },
            }
        },
    )
}

pub(crate) fn layout() -> impl Strategy<Value = Layout> {
    (
        select(&ORDERS[..]),
        prop_oneof![Just(1u32), 2..40u32, Just(10_000u32)],
        select(&[Step::Day, Step::Month][..]),
        day(1900, 2100),
        select(&[Format::Parquet, Format::Hudi][..]),
        partition_columns(),
    )
        .prop_map(
            |(order, buckets, step, first_date, format, columns)| Layout {
                order,
                buckets,
                step,
                first_date,
                format,
                columns,
            },
        )
}

/// Any day from the first of January of one year to that of another.
pub(crate) fn day(from: i16, before: i16) -> impl Strategy<Value = Date> {
    let first = Date::constant(from, 1, 1);
    let days = first
        .until(Date::constant(before, 1, 1))
        .map_or(0, |span| span.get_days());
    (0..=days).prop_map(move |days| {
        first.saturating_add(SignedDuration::from_hours(i64::from(days) * 24))
    })
}

fn partition_columns() -> impl Strategy<Value = PartitionColumnNames> {
    prop_oneof![
        Just(PartitionColumnNames {
            attribute: "attribute_name".to_owned(),
            bucket: "entity_id_mod".to_owned(),
            date: "created_date".to_owned(),
        }),
        ["a_[a-z0-9_]{0,6}", "b_[a-z0-9_]{0,6}", "_[a-z0-9]{0,6}"].prop_map(
            |[attribute, bucket, date]| PartitionColumnNames {
                attribute,
                bucket,
                date,
            }
        ),
    ]
}

fn lake() -> impl Strategy<Value = Lake> {
    let location = select(&[".", "/data/lake", "file:///data/ü", "s3://acme-lake/why/"][..]);
    (
        location,
        "[a-z0-9_][a-z0-9_-]{0,8}",
        "t[a-z0-9_-]{0,8}",
        option::of("l[a-z0-9_-]{0,8}"),
        "e[a-z0-9_-]{0,8}",
        "(d[a-z ü'\"]{0,4}x/)?d[a-z.ü'\"#]{0,8}",
    )
        .prop_map(
            |(location, database, trace, latest, entities, directory)| Lake {
                location: location.to_owned(),
                database,
                trace,
                latest,
                entities,
                directory,
            },
        )
}

/// Some keep the contract's name, some have the team's own.
fn columns() -> impl Strategy<Value = Columns> {
    vec(option::of("[A-Za-z0-9_]{0,6}"), 13).prop_map(|own| {
        let mut columns = Columns::default();
        let all = [
            &mut columns.decision_id,
            &mut columns.entity_id,
            &mut columns.decided_at,
            &mut columns.value,
            &mut columns.previous_value,
            &mut columns.rule,
            &mut columns.rule_version,
            &mut columns.reason,
            &mut columns.run_id,
            &mut columns.actor,
            &mut columns.is_override,
            &mut columns.evidence,
            &mut columns.decision_dates,
        ];
        for (number, (column, own)) in all.into_iter().zip(own).enumerate() {
            if let Some(own) = own {
                *column = format!("Own{number}_{own}");
            }
        }
        columns
    })
}

/// Text that a catalog takes as a name: of an attribute too, however odd.
pub(crate) fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-z]{1,8}(_[a-z]{1,8})?",
        2 => "\\PC{1,10}",
        1 => "[-_.:;=%#*?\"{}\\[\\]^~$`|<>&()+!@ a-z]{1,10}",
    ]
    .prop_map(|name| name.trim().to_owned())
    .prop_filter("refused", |name| names::refused_attribute(name).is_none())
}

/// Names of which no two are one word to whoever types them.
pub(crate) fn names_apart(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<String>> {
    vec(name(), count).prop_map(|mut names| {
        let mut folds = HashSet::new();
        names.retain(|name| folds.insert(names::fold(name)));
        names
    })
}

/// At least one, each with words of its own.
fn attributes() -> impl Strategy<Value = Vec<Attribute>> {
    let traits = vec((attribute_traits(), option::of(thresholds())), 6);
    (names_apart(1..20), traits, option::of(thresholds())).prop_map(|(words, traits, common)| {
        let mut words = words.into_iter();
        let mut attributes = Vec::new();
        for (attribute, own) in traits {
            let Some(name) = words.next() else { break };
            let label = attribute.label.as_ref().and_then(|_| words.next());
            attributes.push(Attribute {
                label: label.unwrap_or_else(|| default_label(&name)),
                aliases: words.by_ref().take(attribute.aliases).collect(),
                name,
                kind: attribute.kind,
                unit: attribute.unit,
                stale_after: attribute.stale_after,
                sign_fixed: attribute.sign_fixed,
                is_name: attribute.is_name,
                visible_to: attribute.visible_to,
                thresholds: own.or_else(|| common.clone()).unwrap_or_default(),
            });
        }
        attributes
    })
}

#[derive(Debug, Clone)]
struct Traits {
    label: Option<()>,
    aliases: usize,
    kind: Kind,
    unit: Option<String>,
    stale_after: Option<SignedDuration>,
    sign_fixed: bool,
    is_name: bool,
    visible_to: Visibility,
}

fn attribute_traits() -> impl Strategy<Value = Traits> {
    let ids = |pattern: &'static str| vec(pattern, 0..3);
    let visible_to = prop_oneof![
        2 => Just(Visibility::Everyone),
        1 => (ids("[CGD][A-Z0-9]{8}"), ids("[UW][A-Z0-9]{8}"), ids("S[A-Z0-9]{8}")).prop_map(|(channels, users, groups)| {
            let distinct = |mut ids: Vec<String>| {
                ids.sort();
                ids.dedup();
                ids
            };
            match (distinct(channels), distinct(users), distinct(groups)) {
                (channels, users, groups)
                    if channels.len() + users.len() + groups.len() > 0 =>
                {
                    Visibility::Only { channels, users, groups }
                }
                _ => Visibility::Everyone,
            }
        }),
    ];
    (
        option::of(Just(())),
        0..3usize,
        select(&Kind::ALL[..]),
        option::of(name()),
        option::of(duration()),
        any::<bool>(),
        any::<bool>(),
        visible_to,
    )
        .prop_map(
            |(label, aliases, kind, unit, stale_after, sign_fixed, is_name, visible_to)| Traits {
                label,
                aliases,
                kind,
                unit,
                stale_after,
                sign_fixed,
                is_name,
                visible_to,
            },
        )
}

fn duration() -> impl Strategy<Value = SignedDuration> {
    let units = select(&[1i64, 60, 3_600, 86_400, 7 * 86_400, 365 * 86_400][..]);
    (1..=200i64, units).prop_map(|(count, unit)| SignedDuration::from_secs(count * unit))
}

fn thresholds() -> impl Strategy<Value = Thresholds> {
    (
        [duration(), duration(), duration(), duration()],
        1..=1_000u32,
        [0.0..=1.0f64, 0.0..=1.0f64, 0.0..=1.0f64],
        1.0..1e12f64,
    )
        .prop_map(
            |([late, flapping, tie, jump], flapping_changes, [ties, low, close], jump_factor)| {
                Thresholds {
                    late_after: late,
                    flapping_changes,
                    flapping_within: flapping,
                    tie_confidence: ties,
                    tie_within: tie,
                    jump_factor,
                    jump_within: jump,
                    low_confidence: low,
                    close_within: close,
                }
            },
        )
}

fn sources_and_rules() -> impl Strategy<Value = (Vec<Source>, Vec<Rule>)> {
    let link = select(
        &[
            "https://crm.example.com/{record_id}",
            "https://a.b:8443/x?id={record_id}&y#z",
        ][..],
    );
    let source = (option::of(name()), option::of(link), any::<bool>());
    let rule = (any::<u8>(), vec(any::<Index>(), 1..4), vec(name(), 0..4));
    (
        (names_apart(0..5), vec(source, 5)),
        (names_apart(0..3), vec(rule, 6)),
    )
        .prop_map(|((source_names, traits), (rule_names, declarations))| {
            let sources: Vec<Source> = source_names
                .into_iter()
                .zip(traits)
                .map(|(name, (label, link, disclosable))| Source {
                    label: label.unwrap_or_else(|| default_label(&name)),
                    name,
                    link: link.map(str::to_owned),
                    disclosable,
                })
                .collect();
            let rules = rules(&rule_names, declarations, &sources);
            (sources, rules)
        })
}

/// Several declarations of one rule speak for different versions; a single one may
/// speak for all.
fn rules(
    names: &[String],
    declarations: Vec<(u8, Vec<Index>, Vec<String>)>,
    sources: &[Source],
) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    let mut taken = HashSet::new();
    for (number, (kind, order, versions)) in declarations.into_iter().enumerate() {
        let Some(name) = names.get(number % names.len().max(1)) else {
            break;
        };
        let versions: Vec<String> = versions
            .into_iter()
            .filter(|version| taken.insert((name.clone(), version.clone())))
            .collect();
        let first = !rules.iter().any(|rule| rule.name == *name);
        let open = rules
            .iter()
            .any(|rule| rule.name == *name && rule.versions.is_empty());
        if open || (!first && versions.is_empty()) {
            continue;
        }
        let mut seen = HashSet::new();
        let order: Vec<String> = order
            .iter()
            .filter(|_| !sources.is_empty())
            .map(|index| index.get(sources).name.clone())
            .filter(|source| seen.insert(source.clone()))
            .collect();
        rules.push(Rule {
            name: name.clone(),
            versions,
            kind: match kind % 4 {
                0 if !order.is_empty() => RuleKind::SourcePriority(order),
                1 => RuleKind::Recency,
                2 => RuleKind::Confidence,
                _ => RuleKind::Frequency,
            },
        });
    }
    rules
}
