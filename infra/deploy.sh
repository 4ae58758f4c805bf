#!/usr/bin/env bash
# Deploys with `sam deploy`, after checking what can be checked before; then asks the API whether it
# is there.
#
#   infra/deploy.sh           checks and deploys
#   infra/deploy.sh --check   only checks
#   infra/deploy.sh --help    prints this
#
# Settings come from the environment, then from infra/deploy.env, which is a shell script:
#
#   REGION      where; by default AWS_REGION, then the AWS CLI's
#   STACK       the stack's name; by default why
#   CATALOG     the catalog; by default infra/why.toml
#   ARCH        what the zips were built for: arm64 (the default) or x86_64
#   PARAMETERS  "Name=Value …" of the template's parameters
#   WHY         a built `why`; by default cargo builds one
#   YES         set to anything: deploys without asking
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*"; }
stop() { # WHAT NEXT: what was wrong, and what to do
    printf 'Not deployed: %s\n%s\n' "$1" "$2" >&2
    exit 1
}

only_check=
case "$#:${1:-}" in
    0:) ;;
    1:--check) only_check=1 ;;
    1:-h | 1:--help) sed -n '2,/^set /{/^set /d; s/^# \{0,1\}//; p;}' infra/deploy.sh; exit 0 ;;
    *) stop "\"$*\" is no option." "There is --check, which only checks, and --help." ;;
esac

# --- Settings: whoever types one means it, so the environment wins over the file.
if [ -f infra/deploy.env ]; then
    typed=$(export -p)
    set -a
    # shellcheck source=/dev/null
    . infra/deploy.env
    set +a
    for name in REGION STACK CATALOG ARCH PARAMETERS WHY AWS_PROFILE; do filed+=("${!name:-}"); done
    eval "$typed"
    for name in REGION STACK CATALOG ARCH PARAMETERS WHY AWS_PROFILE; do
        [ "${!name:-}" = "${filed[0]}" ] || say "$name=${!name:-}, from the environment; infra/deploy.env says ${filed[0]}"
        filed=("${filed[@]:1}")
    done
fi
STACK=${STACK:-why} CATALOG=${CATALOG:-infra/why.toml} ARCH=${ARCH:-arm64}
read -r -a parameters <<<"$(tr '\n' ' ' <<<"${PARAMETERS:-}")"
template=target/template.yaml # its zips are named relative to it
export SAM_CLI_TELEMETRY=0
case $ARCH in arm64 | x86_64) ;; *) stop "ARCH=$ARCH." "There is arm64 and x86_64." ;; esac
# Lambda's names have 64 characters, and the longest that the stack makes ends in -dead-letters.
[[ $STACK =~ ^[a-zA-Z][-a-zA-Z0-9]{0,50}$ ]] ||
    stop "STACK=$STACK is no name for a stack." "Letters, digits and hyphens, a letter first, at most 51."

# --- Tools
command -v aws >/dev/null || stop "the AWS CLI is missing." "Install it: https://aws.amazon.com/cli/"
command -v python3 >/dev/null || stop "python3 is missing." "apt-get install python3"
command -v curl >/dev/null || stop "curl is missing." "apt-get install curl"
sam=$(command -v sam || true)
[ -n "$sam" ] || sam=.venv-infra/sam/bin/sam
[ -x "$sam" ] || stop "SAM's CLI is missing." "\`make lint-infra\` installs it into .venv-infra."

# --- Parameters
checked() { # DEPLOYED: every parameter's value, NAME=VALUE
    python3 infra/parameters.py infra/template.yaml "$1" "${REHEARSAL:-}" ${parameters[@]+"${parameters[@]}"}
}
checked "" >/dev/null || stop "PARAMETERS are wrong." "Mend what it says above; infra/README.md explains each."

# --- Account and Region
REGION=${REGION:-${AWS_REGION:-${AWS_DEFAULT_REGION:-$(aws configure get region || true)}}}
[ -n "$REGION" ] || stop "no Region is named." "REGION=eu-central-1 make deploy"
export AWS_REGION=$REGION AWS_DEFAULT_REGION=$REGION
who=$(aws sts get-caller-identity --query '[Account, Arn]' --output text) ||
    stop "AWS does not take the credentials." "Log in (aws sso login), or set AWS_PROFILE."
say "Stack $STACK in $REGION, account and identity: $who"

