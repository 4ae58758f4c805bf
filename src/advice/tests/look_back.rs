//! Which look-backs are warned of, and which proposed.

use super::*;

/// The warning of the look-back, and the one that is proposed.
fn of_ladder(layout: &str, ladder: &str, lie_back: &[(i64, i64)]) -> (Option<Warning>, Vec<u32>) {
    let catalog = catalog(
        &format!(
            "layout.first_date = 2012-01-01|layout.buckets = 1|{layout}layout.ladder = {ladder}"
        ),
        &["revenue"],
    );
    let advice = advised(&newest(&catalog, lie_back), &catalog);
    let warnings = advice.present.warnings.into_iter();
    let mut of_it = warnings.filter(|warning| warning.id == Id::WideLookBack);
    (of_it.next(), advice.proposed.ladder_days)
}

#[test]
fn a_ladder_whose_steps_rarely_find_anything_is_warned_of_however_far_the_newest_lie_back() {
    let usual = "[\"90d\", \"730d\"]";
    let check = |lie_back: &[(i64, i64)], expected: Option<&str>, proposed: &[u32]| {
        let (warning, ladder) = of_ladder("", usual, lie_back);
        let runs = warning.map(|warning| warning.text);
        let runs = runs.as_deref().map(|text| text.split(',').next().unwrap());
        assert_eq!(runs, expected, "{lie_back:?}");
        assert_eq!(ladder, proposed, "{lie_back:?}");
    };
    let runs = |queries: &str| format!("A question about now runs {queries} queries on average");
    // Half of the companies stopped nearly ten years ago, as some of sp500's attributes did.
    check(&[(50, 150), (50, 3_540)], Some(&runs("2.5")), &[3_650]);
    check(&[(80, 10), (20, 3_540)], None, &[90, 730]);
    // One in four runs three.
    check(&[(70, 10), (30, 3_540)], Some(&runs("1.6")), &[3_650]);
    // Older than any look-back: one step in vain is better than two.
    check(&[(10, 10), (90, 4_000)], Some(&runs("2.8")), &[7]);
    // Two steps find most: the first is what most questions read.
    check(&[(90, 10), (10, 700)], None, &[90, 730]);
    // Once proposed, it is left alone.
    assert_eq!(
        of_ladder("", "[\"3650d\"]", &[(50, 150), (50, 3_540)]),
        (None, vec![3_650])
    );
}

#[test]
fn the_warning_says_what_steps_find_and_what_helps() {
    let (warning, _) = of_ladder("", "[\"90d\", \"730d\"]", &[(50, 150), (50, 3_540)]);
    let warning = warning.unwrap();
    insta::assert_snapshot!(warning.text, @"A question about now runs 2.5 queries on average, each of a second or so: of the newest decisions 90 days find 0 %, 730 days find 50 %.");
    insta::assert_snapshot!(warning.advice, @"Let the first step reach as far as most newest decisions lie back, or write a latest table (`why import --latest`, or the pipeline): one query then reads its partition and the newest 256 of the trace, and a second one only what a company has before those.");
    let (warning, _) = of_ladder("", "[\"7d\"]", &[(10, 5), (90, 4_000)]);
    insta::assert_snapshot!(warning.unwrap().advice, @"No other look-back saves much here; write a latest table (`why import --latest`, or the pipeline): one query then reads its partition and the newest 256 of the trace, and a second one only what a company has before those.");
}

#[test]
fn a_later_step_that_is_far_wider_than_needed_is_warned_of() {
    // Two questions in five read the second step.
    let day = "layout.step = \"day\"|";
    let lie_back = &[(60, 3), (40, 20)];
    let text = |ladder: &str| {
        of_ladder(day, ladder, lie_back)
            .0
            .map(|warning| warning.text)
    };
    insta::assert_snapshot!(text("[\"7d\", \"1825d\"]").unwrap(), @"The look-back of 1,825 days reads 1,818 partitions; 30 days read 23 and find 100 % of the newest decisions to its 100 %.");
    assert_eq!(text("[\"30d\", \"1825d\"]"), None);
}

