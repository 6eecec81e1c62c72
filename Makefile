# `make models`, `make wheel` and `make test` need Python 3.11 or newer, git and make; everything else goes into .venv.

PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed
UPSTREAM := build/upstream/openai.yaml
NEWEST = $(lastword $(sort $(wildcard specs/realtime/*-ga.yaml)))

.PHONY: models wheel regenerate reproducible test cases workflows bench clean

models: $(INSTALLED)
	$(BIN)/modelgen generate

wheel: $(INSTALLED)
	$(BIN)/modelgen build

# Brings what is upstream now, and says in build/report.md what that changes: the text of the pull request, which GitHub
# takes up to 65536 characters of.
regenerate: $(INSTALLED)
	$(BIN)/modelgen fetch
	$(BIN)/modelgen generate
	mkdir -p build
	$(BIN)/modelgen check 2>build/summary.txt
	git status --short -- generated modelgen.lock >>build/summary.txt
	git diff --stat -- generated modelgen.lock >>build/summary.txt
	$(BIN)/modelgen diff $(NEWEST) $(UPSTREAM) --select 'Realtime*' --format markdown -o build/changes.md
	{ echo 'Generated from what is upstream now:'; echo; sed 's/^/    /' build/summary.txt; \
		echo; echo 'What upstream says that specs/realtime does not:'; echo; \
		head -c 60000 build/changes.md; \
		test $$(wc -c <build/changes.md) -le 60000 || echo '… and more, in build/changes.md'; } >build/report.md
	cat build/report.md

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
