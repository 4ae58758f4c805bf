#!/usr/bin/env bash
# Imports the two traces in data/, asks five telling questions and plays a conversation in Slack. Run it with `make demo`.
set -euo pipefail
cd "$(dirname "$0")"

say() { printf '\n\033[1m$ %s\033[0m\n' "$*"; }
# WHY names a binary to show instead of one that is built here.
why=${WHY:-target/debug/why}
if [ -z "${WHY:-}" ]; then
    command -v cargo >/dev/null || { echo "cargo is missing: install Rust with rustup first"; exit 1; }
    command -v cc >/dev/null || { echo "a C compiler is missing: apt-get install gcc"; exit 1; }
    echo "Building why (some minutes the first time) …"
    cargo build --locked --quiet --bin why
fi
mkdir -p demo

for lake in sp500 acme; do
    rm -rf "demo/$lake"
    decisions=data/$lake/decisions.jsonl
    [ -f "$decisions" ] || decisions=data/$lake/attribute_trace.jsonl.gz
    say why import --catalog "data/$lake/why.toml" --decisions "$decisions" \
        --entities "data/$lake/entities.jsonl" --latest --into "demo/$lake"
    "$why" import --catalog "data/$lake/why.toml" --decisions "$decisions" \
        --entities "data/$lake/entities.jsonl" --latest --into "demo/$lake"
done

ask() {
    local lake=$1
    shift
    local shown=""
    for word in "$@"; do
        case $word in *\ * | *\#*) shown+=" '$word'" ;; *) shown+=" $word" ;; esac
    done
    say "why --catalog demo/$lake$shown"
    "$why" --catalog "demo/$lake" "$@"
}

ask acme acme revenue
ask sp500 'why is the sector of 3M expected "Industrial Conglomerates"'
ask acme 'acme revenue as of 2025-03-01 expected 10M'
ask sp500 'AbbVie sector expected 44.68'
ask sp500 'best buy dividend yield as of 2016-07-20'

say "why --catalog demo/acme slack-demo"
"$why" --catalog demo/acme slack-demo

cat <<'TEXT'

What to try next:
  target/debug/why --catalog demo/sp500 apple market cap
  target/debug/why --catalog demo/sp500 entities search "general elec"
  target/debug/why --catalog demo/acme ask --json acme employees
  target/debug/why --catalog demo/acme ask --blocks acme revenue      (Slack blocks, and a link that shows them)
  target/debug/why --catalog demo/sp500 explain-plan 3M sector        (the partitions, the SQL, the cost)
  target/debug/why --catalog demo/sp500 ddl --location s3://your-lake/why
  target/debug/why --catalog demo/acme slack-demo --open               (a page like a channel: type and press)
  target/debug/why --catalog demo/acme serve                           (the page and the API, at http://127.0.0.1:3000)
  target/debug/why --help
TEXT
