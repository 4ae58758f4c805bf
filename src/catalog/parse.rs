//! Reads `why.toml`: every error at once, each with its line.
//!
//! Walks the recovered TOML tree by hand, since a deserialiser stops at the
//! first error. Start at [`Catalog::parse`]; what each key may be stands beside
//! the key. [`reader`] knows types and wording.

use jiff::civil::Date;
use toml::de::DeTable;

use super::errors::{Errors, Problems};
use super::{
    ATHENA_MOST_PARTITIONS, Catalog, Columns, Cost, Lake, duration, keys, location, names,
};
use crate::layout::{Format, Layout, PartitionColumn, PartitionColumnNames, Step};
use reader::{Field, Section};

mod attributes;
mod reader;
mod sources;
mod syntax;

const ORDERS: [(&str, PartitionColumn); 3] = [
    ("attribute", PartitionColumn::Attribute),
    ("bucket", PartitionColumn::Bucket),
    ("date", PartitionColumn::Date),
];

/// Whether a catalog's text names the companies' table itself, and so says that it is there.
#[must_use]
pub fn names_entities(text: &str) -> bool {
    let mut problems = Problems::default();
    let (tree, _) = DeTable::parse_recoverable(text);
    let root = Section::root(tree.get_ref());
    let lake = section(&root, "lake", keys::LAKE, &mut problems);
    lake.get("entities").is_some()
}

impl Catalog {
    /// Reads a catalog; `origin` names the file in messages.
    ///
    /// # Errors
    /// Everything that is wrong with the text, not only the first of it.
    pub fn parse(text: &str, origin: &str) -> Result<Catalog, Errors> {
        let mut problems = Problems::default();
        let (tree, syntax_errors) = DeTable::parse_recoverable(text);
        syntax::report(&syntax_errors, text, &mut problems);
        let root = Section::root(tree.get_ref()).knows(keys::SECTIONS, &mut problems);

        let lake_section = section(&root, "lake", keys::LAKE, &mut problems);
        let layout_section = section(&root, "layout", keys::LAYOUT, &mut problems);
        let column_section = section(&root, "columns", keys::COLUMNS, &mut problems);

        let lake = lake(&lake_section, &mut problems);
        let (columns, partition_columns) = columns(&column_section, &mut problems);
        let layout = Layout {
            order: order(&layout_section, &mut problems),
            buckets: count(&layout_section, "buckets", 16, 10_000, &mut problems),
            step: step(&layout_section, &mut problems),
            first_date: first_date(&layout_section, &mut problems),
            format: format(&lake_section, &mut problems),
            columns: partition_columns,
        };
        let ladder_days = ladder(&layout_section, &mut problems);
        let max_partitions = count(
            &layout_section,
            "max_partitions",
            super::DEFAULT_MAX_PARTITIONS,
            ATHENA_MOST_PARTITIONS,
            &mut problems,
        );
        let thresholds = attributes::lake_thresholds(&root, &mut problems);
        let attributes = attributes::attributes(&root, &thresholds, &mut problems);
        let sources = sources::sources(&root, &mut problems);
        let rules = sources::rules(&root, &sources, &mut problems);
        let cost = cost(&root, &mut problems);

        problems.into_result(text, origin)?;
        Ok(Catalog {
            lake,
            layout,
            columns,
            attributes,
            sources,
            rules,
            ladder_days,
            max_partitions,
            cost,
        })
    }
}

/// A top-level table, or an empty one.
fn section<'a>(
    root: &Section<'a>,
    key: &str,
    known: &[&str],
    problems: &mut Problems,
) -> Section<'a> {
    let name = format!("[{key}]");
    match root.get(key) {
        Some(field) => Section::open(&field, name, problems).knows(known, problems),
        None => Section::absent(&name),
    }
}

fn lake(section: &Section<'_>, problems: &mut Problems) -> Lake {
    let default = Lake::default();
    let location = section.get("location").and_then(|field| {
        let text = field.text(
            "Write a folder, file:///… or s3://bucket/prefix, in quotes.",
            problems,
        )?;
        if let Err(location::Unusable(advice)) = location::check(text) {
            field.refuse(advice, problems);
        }
        Some(text.to_owned())
    });
    let directory = section.get("directory").and_then(|field| {
        let advice = "Write a file below the lake's location, such as \"directory.why\".";
        let text = field.text(advice, problems)?;
        if !names::is_file(text) {
            field.refuse(advice, problems);
        }
        Some(text.to_owned())
    });
    let lake = Lake {
        location: location.unwrap_or(default.location),
        database: table(section, "database", problems).unwrap_or(default.database),
        trace: table(section, "trace", problems).unwrap_or(default.trace),
        latest: table(section, "latest", problems),
        entities: table(section, "entities", problems).unwrap_or(default.entities),
        directory: directory.unwrap_or(default.directory),
    };
    one_folder_each(&lake, section, problems);
    lake
}

