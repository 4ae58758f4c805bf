//! What a plan reads, at the ends of its spans above all.

use std::collections::HashSet;

use proptest::prelude::*;

use super::*;
use crate::catalog::tests::generated;
use crate::layout::Step;

const NOW: &str = "2026-11-24T12:00:00Z";

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Days since 2015-01-15, 16 buckets, no latest table.
fn catalog(step: Step) -> Catalog {
    let text = "layout.first_date = 2015-01-15\nattributes.revenue = {}";
    let mut catalog = Catalog::parse(text, "why.toml").unwrap();
    catalog.layout.step = step;
    catalog
}

fn with_latest(mut catalog: Catalog) -> Catalog {
    catalog.lake.latest = Some("attribute_latest".to_owned());
    catalog
}

fn question(as_of: &str, look_back: LookBack) -> Question {
    Question {
        text: String::new(),
        entity_id: -17,
        entity_name: "Acme".to_owned(),
        attribute: "revenue".to_owned(),
        as_of: instant(as_of),
        expected: None,
        look_back,
    }
}

fn planned(catalog: &Catalog, as_of: &str, look_back: LookBack) -> Plan {
    plan(&question(as_of, look_back), catalog, instant(NOW)).unwrap()
}

/// `from..to` for each rung, and whether the last reaches the first date.
fn told(plan: &Plan) -> String {
    let rungs: Vec<String> = plan
        .rungs
        .iter()
        .map(|rung| format!("{}..{}", rung.from, rung.to))
        .collect();
    let end = if plan.reaches_first_date {
        "all"
    } else {
        "bounded"
    };
    format!("{} {end}", rungs.join(" "))
}

#[test]
fn a_plan_reads_a_day_more_at_each_end_and_no_partition_twice() {
    use LookBack::{All, Auto, Days, Latest, Since};
    let cases = [
        (
            Step::Day,
            NOW,
            Auto,
            "2026-08-25..2026-11-25 2024-11-23..2026-08-24 2015-01-15..2024-11-22 all",
        ),
        (
            Step::Day,
            NOW,
            Latest,
            "2026-08-25..2026-11-25 2024-11-23..2026-08-24 2015-01-15..2024-11-22 all",
        ),
        (
            Step::Month,
            NOW,
            Auto,
            "2026-08-01..2026-11-25 2024-11-01..2026-07-31 2015-01-01..2024-10-31 all",
        ),
        (Step::Day, NOW, Days(0), "2026-11-23..2026-11-25 bounded"),
        (Step::Day, NOW, Days(u32::MAX), "2015-01-15..2026-11-25 all"),
        (Step::Month, NOW, Days(30), "2026-10-01..2026-11-25 bounded"),
        (
            Step::Day,
            NOW,
            Since(date("2026-11-24")),
            "2026-11-23..2026-11-25 bounded",
        ),
        (
            Step::Month,
            NOW,
            Since(date("2026-11-01")),
            "2026-10-01..2026-11-25 bounded",
        ),
        (
            Step::Day,
            NOW,
            Since(date("1990-01-01")),
            "2015-01-15..2026-11-25 all",
        ),
        (Step::Day, NOW, All, "2015-01-15..2026-11-25 all"),
        (
            Step::Day,
            "2016-02-29T23:59:59.999Z",
            Auto,
            "2015-11-30..2016-03-01 2015-01-15..2015-11-29 all",
        ),
        (
            Step::Month,
            "2016-12-31T23:59:59.999Z",
            All,
            "2015-01-01..2017-01-01 all",
        ),
        // Nobody knows the future yet.
        (
            Step::Day,
            "2030-01-01T00:00:00Z",
            Days(0),
            "2026-11-23..2026-11-25 bounded",
        ),
    ];
    for (step, as_of, look_back, expected) in cases {
        let plan = planned(&catalog(step), as_of, look_back);
        assert_eq!(told(&plan), expected, "{step:?} {as_of} {look_back}");
        assert_eq!(plan.bucket, 15);
    }
}

#[test]
fn an_as_of_before_the_first_date_reads_nothing_and_is_no_error() {
    let cases = [
        (Step::Day, "2015-01-13T12:00:00Z", " all"),
        // The day more that a plan reads touches the first date.
        (
            Step::Day,
            "2015-01-14T12:00:00Z",
            "2015-01-15..2015-01-15 all",
        ),
        (Step::Month, "2014-12-30T12:00:00Z", " all"),
        (
            Step::Month,
            "2015-01-03T12:00:00Z",
            "2015-01-01..2015-01-04 all",
        ),
    ];
    for (step, as_of, expected) in cases {
        let catalog = catalog(step);
        let plan = planned(&catalog, as_of, LookBack::Auto);
        assert_eq!(told(&plan), expected, "{step:?} {as_of}");
        assert!(plan.is_complete(&catalog, Covered::Rungs(plan.rungs.len())));
        let day = utc_date(instant(as_of));
        let read = plan.days_read(&catalog, Covered::Rungs(plan.rungs.len()));
        assert!(read.from <= read.to && read.to == day);
    }
}

