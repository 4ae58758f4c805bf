//! The two scales: time from left to right, numbers from the bottom up.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::answer::Answer;
use crate::layout::utc_date;

/// Ticks of time, at most.
const MOST_TICKS: usize = 6;
/// A larger ratio of positive numbers is drawn logarithmically: steps among the small would vanish.
const TOO_WIDE: f64 = 40.0;

/// The time that a chart shows, with a little room at both ends for marks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    from: Timestamp,
    to: Timestamp,
}

pub(super) struct Ticks {
    pub(super) at: Vec<Timestamp>,
    /// Of strftime.
    pub(super) format: &'static str,
}

/// Steps of the time axis, fine to coarse: hours, or months where they are whole months.
enum Step {
    Hours(i64),
    Months(i32),
}

impl Span {
    pub(super) fn of(answer: &Answer) -> Option<Span> {
        let (from, to) = super::ends(answer)?;
        Some(Span { from, to })
    }

    /// In percent of the width.
    pub(super) fn x(&self, at: Timestamp) -> f64 {
        2.0 + 96.0 * self.share(at)
    }

    /// 0 at the left edge, 1 at the right.
    pub(super) fn share(&self, at: Timestamp) -> f64 {
        let whole = seconds(self.from, self.to).max(1.0);
        (seconds(self.from, at) / whole).clamp(0.0, 1.0)
    }

    pub(super) fn ticks(&self) -> Ticks {
        const STEPS: [(Step, &str); 11] = [
            (Step::Hours(1), "%H:%M"),
            (Step::Hours(6), "%b %-d, %H:%M"),
            (Step::Hours(24), "%b %-d"),
            (Step::Hours(24 * 7), "%b %-d"),
            (Step::Months(1), "%b %Y"),
            (Step::Months(3), "%b %Y"),
            (Step::Months(6), "%b %Y"),
            (Step::Months(12), "%Y"),
            (Step::Months(24), "%Y"),
            (Step::Months(60), "%Y"),
            (Step::Months(240), "%Y"),
        ];
        let all = STEPS.iter().map(|(step, format)| Ticks {
            at: self.every(step),
            format,
        });
        let mut fitting = all.filter(|ticks| ticks.at.len() <= MOST_TICKS);
        fitting.next().unwrap_or(Ticks {
            at: Vec::new(),
            format: "%Y",
        })
    }

    /// At most one more than what is too many.
    fn every(&self, step: &Step) -> Vec<Timestamp> {
        let inside = |at: &Timestamp| *at >= self.from;
        let mut found = Vec::new();
        let mut next = first(self.from, step);
        while let Some(at) = next.filter(|at| *at <= self.to) {
            if inside(&at) {
                found.push(at);
            }
            if found.len() > MOST_TICKS {
                break;
            }
            next = after(at, step);
        }
        found
    }
}

fn seconds(from: Timestamp, to: Timestamp) -> f64 {
    to.duration_since(from).as_secs_f64()
}

/// A round moment at or before this one.
fn first(from: Timestamp, step: &Step) -> Option<Timestamp> {
    match step {
        Step::Hours(hours) => {
            let length = hours * 3_600;
            // Weeks begin on Mondays; the epoch was a Thursday.
            let shift = if *hours == 24 * 7 { 3 * 86_400 } else { 0 };
            let second = from.as_second();
            Timestamp::from_second(second - (second + shift).rem_euclid(length)).ok()
        }
        Step::Months(months) => {
            let day = utc_date(from);
            let index = i32::from(day.year()) * 12 + i32::from(day.month()) - 1;
            month(index - index.rem_euclid(*months))
        }
    }
}

fn after(at: Timestamp, step: &Step) -> Option<Timestamp> {
    match step {
        Step::Hours(hours) => at.checked_add((*hours).hours()).ok(),
        Step::Months(months) => {
            let day = utc_date(at);
            month(i32::from(day.year()) * 12 + i32::from(day.month()) - 1 + months)
        }
    }
}

