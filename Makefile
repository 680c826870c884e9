# Everything a newcomer needs: `make rehearse` and `make test`. Each builds .venv first, from the lock file.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export UV_PYTHON_DOWNLOADS := never
UV_VERSION := 0.13.9

.PHONY: install rehearse test lint types consumers lock clean

install: $(VENV)/.installed

$(VENV)/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "Promptbook needs Python 3.11 or newer: install it, or name it with 'make PYTHON=/path/to/python3 $(MAKECMDGOALS)'." >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Promptbook needs Python's venv and pip modules: on Debian and Ubuntu, install the package python3-venv." >&2; exit 1; }
	@rm -f $@
	@test -x $(BIN)/uv || { $(PYTHON) -m venv --clear $(VENV) && $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION); }
	@echo "Installing Promptbook and what it needs into $(VENV) ..." >&2
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

rehearse: install  ## a whole session with a scripted cast, without token or network
	@$(BIN)/promptbook rehearse $(ARGS)

test: install lint types  ## lint, format, types and all tests
	$(BIN)/pytest

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install
	$(BIN)/pyright

lock: install  ## write requirements.lock anew from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  --python-version 3.11 --all-extras pyproject.toml --output-file requirements.lock

clean:
	rm -rf $(VENV) var build *.egg-info
