# The commands of the project; `make help` lists them.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory --no-builtin-rules

PYTHON ?= python3
LISTEN ?= 127.0.0.1
PORT ?= 8000
CLOUD_PORT ?= 8765
DATA_DIR ?= var
STATIC_ROOT ?= $(DATA_DIR)/static
PYTEST_ARGS ?= --numprocesses auto --maxprocesses 4 --dist loadfile
export PYTHON DATA_DIR STATIC_ROOT

BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
# The lists of packages are complete, so pip has nothing to resolve.
PIP_INSTALL := install --quiet --disable-pip-version-check --no-deps

# These files mark completed steps; a step is repeated when its requirements are newer.
INSTALLED := .venv/.requirements
INSTALLED_DEV := .venv/.requirements-dev
INSTALLED_BENCH := .venv-bench/.requirements
INSTALLED_KEYSTONE := .venv-keystone/.requirements
COLLECTED := $(STATIC_ROOT)/staticfiles.json

.PHONY: help run demo-cloud test check format messages docs bench quality corpus clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

run: $(INSTALLED) $(COLLECTED) ## start the portal on this machine (PORT=8000)
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) create_first_admin
	@exec $(MANAGE) serve --host $(LISTEN) --port $(PORT)

# A separate data folder, so that the demonstration does not change the portal's data.
demo-cloud: $(INSTALLED) $(COLLECTED) ## start the portal with a test cloud, to try every screen
	@DATA_DIR=$(DATA_DIR)/demo LISTEN=$(LISTEN) PORT=$(PORT) CLOUD_PORT=$(CLOUD_PORT) \
		exec tools/demo-cloud

test: $(INSTALLED_DEV) $(INSTALLED_KEYSTONE) ## linters and all tests, including browser tests
	@tools/system-packages test
	@$(MAKE) check
	@data=$$(mktemp -d) && trap 'rm -rf "$$data"' EXIT && \
		DATA_DIR=$$data STATIC_ROOT= $(BIN)/python -m pytest $(PYTEST_ARGS)

check: $(INSTALLED_DEV) ## linters, types, import directions, migrations, deployment check
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/mypy
	$(BIN)/lint-imports --verbose
	@data=$$(mktemp -d) && trap 'rm -rf "$$data"' EXIT && export DATA_DIR=$$data HTTPS=1 && \
		$(MANAGE) makemigrations --check --dry-run && \
		$(MANAGE) check --deploy --fail-level WARNING

format: $(INSTALLED_DEV) ## format the source
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

messages: $(INSTALLED_DEV) ## update the Chinese translation file and compile it
	@tools/system-packages test
	$(MANAGE) makemessages --locale zh_Hans --no-obsolete --no-wrap --add-location file \
		--ignore '.venv*' --ignore build --ignore bench --ignore tests --ignore var
	$(MANAGE) compilemessages --locale zh_Hans --ignore '.venv*'

docs: $(INSTALLED) ## update docs/services.md, the tree of docs/architecture.md and the README tables
	$(BIN)/python tools/architecture_tree.py
	$(BIN)/python -m tools.readme_tables
	$(BIN)/python -m ocrportal.submission.services_page > docs/services.md

bench: $(INSTALLED_DEV) $(INSTALLED_BENCH) ## run the benchmarks and print a table
	@tools/system-packages bench
	$(BIN)/python -m bench.speed.run

# Each command updates its own table.
quality: export DATA_DIR := build/quality
quality: export OCRPORTAL_CORPUS := $(CORPUS)
quality: corpus $(INSTALLED_DEV) $(INSTALLED_BENCH) ## the tables of docs/quality.md (CORPUS=DIR)
	@tools/system-packages quality
	$(BIN)/python -m bench.quality.paragraphs --table docs/quality.md
	$(BIN)/python -m bench.layout.reading_order --table docs/quality.md
	$(BIN)/python -m bench.quality.word_pages --table docs/quality.md
	$(BIN)/python -m bench.quality.accuracy --table docs/quality.md
	$(BIN)/python -m bench.quality.searchable_pdf --book --table docs/quality.md
	$(BIN)/python -m bench.quality.tables --table docs/quality.md
	$(BIN)/python -m bench.quality.documents --table docs/quality.md
	$(BIN)/python -m bench.quality.documents --pdf --table docs/quality.md
	$(BIN)/python -m bench.quality.packaged_documents --table docs/quality.md
	$(BIN)/python -m bench.marks.overprints --table docs/quality.md
	$(BIN)/python -m bench.marks.check_boxes --table docs/quality.md
	$(BIN)/python -m bench.speed.exports --table docs/quality.md

corpus:
	@[[ -f "$(CORPUS)/manifest.json" ]] || { \
		echo "There is no manifest.json in CORPUS=$(CORPUS)." >&2; \
		echo "Give the folder of pages with known texts that docs/quality.md describes:" >&2; \
		echo "    make quality CORPUS=DIR" >&2; \
		exit 2; }

clean: ## remove everything that can be recreated; the data in var/ is kept
	rm -rf .venv .venv-bench .venv-keystone build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

$(INSTALLED): requirements.txt
	@tools/system-packages run
	@echo "Installing the requirements of the portal ..."
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed; name it with: make PYTHON=python3.11 ...")'
	@[[ -x $(BIN)/pip ]] || $(PYTHON) -m venv .venv
	@$(BIN)/pip $(PIP_INSTALL) -r requirements.txt
	@touch $@

$(INSTALLED_DEV): $(INSTALLED) requirements-dev.txt
	@echo "Installing the requirements of tests and linters ..."
	@$(BIN)/pip $(PIP_INSTALL) -r requirements-dev.txt
	@touch $@

# The engines to compare with have a separate environment with their own versions.
$(INSTALLED_BENCH): bench/requirements.txt
	@tools/system-packages run
	@[[ -x .venv-bench/bin/pip ]] || $(PYTHON) -m venv .venv-bench
	@echo "Installing the engines to compare with ..."
	@.venv-bench/bin/pip $(PIP_INSTALL) -r bench/requirements.txt
	@touch $@

# Keystone replaces IAM in the tests, in an environment with its own versions.
$(INSTALLED_KEYSTONE): tests/fakes/keystone/requirements.txt
	@tools/system-packages run
	@[[ -x .venv-keystone/bin/pip ]] || $(PYTHON) -m venv .venv-keystone
	@echo "Installing Keystone for the tests ..."
	@.venv-keystone/bin/pip $(PIP_INSTALL) -r tests/fakes/keystone/requirements.txt
	@touch $@

$(COLLECTED): $(INSTALLED) $(shell find static ocrportal -path '*static/*' -type f)
	@$(MANAGE) collectstatic --noinput --verbosity 0
	@touch $@