/// The first of a month, counted from the year 0.
fn month(index: i32) -> Option<Timestamp> {
    let year = i16::try_from(index.div_euclid(12)).ok()?;
    let month = i8::try_from(index.rem_euclid(12) + 1).ok()?;
    let day = Date::new(year, month, 1).ok()?;
    TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok()
}

/// Numbers to heights.
#[derive(Debug, Clone)]
pub(super) struct Scale {
    low: f64,
    high: f64,
    pub(super) is_logarithmic: bool,
    pub(super) ticks: Vec<f64>,
}

impl Scale {
    /// Of finite numbers; `None` without any.
    pub(super) fn of(values: &[f64]) -> Option<Scale> {
        let least = values.iter().copied().reduce(f64::min)?;
        let most = values.iter().copied().reduce(f64::max)?;
        if least > 0.0 && most / least > TOO_WIDE {
            return Some(Scale::logarithmic(least, most));
        }
        // A flat line stands in the middle.
        let pad = if most > least {
            (most - least) * 0.08
        } else {
            (most.abs() * 0.1).max(1.0)
        };
        let (low, high) = (least - pad, most + pad);
        let low = if least >= 0.0 { low.max(0.0) } else { low };
        let step = round_step((high - low) / 3.0);
        let mut ticks = Vec::new();
        let mut tick = (low / step).ceil() * step;
        while tick <= high && ticks.len() < 8 {
            ticks.push(if tick.abs() < step / 1e6 { 0.0 } else { tick });
            tick += step;
        }
        Some(Scale {
            low,
            high,
            is_logarithmic: false,
            ticks,
        })
    }

    fn logarithmic(least: f64, most: f64) -> Scale {
        let (low, high) = (least.log10() - 0.1, most.log10() + 0.1);
        let decades = (high - low).ceil().max(1.0);
        let every = (decades / 5.0).ceil();
        let mut ticks = Vec::new();
        let mut at = low.ceil();
        while at <= high && ticks.len() < 8 {
            ticks.push(10f64.powf(at));
            at += every;
        }
        Scale {
            low,
            high,
            is_logarithmic: true,
            ticks,
        }
    }

    /// Whether a height is as much as a value: an area under the line would say so.
    pub(super) fn begins_at_zero(&self) -> bool {
        self.low == 0.0 && !self.is_logarithmic
    }

    /// 0 at the bottom, 1 at the top.
    pub(super) fn share(&self, value: f64) -> f64 {
        let value = if self.is_logarithmic {
            value.log10()
        } else {
            value
        };
        let share = (value - self.low) / (self.high - self.low);
        if share.is_finite() {
            share.clamp(0.0, 1.0)
        } else {
            0.5
        }
    }
}

/// 1, 2 or 5 times a power of ten, at least this.
fn round_step(rough: f64) -> f64 {
    let power = 10f64.powf(rough.log10().floor());
    let times = match rough / power {
        t if t <= 1.0 => 1.0,
        t if t <= 2.0 => 2.0,
        t if t <= 5.0 => 5.0,
        _ => 10.0,
    };
    let step = times * power;
    if step.is_finite() && step > 0.0 {
        step
    } else {
        1.0
    }
}

/// `12M`, `0.25`, `1.5B`: a tick needs no more.
pub(super) fn short(value: f64) -> String {
    const SCALES: [(f64, &str); 4] = [(1e12, "T"), (1e9, "B"), (1e6, "M"), (1e4, "k")];
    let size = value.abs();
    if size >= 1e16 {
        return format!("{value:.0e}");
    }
    let (scaled, end) = SCALES
        .iter()
        .find(|(from, _)| size >= *from)
        .map_or((value, ""), |(from, end)| {
            (value / if *end == "k" { 1e3 } else { *from }, *end)
        });
    let places = match scaled.abs() {
        s if s == s.round() || s >= 100.0 => 0,
        s if s >= 1.0 => 2,
        _ => 4,
    };
    let text = format!("{scaled:.places$}");
    let text = match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => &text,
    };
    format!("{}{end}", text.replace('-', "\u{2212}"))
}
