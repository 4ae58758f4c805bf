//! Who reads: what may be said, and what a plan is read by where that is left to `why`.

use super::{Choice, Ended, Error, NotAChoice};

#[test]
fn the_direct_engine_reads_where_nothing_is_said() {
    assert_eq!(Choice::parse(None, None, None), Ok(Choice::Direct));
    // What concerns Athena alone is checked all the same: it would surprise later.
    let wrong = Choice::parse(None, Some("my group"), None);
    assert_eq!(wrong, Err(NotAChoice::Workgroup("my group".to_owned())));
}

#[test]
fn what_can_not_be_meant_says_what_can() {
    let rows = [
        (Some("presto"), None, None),
        (Some("athena"), Some(""), None),
        (Some("athena"), None, Some("-1")),
        (Some("athena"), None, Some("an hour")),
        (Some("athena"), None, Some("10081")),
    ];
    let said = rows.map(|(engine, workgroup, minutes)| {
        let error = Choice::parse(engine, workgroup, minutes).unwrap_err();
        format!("{error}: {}", error.advice())
    });
    insta::assert_snapshot!(said.join("\n"), @r#"
    there is no engine “presto”: Say direct, athena or auto in --engine or WHY_ENGINE.
    “” is no name of a workgroup: Say in WHY_ATHENA_WORKGROUP the workgroup's name: letters, digits, `.`, `_` and `-`.
    “-1” is no number of minutes from 0 to 10080: Say in WHY_ATHENA_REUSE_MINUTES how old an answer of Athena's may be; 0 asks anew each time.
    “an hour” is no number of minutes from 0 to 10080: Say in WHY_ATHENA_REUSE_MINUTES how old an answer of Athena's may be; 0 asks anew each time.
    “10081” is no number of minutes from 0 to 10080: Say in WHY_ATHENA_REUSE_MINUTES how old an answer of Athena's may be; 0 asks anew each time.
    "#);
}

#[test]
fn a_query_out_of_time_says_that_it_is_billed() {
    let said = [Ended::Stopped, Ended::GoesOn].map(|ended| {
        let error = Error::QueryTimedOut {
            query_id: "q-1".to_owned(),
            seconds: 20,
            ended,
        };
        format!("{error}. {}", error.advice())
    });
    insta::assert_snapshot!(said.join("\n"), @r#"
    Athena's query q-1 did not end within 20 s; it was stopped, and what it had scanned by then is billed. Ask again in a moment, or for a shorter time, such as `since` a date.
    Athena's query q-1 did not end within 20 s; it could not be stopped, and all that it still scans is billed. Ask again in a moment, or for a shorter time, such as `since` a date.
    "#);
}

#[cfg(feature = "athena")]
mod athena {
    use std::time::Duration;

    use crate::catalog::{Catalog, example};
    use crate::engine::choice::{Pick, pick};
    use crate::engine::{Choice, Settings};
    use crate::plan::{self, Plan};
    use crate::question::{LookBack, Question};

    #[test]
    fn athena_is_told_its_workgroup_and_how_old_a_result_may_be() {
        let settings = Settings {
            workgroup: "why-prod_1.0".to_owned(),
            reuse: Some(Duration::from_secs(3600)),
            ..Settings::default()
        };
        let parse = |engine| Choice::parse(Some(engine), Some("why-prod_1.0"), Some("60"));
        assert_eq!(parse("athena"), Ok(Choice::Athena(settings.clone())));
        assert_eq!(parse("auto"), Ok(Choice::Auto(settings)));
        let never = Choice::parse(Some("athena"), None, Some("0"));
        assert_eq!(never, Ok(Choice::Athena(Settings::default())));
    }

    fn planned(catalog: &Catalog, look_back: LookBack) -> Plan {
        let now = "2026-11-24T12:00:00Z".parse().unwrap();
        let question = Question {
            text: String::new(),
            entity_id: 17,
            entity_name: "Acme".to_owned(),
            attribute: "revenue".to_owned(),
            as_of: now,
            expected: None,
            look_back,
        };
        plan::plan(&question, catalog, now).unwrap()
    }

    #[test]
    fn few_partitions_are_read_directly_and_many_by_athena() {
        let months = example::example().unwrap();
        let days = Catalog {
            layout: crate::layout::Layout {
                step: crate::layout::Step::Day,
                ..months.layout.clone()
            },
            ..months.clone()
        };
        let rows = [
            (
                &months,
                LookBack::Auto,
                Pick::Direct,
                "at most 143 partitions",
            ),
            (
                &days,
                LookBack::Days(30),
                Pick::Direct,
                "at most 33 partitions",
            ),
            (
                &days,
                LookBack::Auto,
                Pick::Athena,
                "up to 4347 partitions, more than 200",
            ),
            (
                &days,
                LookBack::Latest,
                Pick::Direct,
                "the latest table's partition alone",
            ),
        ];
        for (catalog, look_back, picked, why) in rows {
            let plan = planned(catalog, look_back);
            assert_eq!(
                pick(&plan, catalog),
                (picked, why.to_owned()),
                "{look_back:?}"
            );
        }
    }
}
