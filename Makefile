# Everything a newcomer needs: `make rehearse` and `make test`. Each builds .venv first, from the lock file.
# To use another Python beside it, name it and a folder for its environment: `make test PYTHON=python3.13 VENV=.venv-3.13`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export UV_PYTHON_DOWNLOADS := never
# Tests and rehearsals start many processes, and each of them would compile all it imports once more.
unexport PYTHONDONTWRITEBYTECODE
UV_VERSION := 0.13.9

.PHONY: help fix install rehearse test rest test-long test-stops lint types evening pictures kills states stops storms presses races exporting casting scenarios holes bench alignment crosstalk fuzz consumers lock lock-consumers clean

help:  ## what can be made
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | sort | while IFS="$$(printf '\t')" read -r name what; do printf '  %-14s %s\n' "$$name" "$$what"; done

install: $(VENV)/.installed  ## everything that is needed, into .venv from the lock file

$(VENV)/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "Promptbook needs Python 3.11 or newer: install it, or name it with 'make PYTHON=/path/to/python3 $(MAKECMDGOALS)'." >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Promptbook needs Python's venv and pip modules: on Debian and Ubuntu, install the package python3-venv." >&2; exit 1; }
	@rm -f $@
	@test -x $(BIN)/uv || { $(PYTHON) -m venv --clear $(VENV) && $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION); }
	@echo "Installing Promptbook and what it needs into $(VENV) ..." >&2
	@$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

rehearse: install  ## a whole session with a scripted cast, without token or network
	@$(BIN)/promptbook rehearse $(ARGS)

evening: install  ## an evening on which everything happens, held against the store; PERFORMERS, SCENES, ARGS
	@$(BIN)/promptbook rehearse --home var/evening --performers $(or $(PERFORMERS),8) --scenes $(or $(SCENES),4) $(ARGS)

# Whole rehearsals keep real time: they run after everything else, which takes both cores. What stands in one file is
# given to one process, so that a rehearsal many tests look at is played once.
WHOLE := tests/whole
LONG := tests/long
REST := $(filter-out tests/__pycache__ $(WHOLE) $(LONG) tests/consumers,$(patsubst %/,%,$(wildcard tests/*/)))

test: install lint  ## lint, format, types and all tests
	@$(MAKE) --no-print-directory --jobs 2 types rest
	$(BIN)/pytest --numprocesses 4 --dist loadfile $(WHOLE)

rest: install  ## the tests that run beside each other
	$(BIN)/pytest --numprocesses 5 --dist worksteal $(REST)

test-long: install  ## evenings of some minutes: everything that happens in one, and the bot ended by force in every state
	$(BIN)/pytest --numprocesses 2 --dist loadgroup --ignore $(LONG)/test_stops.py $(LONG)

test-stops: install  ## one test per stop (X-card, withdrawal, pause, cut) and fault, some ten minutes
	$(BIN)/pytest --numprocesses 2 --dist loadgroup $(LONG)/test_stops.py

scenarios: install  ## what the network can do to a recording: a table of frames missing, and rules taken out in turn
	$(BIN)/python -m tools.scenarios

holes: install  ## what is missing when a voice connection ends, worst of RUNS
	$(BIN)/python -m tools.scenarios.connection $(or $(RUNS),10)

bench: install  ## what recording costs: CPU a packet, a call at live pace, memory; ARGS="--only burst" for one of them
	$(BIN)/python -m tools.bench $(ARGS)

alignment: install  ## how far sound lies from where it was said, over ten-minute takes
	$(BIN)/python -m tools.bench.alignment $(ARGS)

crosstalk: install  ## how often another performer's voice in a track is found, and one that is not there
	$(BIN)/python -m tools.bench.crosstalk $(ARGS)

fuzz: install  ## a million hostile packets; ARGS="--packets N --seed S"
	$(BIN)/python -m tools.fuzz $(ARGS)

pictures: install  ## docs/pictures from the bot's real messages, with Debian's Chromium; ARGS="--check" or names of states
	@$(BIN)/python -m tools.pictures $(ARGS)

kills: install  ## end the bot by force in RUNS short rehearsals; goes on where an earlier call stopped
	$(BIN)/python -m tools.kills --runs $(or $(RUNS),100) --results build/kills.jsonl

fix: install  ## what ruff can fix by itself: imports, format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lint: install  ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

# Libraries' types differ with the Python that they are installed for: they are read as that version.
types: install  ## pyright
	$(BIN)/pyright --venvpath $(VENV) --pythonversion $$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_python_version())')

CONSUMERS := .venv-consumers
SYNTHETIC := build/consumers/dataset

consumers: $(CONSUMERS)/.installed  ## load an export as its users do; DATASET=FOLDER, or a synthetic one
	@$(if $(DATASET),,$(BIN)/python -m tools.synthetic $(SYNTHETIC))
	@PROMPTBOOK_DATASET=$(or $(DATASET),$(SYNTHETIC)) $(CONSUMERS)/bin/python -m pytest \
	  -c tests/consumers/pytest.ini --rootdir tests/consumers tests/consumers

$(CONSUMERS)/.installed: requirements-consumers.lock | install
	@rm -f $@
	@echo "Installing what a data user would have into $(CONSUMERS) ..." >&2
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(CONSUMERS)
	@$(BIN)/uv pip sync --quiet --python $(CONSUMERS)/bin/python --require-hashes requirements-consumers.lock
	@touch $@

lock-consumers: install  ## requirements-consumers.lock from what a data user has
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  --python-version 3.11 tests/consumers/requirements.in --output-file requirements-consumers.lock

lock: install  ## requirements.lock from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  --python-version 3.11 --all-extras pyproject.toml --output-file requirements.lock

clean:  ## remove environments and builds
	rm -rf $(VENV) $(CONSUMERS) build *.egg-info

states: install  ## the bot ended by force in every state of a session
	$(BIN)/python -m tools.evenings.states

stops: install  ## every stop amid every fault, with the bot alive and killed; ARGS="--only locked/x_card/killed", any part
	$(BIN)/python -m tools.stops $(ARGS)

storms: install  ## random evenings with failing disk and Discord, and restarts, held against what people asked for; ARGS="--evenings N --seed S"
	@$(BIN)/python -m tools.storms $(ARGS)

presses: install  ## how fast a thousand presses are answered while eight people talk and are recorded
	$(BIN)/python -m tools.evenings.presses $(ARGS)

races: install  ## two coordinators press different buttons at the same moment, 200 times
	$(BIN)/python -m tools.evenings.races $(ARGS)

casting: install  ## a thousand troupes dealt by the design and at random, and brute force beside it
	$(BIN)/python -m tools.casting $(ARGS)

exporting: install  ## what exporting 1,000 sessions costs one that is recorded; ARGS="--beside CHECKOUT --sessions N --turns N --seconds N"
	$(BIN)/python -m tools.evenings.exporting $(ARGS)
