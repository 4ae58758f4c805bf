#!/usr/bin/env bash
# Every bench, in the order of BENCHMARKS.md, but for `layout`. Some 40 minutes; `bench/run.sh NAME…` runs only those.
set -euo pipefail
cd "$(dirname "$0")/.."
work=target/bench
mkdir -p "$work"
[ "$#" -gt 0 ] || set -- core directory import advice questions partitions athena bolt serve page lambda

# WHY= measures another build, which is there already.
why=${WHY:-$PWD/target/release/why}
# `lambda` packages the functions, and `layout` asks Trino: they need no optimised command line.
[ "$*" = lambda ] || [ "$*" = layout ] || [ -n "${WHY:-}" ] || cargo build --locked --release --quiet

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
    advice)
        [ -s "$work/decisions.jsonl" ] || python3 bench/generate.py "$work/decisions.jsonl" \
            "$work/entities.jsonl" --decisions 1000000 --entities 50000
        [ -f "$work/lake/why.toml" ] || "$why" import --decisions "$work/decisions.jsonl" \
            --entities "$work/entities.jsonl" --latest --into "$work/lake" >"$work/lake.log"
        python3 bench/measure.py "$why" layout advise --decisions "$work/decisions.jsonl"
        python3 bench/measure.py "$why" layout advise --lake "$work/lake"
        python3 bench/generate.py /dev/stdout "$work/many.jsonl" --decisions 5000000 --entities 250000 |
            python3 bench/measure.py "$why" layout advise --decisions -
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
        .venv/bin/python bench/athena/drive.py "$work/sp500" cargo bench --locked --quiet --bench athena --
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
    page)
        command -v wrk >/dev/null || { echo "wrk is missing: apt-get install wrk" >&2; exit 1; }
        [ -x "$work/page/venv/bin/python" ] || python3 -m venv "$work/page/venv"
        "$work/page/venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement bench/page/requirements.txt
        [ -f "$work/sp500/why.toml" ] || "$why" import --catalog data/sp500/why.toml \
            --decisions data/sp500/attribute_trace.jsonl.gz --entities data/sp500/entities.jsonl \
            --latest --into "$work/sp500" >"$work/sp500.log"
        # SECONDS_EACH= and ROUNDS= shorten it.
        python3 bench/page/load.py "$why" "$work/sp500" data/sp500/attribute_trace.jsonl.gz \
            "$work/page/venv/bin/datasette" "$work/page" "${SECONDS_EACH:-10}" "${ROUNDS:-3}"
        ;;
    lambda)
        # Of this machine's architecture, so that they run here; zips that are there are taken.
        folder=$work/lambda
        mkdir -p "$folder"
        arch=$(uname -m)
        for function in ingress worker api; do
            [ -s "target/package/$function.zip" ] ||
                FUNCTIONS=$function ARCH=${arch/aarch64/arm64} CATALOG=data/acme/why.toml infra/package.sh
            rm -rf "${folder:?}/$function"
            python3 -m zipfile --extract "target/package/$function.zip" "$folder/$function"
            chmod +x "$folder/$function/bootstrap"
            cp "target/package/$function.zip" "$folder"
        done
        # What a zip for Lambda's own Python holds, and beside it the runtime that Lambda brings.
        for part in python runtime; do
            [ -d "$folder/$part" ] || python3 -m pip install --quiet --disable-pip-version-check \
                --target "$folder/$part" --requirement "bench/lambda/$part.txt"
        done
        (cd "$folder/python" && cp "$OLDPWD/bench/lambda/app.py" . && rm -f ../python.zip &&
            find . -name __pycache__ -prune -o -type f -print0 | sort -z |
            python3 "$OLDPWD/bench/lambda/zip.py" ../python.zip)
        mkdir -p "$folder/node"
        cp bench/lambda/package.json bench/lambda/app.js "$folder/node"
        npm install --silent --no-audit --no-fund --prefix "$folder/node"
        (cd "$folder/node" && rm -f ../node.zip && find . -type f -print0 | sort -z |
            python3 "$OLDPWD/bench/lambda/zip.py" ../node.zip)
        rm -rf "$folder/lake"
        [ -n "${WHY:-}" ] || { cargo build --locked --quiet --bin why && why=target/debug/why; }
        "$why" import --catalog data/acme/why.toml --decisions data/acme/decisions.jsonl \
            --entities data/acme/entities.jsonl --latest --into "$folder/lake" >"$folder/lake.log"
        cargo bench --locked --quiet --profile dev --bench lambda -- \
            "$folder" "$(python3 -c 'import sys; print(sys.executable)')" "$(command -v node)"
        ;;
    layout)
        # Not with the others: Trino is 450 MB to download and needs a JDK 24 or newer. Writes docs/layout.md.
        python3 bench/layout/run.py docs/layout.md
        ;;
    *)
        echo "There is no bench $bench: core, directory, import, advice, questions, partitions, athena, bolt, serve, page, lambda, layout." >&2
        exit 1
        ;;
    esac
done
