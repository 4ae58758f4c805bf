//! Holds the code to the table of layers: scans `use` lines and paths, so that
//! a lower layer never reaches up and only adapters touch their SDK.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Every top-level module and its layer. A module that is not listed fails the test.
const LAYERS: &[(&str, u8)] = &[
    ("advice", 0),
    ("answer", 0),
    ("catalog", 0),
    ("comparison", 0),
    ("contract", 0),
    ("ddl", 0),
    ("error", 0),
    ("explain", 0),
    ("layout", 0),
    ("measure", 0),
    ("names", 0),
    ("overview", 0),
    ("plan", 0),
    ("question", 0),
    ("sql", 0),
    ("trace", 0),
    ("value", 0),
    ("visibility", 0),
    ("access", 1),
    ("infra", 1),
    ("job", 1),
    ("link", 1),
    ("render", 1),
    ("slack", 1),
    ("chat", 2),
    ("config", 2),
    ("directory", 2),
    ("engine", 2),
    ("ledger", 2),
    ("logs", 2),
    ("oidc", 2),
    ("queue", 2),
    ("secrets", 2),
    ("state", 2),
    ("api", 3),
    ("ask", 3),
    ("check", 3),
    ("cli", 3),
    ("import", 3),
    ("ingress", 3),
    ("lambda", 3),
    ("serve", 3),
    ("slack_demo", 3),
    ("typeahead", 3),
    ("worker", 3),
    ("main", 4),
];

/// Crates that each layer may name, beside std and the layers below it.
fn allowed_crates(layer: u8) -> &'static [&'static str] {
    match layer {
        0 => &[
            "icu_casemap",
            "icu_normalizer",
            "jiff",
            "percent_encoding",
            "serde",
            "sha2",
            "strsim",
            "thiserror",
            "toml",
        ],
        1 => &[
            "base64",
            "form_urlencoded",
            "hex",
            "hmac",
            "jiff",
            "maud",
            "percent_encoding",
            "serde",
            "serde_json",
            "sha2",
            "thiserror",
            "unicode_width",
        ],
        // Adapters and what is above them: Cargo's features fence their SDKs.
        2 | 3 => &[
            "anstream",
            "arrow_array",
            "arrow_cast",
            "arrow_schema",
            "aws_config",
            "aws_lambda_events",
            "aws_sdk_athena",
            "aws_sdk_dynamodb",
            "aws_sdk_secretsmanager",
            "aws_sdk_sqs",
            "axum",
            "base64",
            "bytes",
            "clap",
            "clap_complete",
            "clap_mangen",
            "crc32fast",
            "csv",
            "flate2",
            "form_urlencoded",
            "fst",
            "governor",
            "http",
            "http_body_util",
            "hyper_rustls",
            "hyper_util",
            "futures",
            "indicatif",
            "jiff",
            "jsonwebtoken",
            "lambda_http",
            "lambda_runtime",
            "levenshtein_automata",
            "maud",
            "object_store",
            "parquet",
            "percent_encoding",
            "prometheus_client",
            "rand",
            "rusqlite",
            "serde",
            "serde_json",
            "sha2",
            "slack_morphism",
            "strsim",
            "tempfile",
            "terminal_size",
            "thiserror",
            "tokio",
            "tokio_tungstenite",
            "toml",
            "tower",
            "tower_http",
            "tracing",
            "tracing_subscriber",
            "unicode_width",
            "url",
            "utoipa",
        ],
        _ => &["anstream", "clap", "jiff", "tokio", "why"],
    }
}