/// A name of a database or of a table.
fn table(section: &Section<'_>, key: &str, problems: &mut Problems) -> Option<String> {
    let field = section.get(key)?;
    if key == "latest" && field.is_bool() {
        field.refuse(
            "Write the table's name, such as \"attribute_latest\"; leave the line out where there is none.",
            problems,
        );
        return None;
    }
    let advice =
        "Write lower-case letters, digits, _ and - only: Glue changes or refuses all else.";
    let name = field.text(advice, problems)?;
    if !names::is_table(name) {
        field.refuse(advice, problems);
    }
    Some(name.to_owned())
}

/// Tables and the directory lie side by side: each needs a folder of its own.
fn one_folder_each(lake: &Lake, section: &Section<'_>, problems: &mut Problems) {
    let mut seen: Vec<(&str, &str)> = Vec::new();
    let latest = lake.latest.as_deref().map(|name| ("latest", name));
    let tables = [
        ("trace", lake.trace.as_str()),
        ("entities", lake.entities.as_str()),
        ("directory", lake.directory.split('/').next().unwrap_or("")),
    ];
    for (key, name) in tables.into_iter().chain(latest) {
        if let Some((other, _)) = seen.iter().find(|(_, taken)| *taken == name) {
            let at = section
                .get(key)
                .or_else(|| section.get(other))
                .map_or(section.at, |field| field.at);
            problems.report(
                at,
                format!("`{key}` and `{other}` in [lake] both lie in \"{name}\""),
                "Give each a name of its own: it is also its folder.",
            );
        }
        seen.push((key, name));
    }
}

fn format(section: &Section<'_>, problems: &mut Problems) -> Format {
    let choices = [("parquet", Format::Parquet), ("hudi", Format::Hudi)];
    section
        .get("format")
        .and_then(|field| field.choice(&choices, problems))
        .unwrap_or(Format::Parquet)
}

fn order(section: &Section<'_>, problems: &mut Problems) -> [PartitionColumn; 3] {
    let default = ORDERS.map(|(_, column)| column);
    let Some(field) = section.get("order") else {
        return default;
    };
    let advice =
        "Name each of \"attribute\", \"bucket\" and \"date\" once, outermost folder first.";
    let Some(items) = field.list(advice, problems) else {
        return default;
    };
    let count = items.len();
    let columns: Vec<PartitionColumn> = items
        .iter()
        .filter_map(|item| item.choice(&ORDERS, problems))
        .collect();
    let complete = ORDERS.iter().all(|(_, column)| columns.contains(column));
    match <[PartitionColumn; 3]>::try_from(columns) {
        Ok(order) if complete => order,
        // An item that is no column at all has been reported already.
        Err(columns) if columns.len() < count => default,
        Ok(_) | Err(_) => {
            problems.report(
                field.at,
                "`order` in [layout] does not name the three partition columns once each",
                advice,
            );
            default
        }
    }
}

fn step(section: &Section<'_>, problems: &mut Problems) -> Step {
    section
        .get("step")
        .and_then(|field| field.choice(&[("day", Step::Day), ("month", Step::Month)], problems))
        .unwrap_or(Step::Month)
}

fn count(
    section: &Section<'_>,
    key: &str,
    default: u32,
    most: u64,
    problems: &mut Problems,
) -> u32 {
    section
        .get(key)
        .and_then(|field| field.whole(1..=most, problems))
        .and_then(|number| u32::try_from(number).ok())
        .unwrap_or(default)
}

