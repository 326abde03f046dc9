# Mihwar. `make demo` and `make test` each do all their own set-up; nothing is asked, nothing is
# installed outside this folder.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Errors only: setuptools warns at length of what an editable install is.
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check
PORT ?=

.DEFAULT_GOAL := help
.PHONY: help demo test check lint types contracts bench lock clean check-wheel check-minimum fuzz

help:
	@echo "make demo    read the sample reports and open the dashboard on 127.0.0.1"
	@echo "make test    run all tests (browser tests need an installed Chromium)"
	@echo "make check   tests, lint, types, import rules: what CI runs"
	@echo "make bench   measure how fast articles are read"
	@echo "make check-wheel    install the wheel alone in an empty environment and run it there"
	@echo "make check-minimum  test with the oldest versions of the dependencies that are allowed"
	@echo "make fuzz TARGET=csv SECONDS=600  fuzz a reader (see benchmarks/fuzz)"
	@echo "make lock    write requirements.lock anew"
	@echo "make clean   remove the virtual environment"

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "Mihwar needs Python 3.11 or newer: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python's venv module is missing; install it with: sudo apt install python3-venv"; exit 1; }
	@echo "Setting up $(VENV), once; it takes a minute or two."
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) --upgrade "pip>=25.1"
	@touch $@

$(VENV)/.installed: $(VENV)/.made pyproject.toml requirements.lock
	@$(PIP) --constraint requirements.lock --editable .
	@touch $@

$(VENV)/.tools: $(VENV)/.installed
	@echo "Installing the tools for tests and checks, once."
	@$(PIP) --constraint requirements.lock --group dev --editable ".[postgres,dask,auth]"
	@touch $@

demo: $(VENV)/.installed
	$(BIN)/mihwar demo $(if $(PORT),--port $(PORT))

test: $(VENV)/.tools
	$(BIN)/python -m pytest

lint: $(VENV)/.tools
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/numpydoc lint $$(git ls-files 'gazetteer/*.py' 'geocode/*.py' 'dashboard/*.py')

types: $(VENV)/.tools
	$(BIN)/mypy

contracts: $(VENV)/.tools
	$(BIN)/lint-imports

check: lint types contracts
	$(BIN)/python -m pytest --cov --cov-report=term:skip-covered
	$(BIN)/mihwar gazetteer check

bench: $(VENV)/.tools
	@$(PIP) flashgeotext
	$(BIN)/python benchmarks/reading.py

check-wheel: $(VENV)/.tools
	.ci/check-wheel

check-minimum:
	.ci/check-minimum

fuzz: $(VENV)/.tools
	@$(PIP) atheris
	cd benchmarks/fuzz && ../../$(BIN)/python run.py $(TARGET) $(or $(SECONDS),600)

lock: $(VENV)/.tools
	@$(PIP) uv
	$(BIN)/uv pip compile --universal --python-version 3.11 --group dev --all-extras pyproject.toml \
	  -o requirements.lock --upgrade --no-header --no-annotate --no-emit-index-url

clean:
	rm -rf $(VENV) build dist *.egg-info