/// On 5 January a week ago and a month ago lie in the same month: one query reads both.
#[test]
fn what_a_step_is_said_to_find_is_what_it_finds_where_two_look_backs_begin_in_one_month() {
    let text = |begins: &str, ladder: &str, newest: &[(i64, &str)]| {
        let catalog = catalog(
            &format!(
                "layout.first_date = {begins}|layout.buckets = 1|layout.step = \"month\"|layout.ladder = {ladder}"
            ),
            &["revenue"],
        );
        let mut tally = Tally::new(&catalog.layout, Some(&catalog.layout));
        let mut entity_id = 0;
        for (companies, day) in newest {
            for _ in 0..*companies {
                entity_id += 1;
                tally.see(Seen {
                    attribute: "revenue",
                    entity_id,
                    day: date(day),
                });
            }
        }
        tally.weigh_json(tally.decisions() * 600);
        let today: Timestamp = "2026-01-05T12:00:00Z".parse().unwrap();
        let advice = advise(&tally, &catalog, top_questions(&tally, today), today);
        let mut warnings = advice.present.warnings.into_iter();
        warnings.find(|w| w.id == Id::WideLookBack).unwrap().text
    };
    insta::assert_snapshot!(text("2012-01-01", "[\"7d\", \"30d\"]", &[(10, "2025-12-10"), (90, "2020-01-01")]), @"A question about now runs 1.9 queries on average, each of a second or so: of the newest decisions 30 days find 10 %.");
    insta::assert_snapshot!(text("1960-01-01", "[\"7d\", \"30d\", \"20000d\"]", &[(60, "2025-12-10"), (40, "2025-11-01")]), @"The look-back of 20,000 days reads 656 partitions; 90 days read 2 and find 100 % of the newest decisions to its 100 %.");
}

#[test]
fn a_look_back_is_as_long_as_the_newest_decisions_lie_back() {
    let advice = |step: &str, ladder: &str, days: u32| {
        let catalog = catalog(
            &format!(
                "layout.first_date = 2024-01-01|layout.buckets = 1|layout.step = \"{step}\"|layout.ladder = {ladder}"
            ),
            &["revenue"],
        );
        let advice = advised(&tally(&catalog, days, 50), &catalog);
        let warned = ids(&advice.present).contains(&"wide_look_back");
        (warned, advice.proposed.ladder_days)
    };
    // The last decisions are of 2025-10-27, more than a year ago: 90 days find none.
    let usual = "[\"90d\", \"730d\"]";
    assert_eq!(advice("month", usual, 666), (true, vec![730]));
    // Every company had one in the last 101 days: 730 of them are listed for nothing.
    assert_eq!(advice("day", "[\"730d\"]", 1_058), (true, vec![730]));
    // Months of it are few.
    assert_eq!(advice("month", "[\"730d\"]", 1_058), (false, vec![730]));
    assert_eq!(advice("month", usual, 1_058), (false, vec![90, 730]));
    assert_eq!(advice("month", "[]", 1_058), (false, vec![]));
}

#[test]
fn a_look_back_is_never_proposed_away() {
    let catalog = catalog(
        "layout.first_date = 2015-01-01|layout.buckets = 1|layout.ladder = [\"90d\"]",
        &["revenue"],
    );
    let mut tally = Tally::new(&catalog.layout, Some(&catalog.layout));
    // Three newest decisions in five lie a year back, the others further than any span.
    for (companies, day) in [(0..60, "2025-11-10"), (60..100, "2016-03-01")] {
        for entity_id in companies {
            tally.see(Seen {
                attribute: "revenue",
                entity_id,
                day: date(day),
            });
        }
    }
    tally.weigh_json(60_000);
    let advice = advised(&tally, &catalog);
    assert!(ids(&advice.present).contains(&"wide_look_back"));
    assert_eq!(advice.proposed.ladder_days, [365]);
}
