//! Parts add up to what was waited for, and the one that dominates is named.

use jiff::civil::Date;
use proptest::prelude::*;

use super::*;
use crate::answer::Queries;

fn direct(waited: f64, planning: f64, total: f64) -> Sample {
    let day = Date::constant(2026, 1, 1);
    Sample {
        waited_ms: waited,
        read: Read {
            planning_ms: planning,
            total_ms: total,
            partitions_planned: 5_440,
            partitions_read: 12,
            files_read: 12,
            bytes_read: 120_000,
            requests: 14,
            ..Read::of_nothing(day, day)
        },
    }
}

fn athena(queue: f64, planning: f64, engine: f64, service: f64) -> Sample {
    let total = queue + engine + service;
    let sample = direct(total + 50.0, planning, total + 40.0);
    Sample {
        read: Read {
            engine: "athena",
            cost_usd: 0.000_05,
            athena: Some(Queries {
                queue_ms: queue,
                planning_ms: planning,
                engine_ms: engine,
                service_ms: service,
                total_ms: total,
                ..Queries::default()
            }),
            ..sample.read
        },
        ..sample
    }
}

fn catalog() -> Catalog {
    let text = "layout.first_date = 2015-01-15\nlayout.step = \"day\"\nattributes.revenue = {}";
    Catalog::parse(text, "why.toml").unwrap()
}

fn verdict_of(samples: &[Sample]) -> Verdict {
    let figures = Figures::of(samples).unwrap();
    told(&figures, &catalog(), Layout::Unknown)
}

fn told(figures: &Figures, catalog: &Catalog, layout: Layout) -> Verdict {
    verdict(&[("#17 revenue full history", figures)], catalog, layout).unwrap()
}

#[test]
fn what_an_engine_does_not_report_is_not_nothing() {
    let figures = Figures::of(&[direct(10.0, 2.0, 8.0)]).unwrap();
    assert_eq!(
        figures.parts_ms,
        [None, Some(2.0), Some(6.0), None, Some(2.0)]
    );
    assert_eq!(figures.files, Some(12));
    let figures = Figures::of(&[athena(60.0, 80.0, 200.0, 40.0)]).unwrap();
    let parts = [60.0, 80.0, 120.0, 40.0, 50.0].map(Some);
    assert_eq!((figures.parts_ms, figures.files), (parts, None));
    assert_eq!(Figures::of(&[]), None);
}

#[test]
fn the_part_that_dominates_is_named_with_what_to_do() {
    let slow_planning = verdict_of(&[athena(20.0, 800.0, 900.0, 40.0)]);
    assert_eq!(slow_planning.part, Part::Planning);
    insta::assert_snapshot!(slow_planning.advice, @"`#17 revenue full history` looks for 5,440 partitions and finds something in 12: look back less far (`in the last 2 years`), or take a month's grain; `why layout advise` says what another layout would come to.");
    let rows = [
        (athena(900.0, 40.0, 200.0, 40.0), Part::Queue, "capacity"),
        (athena(10.0, 40.0, 900.0, 40.0), Part::Scan, "any query"),
        (athena(10.0, 40.0, 60.0, 400.0), Part::Service, "reused"),
        (direct(1e3, 100.0, 950.0), Part::Scan, "opens 12 files"),
        (
            direct(1e3, 800.0, 950.0),
            Part::Planning,
            "look back less far",
        ),
        (direct(1e3, 50.0, 100.0), Part::Ours, "not what is read"),
    ];
    for (sample, part, says) in rows {
        let verdict = verdict_of(&[sample]);
        assert_eq!(verdict.part, part);
        assert!(verdict.advice.contains(says), "{}", verdict.advice);
    }
}

#[test]
fn what_nobody_waits_for_is_nothing_to_mend() {
    let quick = verdict_of(&[direct(12.0, 8.0, 11.0)]);
    assert_eq!((quick.part, quick.mend), (Part::Planning, Mend::Nothing));
    insta::assert_snapshot!(quick.advice, @"Nothing to mend: the slowest question takes 12 ms, and nobody notices less than 100.");
    let slow = verdict_of(&[direct(120.0, 80.0, 110.0)]);
    assert_eq!(slow.mend, Mend::Something);
    // One slow question among quick ones is waited for.
    let quick = Figures::of(&[direct(12.0, 8.0, 11.0)]).unwrap();
    let slow = Figures::of(&[direct(120.0, 80.0, 110.0)]).unwrap();
    assert!(is_waited_for(&[("quick", &quick), ("slow", &slow)]));
    assert!(!is_waited_for(&[("quick", &quick), ("quick", &quick)]));
}