# --- The stack as it is
describe() { # QUERY
    aws cloudformation describe-stacks --stack-name "$STACK" --query "$1" --output text
}
mkdir -p target
looked=$(describe 'Stacks[0].StackStatus' 2>target/describe-stacks.err) || {
    grep -q "does not exist" target/describe-stacks.err ||
        stop "the stack can't be looked at: $(cat target/describe-stacks.err)" "Let these credentials call cloudformation:DescribeStacks."
    looked=none
}
events="aws cloudformation describe-stack-events --stack-name $STACK"
remove="aws cloudformation delete-stack --stack-name $STACK"
exists=
case $looked in
    # A change set that was never carried out leaves the second.
    none | REVIEW_IN_PROGRESS) ;;
    CREATE_COMPLETE | UPDATE_COMPLETE | UPDATE_ROLLBACK_COMPLETE | IMPORT_COMPLETE | IMPORT_ROLLBACK_COMPLETE) exists=1 ;;
    *_IN_PROGRESS) stop "$STACK is being changed ($looked)." "Wait for it: aws cloudformation describe-stacks --stack-name $STACK" ;;
    ROLLBACK_COMPLETE | CREATE_FAILED | ROLLBACK_FAILED)
        stop "the first deployment of $STACK failed and left a stack that takes no other ($looked)." "Read why: $events; then remove it: $remove" ;;
    DELETE_FAILED)
        stop "$STACK was to be deleted, and something of it could not be ($looked)." "Read what: $events; empty the results' bucket if it is that, then again: $remove (infra/README.md, Tear down)" ;;
    UPDATE_ROLLBACK_FAILED)
        stop "an update of $STACK failed, and so did its rollback ($looked)." "Read why: $events; mend it, then: aws cloudformation continue-update-rollback --stack-name $STACK" ;;
    UPDATE_FAILED)
        stop "an update of $STACK failed and was not rolled back ($looked)." "Read why: $events; then: aws cloudformation rollback-stack --stack-name $STACK" ;;
    *) stop "$STACK is in a state that takes no deployment ($looked)." "Read why: $events" ;;
esac
deployed=
# shellcheck disable=SC2016 # JMESPath's own quotes
[ -z "$exists" ] || deployed=$(describe 'Stacks[0].Parameters[].join(`=`, [ParameterKey, ParameterValue])') ||
    stop "the stack's parameters can't be read." "Let these credentials call cloudformation:DescribeStacks."
values=$(checked "$deployed")
value_of() { sed -n "s/^$1=//p" <<<"$values"; } # PARAMETER: after this deployment
owned() { # LOGICAL ID: what the stack that is there made of it, if it did
    [ -z "$exists" ] || aws cloudformation describe-stack-resource --stack-name "$STACK" --logical-resource-id "$1" \
        --query StackResourceDetail.PhysicalResourceId --output text 2>/dev/null || true
}

# --- Catalog
infra/for_catalog.sh "$CATALOG" "$template" || stop "there is no template for $CATALOG." "Mend what it says above."
bucket=$(sed -n 's/^      Bucket: "\(.*\)"$/\1/p' "$template")

# --- The pipeline
if [ -n "$(value_of PipelineBucket)" ]; then
    python3 infra/pipeline/pack.py --check target/catalog.json ||
        stop "the pipeline can't write the lake of $CATALOG." "Mend what it says above, or leave PipelineBucket empty."
fi

# --- Zips
python3 infra/check_zips.py "$ARCH" "$CATALOG" target/package/{ingress,worker,api}.zip ||
    stop "the zips are not what is to be deployed." "Build them: make package ARCH=$ARCH CATALOG=$CATALOG"

# --- The lake's bucket
found=$(aws s3api get-bucket-location --bucket "$bucket" --query 'LocationConstraint' --output text 2>/dev/null || true)
case $found in None | null) found=us-east-1 ;; EU) found=eu-west-1 ;; esac
if [ "$(value_of CreateLakeBucket)" = true ]; then
    [ -z "$found" ] || [ "$(owned Lake)" = "$bucket" ] || stop "the lake's bucket $bucket exists already." "Say CreateLakeBucket=false."
else
    [ -n "$found" ] || stop "there is no bucket $bucket, or it can't be seen with these credentials." "Set [lake] location in $CATALOG to the right one, or let the stack make it: CreateLakeBucket=true"
