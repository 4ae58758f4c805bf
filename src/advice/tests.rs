//! Counts add up in every layout, and what is proposed is no worse than what it replaces.

use proptest::prelude::*;

use super::*;
use crate::layout::Step;

mod look_back;
mod worth;

const NOW: &str = "2026-11-24T12:00:00Z";

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn catalog(layout: &str, attributes: &[&str]) -> Catalog {
    let names: Vec<String> = attributes
        .iter()
        .map(|name| format!("attributes.{name} = {{}}"))
        .collect();
    let text = format!("{layout}\n{}", names.join("\n"));
    let text = text.replace('|', "\n");
    Catalog::parse(&text, "why.toml").unwrap()
}

/// Days of few decisions.
fn small_days() -> Catalog {
    catalog(
        "layout.first_date = 2024-01-01|layout.step = \"day\"|layout.buckets = 64",
        &["revenue", "sector"],
    )
}

/// `rows` decisions of each attribute and day, of companies in turn.
fn tally(catalog: &Catalog, days: u32, rows: u32) -> Tally {
    let mut tally = Tally::new(&catalog.layout, Some(&catalog.layout));
    let mut company = 0;
    for day in 0..days {
        let day = date("2024-01-01").saturating_add(jiff::Span::new().days(i64::from(day)));
        for attribute in &catalog.attributes {
            for _ in 0..rows {
                company = (company + 1) % 5_000;
                tally.see(Seen {
                    attribute: &attribute.name,
                    entity_id: company,
                    day,
                });
            }
        }
    }
    tally.weigh_json(tally.decisions() * 600);
    tally
}

fn advised(tally: &Tally, catalog: &Catalog) -> Advice {
    advise(tally, catalog, top_questions(tally, now()), now())
}

fn ids(side: &Side) -> Vec<&'static str> {
    side.warnings.iter().map(|w| w.id.as_str()).collect()
}

#[test]
fn days_of_few_decisions_become_months_with_fewer_buckets() {
    let catalog = small_days();
    let advice = advised(&tally(&catalog, 700, 10), &catalog);
    let (present, proposed) = (&advice.present, &advice.proposed);
    assert_eq!(
        (proposed.layout.step, proposed.layout.buckets),
        (Step::Month, 1)
    );
    assert_eq!(
        ids(present),
        ["mostly_empty", "tiny_files", "wide_look_back"]
    );
    // Thirty times fewer, and still small: the threshold is not passed.
    assert_eq!(ids(proposed), ["tiny_files"]);
    let outcomes: Vec<_> = present.warnings.iter().map(|w| advice.outcome(w)).collect();
    assert_eq!(outcomes, [Outcome::Mended, Outcome::Less, Outcome::Mended]);
    assert!(advice.passed_over.is_none());
    assert!(advice.moves_files() && advice.changes());
    // 2024-01-01 to the day after today.
    assert_eq!(present.projected, 2 * 64 * 1_060);
    // Ten companies in turn lie in ten buckets, but for the two times that the turn ends.
    assert_eq!(present.existing, 13_998.0);
    assert_eq!((proposed.projected, proposed.existing), (2 * 35, 46.0));
    let [now_, then, year, all] = [0, 1, 2, 3].map(|at| {
        let of = |side: &Side| side.prices[at].unwrap();
        (of(present), of(proposed))
    });
    for (old, new) in [now_, then, year, all] {
        assert!(new.projected < old.projected && new.usd < old.usd);
    }
    assert_eq!((all.0.projected, all.1.projected), (1_060.0, 35.0));
    assert!((all.0.planning_ms - 53.0).abs() < 1e-9, "{:?}", all.0);
    assert!((all.0.partitions_ms - 106.0).abs() < 1e-9);
}

#[test]
fn a_layout_that_fits_is_left_as_it_is() {
    // Some 40,000 a month and attribute: two buckets; four are no reason to write it anew.
    for buckets in [1, 2, 4] {
        let catalog = catalog(
            &format!(
                "layout.first_date = 2024-01-01|layout.buckets = {buckets}|layout.ladder = []"
            ),
            &["revenue"],
        );
        let advice = advised(&tally(&catalog, 90, 1_300), &catalog);
        assert!(!advice.changes(), "{buckets}: {:?}", advice.proposed.layout);
        assert_eq!(advice.present, advice.proposed);
    }
}

