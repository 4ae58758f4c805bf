#!/usr/bin/env bash
# cfn-lint, `sam validate --lint` and checkov over the template that is checked in, or over that of
# another CATALOG, which `why` (WHY, or cargo) writes to target/template.yaml. Offline but for the
# first run, which installs them into .venv-infra (some 20 seconds).
set -euo pipefail
cd "$(dirname "$0")/../.."
environments=.venv-infra
template=infra/template.yaml
catalog=${CATALOG:-infra/why.toml}
export SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=eu-central-1 AWS_EC2_METADATA_DISABLED=true

ready() { # NAME: an environment of what infra/lint/requirements-NAME.txt lists
    local wanted="infra/lint/requirements-$1.txt" folder="$environments/$1"
    cmp -s "$wanted" "$folder/.installed" && return
    command -v python3 >/dev/null || { echo "python3 is missing: apt-get install python3 python3-venv"; exit 1; }
    if [ ! -x "$environments/uv/bin/uv" ]; then
        # pip would take three minutes for what uv installs in ten seconds.
        python3 -m venv "$environments/uv" || { echo "python3's venv is missing: apt-get install python3-venv"; exit 1; }
        "$environments/uv/bin/python" -m pip install --quiet --disable-pip-version-check uv==0.9.30
    fi
    "$environments/uv/bin/uv" venv --quiet --clear "$folder"
    "$environments/uv/bin/uv" pip install --quiet --python "$folder/bin/python" --requirement "$wanted"
    cp "$wanted" "$folder/.installed"
}

if [ "$catalog" != infra/why.toml ]; then
    template=target/template.yaml
    infra/for_catalog.sh "$catalog" "$template"
fi
ready sam
ready checkov
said=$(mktemp -d)
trap 'rm -rf "$said"' EXIT
run() { # NAME COMMAND...: beside the others; they take some ten seconds each
    local name=$1
    shift
    { "$@" >"$said/$name" 2>&1 || touch "$said/$name.failed"; } &
}
run cfn-lint "$environments/sam/bin/cfn-lint" "$template"
run sam "$environments/sam/bin/sam" validate --lint --template "$template"
run checkov "$environments/checkov/bin/checkov" --config-file infra/lint/checkov.yaml --file "$template"
run costs python3 infra/costs.py --check
run zips python3 infra/check_zips.py --check
run parameters python3 infra/parameters.py --check
wait
for failed in "$said"/*.failed; do
    [ -e "$failed" ] || { echo "$template is right, say cfn-lint, sam and checkov."; exit 0; }
    name=$(basename "$failed" .failed)
    echo "$name:"
    cat "$said/$name"
done
exit 1
