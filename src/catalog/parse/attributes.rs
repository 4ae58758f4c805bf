//! `[attributes.…]` and `[thresholds]`.

use jiff::SignedDuration;

use super::reader::{Field, Section};
use crate::catalog::errors::{Problems, quoted};
use crate::catalog::{Attribute, Thresholds, Visibility, default_label, keys, names, write};
use crate::value::Kind;

pub(super) fn attributes(
    root: &Section<'_>,
    thresholds: &Thresholds,
    problems: &mut Problems,
) -> Vec<Attribute> {
    let advice = "Add at least one, such as [attributes.revenue].";
    let Some(field) = root.get("attributes") else {
        root.missing("there are no attributes", advice, problems);
        return Vec::new();
    };
    let section = Section::open(&field, "[attributes]".to_owned(), problems);
    let fields = section.in_order();
    if fields.is_empty() {
        section.missing("there are no attributes", advice, problems);
    }
    let mut words = Words::default();
    fields
        .iter()
        .map(|field| attribute(field, thresholds, &mut words, problems))
        .collect()
}

fn attribute(
    field: &Field<'_>,
    thresholds: &Thresholds,
    words: &mut Words,
    problems: &mut Problems,
) -> Attribute {
    let name = field.key;
    let title = format!("[attributes.{}]", write::key(name));
    if let Some(why) = names::refused_attribute(name) {
        problems.report(
            field.key_at,
            format!("an attribute can't be called {}", quoted(name)),
            format!("Rename it in the table and here: {why}."),
        );
    }
    let section = Section::open(field, title.clone(), problems).knows(keys::ATTRIBUTE, problems);
    words.claim(name, name, field.key_at, problems);

    let label = section.get("label").and_then(|field| {
        let label = field.words("Write what people call it, such as \"Revenue\".", problems)?;
        words.claim(name, &label, field.at, problems);
        Some(label)
    });
    let aliases = section
        .get("aliases")
        .and_then(|field| {
            let items = field.list("Write a list, such as [\"sales\", \"turnover\"].", problems)?;
            Some(aliases(name, &items, words, problems))
        })
        .unwrap_or_default();
    let kinds = Kind::ALL.map(|kind| (kind.as_str(), kind));
    Attribute {
        name: name.to_owned(),
        label: label.unwrap_or_else(|| default_label(name)),
        aliases,
        kind: section
            .get("kind")
            .and_then(|field| field.choice(&kinds, problems))
            .unwrap_or(Kind::Text),
        unit: section
            .get("unit")
            .and_then(|field| field.words("Write a unit, such as \"USD\".", problems)),
        stale_after: section
            .get("stale_after")
            .and_then(|field| field.duration(problems)),
        sign_fixed: flag(&section, "sign_fixed", problems),
        is_name: flag(&section, "is_name", problems),
        visible_to: section
            .get("visible_to")
            .map_or(Visibility::Everyone, |field| {
                visible_to(&field, &title, problems)
            }),
        thresholds: section.get("thresholds").map_or_else(
            || thresholds.clone(),
            |field| {
                let title = format!("{}.thresholds]", title.trim_end_matches(']'));
                read_thresholds(
                    &Section::open(&field, title, problems),
                    thresholds,
                    problems,
                )
            },
        ),
    }
}

fn flag(section: &Section<'_>, key: &str, problems: &mut Problems) -> bool {
    section
        .get(key)
        .and_then(|field| field.flag(problems))
        .unwrap_or(false)
}

