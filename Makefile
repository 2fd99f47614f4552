# Sightline's commands. `make run` needs Python 3.11 to 3.13 and nothing else of the system.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= $(shell for p in python3.12 python3.11 python3.13 python3; do \
	$$p -c 'import sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
# Tests run side by side, a file at a time, each process with a server of its own.
JOBS ?= 2
export PYTHONDONTWRITEBYTECODE :=
export SIGHTLINE_COUNCIL ?= barnet
ifdef COUNCIL
export SIGHTLINE_COUNCIL := $(COUNCIL)
endif

.PHONY: help env run up down test nightly lint bench trace clean

help: ## what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 8

env: $(VENV)/.made ## the environment, from the pinned requirements

$(VENV)/.made: requirements.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 with venv is needed (Debian: apt-get install python3-venv)"; exit 2; }
	@echo "making the environment with $$($(PYTHON) --version) ..." >&2
	@$(PYTHON) -m venv $(VENV)
	@awk '/^[a-z]/ { on = /^uv==/ } on' requirements.txt > $(VENV)/uv.txt
	@$(BIN)/python -m pip install -qq --no-deps --require-hashes -r $(VENV)/uv.txt \
	    && UV_HTTP_TIMEOUT=20 $(BIN)/uv pip install -q --python $(BIN)/python --no-deps --require-hashes --compile-bytecode \
	        -r requirements.txt 2>/dev/null \
	    || $(BIN)/python -m pip install -qq --no-deps --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install -qq --no-deps --no-build-isolation --editable .
	@touch $@

run: env ## everything from nothing: extracts, Airflow, feeds, build, reports
	@$(BIN)/sightline run

up: env ## the same, and Airflow stays up with its page on localhost
	@$(BIN)/sightline up

down: env ## stop what `make up` left running
	@$(BIN)/sightline down

lint: env ## Python and SQL
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/sqlfluff lint dbt_project --disable-progress-bar

test: env ## every test, lint included
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/sqlfluff lint dbt_project --disable-progress-bar -q
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadfile

nightly: env ## the long tests: damaged files, kills, made-up histories, every change of a rule
	@SIGHTLINE_MUTATIONS=10000 SIGHTLINE_KILLS=200 HISTORIES=20 $(BIN)/python -m pytest \
	    tests/test_mutations.py tests/test_ingest_kill.py tests/test_histories.py
	@$(BIN)/python -m bench.mutation

bench: env ## the benchmarks, results as JSON and a table
	@$(BIN)/python -m bench

trace: env ## an indicator's way from report to feed: make trace ID=ASM-03
	@$(BIN)/sightline trace $(ID)

clean: down ## remove everything that was written
	@rm -rf var $(VENV)
