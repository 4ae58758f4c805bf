//! Schemathesis asks whatever the document allows, and what it does not, and finds nothing wrong:
//! no 500, no status, header or shape that the document does not have.

use std::process::{Command, Stdio};
use std::time::Duration;

use super::*;

/// It is given up after this.
const MOST: Duration = Duration::from_secs(240);

#[tokio::test(flavor = "multi_thread")]
async fn schemathesis_finds_nothing() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let tool = root.join(".venv-api/bin/schemathesis");
    assert!(
        root.join(".venv-api/.ready").exists(),
        "there is no .venv-api to run {} with: run `make test`, which makes it",
        tool.display()
    );
    let site = site("schemathesis", Settings::default()).await;
    let folder = scratch().join("schemathesis");
    std::fs::create_dir_all(&folder).unwrap();
    let mut command = Command::new(tool);
    command
        .current_dir(&folder)
        .arg("--config-file")
        .arg(root.join("tests/api/schemathesis.toml"))
        .arg("run")
        .arg(format!("http://{}/openapi.json", site.address))
        .args(["--checks", "all"])
        // The API has no links, and needs no login here.
        .args(["--phases", "examples,coverage,fuzzing"])
        .args(["--exclude-checks", "ignored_auth"])
        .args([
            "--max-examples",
            "60",
            "--seed",
            "20261125",
            // Two read the same code at once, and CPython 3.11's parser then miscounts its depth.
            "--workers",
            "1",
        ])
        .args(["--request-timeout", "10", "--suppress-health-check", "all"])
        .stdin(Stdio::null());
    let run = tokio::task::spawn_blocking(move || command.output().unwrap());
    let output = tokio::time::timeout(MOST, run).await.unwrap().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let erred = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{erred}");
    assert!(said.contains("Tested: 7"), "{said}");
}
