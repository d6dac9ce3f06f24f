# The commands of the project. Each is a small script in scripts/; all of them can be repeated at will.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup demo test test-quick check attack fuzz bench bundle format requirements clean

help: ## Show this list
	@echo "Python 3.11 or later is all that is needed; the rest is installed into this folder."
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s%s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Set up the Python environment in .venv and build the front end
	@scripts/setup

demo: ## Show the scorecard with example figures at http://127.0.0.1:8000/ (another port: make demo PORT=8001)
	@scripts/demo

test: ## Run the checks, then the whole test suite on SQLite and on PostgreSQL, with pages in a real Chromium
	@scripts/test

test-quick: ## Run most tests on SQLite, for people at work: no browser, no PostgreSQL, nothing that takes long
	@scripts/test quick

check: ## Check style, templates, types, migrations, deployment settings and the direction of imports
	@scripts/setup dev
	@scripts/check

attack: ## Attack 1,500 tables, 600 chains of editions each hidden and rounded, and 1,200 with changing settings, with a solver
	@scripts/setup dev
	@.venv/bin/python -m tests.disclosure_attack 1500

fuzz: ## Send every address what nobody means, for some minutes, on both databases (another run: FUZZ_SEED=7 make fuzz)
	@scripts/setup dev
	@FUZZ_REQUESTS=4000 .venv/bin/python -m pytest --quiet --numprocesses=auto tests/scorecard/test_fuzz.py
	@FUZZ_REQUESTS=4000 .venv/bin/python scripts/temporary_postgres.py .venv/bin/python -m pytest --quiet --numprocesses=auto tests/scorecard/test_fuzz.py

bench: ## Measure how long figures, pages, saves and imports take
	@scripts/setup bench
	@scripts/system_packages
	@.venv/bin/python -m bench report
	@.venv/bin/python -m bench serving
	@.venv/bin/python scripts/temporary_postgres.py .venv/bin/python -m bench serving
	@.venv/bin/python scripts/temporary_postgres.py .venv/bin/python -m bench saving
	@.venv/bin/python -m bench importing
	@.venv/bin/python scripts/temporary_postgres.py .venv/bin/python -m bench importing
	@.venv/bin/python -m bench onboarding
	@.venv/bin/python scripts/temporary_postgres.py .venv/bin/python -m bench onboarding
	@.venv/bin/python -m bench workbooks

bundle: ## Make one file in dist/ from which a server is installed without a network
	@scripts/setup
	@scripts/bundle

format: ## Put Python files and templates into the common layout
	@scripts/setup dev
	@scripts/format

requirements: ## Pin the newest packages that requirements/*.in allow, with their hashes
	@scripts/requirements

clean: ## Remove what was installed and built; the databases in var/ stay
	rm -rf .venv node_modules static/built staticfiles dist .hypothesis .mypy_cache .pytest_cache .ruff_cache test-results
