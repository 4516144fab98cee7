# Everything here works from a fresh clone with Python 3.11 or newer; `make help` lists what there is.

SELFIES ?=
STYLE ?= corporate
COUNT ?= 12
OUT ?= out

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALLED := $(VENV)/.installed
BOT := $(VENV)/.bot
DEVELOPER := $(VENV)/.developer
MODELS := $(VENV)/.models

.DEFAULT_GOAL := help
.PHONY: help setup demo up test check lint bench

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(DEVELOPER) $(MODELS) ## Make .venv with all that developing and testing needs

demo: $(INSTALLED) $(MODELS) ## Take headshots of the sample sitter, or of SELFIES=folder STYLE=corporate COUNT=12 OUT=out
ifeq ($(SELFIES),)
	@$(BIN)/headroom demo --style '$(STYLE)' --count '$(COUNT)' --out '$(OUT)'
else
	@$(BIN)/headroom shoot '$(SELFIES)' --style '$(STYLE)' --count '$(COUNT)' --out '$(OUT)'
endif

up: $(BOT) $(MODELS) ## Start the whole studio on this machine: bot, playground, engine; ARGS='--port 9000 --open'
	@$(BIN)/headroom up $(ARGS)

test: setup ## Run the tests; ARGS='-m "not slow"' for the fast ones
	@OMP_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 $(ARGS)

check: lint test ## Check format, lint and types, then run the tests: what CI runs

lint: $(DEVELOPER)
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/python -m mypy

bench: setup ## Measure speed and memory on this machine
	@for file in bench/[a-z]*.py; do OMP_NUM_THREADS=1 $(BIN)/python -m bench.$$(basename $$file .py) || exit 1; done

$(VENV)/pyvenv.cfg:
	@test -n '$(PYTHON)' || { echo 'Headroom needs Python 3.11 or newer; name it with PYTHON=/path/to/python3.'; exit 1; }
	@echo '· making $(VENV) with $(PYTHON)'
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo 'Python cannot make virtual environments here; on Debian: apt install python3-venv'; exit 1; }

$(INSTALLED): pyproject.toml constraints.txt | $(VENV)/pyvenv.cfg
	@echo '· installing Headroom into $(VENV) (about half a minute, once)'
	@$(PIP) install --quiet --constraint constraints.txt --editable .
	@touch $@

$(BOT): $(INSTALLED)
	@echo '· installing the bot (once)'
	@$(PIP) install --quiet --constraint constraints.txt --editable '.[bot]'
	@touch $@

$(DEVELOPER): $(INSTALLED)
	@echo '· installing what tests and checks need (once)'
	@$(PIP) install --quiet --constraint constraints.txt --upgrade pip
	@$(PIP) install --quiet --constraint constraints.txt --editable '.[bot]' --group dev
	@touch $@

$(MODELS): engine/models.toml | $(INSTALLED)
	@echo '· fetching the small model files (once)'
	@$(BIN)/headroom models pull
	@touch $@