fi
[ -z "$found" ] || [ "$found" = "$REGION" ] ||
    stop "the lake's bucket $bucket is in $found." "Deploy there (REGION=$found): reading it from $REGION would cost time and transfer."

# --- Glue's database
database=$(sed -n 's/^      Database: "\(.*\)"$/\1/p' "$template")
ours=$(owned Database)
if [ "$(value_of CreateTables)" = true ] && [ "$ours" != "$database" ]; then
    if aws glue get-database --name "$database" >/dev/null 2>&1; then
        stop "Glue has a database $database already." "Deploy with CreateTables=false (its tables must be those of \`why ddl\`), or name another in [lake] database."
    fi
    [ -z "$ours" ] || say "Note: the catalog's database is $database now. The stack makes it and deletes $ours with its tables (not the lake's files)."
fi

# --- Room for what is reserved, beside what this stack reserves already; AWS keeps 100 for everybody.
reserved() { # VALUES: what a stack with these sets aside
    awk -F= '$1 == "ReserveConcurrency" { on = $2 == "true" }
        $1 ~ /^(Ingress|Worker|Api)Concurrency$/ { sum += $2 }
        END { print on ? sum + 2 : 0 }' <<<"$1"
}
more=$(($(reserved "$values") - $(reserved "$(tr '[:space:]' '\n' <<<"$deployed")")))
if [ "$more" -gt 0 ]; then
    room=$(aws lambda get-account-settings --query 'AccountLimit.UnreservedConcurrentExecutions' --output text) ||
        stop "it can't be seen how much concurrency the account has." "Let these credentials call lambda:GetAccountSettings, or deploy with ReserveConcurrency=false."
    [ "$room" -ge $((more + 100)) ] || stop "the functions would reserve $more concurrent executions more, and AWS wants 100 left unreserved: that takes $((more + 100)), and the account has $room." "Ask for a higher quota (Lambda, Concurrent executions), or begin with ReserveConcurrency=false."
fi

say "Catalog, zips, parameters, stack, bucket and account are right."
[ -z "$only_check" ] || exit 0

overrides=("Architecture=$ARCH" ${parameters[@]+"${parameters[@]}"})
asking=(--no-confirm-changeset)
if [ -t 0 ] && [ -z "${YES:-}" ]; then asking=(--confirm-changeset); fi
"$sam" deploy --template-file "$template" --stack-name "$STACK" --region "$REGION" --resolve-s3 \
    --s3-prefix "$STACK" --capabilities CAPABILITY_IAM --no-fail-on-empty-changeset \
    "${asking[@]}" --parameter-overrides "${overrides[@]}" ||
    stop "\`sam deploy\` failed; what it says stands above." "Read the events: $events"

# --- Is it there?
output() { describe "Stacks[0].Outputs[?OutputKey=='$1'].OutputValue"; } # NAME
secret_filled() { # SECRET: whether both halves look like Slack's; prints neither
    aws secretsmanager get-secret-value --secret-id "$1" --query SecretString --output text 2>/dev/null |
        python3 -c 'import json, sys; s = json.load(sys.stdin); sys.exit(not (s.get("bot_token", "").startswith("xoxb-") and s.get("signing_secret")))' 2>/dev/null
}
look="The deployment itself is done."
url=$(output ApiUrl) && [ -n "$url" ] && [ "$url" != None ] ||
    stop "the stack has no ApiUrl: the change set was not carried out." "Run it again, and confirm the change set (or set YES=1)."
secret=$(output SecretArn)
say "API: $url"
say "Secret: $secret"
if commit=$(git describe --always --dirty 2>/dev/null); then say "The sources here are at commit $commit: note it, for a rollback."; fi
if [ -z "${REHEARSAL:-}" ]; then
    status() { curl --silent --output /dev/null --max-time 10 --write-out '%{http_code}' "$@" || true; }
    [ "$(status "$url/healthz")" = 200 ] || stop "$url/healthz does not answer with 200." "Read the logs of $STACK-ingress. $look"
    [ "$(status --data 'text=x' "$url/slack/commands")" = 401 ] || stop "an unsigned request is not refused with 401." "Take the API down (infra/README.md, Tear down) and read the logs of $STACK-ingress. $look"
    say "It answers, and refuses what Slack did not sign."
fi
if secret_filled "$secret"; then
    say "The secret is filled in."
else
    say "Next: Slack's bot token and signing secret into the secret (infra/README.md, Deploy, 4)."
fi
