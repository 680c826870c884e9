# For newcomers: `make rehearse` and `make test`. Each builds .venv first, from the lock file.
# To use another Python as well, name it and a folder for its environment: `make test PYTHON=python3.13 VENV=.venv-3.13`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export UV_PYTHON_DOWNLOADS := never
# Tests and rehearsals start many processes, and without bytecode files each of them would compile all its imports.
unexport PYTHONDONTWRITEBYTECODE
UV_VERSION := 0.13.9
# `make install VOICES=no` in a new environment leaves out eSpeak NG, which is under the GPL: tones stand in for speech.
VOICES ?= yes

.PHONY: help fix install rehearse test rest whole commands test-long test-long-again test-stops lint types evening rough pictures kills states stops storms histories presses crowd races exports exporting held long-takes casting guesser splits erasing agreement simulation scenarios holes bench alignment crosstalk fuzz consumers lock lock-consumers clean turns-truth backups

help:  ## list the targets
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | sort | while IFS="$$(printf '\t')" read -r name what; do printf '  %-14s %s\n' "$$name" "$$what"; done

install: $(VENV)/.installed  ## install everything into .venv from the lock file

$(VENV)/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "Promptbook needs Python 3.11 or newer: install it, or set its path with 'make PYTHON=/path/to/python3 $(MAKECMDGOALS)'." >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Promptbook needs Python's venv and pip modules: on Debian and Ubuntu, install the package python3-venv." >&2; exit 1; }
	@rm -f $@
	@test -x $(BIN)/uv || { $(PYTHON) -m venv --clear $(VENV) && $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION); }
	@echo "Installing Promptbook and its dependencies into $(VENV) ..." >&2
	@$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@test "$(VOICES)" != no || $(BIN)/uv pip uninstall --quiet --python $(BIN)/python espeakng-loader
	@touch $@

rehearse: install  ## play a whole session with a scripted cast, without token or network
	@$(BIN)/promptbook rehearse $(ARGS)

evening: install  ## play an evening with every kind of event, and check the store; PERFORMERS, SCENES, ARGS
	@$(BIN)/promptbook rehearse --home var/evening --performers $(or $(PERFORMERS),8) --scenes $(or $(SCENES),4) $(ARGS)

rough: install  ## play an evening with what the real Discord, moderators and phones do to a bot, and check every frame
	@$(BIN)/promptbook rehearse --rough --home var/rough --performers $(or $(PERFORMERS),8) --scenes $(or $(SCENES),4) $(ARGS)

