//! Advice on a layout for a terminal: the data, both layouts side by side, each question, what is
//! wrong, and the catalog's lines to change.

use std::io::Write;

use super::super::import::{counted as several, size};
use super::super::measure::aligned;
use super::super::prose::Prose;
use super::super::{Stop, Terminal};
use crate::advice::{Advice, Figure, Outcome, Price, Shift, Side};
use crate::import::Counted;
use crate::layout::Step;
use crate::render::printable;
use crate::value::grouped;

const DASH: &str = "-";
/// Longer questions are cut.
const QUESTION: usize = 44;

pub(super) fn write(
    advice: &Advice,
    counted: &Counted,
    terminal: &mut Terminal,
) -> Result<(), Stop> {
    let out = &mut terminal.prose();
    data(counted, out)?;
    out.gap()?;
    layouts(advice, counted, out.out)?;
    out.gap()?;
    prices(advice, out)?;
    warnings(advice, out)?;
    out.gap()?;
    change(advice, out)?;
    left_out(counted, out)?;
    Ok(())
}

/// What can't be used and was not counted.
fn left_out(counted: &Counted, out: &mut Prose<'_>) -> std::io::Result<()> {
    let what = match (counted.refused, counted.unreadable) {
        (0, 0) => return Ok(()),
        (refused, 0) => {
            let lines = several(counted.tally.decisions() + refused, "line", "lines");
            format!("{} of {lines} can't be used", grouped(refused))
        }
        (_, unreadable) => format!("{} can't be read", several(unreadable, "file", "files")),
    };
    out.gap()?;
    out.say(&format!("Left out: {what}; the advice is about the rest."))?;
    let named = named(counted);
    for line in &named {
        out.beside("  ", &printable(line))?;
    }
    match (counted.refused + counted.unreadable).saturating_sub(named.len() as u64) {
        0 => Ok(()),
        more => out.beside("  ", &format!("and {} more", grouped(more))),
    }
}

/// The first of what was left out, each with its reason.
pub(super) fn named(counted: &Counted) -> Vec<String> {
    let lines = counted.shown.iter();
    let lines = lines.map(|refused| format!("line {}: {}", refused.line, refused.reason));
    let files = counted.named.iter();
    lines
        .chain(files.map(|one| format!("{}: {}", one.file, one.reason)))
        .collect()
}

fn data(counted: &Counted, out: &mut Prose<'_>) -> std::io::Result<()> {
    let tally = &counted.tally;
    let (companies, may_be_more) = tally.companies();
    let (first, last) = tally.days().unzip();
    let shown = |day: Option<jiff::civil::Date>| day.map_or_else(String::new, |d| d.to_string());
    let each = several(rounded_up(tally.bytes_of_a_row()), "byte", "bytes");
    let beside = bytes_of(tally.bytes_of_a_file());
    let size = match tally.on_disk() {
        Some((files, bytes)) => format!(
            "{} of {} in all, by reckoning {each} a decision beside {beside} of each file's own",
            several(files, "file", "files"),
            size(bytes),
        ),
        None => format!("an estimated {each} each in Parquet, beside {beside} of each file's own"),
    };
    out.say(&format!(
        "{} of {}{} in {}, {} to {}; {size}.",
        several(tally.decisions(), "decision", "decisions"),
        several(companies as u64, "company", "companies"),
        if may_be_more { " or more" } else { "" },
        several(tally.attributes().len() as u64, "attribute", "attributes"),
        shown(first),
        shown(last),
    ))?;
    for note in &counted.notes {
        out.say(&printable(note))?;
    }
    Ok(())
}

fn layouts(advice: &Advice, counted: &Counted, out: &mut dyn Write) -> std::io::Result<()> {
    let present = match counted.is_inferred {
        true => "as `why import` would",
        false => "now",
    };
    let proposed = match advice.changes() {
        true => "proposed",
        false => "proposed: the same",
    };
    let row = |what: &str, of: &dyn Fn(&Side) -> String| {
        [what.to_owned(), of(&advice.present), of(&advice.proposed)]
    };
    let about = |side: &Side| if side.is_exact { "" } else { "about " };
    let rows = [
        [String::new(), present.to_owned(), proposed.to_owned()],
        row("layout", &|side| layout(side)),
        row("range begins", &|side| side.layout.first_date.to_string()),
        row("look-back", &look_back),
        row("partitions that exist", &|side| {
            format!("{}{}", about(side), whole(side.existing))
        }),
        row("partitions projected", &|side| grouped(side.projected)),
        row("  of these empty", &|side| {
            format!("{:.0} %", side.empty_percent())
        }),
        row("files", &|side| {
            format!("{}{}", about(side), whole(side.files))
        }),
        row("  half of them at most", &|side| {
            format!("about {}", bytes_of(side.median_bytes))
        }),
        row("  the largest", &|side| {
            format!("about {}", bytes_of(side.largest_bytes))
        }),
    ];
    aligned(&rows, out)
}

