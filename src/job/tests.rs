//! Tests of jobs: what is written is read back, and all else is refused by name.

use super::*;

fn job(work: Work) -> Job {
    Job {
        id: "j1".to_owned(),
        request_id: "r1".to_owned(),
        accepted_at: "2026-11-24T12:00:00Z".parse().unwrap(),
        asker: Asker {
            user: "U1".to_owned(),
            team: None,
            enterprise: None,
        },
        place: Place {
            channel: Some("C1".to_owned()),
            response_url: Some(ResponseUrl("https://hooks.slack.com/secret".to_owned())),
            ..Place::default()
        },
        work,
    }
}

#[test]
fn every_kind_of_work_is_read_back() {
    let text = || "#17 revenue".to_owned();
    for work in [
        Work::Ask { text: text() },
        Work::Share { text: text() },
        Work::FillModal {
            view_id: "V1".to_owned(),
            message: None,
        },
        Work::Home,
        Work::Report {
            text: text(),
            wrong: "\"<&\n".to_owned(),
            expected: Some(text()),
            link: None,
        },
        Work::Triage {
            report: "R1".to_owned(),
            state: TriageState::DataError,
        },
        Work::Unfurl {
            links: vec!["https://why.example.com/companies/17/revenue".to_owned()],
            pasted: None,
        },
    ] {
        let job = job(work);
        assert_eq!(Job::decode(&job.encode()), Ok(job));
    }
}

/// SQS refuses a message with any other character.
#[test]
fn whatever_somebody_typed_is_written_in_characters_of_xml() {
    let typed: String = ('\0'..='\u{ffff}').chain(['\u{10ffff}']).collect();
    let job = job(Work::Ask { text: typed });
    let body = job.encode();
    let in_xml = |c: char| !matches!(c, '\0'..'\u{20}' | '\u{fffe}' | '\u{ffff}');
    assert!(body.chars().all(in_xml));
    assert_eq!(Job::decode(&body), Ok(job));
}

#[test]
fn unknown_fields_of_a_later_writer_are_read_over() {
    let body = job(Work::Home)
        .encode()
        .replacen("\"id\"", "\"mood\":1,\"id\"", 1);
    assert_eq!(Job::decode(&body), Ok(job(Work::Home)));
}

#[test]
fn what_is_no_job_is_refused_by_name() {
    let later = job(Work::Home)
        .encode()
        .replace("\"version\":1", "\"version\":2");
    for (body, expected) in [
        ("", "not JSON: EOF while parsing a value at line 1 column 0"),
        (
            "{",
            "not JSON: EOF while parsing an object at line 1 column 1",
        ),
        ("[]", "no version"),
        ("{}", "no version"),
        ("{\"version\":\"1\"}", "no version"),
        ("{\"version\":-1}", "no version"),
        (later.as_str(), "version 2, this one reads 1"),
        (
            "{\"version\":1}",
            "not a job: invalid type: null, expected struct Job",
        ),
        (
            "{\"version\":1,\"job\":{}}",
            "not a job: missing field `id`",
        ),
    ] {
        assert_eq!(
            Job::decode(body).unwrap_err().to_string(),
            expected,
            "{body}"
        );
    }
}

#[test]
fn a_response_url_is_never_printed() {
    assert!(!format!("{:?}", job(Work::Home)).contains("hooks"));
}

/// Ingress reads what Slack writes, and the worker writes it back.
#[test]
fn where_links_were_pasted_has_slacks_own_names() {
    for source in Source::ALL {
        let work = Work::Unfurl {
            links: Vec::new(),
            pasted: Some(Pasted {
                unfurl_id: "C1.1".to_owned(),
                source,
            }),
        };
        assert_eq!(Source::named(source.name()), Some(source));
        let job = job(work);
        let body = job.encode();
        assert!(body.contains(&format!("{:?}", source.name())), "{body}");
        assert_eq!(Job::decode(&body), Ok(job));
    }
    assert_eq!(Source::named("another"), None);
}
