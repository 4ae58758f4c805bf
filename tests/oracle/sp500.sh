#!/usr/bin/env bash
# The program's answers against the oracle's: every company and attribute of the sp500 trace, as of now
# and a third of them as of a day in 2016 (all with EVERY=1), a sample of other days and expected values, and
# the questions of the acme trace.
set -euo pipefail
cd "$(dirname "$0")/../.."
python=.venv/bin/python
[ -x "$python" ] || python=python3
# As the tests have it: a plain build would compile half of the dependencies once more.
cargo test --locked --quiet --no-run --test it
now=2026-11-20T12:00:00Z
work=target/tmp/oracle
rm -rf "$work"
mkdir -p "$work"

lake() { # trace, decisions
    target/debug/why import --catalog "data/$1/why.toml" --decisions "$2" \
        --entities "data/$1/entities.jsonl" --latest --into "$work/$1"
}

compare() { # trace, decisions, file of questions, more arguments
    local trace=$1 decisions=$2 questions=$3
    shift 3
    # A question about a day before a company's first decision ends with exit code 1.
    target/debug/why --catalog "$work/$trace" --now "$now" ask --json --batch "$questions" >"$questions.answers" ||
        test $? -eq 1
    "$python" tests/oracle/oracle.py compare --decisions "$decisions" --catalog "data/$trace/why.toml" \
        --answers "$questions.answers" --now "$now" "$@"
}

acme=data/acme/decisions.jsonl
lake acme "$acme"
grep -v '^//' data/acme/questions.txt | sed 's/ | .*//' >"$work/acme.questions"
compare acme "$acme" "$work/acme.questions" --asked data/acme/questions.txt

sp500=data/sp500/attribute_trace.jsonl.gz
lake sp500 "$sp500"
ask() { "$python" tests/oracle/oracle.py questions --decisions "$sp500" --catalog data/sp500/why.toml "$@"; }
{
    ask
    ask --as-of 2016-07-20 | awk -v every="${EVERY:-3}" 'NR % every == 0'
    ask --sample 2000
} >"$work/sp500.questions"
compare sp500 "$sp500" "$work/sp500.questions"
