//! What was read: in one line, as the receipt, and where nothing was found.

use super::clean::{clean, clean_name};
use super::{NAME, day, minute, rule};
use crate::answer::{Answer, Read};

/// Other attributes that are named where nothing was found.
const OTHERS: usize = 12;

/// `Read 2024-01-01 to 2026-04-01, all there is; data as of 2026-04-01 06:00 UTC.`
pub(in crate::render) fn read(answer: &Answer) -> String {
    what_was_read(&answer.read)
}

/// The same of several questions together.
pub(in crate::render) fn what_was_read(read: &Read) -> String {
    let whole = match read.complete {
        true => "all there is",
        false => "not the whole past",
    };
    format!("Read {} to {}, {whole}{}.", read.from, read.to, fresh(read))
}

/// For what changed since a day: of what came before, nothing is said.
#[cfg(any(feature = "page", feature = "slack"))]
pub(in crate::render) fn days_read(read: &Read) -> String {
    format!("Read {} to {}{}.", read.from, read.to, fresh(read))
}

fn fresh(read: &Read) -> String {
    match read.data_as_of {
        Some(at) => format!("; data as of {}", minute(at)),
        None => String::new(),
    }
}

/// What was looked for and where, and what there is instead: a sentence each.
pub(in crate::render) fn nothing(answer: &Answer) -> Vec<String> {
    let Some(nothing) = &answer.nothing else {
        return Vec::new();
    };
    let (question, read) = (&answer.question, &answer.read);
    let label = clean(&answer.attribute.label, NAME);
    let name = clean_name(&question.entity_name, NAME);
    let company = format!("{name} (#{})", question.entity_id);
    let mut said = Vec::new();
    if nothing.outside_range {
        // As of then there is nothing to read: the asker's day is what was meant.
        let as_of = day(question.as_of);
        said.push(format!(
            "No decision about {label} of {company} by {as_of}."
        ));
        said.push(match nothing.lake_begins {
            Some(first) => {
                format!("The lake begins on {first}: ask about that day or a later one.")
            }
            None => {
                "That lies outside the days that the lake covers: ask about another.".to_owned()
            }
        });
        // Of other attributes there is no more at that time.
        return said;
    } else if read.complete {
        said.push(format!(
            "No decision about {label} of {company} by {}; the lake begins on {}.",
            read.to, read.from
        ));
    } else {
        said.push(format!(
            "No decision about {label} of {company} from {} to {}; what came before was not read.",
            read.from, read.to
        ));
        said.push(
            "Add \u{201c}full history\u{201d} to the question to read all there is.".to_owned(),
        );
    }
    let others = &nothing.other_attributes;
    let named: Vec<String> = others.iter().take(OTHERS).map(|o| clean(o, NAME)).collect();
    said.push(match others.len() {
        0 => "No other attribute of this company has a trace either.".to_owned(),
        many if many > OTHERS => format!(
            "This company has a trace of {} and {} more: ask for one of them.",
            named.join(", "),
            many - OTHERS
        ),
        1 => format!(
            "This company has a trace of {}: ask for that.",
            named.join(", ")
        ),
        _ => format!(
            "This company has a trace of {}: ask for one of them.",
            named.join(", ")
        ),
    });
    said
}

/// Label and value of each line of the receipt.
pub(in crate::render) fn receipt(answer: &Answer) -> Vec<(&'static str, String)> {
    let read = &answer.read;
    let mut lines = vec![
        (
            "engine",
            match &read.engine_reason {
                Some(reason) => format!("{} ({})", read.engine, clean(reason, 80)),
                None => read.engine.to_owned(),
            },
        ),
        (
            "partitions",
            format!(
                "{} planned, {} read",
                read.partitions_planned, read.partitions_read
            ),
        ),
        ("read", amount(read)),
        ("time", time(read)),
        ("cost", cost(read)),
    ];
    if let Some(queries) = &read.athena {
        let ids = queries.ids.iter().map(|id| clean(id, 80));
        lines.extend(ids.map(|id| ("query", id)));
    }
    if let Some(current) = &answer.current {
        lines.push(("decision", clean(&current.decision_id, 80)));
        lines.extend(current.run_id.as_ref().map(|run| ("run", clean(run, 80))));
        lines.extend(current.actor.as_ref().map(|actor| ("by", clean(actor, 80))));
        let rule = rule(current.rule.as_deref(), current.rule_version.as_deref());
        lines.extend(rule.map(|rule| ("rule", rule)));
        let link = current.winner().and_then(|winner| winner.url.as_deref());
        lines.extend(link.map(|url| ("record", clean(url, 200))));
    }
    lines.push(("answer", clean(&answer.id, 80)));
    lines
}

/// Athena does not say how many files it read.
fn amount(read: &Read) -> String {
    let (rows, bytes, requests) = (read.rows_read, bytes(read.bytes_read), read.requests);
    match &read.athena {
        None => format!(
            "{} files, {rows} rows, {bytes} in {requests} requests",
            read.files_read
        ),
        Some(queries) => {
            let many = match queries.ids.len() {
                1 => "1 query".to_owned(),
                many => format!("{many} queries"),
            };
            let reused = match queries.reused {
                0 => String::new(),
                all if all == queries.ids.len() as u64 => {
                    ", answered by an earlier result".to_owned()
                }
                reused => format!(", {reused} of them answered by an earlier result"),
            };
            format!("{rows} rows, {bytes} scanned by {many}{reused}, {requests} requests")
        }
    }
}

fn time(read: &Read) -> String {
    let ours = format!(
        "{:.1} ms planning, {:.1} ms in all",
        read.planning_ms, read.total_ms
    );
    match &read.athena {
        None => ours,
        Some(queries) => format!(
            "{ours}; Athena's: {:.0} ms queued, {:.0} ms engine, {:.0} ms service",
            queries.queue_ms, queries.engine_ms, queries.service_ms
        ),
    }
}

/// `0.000050 USD`; where nothing is billed, why.
fn cost(read: &Read) -> String {
    match (read.cost_usd == 0.0, read.engine) {
        (true, "direct") => "nothing (read directly)".to_owned(),
        (true, "athena") => "nothing (an earlier result)".to_owned(),
        (true | false, _) => format!("{:.6} USD", read.cost_usd),
    }
}

/// `12.3 kB`
fn bytes(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if bytes < 1_000 {
        return format!("{bytes} B");
    }
    let mut size = bytes as f64 / 1_000.0;
    let mut unit = "kB";
    for larger in UNITS.iter().skip(1) {
        if size < 1_000.0 {
            break;
        }
        size /= 1_000.0;
        unit = larger;
    }
    format!("{size:.1} {unit}")
}
