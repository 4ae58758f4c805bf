//! What an answer says: the data between `explain` and the renderers.
//!
//! Shapes follow EXPLAIN.md ("The answer as JSON"); every renderer reads this
//! and none works anything out by itself. No serialisation here: the JSON
//! shape is `render::json`'s.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::question::Question;
use crate::trace::Candidate;
use crate::value::Kind;

pub mod filter;
pub mod fold;

#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub question: Question,
    pub attribute: AttributeInfo,
    /// Whether any decision at or before as-of was read. Where it is `None`
    /// the answer says what was looked for and where (see [`Nothing`]).
    pub current: Option<Current>,
    /// Newest first.
    pub changes: Vec<Change>,
    /// Decisions that changed nothing and are not listed.
    pub confirmations: usize,
    pub warnings: Vec<Warning>,
    pub expectation: Option<Expectation>,
    pub read: Read,
    /// Filled when `current` is `None`.
    pub nothing: Option<Nothing>,
    /// Names this answer in logs, links and reports: a hash of the question and
    /// of the decisions it was answered from.
    pub id: String,
}

/// What the catalog says of the attribute that was asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeInfo {
    pub name: String,
    pub label: String,
    pub kind: Kind,
    pub unit: Option<String>,
}

/// The decision that is served as of the question's instant, and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Current {
    pub value: Option<String>,
    /// The value with its unit, for people (`12.4M USD`, `no value`).
    pub display: String,
    pub since: Timestamp,
    /// The run of this value reaches back to the edge of what was read.
    pub since_at_least: bool,
    pub decided_at: Timestamp,
    pub decision_id: String,
    pub rule: Option<String>,
    pub rule_version: Option<String>,
    pub run_id: Option<String>,
    pub actor: Option<String>,
    pub is_override: bool,
    /// The pipeline's own words.
    pub reason: Option<String>,
    /// All candidates, the winner first where there is exactly one, then
    /// `lost` (or `undecided`), `agrees`, `no_value`; within these by source and record id.
    pub candidates: Vec<Explained>,
}

impl Current {
    /// The one winning candidate, if there is exactly one.
    #[must_use]
    pub fn winner(&self) -> Option<&Explained> {
        self.candidates.iter().find(|c| c.status == Status::Winner)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Winner,
    Agrees,
    NoValue,
    Lost,
    /// There is no single winner to compare with.
    Undecided,
}

impl Status {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Winner => "winner",
            Status::Agrees => "agrees",
            Status::NoValue => "no_value",
            Status::Lost => "lost",
            Status::Undecided => "undecided",
        }
    }
}

/// A candidate of the current decision, and why it won or lost.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    pub candidate: Candidate,
    /// The source's label in the catalog, else its name.
    pub label: String,
    /// From the candidate, else from the source's link template.
    pub url: Option<String>,
    pub status: Status,
    /// Winner's observed_at minus this one's, in seconds: positive is older.
    pub older_by_s: Option<f64>,
    /// Winner's confidence minus this one's: positive is less confident.
    pub confidence_margin: Option<f64>,
    /// What the declared rule says about it (`ranks 2nd of 3 in source
    /// priority`); `None` without a declared rule or where it does not judge.
    pub rule_says: Option<String>,
    /// What would make it win under the declared rule: a clause to stand after
    /// “would win if” (`CRM had no value`).
    pub would_win_if: Option<String>,
}

/// What kind of thing changed the value. In the order in which they apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cause {
    FirstSeen,
    NotRead,
    Reconfirmed,
    Override,
    Cleared,
    OverrideLifted,
    FormatOnly,
    RuleChanged,
    Filled,
    Withdrawn,
    Rekeyed,
    Overtaken,
    Corrected,
    NewObservation,
    Unknown,
}

impl Cause {
    pub const ALL: [Cause; 15] = [
        Cause::FirstSeen,
        Cause::NotRead,
        Cause::Reconfirmed,
        Cause::Override,
        Cause::Cleared,
        Cause::OverrideLifted,
        Cause::FormatOnly,
        Cause::RuleChanged,
        Cause::Filled,
        Cause::Withdrawn,
        Cause::Rekeyed,
        Cause::Overtaken,
        Cause::Corrected,
        Cause::NewObservation,
        Cause::Unknown,
    ];

