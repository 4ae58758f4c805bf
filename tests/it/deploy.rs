//! `infra/deploy.sh`: what it lets through, what it stops, and what it says to do then.
//!
//! The real script with its real helpers and the real `why`, in a folder of its own; the AWS CLI
//! and SAM's are played by `tests/deploy/`, over an account that the case describes.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::harness::{Run, scratch};

const REGION: &str = "eu-central-1";
/// The last line of the checks.
const RIGHT: &str = "are right.";

/// A copy of the project, as far as the script looks at it.
struct Site {
    root: PathBuf,
    /// The stubs, then Python itself: it may be a launcher that takes its time to find it.
    path: String,
}

impl Site {
    #[expect(clippy::disallowed_methods, reason = "the tools of this machine")]
    fn new(name: &str) -> Site {
        let project = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = scratch().join(name);
        for folder in ["infra/pipeline", "bin", "target/package"] {
            std::fs::create_dir_all(root.join(folder)).unwrap();
        }
        for file in [
            "deploy.sh",
            "for_catalog.sh",
            "parameters.py",
            "check_zips.py",
            "template.yaml",
            "why.toml",
            "zip.py",
            "pipeline/companies.py",
            "pipeline/decisions.py",
            "pipeline/job.py",
            "pipeline/newest.py",
            "pipeline/pack.py",
            "pipeline/settings.py",
            "pipeline/tables.py",
        ] {
            let file = format!("infra/{file}");
            std::fs::copy(project.join(&file), root.join(&file)).unwrap();
        }
        for tool in ["aws", "sam"] {
            let copy = root.join("bin").join(tool);
            std::fs::copy(project.join("tests/deploy").join(tool), &copy).unwrap();
            std::fs::set_permissions(copy, PermissionsExt::from_mode(0o755)).unwrap();
        }
        let program = [&b"\x7fELF"[..], &[0; 14], b"\xb7\x00"].concat();
        std::fs::write(root.join("bootstrap"), program).unwrap();
        for function in ["ingress", "worker", "api"] {
            let zipped = Command::new("python3")
                .arg(project.join("infra/zip.py"))
                .arg(format!("target/package/{function}.zip"))
                .args(["bootstrap=bootstrap", "why.toml=infra/why.toml"])
                .current_dir(&root)
                .status();
            assert!(zipped.unwrap().success());
        }
        let python = Command::new("python3")
            .args([
                "-c",
                "import os, sys; print(os.path.dirname(sys.executable))",
            ])
            .output()
            .unwrap();
        let path = format!(
            "{}:{}:{}",
            root.join("bin").display(),
            String::from_utf8(python.stdout).unwrap().trim(),
            std::env::var("PATH").unwrap()
        );
        Site { root, path }
    }

    fn with_file(self, name: &str, content: &str) -> Site {
        std::fs::write(self.root.join(name), content).unwrap();
        self
    }

    /// With settings on top of those with which everything is right.
    fn run(&self, flags: &[&str], settings: &[(&str, &str)]) -> Run {
        let _ = std::fs::remove_file(self.root.join("calls"));
        let output = Command::new("bash")
            .arg("infra/deploy.sh")
            .args(flags)
            .current_dir(&self.root)
            .env_clear()
            .env("PATH", &self.path)
            .env("WHY", env!("CARGO_BIN_EXE_why"))
            .env("ACCOUNT_CALLS", self.root.join("calls"))
            .env("AWS_REGION", REGION)
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        Run::of(output)
    }

    /// What was asked of AWS and of SAM.
    fn calls(&self) -> String {
        std::fs::read_to_string(self.root.join("calls")).unwrap_or_default()
    }

    /// Runs the checks: they pass, or stop for this reason with this advice.
    fn holds(&self, settings: &[(&str, &str)], said: &[&str]) {
        let run = self.run(&["--check"], settings);
        let right = said == [RIGHT];
        assert_eq!(run.code, i32::from(!right), "{settings:?}: {}", run.seen());
        for words in said {
            assert!(run.seen().contains(words), "{settings:?}: {}", run.seen());
        }
        assert_eq!(run.err.contains("Not deployed: "), !right, "{}", run.seen());
        assert!(!self.calls().contains("sam "), "{settings:?}");
    }
}

