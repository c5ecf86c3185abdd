# `make run` and `make test` do all their own set-up on a machine with Python 3.11+, git and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready

.PHONY: run test cover check fix bench soak fuzz mutate pictures man words clean
.DELETE_ON_ERROR:

run: $(STAMP)
	@$(BIN)/companion $(ARGS)

test: check
	$(BIN)/pytest -n auto --dist loadgroup

cover: $(STAMP)
	$(BIN)/pytest -q -n auto --dist loadgroup --cov --cov-report=term-missing:skip-covered
	@# Every branch of what keeps the log.
	$(BIN)/coverage report --include='companion/storage/*' --skip-covered --fail-under=100

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: words
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(STAMP)
	$(BIN)/python -m benchmarks $(ARGS)

soak: $(STAMP)
	$(BIN)/python -m tests.regime --forget
	$(BIN)/pytest -m soak -n 2 --dist loadgroup
	$(BIN)/python -m tests.regime --write

# Coverage-guided, a little while for each reader; ARGS="search day" names some of them.
SECONDS_EACH ?= 30
fuzz: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'atheris>=3'
	@for target in $(or $(ARGS),$(notdir $(wildcard tests/fuzz/corpus/*))); do \
		echo "$$target"; $(BIN)/python -m tests.fuzz $$target -max_total_time=$(SECONDS_EACH) -verbosity=0 -print_final_stats=1 || exit 1; \
	done

# Small changes of what keeps the log, for its tests to notice; ARGS="history --sample 40".
mutate: $(STAMP)
	$(BIN)/python -m tests.mutants $(ARGS)

pictures: $(STAMP)
	$(BIN)/python -m benchmarks.pictures

words: $(STAMP)
	$(BIN)/python -c 'from pathlib import Path; from companion.content import ready; data = Path("data"); (data / ready.FILE).write_text(ready.made(data))'

man: $(STAMP)
	$(BIN)/argparse-manpage --module companion.cli.parser --function whole_parser --prog companion --project-name companion --manual-title Companion --description "a private companion for people who practise microsolidarity" | sed '1s/ "20[^"]*"/ ""/' > docs/companion.1

clean:
	rm -rf $(VENV) dist build

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Companion needs Python 3.11 or newer; say which with make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@# An older pip writes a command that loads the module re before ours.
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt 'pip>=25'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt $$($(BIN)/python -c "import tomllib; print(*(repr(p) for p in tomllib.load(open('pyproject.toml','rb'))['dependency-groups']['dev']))" | tr -d "'")
	@# Compiled here, as Python does not do it where PYTHONDONTWRITEBYTECODE is set.
	$(BIN)/python -m compileall -q companion screens
	@touch $@
