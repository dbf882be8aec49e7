# The desk, from a machine with Python 3.11 or newer and make. `make help` says what there is.

HOST ?= 127.0.0.1
PORT ?= 8000
COMPLAINTS ?= 2000
PYTEST ?= -n 3 --dist worksteal
BENCH ?=

BIN := .venv/bin
INSTALLED := .venv/.installed
ASSETS := web/static/vendor/.stamp
.DEFAULT_GOAL := help
.PHONY: help run test soak check bench install lock chromium clean

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(INSTALLED) $(ASSETS) ## Open the desk at http://127.0.0.1:8000, with a demonstration on it
	@exec $(BIN)/recovery serve --host $(HOST) --port $(PORT) --demo $(COMPLAINTS)

test: $(INSTALLED) $(ASSETS) chromium ## Run the whole suite, in a browser too
	$(BIN)/python -m pytest $(PYTEST)

soak: $(INSTALLED) $(ASSETS) chromium ## Run what takes minutes: kills by the hundred, thousands of messages
	$(BIN)/python -m pytest $(PYTEST) --hypothesis-profile search -m "soak or hypothesis"

check: $(INSTALLED) ## Look at format, style, types and layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(INSTALLED) $(ASSETS) ## Measure, and print the figures as JSON (BENCH="--quick")
	@$(BIN)/python -m tests.benchmarks $(BENCH)

install: $(INSTALLED) $(ASSETS) ## Install everything into .venv, and the pages' style sheet

lock: ## Write requirements.lock anew (needs uv)
	@UV=$$(command -v uv || ls $(BIN)/uv 2>/dev/null) || { echo "Install uv first: https://docs.astral.sh/uv/" >&2; exit 1; }; \
	$$UV pip compile --universal --generate-hashes --all-extras --python-version 3.11 \
	  pyproject.toml -o requirements.lock --no-header --no-emit-index-url --no-annotate --quiet

clean: ## Remove what was installed and built; the data stay
	rm -rf .venv web/static/vendor build dist

$(INSTALLED): requirements.lock pyproject.toml
	@sh .ci/venv .venv
	@echo "Installing into .venv (once, a minute or two) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
	  --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
	  --no-deps --no-build-isolation -e .
	@touch $@

$(ASSETS): package-lock.json web/assets.py | $(INSTALLED)
	@echo "Fetching the pages' style sheet and script …"
	@$(BIN)/python -m web.assets
	@touch $@

chromium:
	@sh .ci/chromium