#[test]
fn a_deployment_meets_a_stack_in_every_state() {
    let site = Site::new("deploy-states");
    for (state, said) in [
        ("", &[RIGHT][..]),
        ("REVIEW_IN_PROGRESS", &[RIGHT]),
        ("CREATE_COMPLETE", &[RIGHT]),
        ("UPDATE_COMPLETE", &[RIGHT]),
        ("UPDATE_ROLLBACK_COMPLETE", &[RIGHT]),
        ("IMPORT_COMPLETE", &[RIGHT]),
        ("IMPORT_ROLLBACK_COMPLETE", &[RIGHT]),
        ("CREATE_IN_PROGRESS", &["is being changed", "Wait for it"]),
        ("ROLLBACK_IN_PROGRESS", &["is being changed"]),
        ("DELETE_IN_PROGRESS", &["is being changed"]),
        ("UPDATE_IN_PROGRESS", &["is being changed"]),
        ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", &["is being changed"]),
        ("UPDATE_ROLLBACK_IN_PROGRESS", &["is being changed"]),
        ("IMPORT_IN_PROGRESS", &["is being changed"]),
        (
            "ROLLBACK_COMPLETE",
            &["first deployment of why failed", "delete-stack"],
        ),
        ("CREATE_FAILED", &["first deployment", "delete-stack"]),
        ("ROLLBACK_FAILED", &["first deployment", "delete-stack"]),
        ("DELETE_FAILED", &["was to be deleted", "results' bucket"]),
        (
            "UPDATE_ROLLBACK_FAILED",
            &["so did its rollback", "continue-update-rollback"],
        ),
        ("UPDATE_FAILED", &["not rolled back", "rollback-stack"]),
        (
            "IMPORT_ROLLBACK_FAILED",
            &["takes no deployment", "describe-stack-events"],
        ),
        ("denied", &["can't be looked at", "DescribeStacks"]),
    ] {
        let owned = ("ACCOUNT_OWNED", "Database=why");
        site.holds(&[("ACCOUNT_STACK", state), owned], said);
    }
}

#[test]
fn a_setting_that_aws_would_not_take_is_found_before() {
    let site = Site::new("deploy-settings");
    for (name, value, said) in [
        ("PARAMETERS", "LogDays=60  Engine=direct", &[RIGHT][..]),
        ("PARAMETERS", "LogDays=60\nEngine=direct", &[RIGHT]),
        (
            "PARAMETERS",
            "WorkerConcurrency=abc",
            &["PARAMETERS are wrong", "whole number"],
        ),
        (
            "PARAMETERS",
            "WorkerConcurrency=1 Engine=fast",
            &["at least 2", "athena, direct, auto"],
        ),
        ("PARAMETERS", "Nonsense=1", &["no parameter Nonsense"]),
        ("STACK", "my stack", &["no name for a stack", "hyphens"]),
        ("STACK", "why_prod", &["no name for a stack"]),
        ("ARCH", "riscv", &["ARCH=riscv", "x86_64"]),
        ("WHY", "nope", &["WHY=nope is no program", "leave WHY out"]),
        ("WHY", "true", &["another template", "cargo install"]),
        ("CATALOG", "none.toml", &["no catalog none.toml"]),
        ("ARCH", "x86_64", &["built for arm64", "make package"]),
        ("AWS_REGION", "", &["no Region"]),
        ("ACCOUNT_LOCKED", "1", &["credentials", "aws sso login"]),
    ] {
        site.holds(&[(name, value)], said);
    }
}

