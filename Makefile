# make film      make the example film (the first run also installs: a few minutes)
# make test      everything: lint, types, all tests
# make check     the quick loop: lint, types, tests that are not slow
# make release   the very long tests: every shipped board, an eleven-minute film (half an hour)
# make wheel     build dist/*.whl
# make pictures  make the pictures of README again (some minutes)
# make clean     remove what the above made, the environment too

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STORY  ?= storyboards/fox-and-lantern.txt
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --constraint constraints.txt
# What pip would do on one core; the newest syntax in what others ship is no error of ours.
BYTES  := $(BIN)/python -m compileall -q -j 0 -x '/tests/' $(VENV)/lib storyforge >/dev/null 2>&1 || true

.DEFAULT_GOAL := help
.PHONY: help film test check release lint types tests quick wheel pictures clean

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

film: $(VENV)/installed
	@$(BIN)/storyforge film $(STORY)

# Types are checked while tests run.
test: lint
	@$(MAKE) --no-print-directory --jobs 2 types tests

check: lint
	@$(MAKE) --no-print-directory --jobs 2 types quick

tests: $(VENV)/installed-dev
	@$(BIN)/python -m pytest -n 2 --dist worksteal --durations=10

quick: $(VENV)/installed-dev
	@$(BIN)/python -m pytest -n 2 --dist worksteal -m "not slow" --ignore=tests/backends/diffusers

release: $(VENV)/installed-dev
	@$(BIN)/python -m pytest --override-ini addopts="--strict-markers -q" tests/release

lint: $(VENV)/installed-dev
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

types: $(VENV)/installed-dev
	@$(BIN)/mypy

wheel: $(VENV)/installed
	@$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir dist .
	@ls dist/*.whl

pictures: $(VENV)/installed
	@$(BIN)/python docs/pictures/make.py

clean:
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis

# An environment made by hand is used as it is; one whose making was interrupted has no working pip, and is made again.
$(VENV)/usable:
	@$(PYTHON) -c 'import sys; v = sys.version_info; v >= (3, 11) or sys.exit("storyforge needs Python 3.11 or newer, but " + \
	  sys.executable + " is %d.%d; name another: make PYTHON=python3.12" % v[:2])'
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { echo "Making $(VENV)" && $(PYTHON) -m venv --clear $(VENV); }
	@touch $@

$(VENV)/installed: pyproject.toml constraints.txt | $(VENV)/usable
	@echo "Installing storyforge and what it needs into $(VENV) (minutes the first time)"
	@$(PIP) --editable .
	@$(BYTES)
	@touch $@

$(VENV)/installed-dev: pyproject.toml constraints.txt | $(VENV)/usable
	@echo "Installing storyforge, what it needs and the development extras into $(VENV) (minutes the first time)"
	@$(PIP) --editable '.[dev]'
	@$(BYTES)
	@touch $(VENV)/installed $@
