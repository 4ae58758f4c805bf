//! What a function says where its environment lacks something.

use super::*;

fn environment(variables: &[(Variable, &str)]) -> Environment {
    let pairs = variables.iter();
    pairs
        .map(|(variable, value)| (variable.name.to_owned(), (*value).to_owned()))
        .collect()
}

const ALL: [(Variable, &str); 8] = [
    (SECRET, "why"),
    (QUEUE_URL, "https://sqs.eu-west-1.amazonaws.com/0/why"),
    (
        DEAD_LETTERS_URL,
        "https://sqs.eu-west-1.amazonaws.com/0/dead",
    ),
    (LEDGER_TABLE, "why"),
    // As the template sets what is not wanted.
    (SLACK_API_URL, ""),
    (TRIAGE_CHANNEL, ""),
    (ATHENA_ENDPOINT, ""),
    (LOG, "info"),
];

#[test]
fn empty_variables_are_as_good_as_none() {
    let told = Worker::told(&environment(&ALL)).unwrap();
    assert_eq!(told.slack.api_url, "https://slack.com/api");
    assert_eq!(told.triage_channel, None);
    assert_eq!(told.stack, "why");
    assert_eq!(told.catalog_file, PathBuf::from("why.toml"));
    assert_eq!(
        told.slack.response_hosts,
        ["hooks.slack.com", "hooks.slack-gov.com"]
    );
    assert_eq!(told.s3, BTreeMap::new());
}

#[test]
fn every_variable_that_a_function_needs_is_named_where_it_is_missing() {
    let lacking = |variable: Variable| {
        let rest = ALL.iter().filter(|(other, _)| *other != variable);
        environment(&rest.copied().collect::<Vec<_>>())
    };
    let codes = |failures: [Option<Failure>; 3]| {
        failures.map(|failure| failure.map_or("-".to_owned(), |failure| failure.text))
    };
    for variable in [SECRET, QUEUE_URL, DEAD_LETTERS_URL, LEDGER_TABLE] {
        let environment = lacking(variable);
        let texts = codes([
            Ingress::told(&environment).err(),
            Worker::told(&environment).err(),
            Api::told(&environment).err(),
        ]);
        let lists: [&[Variable]; 3] = [&INGRESS, &WORKER, &API];
        for (text, list) in texts.iter().zip(lists) {
            let is_named = text.contains(variable.name);
            assert_eq!(is_named, list.contains(&variable), "{text}");
        }
    }
}

#[test]
fn a_level_that_is_none_is_refused_by_a_function_that_still_logs() {
    let environment = environment(&[(SECRET, "why"), (QUEUE_URL, "q"), (LOG, "loud")]);
    assert_eq!(log(&environment), "info");
    assert_eq!(
        Ingress::told(&environment).unwrap_err().code,
        "bad_log_level"
    );
}

#[test]
fn the_letters_function_is_told_part_of_what_the_worker_is_told() {
    for variable in DEAD_LETTERS {
        assert!(WORKER.contains(&variable), "{}", variable.name);
    }
}
