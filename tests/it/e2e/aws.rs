//! `tests/e2e/stage.py`, which runs MiniStack and does what AWS's tools do: asked a line of JSON,
//! it answers with a line of JSON. Knows nothing of what it is asked for. Start at [`Aws::ask`].

use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use super::door::Door;

pub(super) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// With MiniStack and what it needs.
pub(super) fn python() -> PathBuf {
    let venv = root().join(".venv-e2e");
    assert!(
        venv.join(".ready").exists(),
        "there is no .venv-e2e with MiniStack: run `make e2e`, which makes it"
    );
    venv.join("bin/python")
}

/// It ends, and MiniStack with it, when its input does, which is when this process ends.
pub(super) struct Aws {
    _child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Aws {
    /// With a door in front of these services.
    pub(super) fn start(folder: &Path, doors: &[(&str, &Door)]) -> Aws {
        let log = std::fs::File::create(folder.join("stage.log")).unwrap();
        let mut command = Command::new(python());
        command
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .arg(root().join("tests/e2e/stage.py"))
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log);
        for (service, door) in doors {
            command.env(format!("AWS_ENDPOINT_URL_{service}"), door.url());
        }
        let mut child = command.spawn().unwrap();
        Aws {
            input: child.stdin.take().unwrap(),
            output: BufReader::new(child.stdout.take().unwrap()),
            _child: child,
        }
    }

    pub(super) fn address(&mut self) -> SocketAddr {
        let port = self.ask(json!({"do": "port"})).as_u64().unwrap();
        ([127, 0, 0, 1], u16::try_from(port).unwrap()).into()
    }

    pub(super) fn ask(&mut self, command: Value) -> Value {
        writeln!(self.input, "{command}").unwrap();
        let mut said = String::new();
        self.output.read_line(&mut said).unwrap();
        let said: Value = serde_json::from_str(&said)
            .unwrap_or_else(|_| panic!("MiniStack ended: see target/e2e/stage.log"));
        let done = said.get("done").cloned();
        done.unwrap_or_else(|| panic!("{command}: {}", said["failed"]))
    }
}
