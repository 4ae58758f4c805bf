#!/usr/bin/env bash
# Every bench, in the order of BENCHMARKS.md. Some 40 minutes; `bench/run.sh NAME…` runs only those.
set -euo pipefail
cd "$(dirname "$0")/.."
work=target/bench
mkdir -p "$work"
[ "$#" -gt 0 ] || set -- core directory import questions partitions athena bolt serve

cargo build --locked --release --quiet
why=$PWD/target/release/why

for bench in "$@"; do
    printf '\n== %s\n' "$bench"
    case $bench in
    core | directory)
        cargo bench --locked --quiet --bench "$bench"
        ;;
    import)
        [ -s "$work/decisions.jsonl" ] || python3 bench/generate.py "$work/decisions.jsonl" \
            "$work/entities.jsonl" --decisions 1000000 --entities 50000
        head -n 250000 "$work/decisions.jsonl" >"$work/first.jsonl"
        for decisions in first decisions; do
            rm -rf "$work/lake"
            python3 bench/measure.py "$why" import --decisions "$work/$decisions.jsonl" \
                --entities "$work/entities.jsonl" --latest --into "$work/lake"
        done
        ;;
    questions)
        [ -x "$work/venv/bin/python" ] || python3 -m venv "$work/venv"
        "$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement bench/requirements.txt
        rm -rf "$work/sp500" "$work/hudi"
        "$why" import --catalog data/sp500/why.toml --decisions data/sp500/attribute_trace.jsonl.gz \
            --entities data/sp500/entities.jsonl --latest --into "$work/sp500" >"$work/sp500.log"
        mkdir -p "$work/hudi/attribute_trace"
        tar -xzf tests/data/hudi/sp500_v6.tar.gz -C "$work/hudi/attribute_trace"
        cp tests/data/hudi/why.toml "$work/sp500/directory.why" "$work/hudi"
        "$work/venv/bin/python" bench/questions.py "$why" "$work/sp500" "$work/hudi"
        ;;
    partitions)
        python3 bench/partitions.py "$why" "$work/partitions"
        ;;
    athena)
        make --silent .venv/.ready
        [ -f "$work/sp500/why.toml" ] || "$why" import --catalog data/sp500/why.toml \
            --decisions data/sp500/attribute_trace.jsonl.gz --entities data/sp500/entities.jsonl \
            --latest --into "$work/sp500" >"$work/sp500.log"
        .venv/bin/python bench/athena.py "$why" "$work/sp500"
        ;;
    bolt)
        [ -x "$work/bolt/venv/bin/python" ] || python3 -m venv "$work/bolt/venv"
        "$work/bolt/venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement bench/bolt/requirements.txt
        cp bench/bolt/package.json "$work/bolt"
        npm install --silent --no-audit --no-fund --prefix "$work/bolt"
        rm -rf "$work/acme"
        "$why" import --catalog data/acme/why.toml --decisions data/acme/decisions.jsonl \
            --entities data/acme/entities.jsonl --latest --into "$work/acme" >"$work/acme.log"
        python3 bench/bolt/load.py "$why" "$work/acme" "$work/bolt/venv/bin/python" "$PWD/$work/bolt"
        ;;
    serve)
        rm -rf "$work/sp500"
        "$why" import --catalog data/sp500/why.toml --decisions data/sp500/attribute_trace.jsonl.gz \
            --entities data/sp500/entities.jsonl --latest --into "$work/sp500" >"$work/sp500.log"
        python3 bench/serve.py "$why" "$work/sp500" data/sp500/entities.jsonl
        ;;
    *)
        echo "There is no bench $bench: core, directory, import, questions, partitions, athena, bolt, serve." >&2
        exit 1
        ;;
    esac
done