fn layout(side: &Side) -> String {
    format!(
        "{}, {}",
        step(side.layout.step),
        several(u64::from(side.layout.buckets), "bucket", "buckets")
    )
}

fn step(step: Step) -> &'static str {
    match step {
        Step::Day => "day",
        Step::Month => "month",
    }
}

fn look_back(side: &Side) -> String {
    let days = side.ladder_days.iter().map(|days| format!("{days}d"));
    days.chain(["all".to_owned()])
        .collect::<Vec<_>>()
        .join(", ")
}

/// A question, now and as proposed.
fn prices(advice: &Advice, out: &mut Prose<'_>) -> std::io::Result<()> {
    out.say(
        "Each question on Athena, of a company of average size. The times are for the partitions that it names, \
         planning included; a query's own second or so and the opening of its files come on top. The cost is Athena's \
         scan and the requests to S3, one for each partition and two for each file:",
    )?;
    let head = [
        "question",
        "layout",
        "queries",
        "partitions",
        "exist",
        "scanned",
        "planning ms",
        "partitions ms",
        "cost USD",
    ];
    let mut rows = vec![head.map(str::to_owned)];
    let sides: &[(&str, &Side)] = match advice.changes() {
        true => &[("now", &advice.present), ("proposed", &advice.proposed)],
        false => &[("now", &advice.present)],
    };
    for (at, asked) in advice.questions.iter().enumerate() {
        for (number, (name, side)) in sides.iter().enumerate() {
            let text = match number {
                0 => shortened(&asked.text),
                _ => String::new(),
            };
            let price = side.prices.get(at).copied().flatten();
            rows.push(price_row(text, name, price));
        }
    }
    aligned(&rows, out.out)?;
    let unplanned = |side: &Side| side.prices.iter().any(Option::is_none);
    if unplanned(&advice.present) || unplanned(&advice.proposed) {
        out.say("A dash: it would read more partitions than the catalog's max_partitions allows.")?;
    }
    if let Some(trade) = trade(advice) {
        out.gap()?;
        out.say(&trade)?;
    }
    Ok(())
}

/// What the proposal gains and what it gives for it, as a sentence.
pub(super) fn trade(advice: &Advice) -> Option<String> {
    let trade = advice.trade()?;
    let listed = |shifts: &[Shift]| {
        let told: Vec<String> = shifts.iter().filter_map(shift).collect();
        told.join(", ")
    };
    let (better, worse) = (listed(&trade.better), listed(&trade.worse));
    let mut text = "Over these questions together the proposal ".to_owned();
    text.push_str(&match (better.as_str(), worse.as_str()) {
        ("", "") => "changes none of these figures.".to_owned(),
        (better, "") => format!("is better in what it changes: {better}."),
        ("", worse) => format!("is only worse: {worse}."),
        (better, worse) => format!(
            "is better in one thing and worse in another; better: {better}; worse: {worse}."
        ),
    });
    for (number, what) in [
        (trade.made_possible, "can be asked that now can't be"),
        (trade.made_impossible, "can't be asked any more"),
    ] {
        if number > 0 {
            let questions = several(number as u64, "question", "questions");
            text.push_str(&format!(" {questions} {what}."));
        }
    }
    if let Some(told) = of_the_lake(&advice.present, &advice.proposed) {
        text.push_str(&format!(" The lake then has {told}."));
    }
    Some(text)
}

/// What is another in the lake itself, whatever is asked.
fn of_the_lake(present: &Side, proposed: &Side) -> Option<String> {
    let figures = [
        (" files", present.files, proposed.files),
        (" partitions", present.existing, proposed.existing),
    ];
    let told: Vec<String> = figures
        .into_iter()
        .map(|(unit, present, proposed)| (unit, whole(present), whole(proposed)))
        .filter(|(_, present, proposed)| present != proposed)
        .map(|(unit, present, proposed)| format!("{proposed}{unit} instead of {present}"))
        .collect();
    match told.as_slice() {
        [] => None,
        told => Some(told.join(", ")),
    }
}

/// A finer or coarser grain that gains too little.
pub(super) fn passed_over(advice: &Advice) -> Option<String> {
    let other = advice.passed_over.as_ref()?;
    let of_the_lake = of_the_lake(&advice.proposed, other);
    Some(format!(
        "By the rule it would be {}{}. That is not worth writing the lake anew for: over these \
         questions it gains nothing that anybody would notice, or loses as much.",
        layout(other),
        of_the_lake.map_or_else(String::new, |told| format!(" ({told})")),
    ))
}