# Whole rehearsals run in real time, so they run after the tests that use both cores. One process runs all tests of a file,
# so that a rehearsal that several tests check is played once.
WHOLE := tests/whole
LONG := tests/long
COMMANDS := tests/cli
REST := $(filter-out tests/__pycache__ $(WHOLE) $(LONG) $(COMMANDS) tests/consumers,$(patsubst %/,%,$(wildcard tests/*/)))

test: install lint  ## run lint, format, types and all tests
	@$(MAKE) --no-print-directory rest
	@$(MAKE) --no-print-directory --jobs 3 types whole commands

whole: install  ## play rehearsals in real processes, which mostly wait
	$(BIN)/pytest --numprocesses 3 --dist loadfile $(WHOLE)

commands: install  ## run the tests of the command line, which start many processes
	$(BIN)/pytest $(COMMANDS)

rest: install  ## run the tests that can run in parallel
	$(BIN)/pytest --numprocesses 5 --dist worksteal $(REST)

test-long: install  ## run tests that take minutes: an evening with every kind of event, and the bot killed in every state
	$(BIN)/pytest --numprocesses 2 --dist loadgroup --ignore $(LONG)/test_stops.py $(LONG)

test-long-again: install  ## run those tests again that failed in the last `make test-long`, one at a time
	$(BIN)/pytest --last-failed --last-failed-no-failures none $(LONG)

test-stops: install  ## run one test per stop (X-card, withdrawal, pause, cut) and fault: about ten minutes
	$(BIN)/pytest --numprocesses 2 --dist loadgroup $(LONG)/test_stops.py

scenarios: install  ## measure missing frames under network faults, also without each rule of receiving
	$(BIN)/python -m tools.scenarios

holes: install  ## measure what is lost when a voice connection ends: the worst of RUNS
	$(BIN)/python -m tools.scenarios.connection $(or $(RUNS),10)

bench: install  ## measure CPU per packet, a call in real time, memory, and dealing to crowds; ARGS="--only burst" for one of them
	$(BIN)/python -m tools.bench $(ARGS)

alignment: install  ## measure the timing error of recorded sound over ten-minute takes
	$(BIN)/python -m tools.bench.alignment $(ARGS)

crosstalk: install  ## measure how often crosstalk is found, and how often it is reported wrongly
	$(BIN)/python -m tools.bench.crosstalk $(ARGS)

turns-truth: install  ## measure how well turns are found in takes with exact truth; ARGS="--only long", or another of them
	$(BIN)/python -m tools.turns all build/turns --beside $(ARGS)

fuzz: install  ## send a million hostile packets; ARGS="--packets N --seed S"
	$(BIN)/python -m tools.fuzz $(ARGS)

pictures: install  ## draw docs/pictures from the bot's real messages, with Debian's Chromium; ARGS="--check" or names of states
	@$(BIN)/python -m tools.pictures $(ARGS)

kills: install  ## kill the bot in RUNS short rehearsals; continues where an earlier call stopped
	$(BIN)/python -m tools.kills --runs $(or $(RUNS),100) --results build/kills.jsonl

backups: install  ## back up every second during takes of RUNS rehearsals, and restore each; continues where an earlier call stopped
	$(BIN)/python -m tools.backups --runs $(or $(RUNS),50) --results build/backups.jsonl

fix: install  ## fix what ruff can fix: imports, format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lint: install  ## check rules and format with ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

# Libraries' types differ between Python versions, so the check uses the version of the environment.
types: install  ## check types with pyright
	$(BIN)/pyright --venvpath $(VENV) --pythonversion $$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_python_version())')

# The versions of `datasets`. Each has an environment of its own; one of them has other libraries that read Parquet, too.
ONLY := 3 4 5
WITH_OTHERS := 5
CONSUMERS := .venv-consumers
SYNTHETIC := build/consumers

consumers: $(ONLY:%=$(CONSUMERS)-%/.installed)  ## load exports with `datasets` 3, 4, 5 and more; ONLY="3 5"; DATASET="FOLDER ..." STORE=FILE, or synthetic ones
	@$(if $(DATASET),,$(BIN)/python -m tools.synthetic $(SYNTHETIC))
	@rm -rf $(SYNTHETIC)/readings
	@$(foreach version,$(ONLY),echo "With datasets $(version):" && \
	  PROMPTBOOK_DATASET="$(or $(DATASET),$(SYNTHETIC)/dataset $(SYNTHETIC)/opus $(SYNTHETIC)/files)" \
	  PROMPTBOOK_STORE="$(if $(DATASET),$(STORE),$(SYNTHETIC)/home/promptbook.sqlite3)" \
	  PROMPTBOOK_READINGS="$(SYNTHETIC)/readings" $(CONSUMERS)-$(version)/bin/python -m pytest \
	  -c tests/consumers/pytest.ini --rootdir tests/consumers tests/consumers \
	  $(if $(filter $(version),$(WITH_OTHERS)),,--ignore tests/consumers/tables) &&) true

$(CONSUMERS)-%/.installed: requirements-consumers-%.lock | install
	@rm -f $@
	@echo "Installing a data user's libraries into $(@D) ..." >&2
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(@D)
	@$(BIN)/uv pip sync --quiet --python $(@D)/bin/python --require-hashes $<
	@touch $@

lock-consumers: install  ## write requirements-consumers-*.lock from tests/consumers/requirements-*.in
	@for version in $(ONLY); do \
	  $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  --python-version 3.11 "tests/consumers/requirements-$$version.in" \
	  --output-file "requirements-consumers-$$version.lock" || exit; \
	done

lock: install  ## write requirements.lock from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  --python-version 3.11 --all-extras pyproject.toml --output-file requirements.lock

clean:  ## remove environments and builds
	rm -rf $(VENV) $(CONSUMERS)-* build *.egg-info

states: install  ## kill the bot in every state of a session
	$(BIN)/python -m tools.evenings.states

stops: install  ## test every stop during every fault, with a living and a killed bot; ARGS="--only locked/x_card/killed", or any part
	$(BIN)/python -m tools.stops $(ARGS)

storms: install  ## random evenings with failing disk and Discord, and restarts, compared with what people asked for; ARGS="--evenings N --seed S"
	@$(BIN)/python -m tools.storms $(ARGS)

histories: install  ## random histories of consent, with kills, against what people permitted, from the bytes on disk; RUNS, ARGS="--seed S"
	@$(BIN)/python -m tools.histories --runs $(or $(RUNS),200) $(ARGS)

presses: install  ## measure answers to a thousand presses while eight people talk and are recorded
	$(BIN)/python -m tools.evenings.presses $(ARGS)

crowd: install  ## let 200 people press Rate while a take is called: when it begins, how long they wait; ARGS="--raters N --seconds S"
	$(BIN)/python -m tools.evenings.crowd $(ARGS)

races: install  ## let two coordinators press different buttons at the same moment, 200 times
	$(BIN)/python -m tools.evenings.races $(ARGS)

held: install  ## play an evening of eight and list what held the bot's event loop; ARGS="--performers N --scenes N"
	$(BIN)/python -m tools.evenings.watched $(ARGS)

erasing: install  ## measure a person's copy of 10 hours of sound, and each step of their erasure; ARGS="--hours N", or "--kills"
	$(BIN)/python -m tools.erasing $(ARGS)

long-takes: install  ## record takes of 1 to 180 minutes faster than real time, and measure memory and the answer to Cut
	$(BIN)/python -m tools.long_takes $(ARGS)

casting: install  ## compare the casting design with random dealing and brute force over a thousand troupes and some crowds
	$(BIN)/python -m tools.casting $(ARGS)

guesser: install  ## guess the dealt emotion from what performers are told, and compare with chance; ARGS="--troupes N --shuffles N"
	$(BIN)/python -m tools.guesser $(ARGS)

splits: install  ## follow the splits of 60 companies over 1,800 releases, beside the earlier rule; ARGS="--companies N"
	$(BIN)/python -m tools.splits $(ARGS)

agreement: install  ## let raters of known bias, noise and carelessness rate, and measure what the statistics find; ARGS="--runs N"
	$(BIN)/python -m tools.agreement $(ARGS)

simulation: install  ## let simulated raters rate 200 turns, served by this queue and in two other ways; ARGS="--runs N"
	$(BIN)/python -m tools.simulation $(ARGS)

exports: install  ## measure exports against the floor, in time and memory, and kill 30 of them; ARGS="--takes N --long SECONDS --kills N"
	$(BIN)/python -m tools.exports $(ARGS)

exporting: install  ## measure what exporting 1,000 sessions costs a recorded one; ARGS="--beside CHECKOUT --sessions N --turns N --seconds N"
	$(BIN)/python -m tools.evenings.exporting $(ARGS)
