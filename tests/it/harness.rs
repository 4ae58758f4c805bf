//! Runs the real binary over lakes that it imported itself, once for all tests.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

/// The instant at which every test asks.
pub(crate) const NOW: &str = "2026-11-20T12:00:00Z";

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) code: i32,
}

impl Run {
    /// All that a person sees.
    pub(crate) fn of(output: Output) -> Run {
        Run {
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
            code: output.status.code().unwrap(),
        }
    }

    pub(crate) fn seen(&self) -> String {
        format!("{}{}(exit {})", self.out, self.err, self.code)
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {}", self.seen()))
    }
}

/// What `--json` printed, after a look whether it is as its file in `schema/` says.
pub(crate) fn fits(schema: &str, run: &Run) -> serde_json::Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("schema/{schema}.v1.json"));
    let schema = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let value = run.json();
    let faults: Vec<String> = jsonschema::draft202012::new(&schema)
        .unwrap()
        .iter_errors(&value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert_eq!(faults, [""; 0]);
    assert_eq!(run.code, 0, "{}", run.seen());
    value
}

pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_why"));
    command
        .env_clear()
        .current_dir(scratch())
        .stdin(Stdio::null());
    command
}

/// Runs `why` with these arguments, away from any catalog.
pub(crate) fn why(arguments: &[&str]) -> Run {
    let output = command()
        .arg("--now")
        .arg(NOW)
        .args(arguments)
        .output()
        .unwrap();
    Run::of(output)
}

/// Runs `why` over the acme lake.
pub(crate) fn acme(arguments: &[&str]) -> Run {
    let lake = acme_lake().to_str().unwrap();
    why(&[&["--catalog", lake], arguments].concat())
}

/// A folder for this run of the tests.
pub(crate) fn scratch() -> &'static Path {
    static SCRATCH: OnceLock<PathBuf> = OnceLock::new();
    SCRATCH.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("it");
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        folder
    })
}

pub(crate) fn acme_lake() -> &'static Path {
    static LAKE: OnceLock<PathBuf> = OnceLock::new();
    LAKE.get_or_init(import_acme)
}

fn import_acme() -> PathBuf {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/acme");
    let lake = scratch().join("acme");
    import(
        &data.join("why.toml"),
        (&data.join("decisions.jsonl"), &data.join("entities.jsonl")),
        &["--latest"],
        &lake,
    );
    lake
}

/// `why import` of decisions and entities, by a catalog, into a folder.
pub(crate) fn import(
    catalog: &Path,
    (decisions, entities): (&Path, &Path),
    flags: &[&str],
    lake: &Path,
) {
    let run = command()
        .arg("import")
        .args(flags)
        .arg("--catalog")
        .arg(catalog)
        .arg("--decisions")
        .arg(decisions)
        .arg("--entities")
        .arg(entities)
        .arg("--into")
        .arg(lake)
        .output()
        .unwrap();
    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
}

/// Unpacks a `.tar.gz` into a folder that is made anew.
pub(crate) fn unpack(archive: &Path, into: &Path) {
    let _ = std::fs::remove_dir_all(into);
    std::fs::create_dir_all(into).unwrap();
    let status = Command::new("tar")
        .arg("-xzf")
        .arg(archive)
        .arg("-C")
        .arg(into)
        .status();
    let archive = archive.display();
    assert!(status.unwrap().success(), "tar can't unpack {archive}");
}
