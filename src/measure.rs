//! What questions take, from the receipts of their answers: medians, the part that dominates, and
//! what to do about it.
//!
//! Pure: whoever asks hands over each answer's receipt and how long it was waited for. What an
//! engine does not report stays `None`, never 0. Start at [`Figures::of`] and [`verdict`].

use crate::answer::Read;
use crate::catalog::Catalog;
use crate::layout::{PartitionColumn, Step};
use crate::plan::CHEAP_PARTITIONS;
use crate::value::grouped;

#[cfg(test)]
mod tests;

/// One answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// From the question to the answer, in milliseconds.
    pub waited_ms: f64,
    pub read: Read,
}

/// What an answer's time went into. In the order in which they pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    Queue,
    Planning,
    Scan,
    Service,
    /// Of this process: waiting for Athena's next word, explaining.
    Ours,
}

impl Part {
    pub const ALL: [Part; 5] = [
        Part::Queue,
        Part::Planning,
        Part::Scan,
        Part::Service,
        Part::Ours,
    ];

    /// Stable and snake_case.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Part::Queue => "queue",
            Part::Planning => "planning",
            Part::Scan => "scan",
            Part::Service => "service",
            Part::Ours => "ours",
        }
    }
}

impl Sample {
    /// How long a part took; `None` where the engine has no such part.
    #[must_use]
    pub fn part(&self, part: Part) -> Option<f64> {
        let read = &self.read;
        let (engine, reported) = match &read.athena {
            Some(queries) => (queries.engine_ms, queries.total_ms),
            None => (read.total_ms, read.total_ms),
        };
        match part {
            Part::Queue => read.athena.as_ref().map(|queries| queries.queue_ms),
            Part::Service => read.athena.as_ref().map(|queries| queries.service_ms),
            Part::Planning => Some(read.planning_ms),
            Part::Scan => Some((engine - read.planning_ms).max(0.0)),
            Part::Ours => Some((self.waited_ms - reported).max(0.0)),
        }
    }
}

/// One question's rounds.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    pub engine: &'static str,
    pub rounds: usize,
    /// The median, as all that follow.
    pub total_ms: f64,
    pub slowest_ms: f64,
    /// In the order of [`Part::ALL`].
    pub parts_ms: [Option<f64>; 5],
    /// Of the whole time of all rounds, each part's; what is not reported counts as none.
    pub shares: [f64; 5],
    pub partitions_planned: u64,
    pub partitions_read: u64,
    pub bytes: u64,
    /// `None` where the engine does not say.
    pub files: Option<u64>,
    pub requests: u64,
    pub cost_usd: f64,
}

impl Figures {
    /// `None` without a sample.
    #[must_use]
    pub fn of(samples: &[Sample]) -> Option<Self> {
        let last = samples.last()?;
        let median_of = |what: &dyn Fn(&Sample) -> f64| median(samples.iter().map(what).collect());
        let reads = |what: &dyn Fn(&Read) -> u64| {
            let mut all: Vec<u64> = samples.iter().map(|sample| what(&sample.read)).collect();
            all.sort_unstable();
            all.get(all.len() / 2).copied().unwrap_or_default()
        };
        let waited: f64 = samples.iter().map(|sample| sample.waited_ms).sum();
        Some(Figures {
            engine: last.read.engine,
            rounds: samples.len(),
            total_ms: median_of(&|sample| sample.waited_ms),
            slowest_ms: samples.iter().map(|s| s.waited_ms).fold(0.0, f64::max),
            parts_ms: Part::ALL.map(|part| {
                let all: Option<Vec<f64>> = samples.iter().map(|s| s.part(part)).collect();
                all.map(median)
            }),
            shares: Part::ALL.map(|part| {
                let all: f64 = samples.iter().filter_map(|s| s.part(part)).sum();
                if waited > 0.0 { all / waited } else { 0.0 }
            }),
            partitions_planned: reads(&|read| read.partitions_planned),
            partitions_read: reads(&|read| read.partitions_read),
            bytes: reads(&|read| read.bytes_read),
            files: last
                .read
                .athena
                .is_none()
                .then(|| reads(&|read| read.files_read)),
            requests: reads(&|read| read.requests),
            cost_usd: median_of(&|sample| sample.read.cost_usd),
        })
    }
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    let upper = all.get(all.len() / 2).copied().unwrap_or_default();
    match (all.len().is_multiple_of(2), all.len() / 2) {
        (true, half @ 1..) => (upper + all.get(half - 1).copied().unwrap_or(upper)) / 2.0,
        (true | false, _) => upper,
    }
}

/// Which part takes most of the time of all questions, and what to do about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    pub part: Part,
    /// Of the whole time, 0 to 1.
    pub share: f64,
    /// The question with the most of it, by its place.
    pub most: usize,
    /// Whether there is something to do.
    pub mend: Mend,
    /// A sentence or two.
    pub advice: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mend {
    Nothing,
    Something,
}

/// What `why layout advise` makes of this lake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// It was not asked.
    Unknown,
    /// It would propose the present one.
    Best,
    Improvable,
}

/// Below this nobody notices that they wait.
const AT_ONCE_MS: f64 = 100.0;

/// Whether anybody waits for the slowest of these.
#[must_use]
pub fn is_waited_for(measured: &[(&str, &Figures)]) -> bool {
    slowest(measured).is_some_and(|figures| figures.total_ms > AT_ONCE_MS)
}

fn slowest<'a>(measured: &[(&str, &'a Figures)]) -> Option<&'a Figures> {
    let all = measured.iter().map(|(_, figures)| *figures);
    all.max_by(|a, b| a.total_ms.total_cmp(&b.total_ms))
}

