#!/usr/bin/env bash
# Checks a catalog and writes the template for it: for_catalog.sh CATALOG OUT. Beside it, the catalog
# as the pipeline reads it (catalog.json) and the pipeline's job for it (pipeline.py).
#
# WHY names a `why` that was built from these sources; without it cargo builds one.
set -euo pipefail
cd "$(dirname "$0")/.."
catalog=$1 out=$2
stop() { # WHAT NEXT
    printf '%s\n%s\n' "$1" "$2" >&2
    exit 1
}

[ -f "$catalog" ] || stop "There is no catalog $catalog." "Name yours: CATALOG=path/why.toml (a path in the project's folder, or an absolute one)"
if [ -n "${WHY:-}" ]; then
    command -v "$WHY" >/dev/null || stop "WHY=$WHY is no program." "Name a \`why\` built from these sources, or leave WHY out: cargo builds one."
    why=("$WHY")
else
    command -v cargo >/dev/null || stop "Neither cargo is here, nor does WHY name a \`why\`." "Install Rust (https://rustup.rs), or set WHY."
    echo "Building \`why\`, which checks the catalog (minutes, the first time; WHY=… names a built one) …" >&2
    cargo build --locked --bin why || stop "\`why\` does not build." "Mend what cargo says above."
    why=(cargo run --quiet --locked --bin why --)
fi

mkdir -p "$(dirname "$out")"
"${why[@]}" catalog check "$catalog" >/dev/null || stop "The catalog is wrong." "Mend what it says above."
"${why[@]}" --catalog "$catalog" infra >"$out.new" || stop "There is no template for this catalog." "Mend what it says above."

# What does not follow the catalog is that of the sources, or the two are of different versions.
same() { sed '/^  # >>> catalog:/,/^  # <<< catalog:/d' "$1"; }
[ "$(same "$out.new")" = "$(same infra/template.yaml)" ] ||
    stop "${WHY:-The built \`why\`} prints another template than infra/template.yaml." "Build it from these sources: cargo install --path . (or leave WHY out)"
beside=$(dirname "$out")
"${why[@]}" --catalog "$catalog" catalog json >"$beside/catalog.json" || stop "There is no JSON of this catalog." "Mend what it says above."
python3 infra/pipeline/pack.py "$beside/catalog.json" "$beside/pipeline.py" || stop "The pipeline can't be packed." "Mend what it says above."
mv "$out.new" "$out"
