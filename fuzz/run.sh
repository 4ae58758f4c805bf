#!/usr/bin/env bash
# Fuzzes what Slack sends: `fuzz/run.sh [TARGET…]`, 100,000 inputs each; `RUNS=10000000 fuzz/run.sh`.
# `fuzz/run.sh --short` is part of `make test`: 5,000 inputs each, built for a quick build.
# Needs g++ (libFuzzer is C++); the coverage that guides it comes from the stable compiler.
set -euo pipefail
cd "$(dirname "$0")/.."
profile=release runs=100000
if [ "${1:-}" = --short ]; then
    profile=short runs=5000
    shift
fi
[ "$#" -gt 0 ] || set -- signature commands events interactions jobs
command -v g++ >/dev/null || { echo "g++ is missing: apt-get install g++" >&2; exit 1; }

work=$PWD/target/fuzz
host=$(rustc -vV | sed -n 's/^host: //p')
# --target keeps these from build scripts and macros, which have no fuzzer to link to.
export RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Ccodegen-units=1
 -Cllvm-args=-sanitizer-coverage-level=4
 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters
 -Cllvm-args=-sanitizer-coverage-pc-table
 -Cllvm-args=-sanitizer-coverage-trace-compares"
RUSTFLAGS=${RUSTFLAGS//$'\n'/}
cargo build --locked --profile "$profile" --quiet --manifest-path fuzz/Cargo.toml --target "$host" --target-dir "$work"
python3 fuzz/seeds.py "$work/seeds"

mkdir -p "$work/found"
for target in "$@"; do
    mkdir -p "$work/corpus/$target"
    # What breaks a target lies in target/fuzz/found: run its program with that file to see it again.
    "$work/$host/$profile/$target" "$work/corpus/$target" "$work/seeds/$target" -runs="${RUNS:-$runs}" \
        -max_len=4096 -timeout=10 -verbosity=0 -print_final_stats=1 \
        -artifact_prefix="$work/found/$target-" >"$work/$target.log" 2>&1 || {
        grep -v '# Uses' "$work/$target.log" >&2
        exit 1
    }
    printf '%-12s %s\n' "$target" "$(grep -E 'executed_units|average_exec' "$work/$target.log" | tr -s '\n ' ' ')"
done