/// The layers below; adapters (2) do not know each other. `state` is the file two of them lie in.
fn may_use(from: (&str, u8), to: (&str, u8)) -> bool {
    from.0 == to.0
        || match from.1 {
            0 => to.1 == 0,
            1 => to.1 <= 1,
            2 => to.1 <= 1 || (to.0 == "state" && ["queue", "ledger"].contains(&from.0)),
            3 => to.1 <= 3,
            _ => true,
        }
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// `src/engine/direct.rs` belongs to `engine`; `src/bin/x.rs` to `main`.
fn module_of(path: &Path, src: &Path) -> String {
    let relative = path.strip_prefix(src).unwrap();
    let first = relative
        .components()
        .next()
        .unwrap()
        .as_os_str()
        .to_string_lossy();
    let module = first.trim_end_matches(".rs");
    if module == "bin" { "main" } else { module }.to_owned()
}

fn is_test_file(path: &Path) -> bool {
    path.components().any(|c| {
        let name = c.as_os_str().to_string_lossy();
        name == "tests" || name == "tests.rs" || name.ends_with("_tests.rs") || name == "sample.rs"
    })
}

/// The first segments of the paths that non-test code of this file names.
fn roots(code: &str) -> Vec<(usize, String, Option<String>)> {
    let code = code
        .split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or_default();
    let mut found = Vec::new();
    for (number, line) in code.lines().enumerate() {
        let line = line.split("//").next().unwrap_or_default();
        let mut rest = line;
        while let Some(at) = rest.find("::") {
            let head: String = rest[..at]
                .chars()
                .rev()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect::<Vec<_>>()
                .into_iter()
                .rev()
                .collect();
            let before = rest[..at].strip_suffix(head.as_str()).unwrap_or_default();
            let next: String = rest[at + 2..]
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            if !before.ends_with("::") && head.starts_with(char::is_lowercase) {
                found.push((number + 1, head, Some(next).filter(|n| !n.is_empty())));
            }
            rest = &rest[at + 2..];
            // Walk over the rest of this path: only its root counts.
            let skip = rest
                .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'))
                .unwrap_or(rest.len());
            rest = &rest[skip..];
        }
    }
    found
}

/// Every crate that the package depends on: one that no layer allows is found too.
fn dependencies() -> Vec<String> {
    include_str!("../../Cargo.toml")
        .lines()
        .skip_while(|line| *line != "[dependencies]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| Some(line.split_once(" = ")?.0.replace('-', "_")))
        .collect()
}

#[test]
fn every_module_uses_only_the_layers_below_it_and_its_own_crates() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let layers: BTreeMap<&str, u8> = LAYERS.iter().copied().collect();
    let known_crates = dependencies();
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    let mut wrong = Vec::new();
    for file in files.iter().filter(|f| !is_test_file(f)) {
        let module = module_of(file, &src);
        if module == "lib" {
            continue;
        }
        let Some(layer) = layers.get(module.as_str()).copied() else {
            wrong.push(format!(
                "src/{module}: give it a layer in tests/it/layers.rs"
            ));
            continue;
        };
        for (line, root, next) in roots(&std::fs::read_to_string(file).unwrap()) {
            let place = format!("{}:{line}", file.strip_prefix(&src).unwrap().display());
            if root == "crate" || (root == "why" && layer == 4) {
                let Some(to) = next else {
                    wrong.push(format!(
                        "{place}: one `use` a line, so that this scan can read it"
                    ));
                    continue;
                };
                if let Some(to_layer) = layers.get(to.as_str()).copied()
                    && !may_use((&module, layer), (&to, to_layer))
                {
                    wrong.push(format!(
                        "{place}: {module} (layer {layer}) uses {to} (layer {to_layer})"
                    ));
                }
            } else if known_crates.contains(&root)
                && !allowed_crates(layer).contains(&root.as_str())
                && !layers.contains_key(root.as_str())
            {
                wrong.push(format!(
                    "{place}: {module} (layer {layer}) uses the crate {root}"
                ));
            } else if layer <= 1 && root == "std" {
                let next = next.unwrap_or_default();
                if ["env", "fs", "net", "process", "thread"].contains(&next.as_str()) {
                    wrong.push(format!(
                        "{place}: {module} (layer {layer}) uses std::{next}"
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_dependency_is_named_somewhere() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    let code: Vec<String> = files
        .iter()
        .map(|file| std::fs::read_to_string(file).unwrap())
        .collect();
    let idle: Vec<String> = dependencies()
        .into_iter()
        .filter(|name| !code.iter().any(|code| code.contains(&format!("{name}::"))))
        .collect();
    assert!(idle.is_empty(), "nobody uses {idle:?}");
}

#[test]
fn the_scan_sees_a_forbidden_use() {
    let seen =
        roots("use crate::engine::direct;\nlet x = tokio::spawn(async {}); // serde_json::x\n");
    assert_eq!(
        seen,
        vec![
            (1, "crate".to_owned(), Some("engine".to_owned())),
            (2, "tokio".to_owned(), Some("spawn".to_owned())),
        ]
    );
    assert!(dependencies().contains(&"tokio".to_owned()));
    assert!(!allowed_crates(0).contains(&"tokio"));
    assert!(!may_use(("explain", 0), ("engine", 2)));
    assert!(!may_use(("engine", 2), ("directory", 2)));
    assert!(may_use(("ask", 3), ("engine", 2)));
}

#[test]
fn binaries_hold_no_logic() {
    for (file, code) in [
        ("src/main.rs", include_str!("../../src/main.rs")),
        ("src/bin/api.rs", include_str!("../../src/bin/api.rs")),
        (
            "src/bin/ingress.rs",
            include_str!("../../src/bin/ingress.rs"),
        ),
        ("src/bin/worker.rs", include_str!("../../src/bin/worker.rs")),
    ] {
        assert!(code.lines().count() <= 60, "{file} has more than 60 lines");
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    let silent: Vec<String> = files
        .iter()
        .filter(|f| !std::fs::read_to_string(f).unwrap().starts_with("//!"))
        .map(|f| f.display().to_string())
        .collect();
    assert!(silent.is_empty(), "no //! header: {silent:?}");
}
