//! A server of the tests in Python, in a process of its own that ends with whoever started it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Runs a script of `tests/` that says its port on its first line and ends with its standard
/// input: whoever drops the child ends it.
pub(crate) fn serve(script: &str, prepare: impl FnOnce(&mut Command)) -> (Child, u16) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    assert!(
        root.join(".venv/.ready").exists(),
        "there is no .venv to run {script} with: run `make test`, which makes it"
    );
    let mut command = Command::new(root.join(".venv/bin/python"));
    command.arg(root.join("tests").join(script));
    prepare(&mut command);
    let mut server = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut port = String::new();
    BufReader::new(server.stdout.take().unwrap())
        .read_line(&mut port)
        .unwrap();
    let port = port.trim().parse();
    let failed = |_| panic!("{script} did not start: remove .venv and run `make test`");
    (server, port.unwrap_or_else(failed))
}
