#!/usr/bin/env bash
# Deploys with `sam deploy`, after checking what can be checked before; then asks the API whether it
# is there. `--check` only checks. Settings come from the environment, or from infra/deploy.env:
#
#   REGION      where; by default the AWS CLI's
#   STACK       the stack's name; by default why
#   CATALOG     the catalog; by default infra/why.toml
#   ARCH        what the zips were built for: arm64 (the default) or x86_64
#   PARAMETERS  "Name=Value …" of the template's parameters
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*"; }
stop() { # WHAT NEXT: what was wrong, and what to do
    printf 'Not deployed: %s\n%s\n' "$1" "$2" >&2
    exit 1
}

if [ -f infra/deploy.env ]; then
    # shellcheck source=/dev/null
    . infra/deploy.env
fi
STACK=${STACK:-why} CATALOG=${CATALOG:-infra/why.toml} ARCH=${ARCH:-arm64}
read -r -a parameters <<<"${PARAMETERS:-}"
template=target/template.yaml # its zips are named relative to it

# --- Tools
command -v aws >/dev/null || stop "the AWS CLI is missing." "Install it: https://aws.amazon.com/cli/"
command -v python3 >/dev/null || stop "python3 is missing." "apt-get install python3"
sam=$(command -v sam || true)
[ -n "$sam" ] || sam=.venv-infra/sam/bin/sam
[ -x "$sam" ] || stop "SAM's CLI is missing." "\`make lint-infra\` installs it into .venv-infra."
if [ -n "${WHY:-}" ]; then why=("$WHY"); else why=(cargo run --quiet --locked --bin why --); fi
export SAM_CLI_TELEMETRY=0

# --- Parameters
named=" "
value_of() { # NAME DEFAULT: what PARAMETERS say
    local parameter
    for parameter in ${parameters[@]+"${parameters[@]}"}; do
        if [ "${parameter%%=*}" = "$1" ]; then say "${parameter#*=}"; return; fi
    done
    say "$2"
}
for parameter in ${parameters[@]+"${parameters[@]}"}; do
    name=${parameter%%=*}
    [ "$name" != "$parameter" ] || stop "PARAMETERS hold \"$parameter\"." "Write Name=Value, with spaces between."
    grep -q "^  $name:\$" infra/template.yaml || stop "the template has no parameter $name." "infra/README.md lists them."
    case $named in *" $name "*) stop "PARAMETERS say $name twice." "Leave one out." ;; esac
    named="$named$name "
    case $name in
        Architecture) stop "PARAMETERS say Architecture." "ARCH=$ARCH says it, for the zips too." ;;
        SlackApiUrl | AthenaEndpointUrl)
            [ -n "${REHEARSAL:-}" ] || stop "$name is for tests." "Leave it out, or set REHEARSAL=1 if this is one." ;;
    esac
done
case $ARCH in arm64 | x86_64) ;; *) stop "ARCH=$ARCH." "There is arm64 and x86_64." ;; esac

# --- Catalog
[ -f "$CATALOG" ] || stop "there is no catalog $CATALOG." "Name yours: CATALOG=path/why.toml"
mkdir -p target
"${why[@]}" catalog check "$CATALOG" >/dev/null || stop "the catalog is wrong." "Mend what it says above."
"${why[@]}" --catalog "$CATALOG" infra >"$template" || stop "there is no template for this catalog." "Mend what it says above."
bucket=$(sed -n 's/^      Bucket: "\(.*\)"$/\1/p' "$template")

# --- Zips
python3 infra/check_zips.py "$ARCH" "$CATALOG" target/package/{ingress,worker,api}.zip ||
    stop "the zips are not what is to be deployed." "Build them: make package ARCH=$ARCH CATALOG=$CATALOG"

# --- Account and Region
REGION=${REGION:-${AWS_REGION:-${AWS_DEFAULT_REGION:-$(aws configure get region || true)}}}
[ -n "$REGION" ] || stop "no Region is named." "REGION=eu-central-1 make deploy"
export AWS_REGION=$REGION AWS_DEFAULT_REGION=$REGION
who=$(aws sts get-caller-identity --query '[Account, Arn]' --output text) ||
    stop "AWS does not take the credentials." "Log in (aws sso login), or set AWS_PROFILE."
say "Stack $STACK in $REGION, account and identity: $who"