/// The job says it too, but not before its first run.
#[test]
fn a_pipeline_that_could_not_write_the_lake_is_found_before() {
    let hudi = "[lake]\nlocation = \"s3://acme-lake/why\"\nformat = \"hudi\"\n[layout]\n\
                first_date = 2020-01-01\n[attributes.revenue]\n";
    let site = Site::new("deploy-pipeline").with_file("hudi.toml", hudi);
    let asked = ("PARAMETERS", "PipelineBucket=acme-decisions");
    site.holds(&[], &[RIGHT]);
    let said = [
        "the pipeline can't write the lake",
        "format = \"hudi\"",
        "PipelineBucket empty",
    ];
    site.holds(&[asked], &said);
    // That of a stack counts as well.
    let deployed = ("ACCOUNT_PARAMETERS", "PipelineBucket=acme-decisions");
    let owned = ("ACCOUNT_OWNED", "Database=why");
    site.holds(
        &[("ACCOUNT_STACK", "UPDATE_COMPLETE"), owned, deployed],
        &said,
    );
    // This one fits; the zips that follow hold another catalog.
    site.holds(
        &[asked, ("CATALOG", "hudi.toml")],
        &["holds another catalog"],
    );
    let packed = std::fs::read_to_string(site.root.join("target/pipeline.py")).unwrap();
    assert!(packed.contains("\"format\": \"hudi\""), "{packed}");
}

#[test]
fn an_option_that_is_none_deploys_nothing() {
    let site = Site::new("deploy-options");
    for (flags, code, said) in [
        (&["--chek"][..], 1, "no option"),
        (&["--check", "why"], 1, "no option"),
        (&["--help"], 0, "infra/deploy.sh --check"),
    ] {
        let run = site.run(flags, &[]);
        assert_eq!(run.code, code, "{}", run.seen());
        assert!(run.seen().contains(said), "{}", run.seen());
        assert_eq!(site.calls(), "");
    }
}

#[test]
fn what_the_account_lacks_or_has_already_is_found_before() {
    let site = Site::new("deploy-account");
    let there = ("ACCOUNT_STACK", "CREATE_COMPLETE");
    let ours = ("ACCOUNT_OWNED", "Database=why Lake=acme-lake");
    let by_default = "ReserveConcurrency=true\tIngressConcurrency=50\tWorkerConcurrency=20\t\
                      ApiConcurrency=20";
    for (settings, said) in [
        // The lake's bucket.
        (
            &[("ACCOUNT_BUCKET", "")][..],
            &["no bucket acme-lake", "CreateLakeBucket=true"][..],
        ),
        (
            &[("ACCOUNT_BUCKET", "EU")],
            &["acme-lake is in eu-west-1", "REGION=eu-west-1"],
        ),
        (
            &[("PARAMETERS", "CreateLakeBucket=true")],
            &["acme-lake exists already", "CreateLakeBucket=false"],
        ),
        (
            &[
                ("PARAMETERS", "CreateLakeBucket=true"),
                ("ACCOUNT_BUCKET", ""),
            ],
            &[RIGHT],
        ),
        (
            &[there, ours, ("ACCOUNT_PARAMETERS", "CreateLakeBucket=true")],
            &[RIGHT],
        ),
        (
            &[there, ("ACCOUNT_PARAMETERS", "CreateLakeBucket=true")],
            &["acme-lake exists already"],
        ),
        // Glue's database.
        (
            &[("ACCOUNT_GLUE", "1")],
            &["Glue has a database why already", "CreateTables=false"],
        ),
        (
            &[("ACCOUNT_GLUE", "1"), ("PARAMETERS", "CreateTables=false")],
            &[RIGHT],
        ),
        (&[("ACCOUNT_GLUE", "1"), there, ours], &[RIGHT]),
        (
            &[("ACCOUNT_GLUE", "1"), there],
            &["Glue has a database why already"],
        ),
        // Room for what is reserved: 92, and 100 for others.
        (&[("ACCOUNT_ROOM", "192")], &[RIGHT]),
        (
            &[("ACCOUNT_ROOM", "191")],
            &["reserve 92", "that takes 192", "ReserveConcurrency=false"],
        ),
        (
            &[
                ("ACCOUNT_ROOM", "10"),
                ("PARAMETERS", "ReserveConcurrency=false"),
            ],
            &[RIGHT],
        ),
        (
            &[("ACCOUNT_ROOM", "denied")],
            &["lambda:GetAccountSettings"],
        ),
        (
            &[
                ("ACCOUNT_ROOM", "100"),
                there,
                ours,
                ("ACCOUNT_PARAMETERS", by_default),
            ],
            &[RIGHT],
        ),
        (
            &[
                ("ACCOUNT_ROOM", "109"),
                there,
                ours,
                ("ACCOUNT_PARAMETERS", by_default),
                ("PARAMETERS", "WorkerConcurrency=30"),
            ],
            &["reserve 10 concurrent executions more", "takes 110"],
        ),
    ] {
        site.holds(settings, said);
    }
}