#[test]
fn a_month_that_holds_the_first_date_is_read_though_it_began_before() {
    let catalog = catalog(Step::Month);
    let plan = planned(&catalog, "2015-01-03T12:00:00Z", LookBack::All);
    let partitions = plan.partitions(&catalog, plan.rungs[0]);
    let dates: Vec<Date> = partitions.iter().map(|p| p.date).collect();
    assert_eq!(dates, [date("2015-01-01")]);
}

#[test]
fn the_ladder_is_cut_at_the_limit_and_then_is_bounded() {
    let mut catalog = catalog(Step::Day);
    catalog.max_partitions = 100;
    let plan = planned(&catalog, NOW, LookBack::Auto);
    assert_eq!(
        told(&plan),
        "2026-08-25..2026-11-25 2026-05-17..2026-08-24 bounded"
    );
    let counts: Vec<usize> = plan
        .rungs
        .iter()
        .map(|rung| plan.partitions(&catalog, *rung).len())
        .collect();
    assert_eq!(counts, [93, 100]);
    assert!(!plan.is_complete(&catalog, Covered::Rungs(2)));
}

#[test]
fn what_would_read_too_much_is_refused_with_the_most_that_is_allowed() {
    let mut catalog = catalog(Step::Day);
    catalog.max_partitions = 100;
    let mut question = question("2020-03-01T23:59:59.999Z", LookBack::All);
    question.expected = Some("10 \"M\"".to_owned());
    let error = plan(&question, &catalog, instant(NOW)).unwrap_err();
    insta::assert_snapshot!(error.failure(&question, instant(NOW)), @r"
    This question would read 1874 partitions at once, more than the 100 that the catalog allows.
    Ask for a shorter time: since 2019-11-25 is the most.
    ");
    insta::assert_snapshot!(error.failure(&question, instant(NOW)).matches[0].question, @r#"#-17 revenue as of 2020-03-01T23:59:59.999Z expected '10 "M"' since 2019-11-25"#);
    question.as_of = instant(NOW);
    let error = plan(&question, &catalog, instant(NOW)).unwrap_err();
    insta::assert_snapshot!(error.failure(&question, instant(NOW)).matches[0].question, @r#"#-17 revenue expected '10 "M"' since 2026-08-19"#);
}

#[test]
fn a_limit_that_no_span_can_keep_is_to_be_raised() {
    let mut catalog = catalog(Step::Day);
    catalog.max_partitions = 2;
    let question = question(NOW, LookBack::Days(0));
    let error = plan(&question, &catalog, instant(NOW)).unwrap_err();
    insta::assert_snapshot!(error.failure(&question, instant(NOW)), @r"
    This question would read 3 partitions at once, more than the 2 that the catalog allows.
    Raise `max_partitions` in the catalog.
    ");
    assert!(error.failure(&question, instant(NOW)).matches.is_empty());
}

#[test]
fn a_latest_table_lifts_the_limit_since_it_names_what_exists() {
    let mut catalog = with_latest(catalog(Step::Day));
    catalog.max_partitions = 1;
    let plan = planned(&catalog, NOW, LookBack::All);
    assert_eq!(told(&plan), "2015-01-15..2026-11-25 all");
    assert!(plan.latest && !plan.latest_only);
    assert!(planned(&catalog, NOW, LookBack::Latest).latest_only);
}

#[test]
fn queries_name_what_is_read_beside_a_latest_table_and_nothing_where_its_row_is_enough() {
    let catalog = with_latest(catalog(Step::Day));
    let said = |as_of: &str, look_back: LookBack| {
        let queries = queries(&planned(&catalog, as_of, look_back), &catalog);
        let said = queries.iter().map(|query| {
            let of = if query.latest { "latest" } else { "trace" };
            let span = query.span.map(|span| format!("{}..{}", span.from, span.to));
            format!("{of} {} {:?}", span.unwrap_or_default(), query.when)
        });
        said.collect::<Vec<_>>()
    };
    assert_eq!(
        said(NOW, LookBack::Auto),
        [
            "latest 2026-03-15..2026-11-25 Always",
            "trace 2015-01-15..2026-03-14 Named"
        ]
    );
    assert_eq!(
        said(NOW, LookBack::Latest),
        ["latest  Always", "trace 2015-01-15..2026-11-25 Later"]
    );
    assert_eq!(
        said("2015-01-20T12:00:00Z", LookBack::Auto),
        ["latest 2015-01-15..2015-01-21 Always"]
    );
    assert!(said("2010-01-20T12:00:00Z", LookBack::Latest).is_empty());
}

#[test]
fn wrong_questions_say_what_to_ask_instead() {
    let catalog = catalog(Step::Day);
    let since = question("2020-01-01T12:00:00Z", LookBack::Since(date("2020-01-02")));
    let error = plan(&since, &catalog, instant(NOW)).unwrap_err();
    insta::assert_snapshot!(error.failure(&since, instant(NOW)), @r"
    There is nothing between 2020-01-02 and 2020-01-01: the first comes later.
    Ask since an earlier day, or as of a later one.
    ");

    let mut unknown = question(NOW, LookBack::Auto);
    unknown.attribute = "';drop".to_owned();
    let error = plan(&unknown, &catalog, instant(NOW)).unwrap_err();
    insta::assert_snapshot!(error.failure(&unknown, instant(NOW)), @r"
    The catalog has no attribute “';drop”.
    Ask for an attribute of the catalog.
    ");
    let error = Error::UnknownAttribute {
        name: "revenu".to_owned(),
        nearest: Some("revenue".to_owned()),
    };
    insta::assert_snapshot!(error.failure(&unknown, instant(NOW)), @r"
    The catalog has no attribute “revenu”.
    Did you mean revenue?
    ");
    assert_eq!(
        error.failure(&unknown, instant(NOW)).matches[0].question,
        "#-17 revenue"
    );
    unknown.as_of = instant("2020-03-01T00:00:00Z");
    unknown.expected = Some("10M".to_owned());
    unknown.look_back = LookBack::Since(date("2019-01-01"));
    // The choice once asked about today, expected nothing and looked back as usual.
    assert_eq!(
        error.failure(&unknown, instant(NOW)).matches[0].question,
        "#-17 revenue as of 2020-03-01T00:00:00Z expected \"10M\" since 2019-01-01"
    );
}

#[test]
fn decision_dates_name_the_partitions_within_the_look_back() {
    let dates = [
        "2027-01-01",
        "2026-11-30",
        "2026-11-02",
        "2026-11-01",
        "2026-03-01",
        "2010-01-01",
    ]
    .map(date);
    let read = |step, look_back| {
        let catalog = with_latest(catalog(step));
        let plan = planned(&catalog, NOW, look_back);
        let partitions = plan.partitions_from_dates(&catalog, &dates);
        let keys: Vec<String> = partitions.iter().map(|p| p.date.to_string()).collect();
        let complete = plan.is_complete(&catalog, Covered::Dates(&dates));
        (keys.join(" "), complete)
    };
    // What is older than the layout's first day is there, and is not read.
    let both = "2026-03-01 2026-11-01 2026-11-02".to_owned();
    assert_eq!(read(Step::Day, LookBack::Auto), (both, false));
    let months = "2026-03-01 2026-11-01".to_owned();
    assert_eq!(read(Step::Month, LookBack::All), (months, false));
    let bounded = "2026-11-01 2026-11-02".to_owned();
    assert_eq!(read(Step::Day, LookBack::Days(30)), (bounded, false));
}

#[test]
fn a_history_is_complete_where_all_its_dates_were_read() {
    let catalog = with_latest(catalog(Step::Month));
    let dates = ["2016-05-01", "2026-11-01"].map(date);
    let auto = planned(&catalog, NOW, LookBack::Auto);
    assert!(auto.is_complete(&catalog, Covered::Dates(&dates)));
    assert!(auto.is_complete(&catalog, Covered::NoLatestRow));
    assert!(!auto.is_complete(&catalog, Covered::LatestOnly(date("2026-11-02"))));
    // What lies after as-of is no part of the answer.
    let past = planned(&catalog, "2017-01-01T12:00:00Z", LookBack::Auto);
    assert!(past.is_complete(&catalog, Covered::Dates(&dates)));
    let month = planned(&catalog, NOW, LookBack::Days(30));
    assert!(!month.is_complete(&catalog, Covered::Dates(&dates)));
    assert!(month.is_complete(&catalog, Covered::Dates(&dates[1..])));
}

#[test]
fn the_receipt_names_the_days_that_were_read() {
    let catalog = with_latest(catalog(Step::Day));
    let plan = planned(&catalog, NOW, LookBack::Auto);
    let history = [date("2026-01-01")];
    let days = |covered| {
        let span = plan.days_read(&catalog, covered);
        format!("{}..{}", span.from, span.to)
    };
    assert_eq!(days(Covered::Rungs(0)), "2026-11-24..2026-11-24");
    assert_eq!(days(Covered::Rungs(1)), "2026-08-25..2026-11-24");
    assert_eq!(days(Covered::Rungs(3)), "2015-01-15..2026-11-24");
    assert_eq!(days(Covered::Dates(&history)), "2015-01-15..2026-11-24");
    assert_eq!(
        days(Covered::LatestOnly(date("2026-11-02"))),
        "2026-11-02..2026-11-24"
    );
    assert_eq!(days(Covered::NoLatestRow), "2015-01-15..2026-11-24");
}

fn look_back() -> impl Strategy<Value = LookBack> {
    prop_oneof![
        2 => Just(LookBack::Auto),
        1 => Just(LookBack::Latest),
        1 => prop_oneof![0..4_000u32, any::<u32>()].prop_map(LookBack::Days),
        1 => generated::day(1890, 2110).prop_map(LookBack::Since),
        1 => Just(LookBack::All),
    ]
}

/// An instant with microseconds, often at the edge of a day, as tables store it.
pub(crate) fn stored_time() -> impl Strategy<Value = Timestamp> {
    let of_day = prop_oneof![
        0..86_400_000_000i64,
        Just(0),
        86_399_998_000..86_400_000_000i64,
    ];
    (generated::day(1895, 2105), of_day).prop_map(|(day, micros)| {
        let midnight = jiff::tz::TimeZone::UTC
            .to_timestamp(day.at(0, 0, 0, 0))
            .unwrap();
        Timestamp::from_microsecond(midnight.as_microsecond() + micros).unwrap()
    })
}

prop_compose! {
    /// A catalog, a question about one of its attributes, and now.
    pub(crate) fn asked()(
        catalog in generated::catalog(),
        attribute in any::<prop::sample::Index>(),
        entity_id in prop_oneof![any::<i64>(), Just(i64::MIN), -20..20i64],
        as_of in stored_time(),
        now in stored_time(),
        look_back in look_back(),
        hostile in ".{0,20}|['\";\\\\-]{1,8}",
    ) -> (Catalog, Question, Timestamp) {
        let attribute = attribute.get(&catalog.attributes).name.clone();
        let question = Question {
            text: hostile.clone(),
            entity_id,
            entity_name: hostile.clone(),
            attribute,
            as_of,
            expected: Some(hostile),
            look_back,
        };
        (catalog, question, now)
    }
}

/// Whether the question's own words want a decision of this (rounded) time.
fn wants(question: &Question, now: Timestamp, decided_at: Timestamp, first_date: Date) -> bool {
    let day = utc_date(decided_at);
    decided_at <= question.as_of.min(now) && day >= since(question, now) && day >= first_date
}

/// The first day that the question's own words ask for.
fn since(question: &Question, now: Timestamp) -> Date {
    match question.look_back {
        LookBack::Auto | LookBack::Latest | LookBack::All => Date::MIN,
        LookBack::Days(days) => {
            let back = jiff::SignedDuration::from_hours(i64::from(days) * 24);
            utc_date(question.as_of.min(now)).saturating_sub(back)
        }
        LookBack::Since(since) => since,
    }
}

proptest! {
    /// The invariant of `layout`: whatever a question wants is in a partition of its plan.
    #[test]
    fn what_a_question_wants_is_in_a_partition_that_is_planned(
        (mut catalog, question, now) in asked(),
        stored in stored_time(),
        near in 0..4_000_000i64,
    ) {
        catalog.max_partitions = 1_000_000;
        // Most of them where it matters: a moment before as-of, and around the midnight
        // that begins the span, since times are rounded and partitions are not.
        let end = question.as_of.min(now).as_microsecond();
        let first = since(&question, now).max(catalog.layout.first_date);
        let first = jiff::tz::TimeZone::UTC.to_timestamp(first.at(0, 0, 0, 0)).unwrap();
        let edge = first.as_microsecond() + near % 2_000 - 1_000;
        let edges = [end - near, edge].map(|at| Timestamp::from_microsecond(at).unwrap());
        for stored in edges.into_iter().chain([stored]) {
            // Nothing stored is older than the first date.
            let stored_day = utc_date(stored);
            let decided_at = crate::trace::round_to_millis(stored.as_microsecond()).unwrap();
            if stored_day < catalog.layout.first_date
                || !wants(&question, now, decided_at, catalog.layout.first_date)
            {
                continue;
            }
            let plan = plan(&question, &catalog, now).unwrap();
            let partition = catalog.layout.partition(&question.attribute, question.entity_id, stored);
            let planned: Vec<Partition> =
                plan.rungs.iter().flat_map(|rung| plan.partitions(&catalog, *rung)).collect();
            prop_assert!(planned.contains(&partition), "{partition:?} is not in {plan:?}");
            let dated = plan.partitions_from_dates(&catalog, &[stored_day]);
            prop_assert_eq!(dated, vec![partition]);
        }
    }

    #[test]
    fn rungs_lead_back_without_a_gap_or_a_partition_twice((catalog, question, now) in asked()) {
        let Ok(plan) = plan(&question, &catalog, now) else { return Ok(()) };
        let layout = &catalog.layout;
        let first = layout.floor(layout.first_date);
        let mut seen = HashSet::new();
        for (index, rung) in plan.rungs.iter().enumerate() {
            prop_assert!(first <= rung.from && rung.from <= rung.to);
            prop_assert_eq!(layout.floor(rung.from), rung.from);
            if let Some(next) = plan.rungs.get(index + 1) {
                prop_assert_eq!(next.to.tomorrow().unwrap(), rung.from);
            }
            let partitions = plan.partitions(&catalog, *rung);
            let count = u64::try_from(partitions.len()).unwrap();
            prop_assert_eq!(count, layout.step_count(rung.from, rung.to));
            if !plan.latest {
                prop_assert!(count <= u64::from(catalog.max_partitions));
            }
            prop_assert!(partitions.iter().all(|p| p.bucket == plan.bucket && p.attribute == plan.attribute));
            prop_assert!(partitions.windows(2).all(|pair| pair[0].date < pair[1].date));
            prop_assert!(partitions.into_iter().all(|p| seen.insert(p)));
        }
        let reaches = plan.rungs.last().is_none_or(|rung| rung.from == first);
        prop_assert_eq!(plan.reaches_first_date, reaches);
        if let Some(rung) = plan.rungs.first() {
            prop_assert!(rung.to <= day_after(utc_date(now)));
        }
    }

    #[test]
    fn a_shorter_time_that_is_offered_is_accepted_and_is_the_most(
        (mut catalog, mut question, now) in asked(),
        limit in 1..300u32,
    ) {
        catalog.max_partitions = limit;
        catalog.lake.latest = None;
        let Err(Error::TooMuch { planned, since, .. }) = plan(&question, &catalog, now) else {
            return Ok(());
        };
        prop_assert!(planned > u64::from(limit));
        let Some(since) = since else {
            prop_assert!(limit < 3);
            return Ok(());
        };
        question.look_back = LookBack::Since(since);
        let accepted = plan(&question, &catalog, now);
        prop_assert!(accepted.is_ok(), "since {since}: {accepted:?}");
        question.look_back = LookBack::Since(day_before(since));
        prop_assert!(plan(&question, &catalog, now).is_err(), "a day more would do");
    }

    /// Complete means: no date that the table holds up to as-of was left out.
    #[test]
    fn a_complete_read_left_nothing_out(
        (catalog, question, now) in asked(),
        dates in prop::collection::vec(generated::day(1895, 2105), 0..8),
    ) {
        let catalog = with_latest(catalog);
        let Ok(plan) = plan(&question, &catalog, now) else { return Ok(()) };
        let covered = Covered::Dates(&dates);
        let read = plan.partitions_from_dates(&catalog, &dates);
        let end = utc_date(question.as_of.min(now));
        let left_out = dates.iter().any(|day| {
            *day <= end && !read.iter().any(|p| p.date == catalog.layout.floor(*day))
        });
        if plan.is_complete(&catalog, covered) {
            prop_assert!(!left_out);
        }
        let days = plan.days_read(&catalog, covered);
        prop_assert!(days.from <= days.to && days.to <= utc_date(question.as_of));
        let within = |day: &Date| days.from <= *day && *day <= days.to;
        let unread = |day: &Date| {
            *day >= catalog.layout.first_date
                && !read.iter().any(|p| p.date == catalog.layout.floor(*day))
        };
        // The receipt claims no day that was not read.
        prop_assert!(!dates.iter().any(|day| within(day) && unread(day)), "{days:?} {read:?}");
    }
}
