# make run    the whole pipeline over samples/, and three answers
# make test   the test suite
# make lint   formatting, types, import contracts
# make eval   quality on the labelled articles against its floors
# make model PACKAGE=FOLDER   the language pipeline of models/ from its data package, into build/model (hours)
# make bench  300 generated articles against bare spaCy: does it end, and is it not absurdly slow
# make soak   faults in every stage: is each caught where it was put in, and is sound input let through
# the newest that is supported: spaCy's builds for 3.11 carry profiling hooks and read at half the speed
PYTHON ?= $(shell for p in python3.13 python3.12; do $$p -c '' 2>/dev/null && echo $$p && exit; done; echo python3)
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.PHONY: run test lint format eval bench soak model docs lock clean

run: $(STAMP)
	@$(BIN)/dateline run samples/drop --sources samples/sources.toml --answers

test: $(STAMP)
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadscope

lint: $(STAMP)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(STAMP)
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

eval: $(STAMP)
	@$(BIN)/python -m benchmarks.evaluate
	@$(BIN)/python -m benchmarks.measure_names tests/labelled_names --floor 0.76
	@$(BIN)/python -m benchmarks.measure_lines tests/labelled_styles tests/labelled_lines --floor 0.87
	@$(BIN)/python -m benchmarks.measure_lines tests/labelled_pages --floor 0.75
	@$(BIN)/python -m benchmarks.measure_pages --floors
	@$(BIN)/python -m benchmarks.measure_events acts tests/labelled_events/events.jsonl --parity odd --floor 0.69
	@$(BIN)/python -m benchmarks.measure_quotes --passages tests/labelled_quotes/quotes.jsonl --parity odd --floor 0.86

# the lemma tables (100 MB) are only needed here
model: $(STAMP)
	@test -d "$(PACKAGE)" || { echo 'say where the data package is: make model PACKAGE=FOLDER'; exit 2; }
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps spacy-lookups-data==1.0.5
	@mkdir -p build/model
	@$(BIN)/python -m models.training.make --package "$(PACKAGE)"

bench: $(STAMP)
	@timeout 600 $(BIN)/python -m benchmarks.speed --documents 300 --workers 2 --floor 0.1

soak: $(STAMP)
	@$(BIN)/python -m benchmarks.soak corruptions

docs: $(STAMP)
	@$(BIN)/python -m warehouse.dictionary
	@$(BIN)/python -m flows.cli_docs

# requirements.lock is the full closure with hashes, so pip has nothing to resolve
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else f"Python 3.11 to 3.13 is needed, this is {sys.version.split()[0]}; try: make PYTHON=python3.12 $(MAKECMDGOALS)")'
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	@echo "installing locked versions (once, a minute or two)"
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

# needs uv; writes names, versions and hashes, no addresses
lock:
	uv pip compile --quiet --no-strip-extras --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url \
		--group dev pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) data build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