#[test]
fn a_lake_on_a_disk_is_not_told_of_regions() {
    let figures = Figures::of(&[direct(1e3, 100.0, 950.0)]).unwrap();
    let disk = told(&figures, &catalog(), Layout::Unknown);
    assert_eq!(disk.mend, Mend::Nothing);
    insta::assert_snapshot!(disk.advice, @"Nothing to mend in the layout: `#17 revenue full history` opens 12 files of what it needs, on this machine's disk.");
    let mut on_s3 = catalog();
    on_s3.lake.location = "s3://acme/why".to_owned();
    let s3 = told(&figures, &on_s3, Layout::Unknown);
    assert_eq!(s3.mend, Mend::Something);
    insta::assert_snapshot!(s3.advice, @"`#17 revenue full history` opens 12 files of what it needs: there is little to gain in the layout. Asked from the lake's own region it is answered sooner.");
}

#[test]
fn a_layout_that_is_the_best_is_not_to_be_changed() {
    let figures = Figures::of(&[direct(1e3, 800.0, 950.0)]).unwrap();
    let of = |layout: Layout| told(&figures, &catalog(), layout).advice;
    insta::assert_snapshot!(of(Layout::Best), @"`#17 revenue full history` looks for 5,440 partitions and finds something in 12: look back less far (`in the last 2 years`). The layout is already the one that `why layout advise` proposes for this lake.");
    let mut by_month = catalog();
    by_month.layout.step = Step::Month;
    let advice = told(&figures, &by_month, Layout::Unknown).advice;
    assert!(!advice.contains("a month's grain"), "{advice}");
    insta::assert_snapshot!(of(Layout::Improvable), @"`#17 revenue full history` looks for 5,440 partitions and finds something in 12: look back less far (`in the last 2 years`), or take a month's grain; `why layout advise` has a better layout for this lake.");
}

#[test]
fn the_question_with_the_most_of_it_is_the_one_that_is_named() {
    let small = Figures::of(&[athena(10.0, 30.0, 60.0, 10.0)]).unwrap();
    let large = Figures::of(&[athena(10.0, 700.0, 800.0, 10.0)]).unwrap();
    let verdict = verdict(
        &[("small", &small), ("large", &large)],
        &catalog(),
        Layout::Unknown,
    )
    .unwrap();
    assert_eq!((verdict.part, verdict.most), (Part::Planning, 1));
    assert!((0.6..0.9).contains(&verdict.share), "{}", verdict.share);
}

#[test]
fn medians_are_of_the_middle() {
    let of = |waited: &[f64]| {
        let samples: Vec<Sample> = waited.iter().map(|w| direct(*w, 1.0, 2.0)).collect();
        let figures = Figures::of(&samples).unwrap();
        (figures.total_ms, figures.slowest_ms)
    };
    assert_eq!(of(&[9.0, 1.0, 2.0]), (2.0, 9.0));
    assert_eq!(of(&[4.0, 1.0, 2.0, 100.0]), (3.0, 100.0));
}

proptest! {
    #[test]
    fn the_parts_add_up_to_what_was_waited_for(
        times in proptest::collection::vec(
            (0.0..1e4, 0.0..1e4, 0.0..1e4, 0.0..1e4, any::<bool>()), 1..9,
        ),
    ) {
        let samples: Vec<Sample> = times
            .into_iter()
            .map(|(queue, planning, more, service, by_athena)| match by_athena {
                true => athena(queue, planning, planning + more, service),
                false => direct(planning + more + service + 1.0, planning, planning + more),
            })
            .collect();
        let shares: f64 = Figures::of(&samples).unwrap().shares.iter().sum();
        prop_assert!((shares - 1.0).abs() < 1e-6, "{shares}");
    }
}
