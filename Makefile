# Everything runs in .venv, which `make` sets up by itself. Python 3.11 or later, git and make are all it needs.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
PIP := $(RUN) -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

# Compiled once, the project's own modules are loaded by every process that the tests start.
export PYTHONDONTWRITEBYTECODE =

.PHONY: demo test engine permissions mutations soak check preview-diff docs format bench clean

demo: $(VENV)/sandbox ## Run the workflows on this machine: sandbox, deployment, callback, results
	@$(RUN) -m examples.demo

test: $(VENV)/dev ## Run all tests, and tell in a table what they have proved
	@rm -rf .cache/proof
	$(RUN) -m pytest -n 3 --dist loadgroup
	$(RUN) -m tests.proof

engine: $(VENV)/dev ## Deploy with the real Pulumi CLI onto the sandbox: configuration, changes, drift, policies, destroy
	$(RUN) -m pytest tests/engine

permissions: $(VENV)/dev ## Run all tests, and write docs/permissions.md from what they used
	@rm -rf .cache/proof
	$(RUN) -m pytest -n 3 --dist loadgroup
	$(RUN) -m tests.proof --write

mutations: $(VENV)/dev ## Take every safeguard away, one at a time, see it caught, and write docs/mutations.md (some minutes)
	$(RUN) -m tests.mutations

soak: $(VENV)/dev ## Run the campaigns (faults, bad input, load, mutations) and the long tests at full length: about an hour
	@rm -rf .cache/proof
	$(RUN) -m pytest -n 2 --dist loadgroup --long -m "campaign or soak" --ignore tests/campaigns/load
	$(RUN) -m pytest -n 0 -s --long tests/campaigns/load
	$(RUN) -m tests.proof --campaigns

check: $(VENV)/dev ## Lint, format, workflows, generated pages and types
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(VENV)/bin/zizmor --offline --quiet --strict-collection .github
	$(VENV)/bin/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(VENV)/bin/check-jsonschema --quiet --builtin-schema vendor.github-actions .github/actions/*/action.yml
	@if command -v actionlint >/dev/null; then actionlint; \
		else echo "actionlint is not on the PATH, so the workflows were checked without it (docs/deploy.md)"; fi
	$(RUN) -m tools.docs --check
	$(RUN) -m mypy

preview-diff: $(VENV)/dev ## Print as Markdown what the working tree changes in every stack against BASE=<revision>
	@$(RUN) -m tools.preview_diff $(or $(BASE),origin/main)

docs: $(VENV)/dev ## Renew the generated pages of docs/; permissions.md needs all tests: make permissions
	$(RUN) -m tools.docs

format: $(VENV)/dev ## Bring the code into form
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .

bench: $(VENV)/dev ## Measure, and write bench/results.md and bench/counts.json
	$(RUN) -m bench.run
	$(RUN) -m bench.counts

clean: ## Remove what was set up and built
	rm -rf $(VENV) build *.egg-info .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Holdpoint needs Python 3.11 or later, and $(PYTHON) is " + sys.version.split()[0] + ". Say which one to use: make PYTHON=python3.13")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/sandbox: $(VENV)/bin/python requirements.txt requirements-ops.txt requirements-sandbox.txt \
		handlers/requirements.txt sandbox/requirements.txt constraints.txt
	@echo "Installing the sandbox (once, about a minute) ..."
	$(PIP) --requirement requirements-sandbox.txt
	@touch $@

$(VENV)/dev: $(VENV)/sandbox requirements-dev.txt policy/requirements.txt
	@echo "Installing the tools and tests (once, about a minute) ..."
	$(PIP) --requirement requirements-dev.txt
	@touch $@