    /// The name in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Cause::FirstSeen => "first_seen",
            Cause::NotRead => "not_read",
            Cause::Reconfirmed => "reconfirmed",
            Cause::Override => "override",
            Cause::Cleared => "cleared",
            Cause::OverrideLifted => "override_lifted",
            Cause::FormatOnly => "format_only",
            Cause::RuleChanged => "rule_changed",
            Cause::Filled => "filled",
            Cause::Withdrawn => "withdrawn",
            Cause::Rekeyed => "rekeyed",
            Cause::Overtaken => "overtaken",
            Cause::Corrected => "corrected",
            Cause::NewObservation => "new_observation",
            Cause::Unknown => "unknown",
        }
    }

    /// A few words for people, to stand after the value (`a person decided`).
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Cause::FirstSeen => "first seen",
            Cause::NotRead => "what came before was not read",
            Cause::Reconfirmed => "same value, decided differently",
            Cause::Override => "a person decided",
            Cause::Cleared => "value cleared",
            Cause::OverrideLifted => "a person's decision was lifted",
            Cause::FormatOnly => "written differently, same value",
            Cause::RuleChanged => "the rule changed",
            Cause::Filled => "a value appeared",
            Cause::Withdrawn => "the source took its value back",
            Cause::Rekeyed => "the source's record got another id",
            Cause::Overtaken => "another source won",
            Cause::Corrected => "the source corrected an old record",
            Cause::NewObservation => "the source reported a new value",
            Cause::Unknown => "cause unknown",
        }
    }
}

/// What else is true of a change; any number of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mark {
    Late,
    Units,
    Restored,
    RuleAndData,
    OtherSource,
}

impl Mark {
    pub const ALL: [Mark; 5] = [
        Mark::Late,
        Mark::Units,
        Mark::Restored,
        Mark::RuleAndData,
        Mark::OtherSource,
    ];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Mark::Late => "late",
            Mark::Units => "units",
            Mark::Restored => "restored",
            Mark::RuleAndData => "rule_and_data",
            Mark::OtherSource => "other_source",
        }
    }

    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Mark::Late => "arrived late",
            Mark::Units => "looks like a change of units",
            Mark::Restored => "an earlier value came back",
            Mark::RuleAndData => "rule and data changed together",
            Mark::OtherSource => "another source's record",
        }
    }
}

/// A decision that changed the stored value, or how it was decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub at: Timestamp,
    /// The stored value before: the previous decision's, else the recorded
    /// previous_value.
    pub from: Option<String>,
    pub to: Option<String>,
    pub cause: Cause,
    pub marks: Vec<Mark>,
    /// The winning source, where there is exactly one winner.
    pub source: Option<String>,
    /// How people call it.
    pub source_label: Option<String>,
    pub rule: Option<String>,
    pub rule_version: Option<String>,
    pub run_id: Option<String>,
    pub actor: Option<String>,
    pub reason: Option<String>,
    pub decision_id: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Alarm,
    Note,
}

