//! Where looks are put, from what queries took.

use std::time::Duration;

use super::{Pace, Shape, looks};

fn check(recent: &[u64], expected: &[u64]) {
    let recent = recent.iter().copied().map(Duration::from_millis);
    let said: Vec<u128> = looks(recent.collect())
        .iter()
        .map(Duration::as_millis)
        .collect();
    let expected: Vec<u128> = expected.iter().copied().map(u128::from).collect();
    assert_eq!(said, expected);
}

#[test]
fn while_little_is_known_a_query_is_looked_at_early_and_then_each_second() {
    check(&[], &[150, 450, 950]);
    check(&[5_000, 5_000, 5_000], &[150, 450, 950]);
}

#[test]
fn queries_that_take_as_long_as_each_other_are_looked_at_when_they_end() {
    check(&[1_000; 8], &[900, 1_000, 1_100]);
}

#[test]
fn earlier_results_and_new_ones_are_both_looked_at_when_they_end() {
    check(
        &[200, 200, 200, 2_000, 2_000, 2_000],
        &[220, 1_800, 2_000, 2_200],
    );
}

#[test]
fn looks_are_close_where_many_end_and_far_apart_where_few_do() {
    let recent = [700, 710, 720, 730, 740, 750, 760, 1_300, 1_900];
    check(&recent, &[730, 836, 1_430, 2_090]);
}

/// With a start and a page of rows: what takes up to two seconds takes six calls at most.
#[test]
fn slow_queries_have_more_looks_but_fewer_than_without_a_choice() {
    let spread =
        |around: u64| (0..16).map(move |n| Duration::from_millis(around * (60 + n * 5) / 100));
    for (around, most) in [(500, 4), (1_950, 4), (3_500, 5), (5_000, 6), (20_000, 8)] {
        let looks = looks(spread(around).collect());
        assert_eq!(looks.len(), most, "{around}: {looks:?}");
    }
}

/// 9 s once: nobody who takes 4 s waits for that.
#[test]
fn one_that_took_long_makes_nobody_wait_longer_than_two_seconds() {
    let mut recent = vec![1_000; 15];
    recent.push(9_000);
    check(&recent, &[900, 1_000, 1_100]);
}

#[test]
fn few_looks_are_placed_and_no_two_far_apart() {
    for seed in 1..200_u64 {
        let recent = (0..32_u64).map(|n| {
            let mixed = (seed * 7_919 + n * n * 104_729) % 6_000;
            Duration::from_millis(100 + mixed)
        });
        let looks = looks(recent.collect());
        assert!((1..=6).contains(&looks.len()), "{looks:?}");
        for pair in looks.windows(2) {
            assert!(
                pair[0] < pair[1] && pair[1] - pair[0] <= Duration::from_secs(2),
                "{looks:?}"
            );
        }
    }
}

#[test]
fn a_shape_knows_its_own_queries_and_forgets_those_of_long_ago() {
    let pace = Pace::default();
    let (small, large) = (Shape::of(90), Shape::of(2_000));
    assert_eq!((Shape::of(0), Shape::of(64)), (Shape::of(1), small));
    for _ in 0..32 {
        pace.learn(small, Duration::from_millis(1_000));
        pace.learn(small, Duration::ZERO);
    }
    let at = |looks: Vec<Duration>| looks.iter().map(Duration::as_millis).collect::<Vec<_>>();
    assert_eq!(at(pace.looks(small)), [900, 1_000, 1_100]);
    assert_eq!(at(pace.looks(large)), [150, 450, 950]);
    for _ in 0..32 {
        pace.learn(small, Duration::from_millis(3_000));
    }
    assert_eq!(at(pace.looks(small)), [2_700, 3_000, 3_300]);
}
