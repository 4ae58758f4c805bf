#!/usr/bin/env bash
# Every company and attribute of the sp500 trace: the program's answers against the oracle's.
set -euo pipefail
cd "$(dirname "$0")/../.."
python=.venv/bin/python
[ -x "$python" ] || python=python3
cargo build --locked --quiet
work=target/tmp/sp500-oracle
rm -rf "$work"
mkdir -p "$work"
decisions=data/sp500/attribute_trace.jsonl.gz
target/debug/why import --catalog data/sp500/why.toml --decisions "$decisions" \
    --entities data/sp500/entities.jsonl --latest --into "$work/lake"
"$python" - "$decisions" >"$work/questions" <<'PY'
import gzip, json, sys
with gzip.open(sys.argv[1], "rt", encoding="utf-8") as lines:
    asked = {(row["entity_id"], row["attribute_name"]) for row in map(json.loads, lines)}
for entity, attribute in sorted(asked):
    print(f"#{entity} {attribute}")
PY
target/debug/why --catalog "$work/lake" ask --json --batch "$work/questions" >"$work/answers"
"$python" tests/oracle/oracle.py compare --decisions "$decisions" \
    --catalog data/sp500/why.toml --answers "$work/answers"
