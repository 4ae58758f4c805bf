//! Partition arithmetic against Hive's rules, the calendar and itself.

use proptest::prelude::*;

use super::*;
use crate::catalog::tests::generated;

fn layout(step: Step) -> Layout {
    Layout {
        order: [
            PartitionColumn::Attribute,
            PartitionColumn::Bucket,
            PartitionColumn::Date,
        ],
        buckets: 4,
        step,
        first_date: date("2015-01-15"),
        format: Format::Parquet,
        columns: PartitionColumnNames {
            attribute: "attribute_name".to_owned(),
            bucket: "entity_id_mod".to_owned(),
            date: "created_date".to_owned(),
        },
    }
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn a_bucket_is_never_negative() {
    let bucket = |id| layout(Step::Day).bucket(id);
    let ids = [0, 1, 5, -1, -4, i64::MAX, i64::MIN, i64::MIN + 1];
    assert_eq!(ids.map(bucket), [0, 1, 1, 3, 0, 3, 0, 1]);
}

#[test]
fn a_decision_lies_in_the_utc_day_or_month_of_its_time() {
    let path = |step, at: &str| {
        let layout = layout(step);
        layout.path(&layout.partition("sector", -1, at.parse().unwrap()))
    };
    assert_eq!(
        path(Step::Day, "2023-04-13T23:59:59.9999+00:00"),
        "attribute_name=sector/entity_id_mod=3/created_date=2023-04-13"
    );
    assert_eq!(
        path(Step::Day, "2023-04-13T23:30:00-01:00"),
        "attribute_name=sector/entity_id_mod=3/created_date=2023-04-14"
    );
    assert_eq!(
        path(Step::Month, "2024-02-29T12:00:00Z"),
        "attribute_name=sector/entity_id_mod=3/created_date=2024-02-01"
    );
}

#[test]
fn all_six_orders_nest_the_same_folders() {
    let partition = Partition {
        attribute: "sector".to_owned(),
        bucket: 3,
        date: date("2023-04-01"),
    };
    let told: Vec<String> = generated::ORDERS
        .iter()
        .map(|order| {
            let layout = Layout {
                order: *order,
                ..layout(Step::Month)
            };
            format!(
                "{} | {} | {}",
                layout.path(&partition),
                layout.latest_path("sector", 3),
                layout.dates_folder("sector", 3).unwrap_or_default()
            )
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    attribute_name=sector/entity_id_mod=3/created_date=2023-04-01 | attribute_name=sector/entity_id_mod=3 | attribute_name=sector/entity_id_mod=3
    attribute_name=sector/created_date=2023-04-01/entity_id_mod=3 | attribute_name=sector/entity_id_mod=3 | 
    entity_id_mod=3/attribute_name=sector/created_date=2023-04-01 | entity_id_mod=3/attribute_name=sector | entity_id_mod=3/attribute_name=sector
    entity_id_mod=3/created_date=2023-04-01/attribute_name=sector | entity_id_mod=3/attribute_name=sector | 
    created_date=2023-04-01/attribute_name=sector/entity_id_mod=3 | attribute_name=sector/entity_id_mod=3 | 
    created_date=2023-04-01/entity_id_mod=3/attribute_name=sector | entity_id_mod=3/attribute_name=sector |
    ");
}

/// The list of `FileUtils.escapePathName` in Hive 3: control characters and these.
#[test]
fn values_are_escaped_as_hive_escapes_them() {
    let escapes = [
        ('"', "%22"),
        ('#', "%23"),
        ('%', "%25"),
        ('\'', "%27"),
        ('*', "%2A"),
        ('/', "%2F"),
        (':', "%3A"),
        ('=', "%3D"),
        ('?', "%3F"),
        ('\\', "%5C"),
        ('{', "%7B"),
        ('[', "%5B"),
        (']', "%5D"),
        ('^', "%5E"),
        ('\u{1}', "%01"),
        ('\n', "%0A"),
        ('\u{1f}', "%1F"),
        ('\u{7f}', "%7F"),
    ];
    for c in (0u8..=0x7f).map(char::from) {
        let known = escapes.iter().find(|(escaped, _)| *escaped == c);
        let expected = match known {
            Some((_, escape)) => (*escape).to_owned(),
            None if c.is_control() => format!("%{:02X}", u32::from(c)),
            None => c.to_string(),
        };
        assert_eq!(escape(&c.to_string()), expected, "{c:?}");
    }
    assert_eq!(escape("}ü 東\u{85}"), "}ü 東\u{85}");
}

#[test]
fn what_is_no_escape_stays_as_it_is() {
    let cases = [
        ("100%", "100%"),
        ("%", "%"),
        ("%2", "%2"),
        ("%zz%41", "%zzA"),
        ("%+1", "%+1"),
        ("%é1", "%é1"),
        ("%2f%2F", "//"),
        ("%E9", "é"),
        ("%%20", "% "),
    ];
    for (escaped, plain) in cases {
        assert_eq!(unescape(escaped), plain, "{escaped}");
    }
}

#[test]
fn steps_cover_a_span_from_the_start_of_its_first() {
    let steps = |step, from, to| {
        let layout = layout(step);
        let steps: Vec<String> = layout
            .steps(date(from), date(to))
            .map(|date| date.to_string())
            .collect();
        let count = usize::try_from(layout.step_count(date(from), date(to))).unwrap();
        assert_eq!(steps.len(), count);
        steps.join(" ")
    };
    let cases = [
        (
            Step::Day,
            "2024-02-28",
            "2024-03-01",
            "2024-02-28 2024-02-29 2024-03-01",
        ),
        (Step::Day, "2024-02-28", "2024-02-28", "2024-02-28"),
        (Step::Day, "2024-02-28", "2024-02-27", ""),
        (
            Step::Month,
            "2023-12-31",
            "2024-02-01",
            "2023-12-01 2024-01-01 2024-02-01",
        ),
        (Step::Month, "2024-01-20", "2024-01-20", "2024-01-01"),
        (Step::Month, "2024-01-20", "2024-01-10", ""),
        (
            Step::Month,
            "9999-11-30",
            "9999-12-31",
            "9999-11-01 9999-12-01",
        ),
        (
            Step::Day,
            "9999-12-30",
            "9999-12-31",
            "9999-12-30 9999-12-31",
        ),
    ];
    for (step, from, to, expected) in cases {
        assert_eq!(steps(step, from, to), expected, "{step:?} {from} {to}");
    }
}

#[test]
fn steps_end_where_time_does() {
    assert_eq!(layout(Step::Day).next(Date::MAX), None);
    assert_eq!(layout(Step::Month).next(date("9999-12-01")), None);
    assert_eq!(
        layout(Step::Month).next(date("2024-01-31")),
        Some(date("2024-02-01"))
    );
    assert_eq!(layout(Step::Day).steps_before(Date::MIN, 1), Date::MIN);
    assert_eq!(
        layout(Step::Day).steps_before(Date::MAX, u32::MAX),
        Date::MIN
    );
    assert_eq!(
        layout(Step::Month).steps_before(Date::MAX, u32::MAX),
        Date::MIN
    );
    assert_eq!(
        layout(Step::Month).steps_before(date("2024-03-31"), 1),
        date("2024-02-01")
    );
    assert_eq!(
        layout(Step::Day).steps_before(date("2024-03-01"), 1),
        date("2024-02-29")
    );
}

#[test]
fn a_folder_that_the_layout_would_not_write_is_refused_with_the_reason() {
    let paths = [
        "attribute_name=sector/entity_id_mod=3",
        "attribute_name=sector/entity_id_mod=3/created_date=2023-04-01/part",
        "entity_id_mod=3/attribute_name=sector/created_date=2023-04-01",
        "attribute_name=sector/entity_id_mod=4/created_date=2023-04-01",
        "attribute_name=sector/entity_id_mod=-1/created_date=2023-04-01",
        "attribute_name=sector/entity_id_mod=03/created_date=2023-04-01",
        "attribute_name=sector/entity_id_mod=3/created_date=2023-04-02",
        "attribute_name=sector/entity_id_mod=3/created_date=2023-4-1",
        "attribute_name=sector/entity_id_mod=3/created_date=20230401",
        "attribute_name=a:b/entity_id_mod=3/created_date=2023-04-01",
        "",
    ];
    let told = paths.map(|path| match layout(Step::Month).parse_path(path) {
        Ok(partition) => panic!("{path} is {partition:?}"),
        Err(refusal) => refusal.to_string(),
    });
    insta::assert_snapshot!(told.join("\n"), @r#"
    attribute_name=sector/entity_id_mod=3 is no partition of this lake: it has 2 folders, not the three of attribute_name/entity_id_mod/created_date
    attribute_name=sector/entity_id_mod=3/created_date=2023-04-01/part is no partition of this lake: it has 4 folders, not the three of attribute_name/entity_id_mod/created_date
    entity_id_mod=3/attribute_name=sector/created_date=2023-04-01 is no partition of this lake: "entity_id_mod=3" should begin with attribute_name=
    attribute_name=sector/entity_id_mod=4/created_date=2023-04-01 is no partition of this lake: "4" is no bucket from 0 to 3
    attribute_name=sector/entity_id_mod=-1/created_date=2023-04-01 is no partition of this lake: "-1" is no bucket from 0 to 3
    attribute_name=sector/entity_id_mod=03/created_date=2023-04-01 is no partition of this lake: it should be written attribute_name=sector/entity_id_mod=3/created_date=2023-04-01
    attribute_name=sector/entity_id_mod=3/created_date=2023-04-02 is no partition of this lake: "2023-04-02" is no first day of a month
    attribute_name=sector/entity_id_mod=3/created_date=2023-4-1 is no partition of this lake: "2023-4-1" is no first day of a month
    attribute_name=sector/entity_id_mod=3/created_date=20230401 is no partition of this lake: it should be written attribute_name=sector/entity_id_mod=3/created_date=2023-04-01
    attribute_name=a:b/entity_id_mod=3/created_date=2023-04-01 is no partition of this lake: it should be written attribute_name=a%3Ab/entity_id_mod=3/created_date=2023-04-01
     is no partition of this lake: it has 1 folders, not the three of attribute_name/entity_id_mod/created_date
    "#);
}

prop_compose! {
    fn any_partition()(
        layout in generated::layout(),
        attribute in "[\\x00-\\x7f]{0,12}|\\PC{0,12}|.{0,6}",
        entity in prop_oneof![any::<i64>(), Just(i64::MIN), -20..20i64],
        day in generated::day(-9999, 9999),
    ) -> (Layout, Partition) {
        let partition = Partition { attribute, bucket: layout.bucket(entity), date: layout.floor(day) };
        (layout, partition)
    }
}

proptest! {
    #[test]
    fn a_path_reads_back_as_its_partition((layout, partition) in any_partition()) {
        let path = layout.path(&partition);
        prop_assert_eq!(path.split('/').count(), 3);
        prop_assert_eq!(layout.parse_path(&path), Ok(partition));
    }

    #[test]
    fn a_path_that_reads_back_is_the_one_that_is_written(
        (layout, partition) in any_partition(),
        at in any::<prop::sample::Index>(),
        put in "[%=/0-9a-z-]{0,2}",
    ) {
        let mut chars: Vec<char> = layout.path(&partition).chars().collect();
        let at = at.index(chars.len());
        chars.splice(at..=at, put.chars());
        let path: String = chars.into_iter().collect();
        if let Ok(read) = layout.parse_path(&path) {
            prop_assert_eq!(layout.path(&read), path);
        }
    }

    #[test]
    fn an_escaped_value_reads_back(value in ".{0,20}|[%0-9A-Fa-f]{0,12}") {
        prop_assert_eq!(unescape(&escape(&value)), value);
    }

    #[test]
    fn a_count_of_steps_is_their_number_and_the_way_back(
        layout in generated::layout(),
        from in generated::day(1990, 2030),
        to in generated::day(1990, 2030),
    ) {
        let steps: Vec<Date> = layout.steps(from, to).collect();
        let count = layout.step_count(from, to);
        prop_assert_eq!(u64::try_from(steps.len()).unwrap(), count);
        if let (Some(first), Some(last)) = (steps.first(), steps.last()) {
            prop_assert_eq!(*first, layout.floor(from));
            prop_assert_eq!(*last, layout.floor(to));
            let back = u32::try_from(count - 1).unwrap();
            prop_assert_eq!(layout.steps_before(to, back), *first);
        }
        prop_assert!(steps.windows(2).all(|pair| layout.next(pair[0]) == Some(pair[1])));
        prop_assert!(steps.iter().all(|step| layout.floor(*step) == *step));
    }

    #[test]
    fn the_latest_path_is_the_path_without_its_date((layout, partition) in any_partition()) {
        let date = format!("{}={}", layout.columns.date, partition.date);
        let path = layout.path(&partition);
        let rest: Vec<&str> = path.split('/').filter(|folder| **folder != date).collect();
        prop_assert_eq!(layout.latest_path(&partition.attribute, partition.bucket), rest.join("/"));
    }
}
