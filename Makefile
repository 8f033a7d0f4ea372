# Everything sets itself up: Python 3.11 or newer and make are all that is needed.

# Plain enough for the make 3.81 that comes with macOS.
SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

VENV := .venv
READY := $(VENV)/.ready
BENCH_READY := .venv-bench/.ready
MUTANTS_READY := .venv-mutants/.ready
PYTHON := $(VENV)/bin/python
PIP := -m pip --disable-pip-version-check
PINNED = env -u PIP_FIND_LINKS $(PYTHON) -m piptools compile --quiet --strip-extras --no-header --annotation-style=line \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options

# The first interpreter that is new enough and really starts: a version manager's shims may not.
find_python = for candidate in $${QUAYSIDE_PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do \
		if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
			echo "$$candidate"; exit 0; fi; done; \
	echo "Quayside needs Python 3.11 or newer; set QUAYSIDE_PYTHON to its path." >&2; exit 1

define make_environment
	@python="$$($(find_python))" || exit 1; \
	if ! "$$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then \
		echo "$$python cannot create a virtual environment: install its venv module" \
			"(on Debian and Ubuntu the package python3-venv), then run make again." >&2; exit 1; fi; \
	if ! $(1)/bin/python -m pip --version >/dev/null 2>&1; then \
		echo "creating $(1) with $$("$$python" --version)"; "$$python" -m venv --clear $(1); fi
endef

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(READY): requirements.txt requirements-dev.txt pyproject.toml
	$(call make_environment,$(VENV))
	@echo "installing what Quayside needs into $(VENV)"
	@set -o pipefail; $(PYTHON) $(PIP) install -r requirements.txt -r requirements-dev.txt | { grep -vE '^(Requirement already|Looking in)' || true; }
	@$(PYTHON) $(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(BENCH_READY): requirements-bench.txt
	$(call make_environment,.venv-bench)
	@echo "installing a peer to measure against into .venv-bench"
	@set -o pipefail; .venv-bench/bin/python $(PIP) install -r requirements-bench.txt | { grep -vE '^(Requirement already|Looking in)' || true; }
	@touch $@

$(MUTANTS_READY): requirements.txt requirements-dev.txt requirements-mutants.txt
	$(call make_environment,.venv-mutants)
	@echo "installing what changes the source in small ways into .venv-mutants"
	@.venv-mutants/bin/python $(PIP) install --quiet -r requirements.txt -r requirements-dev.txt
	@.venv-mutants/bin/python $(PIP) install --quiet -r requirements-mutants.txt
	@touch $@

.PHONY: install
install: $(READY) ## the virtual environment, and nothing else

.PHONY: demo
demo: $(READY) ## the sample day, from start to finish; ARGS=--check judges it
	@$(VENV)/bin/quayside demo $(ARGS)

.PHONY: check
check: $(READY) ## tests that need neither broker nor network, and no patience (1 minute)
	@$(PYTHON) -m pytest -m "not broker and not systems and not slow" --ignore=tests/systems --ignore=tests/faults --numprocesses=logical --dist=worksteal --session-timeout=60 $(ARGS)

.PHONY: test
test: $(READY) ## check, and what needs the embedded Kafka (15 minutes)
	@$(PYTHON) -m pytest -m "not broker and not systems" --numprocesses=logical --dist=worksteal --session-timeout=840 --hypothesis-profile=thorough $(ARGS) \
		|| { code=$$?; [ $$code -eq 5 ] && [ -n "$(ARGS)" ]; }
	@$(PYTHON) -m pytest -m "broker and not systems" --numprocesses=logical --dist=loadfile --session-timeout=840 --hypothesis-profile=thorough $(ARGS)

.PHONY: test-systems
test-systems: $(READY) ## a real ERP, real ticket systems, a real mail server (20 minutes)
	@$(PYTHON) -m pytest -m systems --session-timeout=1200 $(ARGS)

.PHONY: lint
lint: $(READY) ## style, types, direction of imports, generated files (4 minutes)
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy
	@$(VENV)/bin/lint-imports --no-logo
	@$(PYTHON) -m pytest --quiet --no-header tests/golden
	@$(PYTHON) -m desk.generate --check
	@if docker compose version >/dev/null 2>&1; then docker compose -f docker/compose.yaml config --quiet; \
		else echo "docker compose is not here: compose.yaml was checked by tests/docker only"; fi

.PHONY: format
format: $(READY) ## put the source into its one form
	@$(PYTHON) -m ruff check --fix-only --quiet .
	@$(PYTHON) -m ruff format .

.PHONY: bench
bench: $(READY) $(BENCH_READY) ## the engine beside its peers
	@$(PYTHON) -m benchmarks $(ARGS)

.PHONY: handovers
handovers: $(READY) ## a hundred workers taken away under load, half of them by kill -9 (ten minutes)
	@HANDOVERS=100 $(PYTHON) -m pytest --capture=no tests/faults/test_handovers.py -k handovers_under_load $(ARGS)

.PHONY: mutants
mutants: $(MUTANTS_READY) ## whether tests notice small changes of the detection (half an hour)
	@.venv-mutants/bin/python -m tests.mutants $(ARGS)

.PHONY: requirements
requirements: $(READY) ## pin all dependencies anew, without any address
	@$(PINNED) $(ARGS) --extra local --output-file requirements.txt pyproject.toml
	@$(PINNED) $(ARGS) --output-file requirements-dev.txt requirements-dev.in
	@$(PINNED) $(ARGS) --output-file requirements-bench.txt requirements-bench.in
	@$(PINNED) $(ARGS) --output-file requirements-mutants.txt requirements-mutants.in
	@$(PYTHON) -m desk.broker.jars > desk/broker/kafka.lock.new
	@mv desk/broker/kafka.lock.new desk/broker/kafka.lock
