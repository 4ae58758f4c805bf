//! The example that checks a lake in GitHub's Actions: whole, and with what it needs.

use serde_json::Value;

use super::README;
use super::evaluated::parsed;

/// The first fenced text of a language that holds these words.
fn fenced(language: &str, holds: &str) -> &'static str {
    let open = format!("```{language}\n");
    let mut blocks = README.split(open.as_str()).skip(1);
    blocks
        .find_map(|rest| {
            let (block, _) = rest.split_once("\n```")?;
            block.contains(holds).then_some(block)
        })
        .unwrap()
}

#[test]
fn the_workflow_reads_and_compiles_once_for_a_commit() {
    let text = fenced("yaml", "lake.yml");
    let workflow = parsed(text);
    let job = &workflow["jobs"]["check"];
    assert!(job["env"][crate::config::ATHENA_WORKGROUP.name].is_string());
    let steps = job["steps"].as_array().unwrap();
    let at = |what: &dyn Fn(&Value) -> bool| steps.iter().position(what).unwrap();
    let runs = |words: &'static str| {
        move |step: &Value| step["run"].as_str().is_some_and(|run| run.contains(words))
    };
    let cached = at(&|step| {
        step["uses"]
            .as_str()
            .is_some_and(|u| u.starts_with("actions/cache@"))
    });
    let installed = at(&runs("cargo install"));
    assert!(cached < installed && installed < at(&runs("why check")));
    // The cache is that of what is installed, and is passed over only where there is one.
    let cache = &steps[cached];
    let key = cache["with"]["key"].as_str().unwrap();
    assert!(key.contains("env.WHY_COMMIT") && job["env"]["WHY_COMMIT"].is_string());
    let id = cache["id"].as_str().unwrap();
    let install = &steps[installed];
    let unless = install["if"].as_str().unwrap();
    assert_eq!(unless, format!("steps.{id}.outputs.cache-hit != 'true'"));
    let root = cache["with"]["path"].as_str().unwrap();
    let run = install["run"].as_str().unwrap();
    assert!(run.contains(&format!("--root {root} ")) && run.contains("--rev \"$WHY_COMMIT\""));
    assert_eq!(workflow["permissions"]["id-token"], "write");
}

#[test]
fn the_role_trusts_the_jobs_of_one_repository() {
    let text = fenced("json", "AssumeRoleWithWebIdentity");
    let policy: Value = serde_json::from_str(text).unwrap();
    let condition = &policy["Statement"][0]["Condition"]["StringEquals"];
    let issuer = "token.actions.githubusercontent.com";
    assert_eq!(condition[format!("{issuer}:aud")], "sts.amazonaws.com");
    let subjects = condition[format!("{issuer}:sub")].as_array().unwrap();
    for subject in subjects {
        let subject = subject.as_str().unwrap();
        assert!(subject.starts_with("repo:ORGANISATION/REPOSITORY:"));
        assert!(!subject.contains('*'), "{subject}");
    }
}
