# `make models`, `make wheel` and `make test` need Python 3.11 or newer, git and make; everything else goes into .venv.

PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed

.PHONY: models wheel regenerate reproducible test cases workflows bench clean

models: $(INSTALLED)
	$(BIN)/modelgen generate

wheel: $(INSTALLED)
	$(BIN)/modelgen build

# Brings everything up to what upstream publishes now, and writes the text of a pull request, if there is something to
# propose: what somebody has to decide is on top. Succeeds where decisions are left: `make test` of the branch fails then.
regenerate: $(INSTALLED)
	mkdir -p build
	$(BIN)/modelgen update -o build/pull-request.md || test $$? -eq 1

# Builds again from a clone of the last commit, as somebody else at another place, and compares every byte.
reproducible: $(INSTALLED)
	rm -rf dist build/again
	$(MAKE) wheel
	umask 077 && git clone --quiet . build/again && cd build/again && \
		TZ=Asia/Tokyo PYTHONHASHSEED=7 $(abspath $(BIN))/modelgen build
	diff -r dist build/again/dist

test: $(INSTALLED) workflows
	$(BIN)/pytest -n auto
	$(BIN)/modelgen check
	$(BIN)/ruff check .
	$(BIN)/black --check --quiet .
	$(BIN)/mypy
	@if find generated -name '*.py' | grep -q .; then \
		echo "$(BIN)/mypy --strict generated" && $(BIN)/mypy --strict generated; \
	fi

# The cases and the tests of the runtime on another interpreter: make cases PYTHON=python3.13
cases: OTHER = build/venvs/$(shell $(PYTHON) -c 'import platform; print(platform.python_version())')
cases:
	test -x $(OTHER)/bin/pytest || { $(PYTHON) -m venv $(OTHER) && \
		$(OTHER)/bin/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'; }
	$(OTHER)/bin/pytest -n auto tests/test_cases.py tests/test_maps.py tests/test_reconcile_cases.py tests/test_runtime.py

# What other programs read from this repository: is it well-formed, pinned, and no more permitted than it needs?
workflows: $(INSTALLED)
	$(BIN)/zizmor --offline --quiet --strict-collection --pedantic --min-severity low \
		.github action.yml .pre-commit-hooks.yaml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-actions action.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml

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
