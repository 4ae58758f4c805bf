# What there is to do here: `make help`.
SHELL := /bin/bash
# One commit, one verdict. For new cases: `make test PROPTEST_RNG_SEED=$$RANDOM`.
export PROPTEST_RNG_SEED ?= 20261125
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

VENV := .venv
PYTHON := $(VENV)/bin/python
AWS_VENV := .venv-e2e
API_VENV := .venv-api
SPARK_VENV := .venv-spark

.PHONY: help demo test page e2e lint lint-infra package package-check deploy bench faults fuzz oracle oracle-hudi fixtures-hudi clean

help: ## Lists the targets
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: ## Imports the sp500 and acme traces, asks five questions, plays a conversation in Slack
	./demo.sh

test: $(VENV)/.ready $(API_VENV)/.ready ## Every test: Rust, the API by schemathesis, a little fuzzing, the independent oracle over sp500, S3 over the wire, the pipeline, the page
	cargo test --locked
	fuzz/run.sh --short
	$(PYTHON) tests/oracle/test_oracle.py
	tests/oracle/sp500.sh
	$(PYTHON) tests/trino/test_trino.py
	$(PYTHON) infra/pipeline/test_pipeline.py
	@if [ -n "$${CI:-}" ] || { command -v node && command -v npm && command -v "$${CHROMIUM:-chromium}"; } >/dev/null; then \
	$(MAKE) page WHY=target/debug/why; \
	else echo "the page was not looked at in a browser: apt-get install nodejs npm chromium"; fi

page: tests/page/node_modules/.package-lock.json ## The page in Chromium: its paths, every state in each look, axe-core (screenshots: target/screenshots)
	@if [ -z "$(WHY)" ]; then cargo build --locked --bin why; fi
	WHY="$(WHY)" node tests/page/run.mjs

tests/page/node_modules/.package-lock.json: tests/page/package-lock.json
	@command -v node >/dev/null || { echo "node is missing: apt-get install nodejs npm"; exit 1; }
	@command -v "$${CHROMIUM:-chromium}" >/dev/null || { echo "chromium is missing: apt-get install chromium"; exit 1; }
	npm ci --prefix tests/page --no-audit --no-fund
	touch $@

e2e: $(AWS_VENV)/.ready ## The stack as it ships, deployed into an AWS on this machine (logs: target/e2e)
	WHY_E2E=1 cargo test --locked --test it e2e:: -- --nocapture

lint: ## Format, clippy, licences and bans; the template where lint-infra was run once
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	cargo clippy --locked --lib --no-default-features --features json -- -D warnings
	cargo clippy --locked --bin ingress --no-default-features --features ingress-lambda -- -D warnings
	cargo clippy --locked --bin worker --no-default-features --features worker-lambda -- -D warnings
	cargo clippy --locked --bin api --no-default-features --features api-lambda -- -D warnings
	python3 infra/zip.py --check
	@if cargo deny --version >/dev/null 2>&1; then cargo deny check licenses bans sources; \
	elif [ -n "$${CI:-}" ]; then echo "cargo-deny is missing: cargo install --locked cargo-deny"; exit 1; \
	else echo "cargo-deny is not installed: licences and bans are not checked here (cargo install --locked cargo-deny)"; fi
	@if [ -n "$${CI:-}" ] || [ -d .venv-infra ]; then infra/lint/run.sh; \
	else echo "the template is not linted here yet: make lint-infra (once; it installs what it needs)"; fi

lint-infra: ## cfn-lint, sam and checkov over infra/template.yaml, or over that of CATALOG=
	infra/lint/run.sh

deploy: ## Deploys to AWS, after checking what can be checked (infra/README.md)
	infra/deploy.sh

bench: ## Every bench; BENCHMARKS.md says what they mean (about 40 minutes)
	bench/run.sh

# Its replies are timed: INGRESS=target/lambda/ingress/bootstrap is the one that ships.
INGRESS ?=
faults: $(VENV)/.ready ## Each service failing in each way, one at a time: writes infra/FAULTS.md (INGRESS=, some minutes)
	WHY_FAULT_INGRESS=$(INGRESS) WHY_FAULT_TABLE=infra/FAULTS.md cargo test --locked --test it lambda::faults

fuzz: ## Fuzzes what Slack sends, 100,000 inputs a target (needs g++)
	fuzz/run.sh

oracle: ## The Athena engine on a real Trino, against the direct engine (450 MB, a JDK 24 or newer, half an hour)
	cargo test --locked --quiet --no-run --test it
	python3 tests/trino/run.py

oracle-hudi: $(VENV)/.ready ## The Hudi sample table once more, through the hudi package from PyPI
	$(PYTHON) -m pip install --quiet --requirement tests/hudi/requirements.txt
	$(PYTHON) tests/hudi/oracle.py

fixtures-hudi: $(SPARK_VENV)/.ready ## Writes the Hudi tables of the tests anew, by Spark (needs a JDK 17; some minutes)
	for hudi in 0.15.0 1.1.1; do $(SPARK_VENV)/bin/python tests/hudi/spark/make.py --hudi $$hudi; done

package: ## Builds the Lambdas and zips them into target/package (ARCH=arm64, CATALOG=infra/why.toml)
	infra/package.sh

package-check: ## Packages twice, from scratch: the same bytes, or it fails (a quarter of an hour)
	infra/package.sh
	cd target/package && sha256sum *.zip > ../package.sha256
	rm -rf target/lambda target/package target/*/lambda
	infra/package.sh
	cd target/package && sha256sum --check ../package.sha256

$(VENV)/.ready: tests/s3/requirements.txt
	@command -v python3 >/dev/null || { echo "python3 is missing: apt-get install python3 python3-venv"; exit 1; }
	python3 -m venv $(VENV) || { echo "python3's venv is missing: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --requirement tests/s3/requirements.txt
	touch $@

$(API_VENV)/.ready: tests/api/requirements.txt
	@command -v python3 >/dev/null || { echo "python3 is missing: apt-get install python3 python3-venv"; exit 1; }
	python3 -m venv $(API_VENV) || { echo "python3's venv is missing: apt-get install python3-venv"; exit 1; }
	$(API_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --requirement tests/api/requirements.txt
	touch $@

$(AWS_VENV)/.ready: tests/e2e/requirements.txt
	@command -v python3 >/dev/null || { echo "python3 is missing: apt-get install python3 python3-venv"; exit 1; }
	@command -v strip >/dev/null || { echo "strip is missing: apt-get install binutils"; exit 1; }
	python3 -m venv $(AWS_VENV) || { echo "python3's venv is missing: apt-get install python3-venv"; exit 1; }
	$(AWS_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --requirement tests/e2e/requirements.txt
	touch $@

$(SPARK_VENV)/.ready: tests/hudi/spark/requirements.txt
	@command -v java >/dev/null || { echo "java is missing: apt-get install openjdk-17-jre-headless"; exit 1; }
	python3 -m venv $(SPARK_VENV) || { echo "python3's venv is missing: apt-get install python3-venv"; exit 1; }
	$(SPARK_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --requirement tests/hudi/spark/requirements.txt
	touch $@

clean: ## Removes what the targets made
	rm -rf target demo $(VENV) $(AWS_VENV) $(API_VENV) $(SPARK_VENV) .venv-infra .venv-package tests/page/node_modules