exists=$(aws cloudformation describe-stacks --stack-name "$STACK" --query 'Stacks[0].StackStatus' --output text 2>/dev/null || true)
case $exists in
    ROLLBACK_COMPLETE) stop "the first deployment of $STACK failed and left a stack that takes no other." "Read its events, then: aws cloudformation delete-stack --stack-name $STACK" ;;
    *_IN_PROGRESS) stop "$STACK is being changed ($exists)." "Wait for it: aws cloudformation describe-stacks --stack-name $STACK" ;;
esac

# --- The lake's bucket
found=$(aws s3api get-bucket-location --bucket "$bucket" --query 'LocationConstraint' --output text 2>/dev/null || true)
case $found in None | null) found=us-east-1 ;; EU) found=eu-west-1 ;; esac
if [ "$(value_of CreateLakeBucket false)" = true ]; then
    [ -z "$found" ] || [ -n "$exists" ] || stop "the lake's bucket $bucket exists already." "Leave CreateLakeBucket=true out."
else
    [ -n "$found" ] || stop "there is no bucket $bucket, or it can't be seen with these credentials." "Set [lake] location in $CATALOG to the right one, or let the stack make it: CreateLakeBucket=true"
    [ "$found" = "$REGION" ] || stop "the lake's bucket $bucket is in $found." "Deploy there (REGION=$found): reading it from $REGION would cost time and transfer."
fi

# --- Glue's database
database=$(sed -n 's/^      Database: "\(.*\)"$/\1/p' "$template")
if [ -z "$exists" ] && [ "$(value_of CreateTables true)" = true ] && aws glue get-database --name "$database" >/dev/null 2>&1; then
    stop "Glue has a database $database already." "Deploy with CreateTables=false (its tables must be those of \`why ddl\`), or name another in [lake] database."
fi

# --- Room for what is reserved; AWS keeps 100 for everybody.
if [ -z "$exists" ] && [ "$(value_of ReserveConcurrency true)" = true ]; then
    wanted=$(($(value_of IngressConcurrency 50) + $(value_of WorkerConcurrency 20) + $(value_of ApiConcurrency 20) + 2))
    room=$(aws lambda get-account-settings --query 'AccountLimit.UnreservedConcurrentExecutions' --output text)
    [ "$room" -ge $((wanted + 100)) ] || stop "the functions reserve $wanted concurrent executions, and the account has $room, of which 100 must stay free." "Ask for a higher quota (Lambda, Concurrent executions), or begin with ReserveConcurrency=false."
fi

# --- The secret, once there is one
secret_filled() { # SECRET: whether both halves look like Slack's; prints neither
    aws secretsmanager get-secret-value --secret-id "$1" --query SecretString --output text 2>/dev/null |
        python3 -c 'import json, sys; s = json.load(sys.stdin); sys.exit(not (s.get("bot_token", "").startswith("xoxb-") and s.get("signing_secret")))' 2>/dev/null
}
output() { # NAME: of the stack's outputs
    aws cloudformation describe-stacks --stack-name "$STACK" --query "Stacks[0].Outputs[?OutputKey=='$1'].OutputValue" --output text
}

say "Catalog, zips, parameters, bucket and account are right."
[ "${1:-}" != --check ] || exit 0

overrides=("Architecture=$ARCH" ${parameters[@]+"${parameters[@]}"})
asking=(--no-confirm-changeset)
if [ -t 0 ] && [ -z "${YES:-}" ]; then asking=(--confirm-changeset); fi
"$sam" deploy --template-file "$template" --stack-name "$STACK" --region "$REGION" --resolve-s3 \
    --s3-prefix "$STACK" --capabilities CAPABILITY_IAM --no-fail-on-empty-changeset \
    "${asking[@]}" --parameter-overrides "${overrides[@]}"

# --- Is it there?
url=$(output ApiUrl) secret=$(output SecretArn)
say "API: $url"
if [ -z "${REHEARSAL:-}" ]; then
    status() { curl --silent --output /dev/null --max-time 10 --write-out '%{http_code}' "$@" || true; }
    [ "$(status "$url/healthz")" = 200 ] || stop "$url/healthz does not answer with 200." "Read the logs of $STACK-ingress. The deployment itself is done."
    [ "$(status --data 'text=x' "$url/slack/commands")" = 401 ] || stop "an unsigned request is not refused with 401." "Take the API down (infra/README.md, Tear down) and read the logs of $STACK-ingress."
    say "It answers, and refuses what Slack did not sign."
fi
if secret_filled "$secret"; then
    say "The secret is filled in."
else
    say "Next: Slack's bot token and signing secret into $secret (infra/README.md, Deploy, 4)."
fi
