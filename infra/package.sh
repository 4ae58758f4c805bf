#!/usr/bin/env bash
# Builds the functions and zips them: target/package/{ingress,worker,api}.zip.
#
# One by one, because built together their features unify and the ingress would carry an engine.
# ARCH=arm64 (the usual) or x86_64; CATALOG is the catalog file that goes into each zip. The same
# sources, catalog and toolchain give the same bytes: paths of this machine are mapped away, and
# the zips hold no times.
set -euo pipefail
cd "$(dirname "$0")/.."

ARCH=${ARCH:-arm64}
CATALOG=${CATALOG:-infra/why.toml}
FUNCTIONS=${FUNCTIONS:-ingress worker api}
VENV=.venv-package
OUT=target/package

case $ARCH in
    arm64) target=aarch64-unknown-linux-gnu ;;
    x86_64) target=x86_64-unknown-linux-gnu ;;
    *) echo "ARCH=$ARCH: there is arm64 and x86_64" >&2; exit 2 ;;
esac
[ -f "$CATALOG" ] || { echo "no catalog at $CATALOG: name one by CATALOG=…" >&2; exit 2; }

if [ ! -f $VENV/.ready ] || [ infra/package.txt -nt $VENV/.ready ]; then
    python3 -m venv $VENV
    $VENV/bin/python -m pip install --quiet --disable-pip-version-check --requirement infra/package.txt
    touch $VENV/.ready
fi
# Here ziglang is a Python module; cargo-zigbuild finds it through this Python.
export PATH="$PWD/$VENV/bin:$PATH"

host=$(rustc --version --verbose | sed -n 's/^host: //p')
has_target() { [ -d "$(rustc --print sysroot)/lib/rustlib/$1/lib" ]; }
if ! has_target $target && command -v rustup >/dev/null; then
    timeout 120 rustup --quiet target add $target >/dev/null 2>&1 || true
fi
if ! has_target $target; then
    echo "NOT FOR DEPLOYMENT AS $ARCH: Rust's standard library for $target is not on this machine" >&2
    echo "and could not be fetched (rustup target add $target). Building for $host instead." >&2
    target=$host
    case $host in
        aarch64-*) ARCH=arm64 ;;
        *) ARCH=x86_64 ;;
    esac
fi

# AWS-LC gathers jitter entropy at the first TLS call: 51 ms at a whole processor, 625 ms at the
# share that 128 MB get. Linux's own generator is there, so it is left out.
export AWS_LC_SYS_NO_JITTER_ENTROPY=1
cargo_home=${CARGO_HOME:-$HOME/.cargo}
export RUSTFLAGS="--remap-path-prefix=$PWD=. --remap-path-prefix=$cargo_home=cargo ${RUSTFLAGS:-}"

mkdir -p $OUT
for function in $FUNCTIONS; do
    # glibc 2.34 is what provided.al2023 has.
    cargo lambda build --quiet --locked --profile lambda --target "$target.2.34" \
        --no-default-features --features "$function-lambda" --bin "$function"
    python3 infra/zip.py "$OUT/$function.zip" \
        "bootstrap=target/lambda/$function/bootstrap" "why.toml=$CATALOG"
    printf '%-8s %-7s %10s bytes, program %10s bytes  %s\n' "$function" "$ARCH" \
        "$(stat -c %s "$OUT/$function.zip")" "$(stat -c %s "target/lambda/$function/bootstrap")" \
        "$(sha256sum "$OUT/$function.zip" | cut -d' ' -f1)"
done
echo "AWS-LC's jitter entropy: off (AWS_LC_SYS_NO_JITTER_ENTROPY=1). Architecture: $ARCH."