/// `None` where nothing was answered. The questions stand with their figures.
#[must_use]
pub fn verdict(
    measured: &[(&str, &Figures)],
    catalog: &Catalog,
    layout: Layout,
) -> Option<Verdict> {
    let time = |at: usize| {
        let of_one = |figures: &Figures| {
            figures.total_ms * figures.shares.get(at).copied().unwrap_or_default()
        };
        let each: Vec<f64> = measured
            .iter()
            .map(|(_, figures)| of_one(figures))
            .collect();
        each
    };
    let whole: f64 = measured.iter().map(|(_, figures)| figures.total_ms).sum();
    let (part, each) = Part::ALL
        .into_iter()
        .enumerate()
        .map(|(at, part)| (part, time(at)))
        .max_by(|(_, a), (_, b)| a.iter().sum::<f64>().total_cmp(&b.iter().sum()))?;
    let (most, _) = each
        .iter()
        .enumerate()
        .max_by(|(_, a), (_, b)| a.total_cmp(b))?;
    let (question, figures) = measured.get(most)?;
    let (mend, advice) = match is_waited_for(measured) {
        false => {
            let ms = slowest(measured)?.total_ms;
            let text = format!(
                "Nothing to mend: the slowest question takes {ms:.0} ms, and nobody notices less than {AT_ONCE_MS:.0}."
            );
            (Mend::Nothing, text)
        }
        true => advice(part, question, figures, (catalog, layout)),
    };
    Some(Verdict {
        part,
        share: if whole > 0.0 {
            each.iter().sum::<f64>() / whole
        } else {
            0.0
        },
        most,
        mend,
        advice,
    })
}

/// Files that a question may open before it is their number that it waits for.
const MANY_FILES: u64 = 16;

fn advice(
    part: Part,
    question: &str,
    figures: &Figures,
    (catalog, layout): (&Catalog, Layout),
) -> (Mend, String) {
    let (planned, read) = (figures.partitions_planned, figures.partitions_read);
    let by_athena = figures.files.is_none();
    let by_itself = "leave small questions to this process (`--engine auto`)";
    let of_layout = |what: String, less: &str, other: Option<&str>| {
        let or = other.map_or_else(String::new, |other| format!(", or {other}"));
        let advice = match layout {
            Layout::Best => format!(
                "{what}: {less}. The layout is already the one that `why layout advise` proposes for this lake."
            ),
            Layout::Improvable => format!(
                "{what}: {less}{or}; `why layout advise` has a better layout for this lake."
            ),
            Layout::Unknown => format!(
                "{what}: {less}{or}; `why layout advise` says what another layout would come to."
            ),
        };
        (Mend::Something, advice)
    };
    let coarser = match catalog.layout.step {
        Step::Day => Some("take a month's grain"),
        Step::Month => None,
    };
    let nearer = match catalog.layout.order {
        [.., PartitionColumn::Date] => coarser,
        [.., PartitionColumn::Attribute | PartitionColumn::Bucket] => {
            Some("let one listing find them, with the date innermost")
        }
    };
    let something = |advice: String| (Mend::Something, advice);
    let narrow = || {
        of_layout(
            format!(
                "`{question}` looks for {} partitions and finds something in {}",
                grouped(planned),
                grouped(read)
            ),
            "look back less far (`in the last 2 years`)",
            coarser,
        )
    };
    match part {
        Part::Queue => something(format!(
            "Queries wait for other queries: ask for more of Athena's concurrency, reserve capacity for this workgroup, or {by_itself}."
        )),
        Part::Planning if planned > u64::from(CHEAP_PARTITIONS) && planned > 2 * read => narrow(),
        Part::Planning if by_athena => something(format!(
            "Athena plans a query for some tens of milliseconds however few partitions it names: {by_itself}."
        )),
        Part::Planning if planned > 2 * read => narrow(),
        Part::Planning => of_layout(
            format!("Finding the files of `{question}` takes longer than reading them"),
            "look back less far",
            nearer,
        ),
        Part::Scan if by_athena && figures.bytes > catalog.cost.minimum_bytes => of_layout(
            format!("`{question}` scans more than Athena's minimum charge"),
            "keep rows sorted by entity_id, look back less far",
            Some("take more buckets"),
        ),
        Part::Scan if by_athena => something(format!(
            "So little is scanned that it is Athena's own second for any query: the layout can't shorten it. To shorten it, {by_itself}."
        )),
        Part::Scan => match figures.files.unwrap_or_default() {
            files if files > MANY_FILES => of_layout(
                format!("`{question}` opens {} files", grouped(files)),
                "look back less far",
                coarser,
            ),
            files => {
                let opened = match files {
                    1 => "1 file".to_owned(),
                    several => format!("{several} files"),
                };
                match catalog.lake.is_on_s3() {
                    true => something(format!(
                        "`{question}` opens {opened} of what it needs: there is little to gain in the layout. Asked from the lake's own region it is answered sooner."
                    )),
                    false => (
                        Mend::Nothing,
                        format!(
                            "Nothing to mend in the layout: `{question}` opens {opened} of what it needs, on this machine's disk."
                        ),
                    ),
                }
            }
        },
        Part::Service => something(format!(
            "It is what Athena does before and after the query: nothing in the lake changes it. Let results be reused (WHY_ATHENA_REUSE_MINUTES), or {by_itself}."
        )),
        Part::Ours if by_athena => (
            Mend::Nothing,
            "Nothing to mend in the lake: it is the wait between a query's end and the look that finds it; a process that lives on learns when to look.".to_owned(),
        ),
        Part::Ours => (
            Mend::Nothing,
            "Nothing to mend in the lake: it is this process, not what is read, that takes the time.".to_owned(),
        ),
    }
}
