# Datasjø: every verb sets up what it needs. `make help` lists them.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCKS := deploy/requirements
DATA ?= ../shared/data
export UV_COMPILE_BYTECODE := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help setup packages browser demo up portal portal-up test cover test-live lint bench real lock check clean
.DEFAULT_GOAL := help

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: $(VENV)/.ready  ## the environment, from pinned requirements

$(VENV)/.ready: $(LOCKS)/dev.txt $(LOCKS)/uv.txt pyproject.toml
	@echo "Setting up $(VENV) (once, about a minute) ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Datasjø needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --requirement $(LOCKS)/uv.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --requirement $(LOCKS)/dev.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup  ## the main job on the demo network: sources to portal
	@$(BIN)/datasjo demo

up: setup  ## the Dagster UI on the demo network
	@$(BIN)/datasjo up

portal: setup  ## the released datasets, served on loopback
	@$(BIN)/datasjo portal

packages:
	@deploy/packages.sh

browser:
	@deploy/packages.sh browser

portal-up: packages setup $(VENV)-ckan/.ready .solr/.ready  ## a real CKAN on loopback, until Ctrl-C
	@$(BIN)/python deploy/ckan/stand.py

check: setup  ## load and cross-check every contract, municipality and policy
	@$(BIN)/datasjo check

test: setup  ## every test
	@$(BIN)/pytest

cover: setup  ## the branches of gdpr/ that its tests take: all of them
	@$(BIN)/pytest tests/gdpr tests/laws --cov=gdpr --cov-branch --cov-report=term-missing:skip-covered --cov-fail-under=100

test-live: browser setup $(VENV)-ckan/.ready $(VENV)-accept/.ready .solr/.ready  ## the tests that need a real CKAN, which they start and stop, a browser, and the readers of packages
	@$(BIN)/pytest -m portal tests/live

lint: setup $(VENV)-lint/.ready  ## style, types, import contracts, the contracts' own standard
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@for contract in schemas/datasets/*.odcs.yaml; do $(VENV)-lint/bin/datacontract lint $$contract || exit 1; done

$(VENV)-lint/.ready: $(LOCKS)/lint.txt | $(VENV)/.ready
	@$(PYTHON) -m venv --without-pip $(VENV)-lint
	@$(BIN)/uv pip install --quiet --python $(VENV)-lint/bin/python --requirement $(LOCKS)/lint.txt
	@touch $@

$(VENV)-ckan/.ready: $(LOCKS)/ckan.txt | $(VENV)/.ready
	@$(PYTHON) -m venv --without-pip $(VENV)-ckan
	@$(BIN)/uv pip install --quiet --python $(VENV)-ckan/bin/python --requirement $(LOCKS)/ckan.txt
	@touch $@

.solr/.ready: deploy/ckan/pom.xml | packages
	@mvn --quiet --batch-mode --file deploy/ckan/pom.xml dependency:copy-dependencies -DoutputDirectory=$(CURDIR)/.solr
	@touch $@

$(VENV)-accept/.ready: $(LOCKS)/accept.txt | $(VENV)/.ready
	@$(PYTHON) -m venv --without-pip $(VENV)-accept
	@$(BIN)/uv pip install --quiet --python $(VENV)-accept/bin/python --requirement $(LOCKS)/accept.txt
	@touch $@

$(VENV)-bench/.ready: $(LOCKS)/bench.txt | $(VENV)/.ready
	@$(PYTHON) -m venv --without-pip $(VENV)-bench
	@$(BIN)/uv pip install --quiet --python $(VENV)-bench/bin/python --requirement $(LOCKS)/bench.txt
	@touch $@

bench: setup $(VENV)-bench/.ready  ## the figures, beside the bare limit and the peers (ONLY=ingest)
	@$(BIN)/python -m benchmarks $(ONLY)

real: setup  ## the main job on real data (DATA=folder)
	@$(BIN)/datasjo real $(DATA)

lock: setup  ## compile the pinned requirements again
	@for group in dev lint bench ckan accept; do $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --no-header --no-annotate --generate-hashes --upgrade $$( [ $$group = dev ] && echo pyproject.toml ) --group $$group --output-file $(LOCKS)/$$group.txt; done

clean:  ## remove environments and what the demo made
	@rm -rf $(VENV) $(VENV)-lint $(VENV)-bench $(VENV)-ckan $(VENV)-accept .solr var build
