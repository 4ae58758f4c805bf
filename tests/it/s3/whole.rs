//! What looks at a whole lake says the same of it on S3 as in a folder.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::S3;
use crate::harness::{NOW, Run, acme, acme_lake, fits};
use crate::moto::BUCKET;

impl S3 {
    /// Runs `why` as somebody with a right to the bucket.
    async fn why(&self, arguments: &[&str], input: &'static str) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_why"));
        command
            .env_clear()
            .args(["--now", NOW])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        for (name, value) in &self.options {
            command.env(name.to_ascii_uppercase(), value);
        }
        let run = tokio::task::spawn_blocking(move || {
            let mut child = command.spawn().unwrap();
            let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
            Run::of(child.wait_with_output().unwrap())
        });
        run.await.unwrap()
    }
}

#[tokio::test]
async fn advice_and_measurements_of_a_lake_on_s3_are_those_of_its_copy_in_a_folder() {
    let s3 = S3::start();
    s3.copy(acme_lake(), "acme").await;
    let catalog = acme_lake().join("why.toml");
    let catalog = ["--catalog", catalog.to_str().unwrap()];
    let lake = format!("s3://{BUCKET}/acme");
    let on_s3 = ["--json", "--lake", &lake];

    let advise = [&catalog[..], &["layout", "advise"], &on_s3].concat();
    let there = fits("layout_advice", &s3.why(&advise, "").await);
    let here = fits("layout_advice", &acme(&["layout", "advise", "--json"]));
    assert_eq!(there, here);

    let measure = [&catalog[..], &["measure", "--rounds", "1"], &on_s3].concat();
    let measure = [&measure[..], &["--questions", "-"]].concat();
    let questions = "#17 revenue\n#17 employees full history\n";
    let there = fits("measure", &s3.why(&measure, questions).await);
    let all = there["questions"].as_array().unwrap();
    assert_eq!(all.len(), 2);
    for one in all {
        assert_eq!(one["found"], true, "{one}");
        assert!(one["cost_usd"].as_f64().unwrap() > 0.0, "{one}");
        assert!(one["requests"].as_u64().unwrap() > 1, "{one}");
    }
    // Each once to warm up and once measured.
    let each: f64 = all
        .iter()
        .map(|one| one["cost_usd"].as_f64().unwrap())
        .sum();
    let cost = there["cost_usd"].as_f64().unwrap();
    assert!((cost - 2.0 * each).abs() < 1e-9, "{cost} {each}");

    let check = [&catalog[..], &["check", "--all"], &on_s3].concat();
    let run = s3.why(&check, "").await;
    let tables = |value: &Value| value["tables"].clone();
    let here = acme(&["check", "--all", "--json"]);
    assert_eq!(tables(&run.json()), tables(&here.json()));
    assert_eq!(
        (run.code, &run.json()["findings"]),
        (here.code, &here.json()["findings"])
    );
}

#[tokio::test]
async fn a_place_without_a_lake_is_one_failure_and_the_lake_beside_it_is_named() {
    let s3 = S3::start();
    s3.copy(acme_lake(), "teams/acme").await;
    let catalog = acme_lake().join("why.toml");
    let catalog = ["--catalog", catalog.to_str().unwrap()];
    let lake = format!("s3://{BUCKET}/teams/acme");
    let lies = format!("The tables lie in {lake}. If that is the lake, say --lake {lake}, or");
    let named_wrong = "Check what --lake names: ".to_owned();
    for (place, next) in [
        (format!("s3://{BUCKET}/teams"), &lies),
        (format!("{lake}/entities"), &lies),
        (format!("s3://{BUCKET}/nobody"), &named_wrong),
        (format!("s3://{BUCKET}-mistyped/teams/acme"), &named_wrong),
    ] {
        let run = s3
            .why(&[&catalog[..], &["check", "--lake", &place]].concat(), "")
            .await;
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.seen());
        let says = run.err.split_whitespace().collect::<Vec<&str>>().join(" ");
        let begins = format!("There is no lake at {place}: none of its tables is there, nor");
        assert!(says.starts_with(&begins) && says.contains(next), "{says}");
    }
}