impl Level {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Alarm => "alarm",
            Level::Note => "note",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WarningId {
    Flapping,
    Tie,
    Jump,
    Units,
    Misfiled,
    RuleDisagrees,
    SeveralWinners,
    NoWinner,
    Gap,
    Stale,
    Future,
    Disagree,
    SingleSource,
    LowConfidence,
    Late,
    Unparsed,
    Incomplete,
}

impl WarningId {
    pub const ALL: [WarningId; 17] = [
        WarningId::Flapping,
        WarningId::Tie,
        WarningId::Jump,
        WarningId::Units,
        WarningId::Misfiled,
        WarningId::RuleDisagrees,
        WarningId::SeveralWinners,
        WarningId::NoWinner,
        WarningId::Gap,
        WarningId::Stale,
        WarningId::Future,
        WarningId::Disagree,
        WarningId::SingleSource,
        WarningId::LowConfidence,
        WarningId::Late,
        WarningId::Unparsed,
        WarningId::Incomplete,
    ];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            WarningId::Flapping => "flapping",
            WarningId::Tie => "tie",
            WarningId::Jump => "jump",
            WarningId::Units => "units",
            WarningId::Misfiled => "misfiled",
            WarningId::RuleDisagrees => "rule_disagrees",
            WarningId::SeveralWinners => "several_winners",
            WarningId::NoWinner => "no_winner",
            WarningId::Gap => "gap",
            WarningId::Stale => "stale",
            WarningId::Future => "future",
            WarningId::Disagree => "disagree",
            WarningId::SingleSource => "single_source",
            WarningId::LowConfidence => "low_confidence",
            WarningId::Late => "late",
            WarningId::Unparsed => "unparsed",
            WarningId::Incomplete => "incomplete",
        }
    }

    #[must_use]
    pub fn level(self) -> Level {
        match self {
            WarningId::Flapping
            | WarningId::Tie
            | WarningId::Jump
            | WarningId::Units
            | WarningId::Misfiled
            | WarningId::RuleDisagrees
            | WarningId::SeveralWinners
            | WarningId::NoWinner
            | WarningId::Gap
            | WarningId::Stale
            | WarningId::Future => Level::Alarm,
            WarningId::Disagree
            | WarningId::SingleSource
            | WarningId::LowConfidence
            | WarningId::Late
            | WarningId::Unparsed
            | WarningId::Incomplete => Level::Note,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    pub id: WarningId,
    pub text: String,
    /// What to do; empty where there is nothing.
    pub advice: String,
}

/// Whether what the asker expected was ever said by anyone.
#[derive(Debug, Clone, PartialEq)]
pub struct Expectation {
    pub expected: String,
    /// Empty means: no source said so in what was read.
    pub hits: Vec<Hit>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum HitKind {
    Is,
    Was,
    Candidate,
    OlderCandidate,
    Units,
    Close,
}

impl HitKind {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            HitKind::Is => "is",
            HitKind::Was => "was",
            HitKind::Candidate => "candidate",
            HitKind::OlderCandidate => "older_candidate",
            HitKind::Units => "units",
            HitKind::Close => "close",
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    pub kind: HitKind,
    /// One sentence.
    pub text: String,
    /// When it began to be so, or was said.
    pub at: Option<Timestamp>,
    /// When it ended; only for `was`.
    pub until: Option<Timestamp>,
    pub source: Option<String>,
}

/// What was read to answer: the receipt.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    /// First day read, inclusive.
    pub from: Date,
    /// Last day read, inclusive.
    pub to: Date,
    /// Everything there is up to as-of was read.
    pub complete: bool,
    /// `direct` or `athena`; `auto` for several readings that were not all by one.
    pub engine: &'static str,
    /// Why this engine, where it was chosen for the plan.
    pub engine_reason: Option<String>,
    pub partitions_planned: u64,
    /// Planned partitions in which there was something to read.
    pub partitions_read: u64,
    pub files_read: u64,
    /// Rows of this entity that were decoded.
    pub rows_read: u64,
    pub bytes_read: u64,
    /// Calls to the store or to Athena.
    pub requests: u64,
    pub planning_ms: f64,
    pub total_ms: f64,
    pub cost_usd: f64,
    /// How fresh the lake is: Hudi's last commit, or the newest file seen.
    pub data_as_of: Option<Timestamp>,
    /// What Athena says of its queries, where it was asked.
    pub athena: Option<Queries>,
}

impl Read {
    /// What costs nothing: between these days there was nothing to read.
    #[must_use]
    pub fn of_nothing(from: Date, to: Date) -> Self {
        Read {
            from,
            to,
            complete: true,
            engine: "direct",
            engine_reason: None,
            partitions_planned: 0,
            partitions_read: 0,
            files_read: 0,
            rows_read: 0,
            bytes_read: 0,
            requests: 0,
            planning_ms: 0.0,
            total_ms: 0.0,
            cost_usd: 0.0,
            data_as_of: None,
            athena: None,
        }
    }
}

/// Queries that Athena ran for one answer; times are sums, in milliseconds, as it reports them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Queries {
    /// By which Athena's console and logs know them.
    pub ids: Vec<String>,
    /// How many took the result of an earlier one.
    pub reused: u64,
    pub queue_ms: f64,
    /// Part of `engine_ms`; finding the partitions is in it.
    pub planning_ms: f64,
    pub engine_ms: f64,
    /// Athena's own work before and after the engine's.
    pub service_ms: f64,
    pub total_ms: f64,
}

impl Queries {
    /// Both together.
    #[must_use]
    pub fn and(mut self, other: Queries) -> Queries {
        self.ids.extend(other.ids);
        Queries {
            ids: self.ids,
            reused: self.reused + other.reused,
            queue_ms: self.queue_ms + other.queue_ms,
            planning_ms: self.planning_ms + other.planning_ms,
            engine_ms: self.engine_ms + other.engine_ms,
            service_ms: self.service_ms + other.service_ms,
            total_ms: self.total_ms + other.total_ms,
        }
    }
}

/// What an answer says when there is no decision at all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Nothing {
    /// The question lay before the first day of the layout, or after its last.
    pub outside_range: bool,
    /// The first day of the layout.
    pub lake_begins: Option<jiff::civil::Date>,
    /// Other attributes of this company that have a trace, by name.
    pub other_attributes: Vec<String>,
}