/// `None` where people would see no difference.
fn shift(shift: &Shift) -> Option<String> {
    let (unit, figure): (_, fn(f64) -> String) = match shift.of {
        Figure::Queries => (" queries", |queries| format!("{queries:.1}")),
        Figure::Partitions => (" partitions", whole),
        Figure::Files => (" files opened", whole),
        Figure::Bytes => (" scanned", bytes_of),
        Figure::Usd => (" USD", |usd| format!("{usd:.6}")),
    };
    let (present, proposed) = (figure(shift.present), figure(shift.proposed));
    (present != proposed).then(|| format!("{proposed}{unit} instead of {present}"))
}

fn price_row(text: String, layout: &str, price: Option<Price>) -> [String; 9] {
    let figure = |of: &dyn Fn(Price) -> String| price.map_or_else(|| DASH.to_owned(), of);
    [
        text,
        layout.to_owned(),
        figure(&|p| format!("{:.1}", p.queries)),
        figure(&|p| whole(p.projected)),
        figure(&|p| whole(p.existing)),
        figure(&|p| bytes_of(p.bytes)),
        figure(&|p| format!("{:.1}", p.planning_ms)),
        figure(&|p| format!("{:.1}", p.partitions_ms)),
        figure(&|p| format!("{:.6}", p.usd)),
    ]
}

fn warnings(advice: &Advice, out: &mut Prose<'_>) -> std::io::Result<()> {
    for warning in &advice.present.warnings {
        let mended = match advice.outcome(warning) {
            Outcome::Stays => "",
            Outcome::Less => " (less of it by the proposal)",
            Outcome::Mended => " (mended by the proposal)",
        };
        out.gap()?;
        out.say(&format!(
            "Warning {}{mended}: {}",
            warning.id.as_str(),
            warning.text,
        ))?;
        out.beside("  ", &warning.advice)?;
    }
    let new = advice.proposed.warnings.iter();
    for warning in new.filter(|w| advice.present.warnings.iter().all(|old| old.id != w.id)) {
        out.gap()?;
        out.say(&format!(
            "Warning {} (of the proposal): {}",
            warning.id.as_str(),
            warning.text,
        ))?;
        out.beside("  ", &warning.advice)?;
    }
    Ok(())
}

fn change(advice: &Advice, out: &mut Prose<'_>) -> std::io::Result<()> {
    if let Some(passed_over) = passed_over(advice) {
        out.say(&passed_over)?;
        out.gap()?;
    }
    if !advice.changes() {
        return out.say("There is nothing to change in the catalog.");
    }
    out.say("In why.toml:\n\n[layout]")?;
    for line in lines(advice) {
        out.say(&line)?;
    }
    out.gap()?;
    out.say(match advice.moves_files() {
        true => {
            "The folders change with it: write the lake anew (`why import --catalog why.toml …`, or the \
             pipeline) and make the tables of Athena anew (`why ddl`)."
        }
        false if advice.present.layout == advice.proposed.layout => {
            "No file moves, and the tables of Athena stay as they are."
        }
        false => "No file moves; make the tables of Athena anew for their new range (`why ddl`).",
    })
}

/// The keys of `[layout]` that differ, as a catalog has them.
pub(super) fn lines(advice: &Advice) -> Vec<String> {
    let (old, new) = (&advice.present, &advice.proposed);
    let mut lines = Vec::new();
    if old.layout.buckets != new.layout.buckets {
        lines.push(format!("buckets = {}", new.layout.buckets));
    }
    if old.layout.step != new.layout.step {
        lines.push(format!("step = \"{}\"", step(new.layout.step)));
    }
    if old.layout.first_date != new.layout.first_date {
        lines.push(format!("first_date = {}", new.layout.first_date));
    }
    if advice.changes_ladder() {
        let days = new.ladder_days.iter().map(|days| format!("\"{days}d\""));
        lines.push(format!(
            "ladder = [{}]",
            days.collect::<Vec<_>>().join(", ")
        ));
    }
    lines
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a positive figure for people"
)]
fn rounded_up(figure: f64) -> u64 {
    figure.ceil() as u64
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(QUESTION) {
        Some((at, _)) => format!("{}\u{2026}", text.get(..at).unwrap_or(text).trim_end()),
        None => text.to_owned(),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a positive figure for people"
)]
fn whole(figure: f64) -> String {
    grouped(figure.round() as u64)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a positive figure for people"
)]
fn bytes_of(bytes: f64) -> String {
    size(bytes as u64)
}