fn first_date(section: &Section<'_>, problems: &mut Problems) -> Date {
    let earliest = super::EARLIEST_FIRST_DATE;
    let Some(field) = section.get("first_date") else {
        section.missing(
            "[layout] has no `first_date`",
            "Add the day of the oldest decision, such as first_date = 2015-01-01: what is older is never read.",
            problems,
        );
        return earliest;
    };
    let advice = "Write the day of the oldest decision as year-month-day, such as 2015-01-01.";
    match field.date(advice, problems) {
        Some(date) if date < earliest || date > super::LATEST_FIRST_DATE => {
            field.refuse(
                "Write the day of the oldest decision, between 1900-01-01 and 2100-01-01.",
                problems,
            );
            earliest
        }
        Some(date) => date,
        None => earliest,
    }
}

fn ladder(section: &Section<'_>, problems: &mut Problems) -> Vec<u32> {
    let Some(field) = section.get("ladder") else {
        return super::DEFAULT_LADDER_DAYS.to_vec();
    };
    let advice =
        "Write rising whole days, such as [\"90d\", \"2y\"]; everything is always the last rung.";
    let mut rungs: Vec<u32> = Vec::new();
    for item in field.list(advice, problems).unwrap_or_default() {
        let Some(duration) = item.duration(problems) else {
            continue;
        };
        match duration::whole_days(duration) {
            Some(days) if rungs.last().is_none_or(|last| *last < days) => rungs.push(days),
            Some(_) | None => item.refuse(advice, problems),
        }
    }
    rungs
}

fn columns(section: &Section<'_>, problems: &mut Problems) -> (Columns, PartitionColumnNames) {
    let mut taken: Vec<(&str, String)> = Vec::new();
    let mut name = |key: &'static str| column(section, key, &mut taken, problems);
    let columns = Columns {
        decision_id: name("decision_id"),
        entity_id: name("entity_id"),
        decided_at: name("decided_at"),
        value: name("value"),
        previous_value: name("previous_value"),
        rule: name("rule"),
        rule_version: name("rule_version"),
        reason: name("reason"),
        run_id: name("run_id"),
        actor: name("actor"),
        is_override: name("override"),
        evidence: name("evidence"),
        decision_dates: name("decision_dates"),
    };
    let partition_columns = PartitionColumnNames {
        attribute: name("attribute_name"),
        bucket: name("entity_id_mod"),
        date: name("created_date"),
    };
    (columns, partition_columns)
}

/// The team's name for a column of the contract; by default the contract's own.
fn column(
    section: &Section<'_>,
    key: &'static str,
    taken: &mut Vec<(&'static str, String)>,
    problems: &mut Problems,
) -> String {
    let field = section.get(key);
    let name = field
        .as_ref()
        .and_then(|field| column_name(field, problems))
        .unwrap_or_else(|| key.to_owned());
    // Athena's columns have no case.
    let lower = name.to_ascii_lowercase();
    if let Some((other, _)) = taken.iter().find(|(_, other)| *other == lower) {
        let at = field
            .or_else(|| section.get(other))
            .map_or(section.at, |field| field.at);
        problems.report(
            at,
            format!("`{other}` and `{key}` in [columns] are both \"{name}\""),
            "Name two different columns; case does not tell them apart in Athena.",
        );
    }
    taken.push((key, lower));
    name
}

fn column_name(field: &Field<'_>, problems: &mut Problems) -> Option<String> {
    let partition = ["attribute_name", "entity_id_mod", "created_date"].contains(&field.key);
    let advice = if partition {
        "Write lower-case letters, digits and _ only: Glue lower-cases names, and folders must match."
    } else {
        "Write letters, digits and _ only, not beginning with a digit."
    };
    let name = field.text(advice, problems)?;
    let fits = if partition {
        names::is_partition_column(name)
    } else {
        names::is_column(name)
    };
    if !fits {
        field.refuse(advice, problems);
    } else if name.to_ascii_lowercase().starts_with("_hoodie_") {
        field.refuse(
            "Names beginning with _hoodie_ are Hudi's own; name another column.",
            problems,
        );
    }
    Some(name.to_owned())
}

fn cost(root: &Section<'_>, problems: &mut Problems) -> Cost {
    let section = section(root, "cost", keys::COST, problems);
    let default = Cost::default();
    Cost {
        usd_per_tb: section
            .get("usd_per_tb")
            .and_then(|field| field.number(0.0..=1_000.0, problems))
            .unwrap_or(default.usd_per_tb),
        minimum_bytes: section
            .get("minimum_bytes")
            .and_then(|field| field.whole(0..=1_000_000_000_000, problems))
            .unwrap_or(default.minimum_bytes),
    }
}
