//! What is read as which filter, and what is none.

use super::*;
use crate::catalog::example;

fn filter(said: Said<'_>) -> Result<Filter, &'static str> {
    let now = "2026-11-20T12:00:00Z".parse().unwrap();
    let catalog = Catalog::parse(example::TEXT, "why.toml").unwrap();
    read(said, &catalog, now).map_err(|failure| failure.code)
}

fn at(text: &str) -> Option<Timestamp> {
    Some(text.parse().unwrap())
}

#[test]
fn each_part_is_read_as_what_it_names() {
    let none = Said::default;
    assert_eq!(filter(none()), Ok(Filter::default()));
    let all = Said {
        cause: Some("overtaken, override"),
        source: Some("Registry"),
        actor: Some("ann"),
        from: Some("2025"),
        to: Some("2025-03-01"),
    };
    let read = Filter {
        causes: vec![Cause::Overtaken, Cause::Override],
        source: Some("Registry".to_owned()),
        actor: Some("ann".to_owned()),
        from: at("2025-01-01T00:00:00Z"),
        to: at("2025-03-01T23:59:59.999Z"),
    };
    assert_eq!(filter(all), Ok(read));
    let between = |from, to| {
        let read = filter(Said {
            from: Some(from),
            to: Some(to),
            ..none()
        });
        read.map(|filter| (filter.from, filter.to))
    };
    let instants = ("2025-01-02T00:00:01Z", "2025-01-02T00:00:01.5Z");
    assert_eq!(
        between(instants.0, instants.1),
        Ok((at(instants.0), at(instants.1)))
    );
    let one_day = (at("2025-02-01T00:00:00Z"), at("2025-02-01T23:59:59.999Z"));
    assert_eq!(between("2025-02-01", "2025-02-01"), Ok(one_day));
    // A period may end in days to come.
    assert_eq!(
        between("2025", "2031-01-01").unwrap().1,
        at("2031-01-01T23:59:59.999Z")
    );
}

#[test]
fn what_is_said_again_by_a_filter_is_read_as_that_filter() {
    for (from, to) in [
        ("2025", "2025-03-01"),
        ("2025-01-02T00:00:01Z", "2025-01-02T00:00:01.5Z"),
    ] {
        let said = Said {
            cause: Some("override,cleared"),
            source: Some("A, B & C"),
            actor: Some("ann"),
            from: Some(from),
            to: Some(to),
        };
        let once = filter(said).unwrap();
        let pairs = once.pairs();
        let of = |name: &str| {
            let pair = pairs.iter().find(|(known, _)| *known == name);
            pair.map(|(_, value)| value.as_str())
        };
        let again = Said {
            cause: of("cause"),
            source: of("source"),
            actor: of("actor"),
            from: of("from"),
            to: of("to"),
        };
        assert_eq!(filter(again).unwrap(), once);
    }
}

#[test]
fn what_is_no_filter_is_refused() {
    let none = Said::default;
    let by_cause = |cause| Said {
        cause: Some(cause),
        ..none()
    };
    let between = |from, to| Said { from, to, ..none() };
    for (said, code) in [
        (by_cause("magic"), "bad_cause"),
        (by_cause("override,,"), "bad_cause"),
        (between(Some("someday"), None), "bad_date"),
        (between(None, Some("someday")), "bad_date"),
        (between(Some("2031"), None), "future"),
        (
            between(Some("2025-02-01"), Some("2025-01-31")),
            "bad_period",
        ),
        (
            between(Some("2025-02-01T00:00:01Z"), Some("2025-02-01T00:00:00Z")),
            "bad_period",
        ),
    ] {
        assert_eq!(filter(said), Err(code), "{said:?}");
    }
}
