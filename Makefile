# `make models`, `make wheel` and `make test` need Python 3.11 or newer, git and make; everything else goes into .venv.

PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed
# Where releases are built: with the tools that requirements/release.txt pins.
RELEASE := build/venvs/release
# The last number of the version of a package: another for each release of one day.
BUILD ?= 0

.PHONY: models wheel regenerate patch apply reproducible release generator same pins test cases workflows bench clean

models: $(INSTALLED)
	$(BIN)/modelgen generate

wheel: $(INSTALLED)
	$(BIN)/modelgen build --build $(BUILD)

# Brings everything up to what upstream publishes now, and writes the text of a pull request, if there is something to
# propose: what somebody has to decide is on top. Succeeds where decisions are left: `make test` of the branch fails then.
regenerate: $(INSTALLED)
	mkdir -p build
	$(BIN)/modelgen update -o build/pull-request.md || test $$? -eq 1

# What `regenerate` changed, as a file; and a clone that is made to have it, by a job that runs nothing else.
PROPOSED := generated specs docs modelgen.lock pyproject.toml
patch:
	git add --intent-to-add -- $(PROPOSED)
	git diff --binary -- $(PROPOSED) >build/update.patch

apply:
	git apply --include='generated/*' --include='specs/*' --include='docs/*' \
		--include=modelgen.lock --include=pyproject.toml build/update.patch

# Builds again from a clone of the last commit, as somebody else at another place, and compares every byte.
reproducible: $(INSTALLED)
	rm -rf dist build/again
	$(MAKE) wheel
	umask 077 && git clone --quiet . build/again && cd build/again && \
		TZ=Asia/Tokyo PYTHONHASHSEED=7 $(abspath $(BIN))/modelgen build --build $(BUILD)
	diff -r dist build/again/dist

# Builds what a tag names: models-2026.8.21.0 is the package, v0.1.0 the generator.
release: $(RELEASE)/.installed
	echo "$$TAG" | grep -qxE 'models-[0-9]+(\.[0-9]+)+'
	$(MAKE) reproducible BIN=$(RELEASE)/bin INSTALLED=$(RELEASE)/.installed BUILD="$${TAG##*.}"
	test -f "dist/realtime_models-$${TAG#models-}-py3-none-any.whl"

generator: $(RELEASE)/.installed
	echo "$$TAG" | grep -qxE 'v[0-9]+(\.[0-9]+)+'
	rm -rf dist build/again
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(RELEASE)/bin/python -m build --no-isolation -o dist
	umask 077 && git clone --quiet . build/again && cd build/again && \
		SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) TZ=Asia/Tokyo PYTHONHASHSEED=7 \
		$(abspath $(RELEASE))/bin/python -m build --no-isolation -o dist
	diff -r dist build/again/dist
	test -f "dist/openapi_modelgen-$${TAG#v}-py3-none-any.whl"

# Are the archives of two environments, in folders below dist, the same?
same:
	test "$$(ls dist | wc -l)" -ge 2
	cd dist && for each in *; do diff -r "$$(ls | head -n 1)" "$$each"; done

# Pins what releases are built with, to the newest of what pyproject.toml allows.
pins: $(INSTALLED)
	$(BIN)/uv pip compile pyproject.toml --extra build --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --no-emit-index-url --quiet --upgrade -o requirements/release.txt

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
	$(BIN)/zizmor --offline --quiet --strict-collection --pedantic \
		.github action.yml diff/action.yml .pre-commit-hooks.yaml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-actions action.yml diff/action.yml
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

$(RELEASE)/.installed: pyproject.toml requirements/release.txt
	test -x $(RELEASE)/bin/python || $(PYTHON) -m venv $(RELEASE)
	$(RELEASE)/bin/python -m pip install --quiet --disable-pip-version-check \
		--require-hashes -r requirements/release.txt
	$(RELEASE)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation .
	touch $@
