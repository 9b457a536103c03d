# Needs only Python 3.11 or newer, make and the package registries. Everything it makes lies in .venv and var/.

PYTHON := $(shell for p in python3.13 python3.12 python3.11 python3 python3.14 python; do \
	  $$p -c 'import sys; raise SystemExit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
RUN := .venv/bin/python
PACKAGES := contracts streams detectors alerts dashboards fenghuo
CODE := $(PACKAGES) tests bench tools

# Compiled code is kept: without it every process of the stack compiles everything again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help python venv dev up test lint types imports doctest soak bench detection reading storm notifier mutants pictures format docs lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

python:
	@test -n "$(PYTHON)" || { echo "fenghuo: Python 3.11 or newer is needed and was not found; install one and start again" >&2; exit 1; }

venv: python ## .venv with what a run needs
	@$(PYTHON) tools/install.py requirements.lock

dev: python ## .venv with what tests and linters need too
	@$(PYTHON) tools/install.py requirements-dev.lock

up: venv ## the whole thing, live; ARGS="--workers 2 --speed 600" adds options
	@$(RUN) -m fenghuo up $(ARGS)

# Two processes, each with servers of its own; a file's tests stay together.
test: dev ## all tests with doctests, on real Kafka, Valkey and InfluxDB; ARGS="-k word" chooses, ARGS="-n 0" in one process
	@$(RUN) -m pytest -n 2 --dist loadfile $(ARGS)

lint: dev ## style
	@$(RUN) -m ruff format --check --quiet $(CODE)
	@$(RUN) -m ruff check --quiet $(CODE)

types: dev ## mypy, strict
	@$(RUN) -m mypy

imports: dev ## who may import whom
	@.venv/bin/lint-imports

doctest: dev ## the examples in the code alone
	@$(RUN) -m pytest -q $(PACKAGES)

soak: dev ## long: kills at random, counts must stay exact
	@$(RUN) -m bench.soak $(ARGS)

bench: dev ## throughput, what the time goes into, latency, memory
	@$(RUN) -m bench $(ARGS)

detection: dev ## how well it detects, beside the usual rules; ARGS="nab small" for parts
	@$(RUN) -m bench.detection $(ARGS)

reading: dev ## how well it reads texts; ARGS="sentiment mask category speed" for parts
	@$(RUN) -m bench.text $(ARGS)

storm: dev ## long: incidents under random rules against a model, and deciding under load
	@$(RUN) -m bench.incident_storm $(ARGS)
	@$(RUN) -m bench.decide_load

notifier: dev ## long: the telling stage killed at random; each change must be told
	@$(RUN) -m bench.notifier_kills $(ARGS)

mutants: dev ## long: changes on purpose what decides whom to wake; a test must notice; ARGS="'alerts.duty*'" for parts
	@.venv/bin/mutmut run --max-children 1 $(ARGS)

pictures: dev ## screenshots of the console, made from the simulated day; needs Chromium
	@$(RUN) -m tools.screenshots $(ARGS)

format: dev ## put the code into shape
	@$(RUN) -m ruff format --quiet $(CODE)
	@$(RUN) -m ruff check --quiet --fix $(CODE)

docs: dev ## write the reference pages anew
	@$(RUN) -m tools.docs

UV_COMPILE := -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	--no-emit-index-url --no-emit-find-links
lock: dev ## write the lock files anew; ARGS="--upgrade" for newer versions
	@$(RUN) $(UV_COMPILE) $(ARGS) --extra dev pyproject.toml -o requirements-dev.lock
	@$(RUN) $(UV_COMPILE) $(ARGS) -c requirements-dev.lock pyproject.toml -o requirements.lock

clean: ## remove .venv, var/ and caches
	@rm -rf .venv var mutants .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
