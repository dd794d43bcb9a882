# make site, make test: all that is needed is Python 3.11+ and make.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := $(VENV)/.installed
DEV := $(VENV)/.installed-dev
NODE := node_modules/.installed
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes

.PHONY: site serve test test-long check bench lock clean

site: $(RUN) ## the whole job: database, prices, site_output/
	@$(BIN)/python build.py

serve: $(RUN) ## look at site_output/ in a browser
	@$(BIN)/python build.py serve

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "CloudGPUs needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". PYTHON=/path/to/python3.12 make ... names another one.")'
	@echo "Making an environment in $(VENV)/ ..."
	@$(PYTHON) -m venv $(VENV)

$(RUN): requirements.lock | $(BIN)/python
	@echo "Installing the libraries ..."
	@$(PIP) -r requirements.lock
	@touch $@

$(DEV): requirements-dev.lock | $(BIN)/python
	@echo "Installing the libraries of the tests ..."
	@$(PIP) -r requirements-dev.lock
	@touch $@ $(RUN)

$(NODE): package-lock.json $(DEV)
	@echo "Installing the HTML checker and the vocabularies of the tests ..."
	@PATH="$(CURDIR)/$(BIN):$$PATH" NODE_USE_SYSTEM_CA=1 npm ci --ignore-scripts --omit-lockfile-registry-resolved --no-audit --no-fund --loglevel=error >/dev/null
	@touch $@

test: check $(NODE) ## everything but the long tests: at most 15 minutes on two cores
	@$(BIN)/python -m tests.site.tools.browser
	@$(BIN)/python -m tests.tools.pgbouncer
	@$(BIN)/pytest -m 'not long' --durations=5

test-long: check $(NODE) ## everything
	@$(BIN)/python -m tests.site.tools.browser
	@$(BIN)/python -m tests.tools.pgbouncer
	@$(BIN)/pytest -m '' --durations=20

check: $(DEV) ## style and types
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --quiet --check
	@$(BIN)/mypy --no-error-summary

bench: $(RUN) ## what builds and the database cost, as ratios within one run
	@$(BIN)/python build.py bench
	@$(BIN)/python build.py bench --sources
	@$(BIN)/python build.py bench --database

lock: $(DEV) ## pin the newest versions; writes requirements*.lock
	@$(BIN)/python tools/lock.py