/// A month's grain and a latest table, with so many buckets.
fn months(buckets: u32) -> Catalog {
    catalog(
        &format!(
            "lake.latest = \"latest\"|layout.first_date = 2024-01-01|layout.buckets = {buckets}"
        ),
        &["revenue", "sector"],
    )
}

#[test]
fn a_key_of_high_cardinality_is_warned_of() {
    let names: Vec<String> = (0..201).map(|at| format!("a{at}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let of_names = catalog("layout.first_date = 2024-01-01|layout.buckets = 1", &names);
    let present = advised(&tally(&of_names, 3, 1), &of_names).present;
    assert!(ids(&present).contains(&"high_cardinality_key"));
    let of_buckets = catalog(
        "layout.first_date = 2024-01-01|layout.buckets = 10000",
        &["a"],
    );
    let present = advised(&tally(&of_buckets, 3, 1), &of_buckets).present;
    let text = &present.warnings[0].text;
    insta::assert_snapshot!(text, @"entity_id_mod has 10,000 values for 3 companies: it parts them as finely as their ids would.");
}

#[test]
fn more_than_a_million_projected_partitions_are_warned_of_and_not_proposed() {
    let catalog = catalog(
        "layout.first_date = 2015-01-01|layout.step = \"day\"|layout.buckets = 512",
        &["revenue"],
    );
    let advice = advised(&tally(&catalog, 300, 10), &catalog);
    assert!(ids(&advice.present).contains(&"too_many_partitions"));
    assert!(!ids(&advice.proposed).contains(&"too_many_partitions"));
}

#[test]
fn a_range_begins_with_the_first_decision_unless_it_is_only_a_little_early() {
    let begun = |first: &str| {
        let catalog = catalog(
            &format!("layout.first_date = {first}|layout.buckets = 1"),
            &["revenue"],
        );
        let advice = advised(&tally(&catalog, 300, 10), &catalog);
        let warned = ids(&advice.present).contains(&"range_begins_early");
        (warned, advice.proposed.layout.first_date)
    };
    assert_eq!(begun("1990-01-01"), (true, date("2024-01-01")));
    assert_eq!(begun("2023-01-01"), (false, date("2023-01-01")));
    // One that begins after the first decision hides it.
    assert_eq!(begun("2024-03-01"), (false, date("2024-01-01")));
}

#[test]
fn decisions_outside_of_the_range_are_told_and_not_counted_as_projected() {
    let catalog = catalog(
        "layout.first_date = 2024-01-01|layout.buckets = 1",
        &["revenue"],
    );
    let seen = |days: &[&str]| {
        let mut tally = tally(&catalog, 60, 1);
        for day in days {
            tally.see(Seen {
                attribute: "revenue",
                entity_id: 1,
                day: date(day),
            });
        }
        let present = advised(&tally, &catalog).present;
        let mut warnings = present.warnings.into_iter();
        let warning = warnings.find(|w| w.id == Id::OutsideRange);
        (present.existing, warning)
    };
    assert_eq!(seen(&[]), (2.0, None));
    // In what is projected up to tomorrow.
    assert_eq!(seen(&["2026-11-24"]), (3.0, None));
    let (existing, warning) = seen(&["2032-10-05"]);
    assert_eq!(existing, 2.0);
    let warning = warning.unwrap();
    insta::assert_snapshot!(warning.text, @"1 decision lies in 1 partition outside of the range that is projected, 2024-01-01 to 2026-11-25: no question finds it (the last of 2032-10-05).");
    insta::assert_snapshot!(warning.advice, @"Look for what dates them ahead: they are found on that day, and not before.");
    let (existing, warning) = seen(&["2019-03-05", "2019-04-05", "2032-10-05"]);
    assert_eq!(existing, 2.0);
    let warning = warning.unwrap();
    assert!(
        warning
            .text
            .starts_with("3 decisions lie in 3 partitions outside"),
        "{warning:?}"
    );
    assert!(
        warning
            .text
            .ends_with("(the first is of 2019-03-05, the last of 2032-10-05)."),
        "{warning:?}"
    );
    assert!(
        warning
            .advice
            .starts_with("Let the range begin with 2019-01-01."),
        "{warning:?}"
    );
}

/// A decision of each of so many companies, so many days before today.
fn newest(catalog: &Catalog, lie_back: &[(i64, i64)]) -> Tally {
    let mut tally = Tally::new(&catalog.layout, Some(&catalog.layout));
    let mut entity_id = 0;
    for (companies, days) in lie_back {
        for _ in 0..*companies {
            entity_id += 1;
            tally.see(Seen {
                attribute: "revenue",
                entity_id,
                day: date("2026-11-24").saturating_sub(jiff::Span::new().days(*days)),
            });
        }
    }
    tally.weigh_json(tally.decisions() * 600);
    tally
}

#[test]
fn what_a_proposal_gains_and_what_it_costs_is_told() {
    let catalog = catalog(
        "layout.first_date = 2017-01-01|layout.buckets = 1|layout.ladder = [\"90d\", \"730d\"]",
        &["revenue"],
    );
    // Fewer queries, and more partitions for those that would have found it in the first.
    let advice = advised(&newest(&catalog, &[(70, 10), (30, 3_540)]), &catalog);
    let trade = advice.trade().unwrap();
    let of = |shifts: &[Shift]| shifts.iter().map(|shift| shift.of).collect::<Vec<_>>();
    assert_eq!(of(&trade.better), [Figure::Queries]);
    assert!(of(&trade.worse).contains(&Figure::Partitions), "{trade:?}");
    assert!(of(&trade.worse).contains(&Figure::Usd), "{trade:?}");
    for shift in &trade.better {
        assert!(shift.proposed < shift.present);
    }
    // Nothing is given away for months in place of days.
    let days = small_days();
    let advice = advised(&tally(&days, 700, 10), &days);
    let trade = advice.trade().unwrap();
    assert_eq!(
        (of(&trade.better), of(&trade.worse)),
        (Figure::ALL.to_vec(), vec![])
    );
    // Without a proposal there is nothing to weigh.
    let advice = advised(&newest(&catalog, &[(90, 10), (10, 3_540)]), &catalog);
    assert_eq!(advice.trade(), None);
}

#[test]
fn what_is_said_of_all_time_is_what_the_plan_reads() {
    let mut catalog = catalog(
        "layout.first_date = 2015-01-01|layout.step = \"day\"|layout.buckets = 64|layout.max_partitions = 1000",
        &["revenue"],
    );
    let text = |catalog: &Catalog| {
        let present = advised(&tally(catalog, 300, 10), catalog).present;
        let mut warnings = present.warnings.into_iter();
        warnings.find(|w| w.id == Id::MostlyEmpty).unwrap().text
    };
    insta::assert_snapshot!(text(&catalog), @"Of 278,208 projected partitions 3,000 exist. A question about all time would list 4,347, more than the 1,000 that max_partitions allows.");
    catalog.max_partitions = 10_000;
    insta::assert_snapshot!(text(&catalog), @"Of 278,208 projected partitions 3,000 exist. A question about all time lists 4,347, there or not: 217 ms of planning, 435 ms for partitions in all, the opening of files not counted.");
    catalog.lake.latest = Some("attribute_latest".to_owned());
    insta::assert_snapshot!(text(&catalog), @"Of 278,208 projected partitions 3,000 exist. A question about all time lists the latest table's one and the trace's newest 256, there or not, and of older ones those that a company's row names: 13 ms of planning, 26 ms for partitions in all, the opening of files not counted.");
}

#[test]
fn a_question_of_what_a_latest_table_names_reads_no_more_than_that() {
    let mut catalog = catalog(
        "layout.first_date = 2015-01-01|layout.step = \"day\"|layout.buckets = 1",
        &["revenue"],
    );
    catalog.lake.latest = Some("attribute_latest".to_owned());
    let tally = tally(&catalog, 1_000, 20);
    let shape = Shape::of(&tally, &catalog.layout);
    let asked = Asked {
        text: String::new(),
        attribute: "revenue".to_owned(),
        as_of: now(),
        look_back: LookBack::All,
    };
    let price = price(&asked, &catalog, &shape, &tally, now()).unwrap();
    // The latest table's partition, 256 of the trace, and three older decisions (4 a company).
    assert_eq!(price.queries, 2.0);
    assert_eq!(price.projected, 260.0);
    // The newest alone is in the latest table, unless it came after the time that was asked about.
    let newest = |as_of: &str| {
        let asked = Asked {
            as_of: as_of.parse().unwrap(),
            look_back: LookBack::Latest,
            ..asked.clone()
        };
        let price = super::price(&asked, &catalog, &shape, &tally, now()).unwrap();
        (price.queries, price.projected)
    };
    assert_eq!(newest(NOW), (1.0, 1.0));
    assert_eq!(newest("2025-01-01T12:00:00Z"), (2.0, 4.0));
}

#[test]
fn without_room_for_all_cells_counts_get_coarser_and_still_add_up() {
    let catalog = catalog(
        "layout.first_date = 2024-01-01|layout.buckets = 8",
        &["a", "b"],
    );
    let mut small = Tally::with_room(&catalog.layout, Some(&catalog.layout), 100);
    for company in 0..20_000_i64 {
        let back = jiff::Span::new().days(company % 700);
        small.see(Seen {
            attribute: if company / 2 % 2 == 0 { "a" } else { "b" },
            entity_id: company * 7_919,
            day: date("2026-01-01").saturating_sub(back),
        });
    }
    assert!(small.by_month.rows.len() <= 100 && small.pairs.len() <= 1 << 15);
    let shape = Shape::of(&small, &catalog.layout);
    assert!(!shape.is_exact);
    assert!((shape.rows() - 20_000.0).abs() < 1e-6);
    // 2 attributes, 24 months, 8 buckets, all of them filled.
    assert!(
        (shape.existing() - 384.0).abs() < 10.0,
        "{}",
        shape.existing()
    );
}

#[test]
fn days_that_are_reckoned_from_months_are_priced_like_days_that_were_counted() {
    let catalog = catalog(
        "layout.first_date = 2024-01-01|layout.buckets = 1|layout.step = \"day\"|layout.ladder = []",
        &["a"],
    );
    let with_room = |most: usize| {
        let mut tally = Tally::with_room(&catalog.layout, Some(&catalog.layout), most);
        for company in 0..20_000_i64 {
            let back = jiff::Span::new().days(company % 700);
            tally.see(Seen {
                attribute: "a",
                entity_id: company,
                day: date("2026-11-24").saturating_sub(back),
            });
        }
        tally.weigh_json(tally.decisions() * 600);
        tally
    };
    let (counted, reckoned) = (with_room(1_000), with_room(100));
    for look_back in [LookBack::Days(10), LookBack::Days(100), LookBack::All] {
        let asked = Asked {
            text: String::new(),
            attribute: "a".to_owned(),
            as_of: now(),
            look_back,
        };
        let of = |tally: &Tally| {
            let shape = Shape::of(tally, &catalog.layout);
            let price = price(&asked, &catalog, &shape, tally, now()).unwrap();
            (shape.is_exact, price.existing, price.bytes)
        };
        let (counted, reckoned) = (of(&counted), of(&reckoned));
        assert!(counted.0 && !reckoned.0);
        for (counted, reckoned) in [(counted.1, reckoned.1), (counted.2, reckoned.2)] {
            let ratio = reckoned / counted;
            assert!(
                (0.8..1.25).contains(&ratio),
                "{look_back}: {reckoned} for {counted}"
            );
        }
    }
}

#[test]
fn what_files_take_is_shared_among_them_and_their_decisions() {
    let weighed = |decisions: u32, files: u64, bytes: u64| {
        let catalog = months(1);
        let mut tally = tally(&catalog, decisions / 2, 1);
        tally.weigh(bytes, files);
        assert_eq!(tally.on_disk(), Some((files, bytes)));
        let of_all =
            tally.bytes_of_a_row() * f64::from(decisions) + tally.bytes_of_a_file() * count(files);
        assert!((of_all - count(bytes)).abs() < 1.0, "{of_all}");
        (
            tally.bytes_of_a_row().round(),
            tally.bytes_of_a_file().round(),
        )
    };
    // A decision a file, in less than the usual file takes.
    assert_eq!(weighed(1_470, 1_364, 4_703_332), (30.0, 3_416.0));
    assert_eq!(weighed(1_470, 275, 1_014_232), (35.0, 3_500.0));
    // Of large files their own share is nothing, however little a decision takes.
    assert_eq!(weighed(20_000, 1, 200_000), (10.0, 3_500.0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// For whatever data and layout: rows are counted once, partitions that exist are
    /// projected, coarser layouts have no more of them, and a proposal neither asks more of
    /// projection than what it replaces, unless partitions would be too large, nor makes it a
    /// question much slower, nor is it changed by advising again.
    #[test]
    fn totals_add_up_and_no_proposal_projects_more_than_it_replaces(
        seen in proptest::collection::vec((0..3_usize, 0..400_i64, 0..1_500_i64), 1..600),
        buckets in 1..40_u32,
        is_day in any::<bool>(),
        years_before in 0..30_i16,
        times in 1..200_u64,
        first_step in 5..2_500_u32,
    ) {
        let step = if is_day { "day" } else { "month" };
        let first = 2020 - years_before;
        let catalog = catalog(
            &format!(
                "layout.first_date = {first}-01-01|layout.step = \"{step}\"|layout.buckets = {buckets}|layout.ladder = [\"{first_step}d\"]"
            ),
            &["a", "b", "c"],
        );
        let mut tally = Tally::new(&catalog.layout, Some(&catalog.layout));
        for (attribute, entity_id, back) in &seen {
            let day = date("2020-01-01").saturating_add(jiff::Span::new().days(*back));
            tally.see(Seen { attribute: ["a", "b", "c"][*attribute], entity_id: *entity_id, day });
        }
        tally.weigh_json(tally.decisions() * times * 100);
        let shape = Shape::of(&tally, &catalog.layout);
        prop_assert!(shape.is_exact);
        prop_assert_eq!(shape.rows(), count(seen.len() as u64));
        let distinct: std::collections::HashSet<_> = seen.iter().map(|(attribute, entity, back)| {
            let day = date("2020-01-01").saturating_add(jiff::Span::new().days(*back));
            (*attribute, catalog.layout.bucket(*entity), catalog.layout.floor(day))
        }).collect();
        prop_assert_eq!(shape.existing(), count(distinct.len() as u64));
        let coarse = Layout { buckets: 1, step: Step::Month, ..catalog.layout.clone() };
        let coarse = Shape::of(&tally, &coarse);
        prop_assert!(coarse.existing() <= shape.existing());
        prop_assert_eq!(coarse.rows(), shape.rows());

        let advice = advised(&tally, &catalog);
        let (present, proposed) = (&advice.present, &advice.proposed);
        prop_assert!(present.existing <= count(present.projected));
        prop_assert!(proposed.existing <= count(proposed.projected));
        prop_assert!(proposed.projected <= present.projected);
        prop_assert!(!proposed.ladder_days.is_empty());
        // With the second or so of each query itself.
        let ms = |price: Price| price.queries * 1_000.0 + price.partitions_ms;
        for (old, new) in present.prices.iter().zip(&proposed.prices) {
            prop_assert!(old.is_none() || new.is_some());
            if let (Some(old), Some(new)) = (old, new) {
                prop_assert!(old.existing <= old.projected + 1e-9);
                prop_assert!(new.existing <= new.projected + 1e-9);
                // At worst a look-back gets one step more.
                prop_assert!(ms(*new) <= ms(*old) * 1.6, "{:?} {:?}", old, new);
            }
        }
        let better = Catalog {
            layout: proposed.layout.clone(),
            ladder_days: proposed.ladder_days.clone(),
            ..catalog.clone()
        };
        let again = advised(&tally, &better);
        prop_assert_eq!(&again.proposed.layout, &proposed.layout);
    }
}
