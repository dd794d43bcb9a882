# make site, make test: they need only Python 3.11+ and make.
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
WORKERS ?= 4
PYTEST = $(BIN)/pytest -n $(WORKERS) --no-loadscope-reorder
# A browser's speed is measured alone on the machine.
MEASURED = tests/site/test_site_lighthouse.py

# A quick check of what is installed, without starting Python; tools/environment.py installs the rest.
is_made_of = cmp -s $(1) $(2)/$(1) 2>/dev/null
is_whole = test -x $(BIN)/python && test .venv/.here -ef .venv/pyvenv.cfg

.PHONY: site serve test tests test-long check style types bench lock libraries libraries-of-tests checker

site: libraries ## the whole job: database, prices, site_output/
	@$(BIN)/python build.py

serve: libraries ## look at site_output/ in a browser
	@$(BIN)/python build.py serve

libraries:
	@$(is_whole) && $(call is_made_of,requirements.lock,.venv) || $(PYTHON) tools/environment.py requirements.lock

libraries-of-tests:
	@$(is_whole) && $(call is_made_of,requirements-dev.lock,.venv) || $(PYTHON) tools/environment.py requirements-dev.lock

checker: libraries-of-tests
	@$(call is_made_of,package-lock.json,node_modules) || $(PYTHON) tools/environment.py package-lock.json

test: style checker ## everything but the long tests; types are checked beside them
	@$(MAKE) --no-print-directory -j2 types tests

tests:
	@$(BIN)/python -m tests.site.tools.browser
	@$(BIN)/python -m tests.tools.pgbouncer
	@$(PYTEST) -m 'not long' --durations=5

test-long: check checker ## everything
	@$(BIN)/python -m tests.site.tools.browser
	@$(BIN)/python -m tests.tools.pgbouncer
	@$(PYTEST) -m '' --durations=20 --ignore $(MEASURED)
	@$(BIN)/pytest -m '' $(MEASURED)

check: style types ## style and types

style: libraries-of-tests
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --quiet --check

types: libraries-of-tests
	@$(BIN)/mypy --no-error-summary

bench: libraries ## how fast builds, refreshes and the database are, as ratios within one run
	@$(BIN)/python build.py bench
	@$(BIN)/python build.py bench --sources
	@$(BIN)/python build.py bench --database

lock: libraries-of-tests ## pin the newest versions; writes requirements*.lock
	@$(BIN)/python tools/lock.py
