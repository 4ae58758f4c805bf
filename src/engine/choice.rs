//! Which engine reads: told by a person, or chosen for each plan.
//!
//! Pure. Start at [`Choice::parse`] and `pick`.

use std::time::Duration;

#[cfg(feature = "athena")]
use crate::catalog::Catalog;
#[cfg(feature = "athena")]
use crate::plan::Plan;

/// The workgroup that every account has.
const DEFAULT_WORKGROUP: &str = "primary";
/// Athena's own bound: a week.
const MOST_REUSE_MINUTES: u64 = 10_080;
/// Partitions that the direct engine reads from S3 in less than the second or so that Athena
/// takes at least: 16 files at a time, two requests each.
#[cfg(feature = "athena")]
const FEW: u64 = 200;

/// The engine that a lake is opened with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Choice {
    #[default]
    Direct,
    #[cfg(feature = "athena")]
    Athena(Settings),
    /// The direct engine for plans of few partitions, Athena for the rest.
    #[cfg(feature = "athena")]
    Auto(Settings),
}

/// How Athena is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    pub workgroup: String,
    /// A result of the same query that is no older is taken for this one's.
    pub reuse: Option<Duration>,
    /// One attempt of a call, the connection included,
    pub attempt: Duration,
    /// and all attempts of it.
    pub operation: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            workgroup: DEFAULT_WORKGROUP.to_owned(),
            reuse: None,
            attempt: Duration::from_secs(3),
            operation: Duration::from_secs(8),
        }
    }
}

/// What was said of the engine can't be meant. The Display text is what a person reads.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAChoice {
    #[error("there is no engine \u{201c}{0}\u{201d}")]
    Engine(String),
    #[error("\u{201c}{0}\u{201d} is no number of minutes from 0 to {MOST_REUSE_MINUTES}")]
    ReuseMinutes(String),
    #[error("\u{201c}{0}\u{201d} is no name of a workgroup")]
    Workgroup(String),
    #[error("this `why` was built without Athena")]
    NotBuilt,
}

impl NotAChoice {
    /// What to do next.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            NotAChoice::Engine(_) => "Say direct, athena or auto in --engine or WHY_ENGINE.",
            NotAChoice::ReuseMinutes(_) => {
                "Say in WHY_ATHENA_REUSE_MINUTES how old an answer of Athena's may be; 0 asks anew each time."
            }
            NotAChoice::Workgroup(_) => {
                "Say in WHY_ATHENA_WORKGROUP the workgroup's name: letters, digits, `.`, `_` and `-`."
            }
            NotAChoice::NotBuilt => "Build it with the feature `athena`, or say direct.",
        }
    }
}

impl Choice {
    /// From words, each `None` where nothing is said.
    ///
    /// # Errors
    /// Words that can't be meant.
    pub fn parse(
        engine: Option<&str>,
        workgroup: Option<&str>,
        reuse_minutes: Option<&str>,
    ) -> Result<Self, NotAChoice> {
        let settings = settings(workgroup, reuse_minutes)?;
        match engine.unwrap_or("direct") {
            "direct" => Ok(Choice::Direct),
            #[cfg(feature = "athena")]
            "athena" => Ok(Choice::Athena(settings)),
            #[cfg(feature = "athena")]
            "auto" => Ok(Choice::Auto(settings)),
            #[cfg(not(feature = "athena"))]
            "athena" | "auto" => {
                drop(settings);
                Err(NotAChoice::NotBuilt)
            }
            other => Err(NotAChoice::Engine(other.to_owned())),
        }
    }
}

fn settings(workgroup: Option<&str>, reuse_minutes: Option<&str>) -> Result<Settings, NotAChoice> {
    let mut settings = Settings::default();
    if let Some(name) = workgroup {
        let fits = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        if name.is_empty() || name.len() > 128 || !name.chars().all(fits) {
            return Err(NotAChoice::Workgroup(name.to_owned()));
        }
        settings.workgroup = name.to_owned();
    }
    if let Some(typed) = reuse_minutes {
        let minutes = typed.trim().parse().ok();
        let minutes: u64 = minutes
            .filter(|minutes| *minutes <= MOST_REUSE_MINUTES)
            .ok_or_else(|| NotAChoice::ReuseMinutes(typed.to_owned()))?;
        settings.reuse = Some(Duration::from_secs(minutes * 60)).filter(|age| !age.is_zero());
    }
    Ok(settings)
}

/// The engine for one plan.
#[cfg(feature = "athena")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pick {
    Direct,
    Athena,
}

/// With the reason, in words that fit the receipt.
#[cfg(feature = "athena")]
pub(super) fn pick(plan: &Plan, catalog: &Catalog) -> (Pick, String) {
    if plan.latest_only {
        let reason = "the latest table's partition alone".to_owned();
        return (Pick::Direct, reason);
    }
    let most = plan.most_partitions(catalog);
    if most <= FEW {
        return (Pick::Direct, format!("at most {most} partitions"));
    }
    (
        Pick::Athena,
        format!("up to {most} partitions, more than {FEW}"),
    )
}