fn aliases(
    attribute: &str,
    items: &[Field<'_>],
    words: &mut Words,
    problems: &mut Problems,
) -> Vec<String> {
    let mut aliases: Vec<String> = Vec::new();
    for item in items {
        let Some(alias) = item.words("Write a word that people type for it.", problems) else {
            continue;
        };
        let fold = names::fold(&alias);
        if aliases.iter().any(|other| names::fold(other) == fold) {
            problems.report(
                item.at,
                format!("`aliases` of {attribute} lists {} twice", quoted(&alias)),
                "Remove one of the two; case does not tell them apart.",
            );
        } else {
            words.claim(attribute, &alias, item.at, problems);
            aliases.push(alias);
        }
    }
    aliases
}

/// Which attribute each word means: a word that means two is refused.
#[derive(Default)]
struct Words {
    claimed: Vec<(String, String)>,
}

impl Words {
    fn claim(&mut self, attribute: &str, word: &str, at: usize, problems: &mut Problems) {
        let fold = names::fold(word);
        let taken = self
            .claimed
            .iter()
            .find(|(claimed, by)| *claimed == fold && by != attribute);
        if let Some((_, by)) = taken {
            problems.report(
                at,
                format!("{} means both {by} and {attribute}", quoted(word)),
                "A name, label or alias belongs to one attribute (case and _ do not count): change one.",
            );
        }
        self.claimed.push((fold, attribute.to_owned()));
    }
}

fn visible_to(field: &Field<'_>, title: &str, problems: &mut Problems) -> Visibility {
    if field.peek() == Some("everyone") {
        return Visibility::Everyone;
    }
    let title = format!("{}.visible_to]", title.trim_end_matches(']'));
    if !field.is_table() {
        field.refuse(
            format!("Write \"everyone\", or a table {title} with channels, users or groups."),
            problems,
        );
        return Visibility::Everyone;
    }
    let section = Section::open(field, title, problems).knows(keys::VISIBLE_TO, problems);
    let channels = slack_ids(&section, "channels", &['C', 'G', 'D'], problems);
    let users = slack_ids(&section, "users", &['U', 'W'], problems);
    let groups = slack_ids(&section, "groups", &['S'], problems);
    if channels.is_empty() && users.is_empty() && groups.is_empty() {
        section.missing(
            format!("nobody could see this: {} lists no one", section.name),
            "List channels, users or groups by their Slack ids, or write visible_to = \"everyone\".",
            problems,
        );
    }
    Visibility::Only {
        channels,
        users,
        groups,
    }
}

/// Slack's ids, not its names: names change hands.
fn slack_ids(
    section: &Section<'_>,
    key: &str,
    initials: &[char],
    problems: &mut Problems,
) -> Vec<String> {
    let Some(field) = section.get(key) else {
        return Vec::new();
    };
    let initial = initials.first().copied().unwrap_or('C');
    let advice = format!("Write Slack ids, such as [\"{initial}0123ABCD\"], not names.");
    let ids = field.word_list(&advice, problems);
    for (at, id) in &ids {
        let is_id = id.len() >= 3
            && id.starts_with(initials)
            && id
                .chars()
                .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
        if !is_id {
            let what = format!("{} in {} is no Slack id of {key}", quoted(id), section.name);
            problems.report(*at, what, advice.as_str());
        }
    }
    ids.into_iter().map(|(_, id)| id).collect()
}

/// `[thresholds]`: for every attribute that does not say otherwise.
pub(super) fn lake_thresholds(root: &Section<'_>, problems: &mut Problems) -> Thresholds {
    let base = Thresholds::default();
    match root.get("thresholds") {
        Some(field) => {
            let section = Section::open(&field, "[thresholds]".to_owned(), problems);
            read_thresholds(&section, &base, problems)
        }
        None => base,
    }
}

fn read_thresholds(
    section: &Section<'_>,
    base: &Thresholds,
    problems: &mut Problems,
) -> Thresholds {
    let mut t = base.clone();
    for field in section.in_order() {
        match field.key {
            "late_after" => set_duration(&mut t.late_after, &field, problems),
            "flapping_changes" => {
                if let Some(Ok(count)) = field.whole(1..=1_000, problems).map(u32::try_from) {
                    t.flapping_changes = count;
                }
            }
            "flapping_within" => set_duration(&mut t.flapping_within, &field, problems),
            "tie_confidence" => set_share(&mut t.tie_confidence, &field, problems),
            "tie_within" => set_duration(&mut t.tie_within, &field, problems),
            "jump_factor" => {
                if let Some(factor) = field.number(1.0..=1e12, problems) {
                    t.jump_factor = factor;
                }
            }
            "jump_within" => set_duration(&mut t.jump_within, &field, problems),
            "low_confidence" => set_share(&mut t.low_confidence, &field, problems),
            "close_within" => set_share(&mut t.close_within, &field, problems),
            _ => field.unknown_key(&section.name, keys::THRESHOLDS, problems),
        }
    }
    t
}

fn set_duration(duration: &mut SignedDuration, field: &Field<'_>, problems: &mut Problems) {
    if let Some(read) = field.duration(problems) {
        *duration = read;
    }
}

fn set_share(share: &mut f64, field: &Field<'_>, problems: &mut Problems) {
    if let Some(read) = field.number(0.0..=1.0, problems) {
        *share = read;
    }
}
