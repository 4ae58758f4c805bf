//! Fuzzing is part of the tests: every target is one that `make test` runs a little of.
//!
//! Reads the files; the targets themselves need a C++ compiler.

use std::collections::BTreeSet;
use std::path::Path;

fn file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn every_target_is_fuzzed_a_little_in_make_test() {
    let manifest = file("fuzz/Cargo.toml");
    let (_, targets) = manifest.split_once("[[bin]]").unwrap();
    let named = targets
        .lines()
        .filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
    let targets: BTreeSet<&str> = named.collect();
    assert!(targets.contains("signature"), "{targets:?}");

    let script = file("fuzz/run.sh");
    let all = script
        .lines()
        .find_map(|line| line.split_once("|| set -- "));
    let run: BTreeSet<&str> = all.unwrap().1.split_whitespace().collect();
    assert_eq!(run, targets);

    let makefile = file("Makefile");
    let (_, recipe) = makefile.split_once("\ntest: ").unwrap();
    let recipe = recipe.split_once("\n\n").unwrap().0;
    assert!(recipe.contains("\tfuzz/run.sh --short"), "{recipe}");
    assert!(file(".ci/run").contains("need g++ g++"));
}

#[test]
fn what_is_fuzzed_takes_only_what_parsing_needs() {
    let manifest = file("fuzz/Cargo.toml");
    let why = manifest.lines().find(|line| line.starts_with("why = "));
    let why = why.unwrap();
    assert!(why.contains("default-features = false"), "{why}");
    assert!(why.contains("features = [\"slack\"]"), "{why}");
}