#[test]
fn another_glue_database_is_told_to_take_the_place_of_the_one_before() {
    let site = Site::new("deploy-database");
    let run = site.run(
        &["--check"],
        &[
            ("ACCOUNT_STACK", "CREATE_COMPLETE"),
            ("ACCOUNT_OWNED", "Database=before"),
        ],
    );
    assert!(
        run.out.contains("deletes before with its tables"),
        "{}",
        run.seen()
    );
    assert_eq!(run.code, 0, "{}", run.seen());
}

#[test]
fn the_environment_wins_over_the_file_and_what_the_file_sets_reaches_the_tools() {
    let site = Site::new("deploy-env").with_file(
        "infra/deploy.env",
        "STACK=production\nPARAMETERS=\"LogDays=60\"\nAWS_PROFILE=mine\n",
    );
    let run = site.run(&["--check"], &[]);
    assert!(run.out.starts_with("Stack production in"), "{}", run.seen());
    assert!(
        site.calls().contains(&format!("{REGION} mine sts ")),
        "{}",
        site.calls()
    );

    let run = site.run(&["--check"], &[("STACK", "trial")]);
    let said =
        "STACK=trial, from the environment; infra/deploy.env says production\nStack trial in";
    assert!(run.out.starts_with(said), "{}", run.seen());
    assert!(!site.calls().contains("production"), "{}", site.calls());
}

#[test]
fn a_deployment_hands_sam_what_was_checked_and_says_what_is_next() {
    let site = Site::new("deploy-all");
    let stack = ("ACCOUNT_STACK", "REVIEW_IN_PROGRESS");
    let tests = ("REHEARSAL", "1");
    let run = site.run(&[], &[stack, tests, ("PARAMETERS", "LogDays=60")]);
    assert_eq!(run.code, 0, "{}", run.seen());
    assert!(
        run.out.contains("API: https://api.example"),
        "{}",
        run.seen()
    );
    assert!(
        run.out.contains("Next: Slack's bot token"),
        "{}",
        run.seen()
    );
    for words in [
        "sam deploy --template-file target/template.yaml --stack-name why --region eu-central-1",
        "--parameter-overrides Architecture=arm64 LogDays=60",
    ] {
        assert!(site.calls().contains(words), "{}", site.calls());
    }

    let filled = r#"{"bot_token": "xoxb-1", "signing_secret": "s"}"#;
    let run = site.run(&[], &[stack, tests, ("ACCOUNT_SECRET", filled)]);
    assert!(
        run.out.contains("The secret is filled in."),
        "{}",
        run.seen()
    );
    assert!(!run.seen().contains("xoxb-1"), "{}", run.seen());

    let refused = site.run(&[], &[stack, tests, ("ACCOUNT_SAM", "1")]);
    assert_eq!(refused.code, 1);
    assert!(
        refused.err.contains("Not deployed: `sam deploy` failed"),
        "{}",
        refused.seen()
    );

    let declined = site.run(&[], &[stack, tests, ("ACCOUNT_URL", "None")]);
    assert_eq!(declined.code, 1);
    assert!(
        declined.err.contains("was not carried out"),
        "{}",
        declined.seen()
    );
}
