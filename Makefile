# `make models`, `make wheel` and `make test` need Python 3.11 or newer, git and make; everything else goes into .venv.

PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed

.PHONY: models wheel test bench clean

models: $(INSTALLED)
	$(BIN)/modelgen generate

wheel: $(INSTALLED)
	$(BIN)/modelgen build

test: $(INSTALLED)
	$(BIN)/pytest -n auto
	$(BIN)/modelgen check
	$(BIN)/ruff check .
	$(BIN)/black --check --quiet .
	$(BIN)/mypy
	@if find generated -name '*.py' | grep -q .; then \
		echo "$(BIN)/mypy --strict generated" && $(BIN)/mypy --strict generated; \
	fi

bench: $(INSTALLED)
	$(BIN)/python benchmarks/run.py

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(INSTALLED): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: make PYTHON=python3.12"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $@
