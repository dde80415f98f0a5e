# Two commands do all the set-up on a fresh machine: `make tag` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
CORE := $(VENV)/.core
FULL := $(VENV)/.full
SEED := labels/reports/seed.txt
EXTRAS := pandas polars excel docx pdf parquet plot fast dask dev
OLDEST := .venv-oldest
AUDIT := .venv-audit
# Processes that share the tests.
JOBS ?= 2
# Of the tools, what runs tests and installs in place; the same versions in both sets.
TOOLS := pytest pytest-xdist hypothesis krippendorff nltk build hatchling editables
# Everything that counts, cuts, trains, tags or reads. All of it: make test-oldest OLDEST_TESTS=tests
OLDEST_TESTS ?= $(addprefix tests/,codebook files golden labels measures model text trust workflows)
# Old versions beside new ones warn of what is to come.
OLD_WARNINGS := $(addprefix -W ignore::,DeprecationWarning PendingDeprecationWarning FutureWarning)

.PHONY: tag test rebuild test-oldest check format lock lock-oldest docs bench clean trust audit

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

# What tagging needs.
$(CORE): pyproject.toml requirements-core.lock | $(VENV)/bin/python
	$(PIP) install --quiet --require-hashes --requirement requirements-core.lock
	$(PIP) install --quiet --no-deps --editable .
	touch $@

# What the tests need: all extras and the tools, every package with its hash.
$(FULL): pyproject.toml requirements.lock | $(VENV)/bin/python
	$(PIP) install --quiet --require-hashes --requirement requirements.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	touch $@ $(CORE)

# The oldest versions of all packages that the metadata admits.
$(OLDEST)/.full: pyproject.toml requirements-oldest.lock
	$(PYTHON) -m venv $(OLDEST)
	$(OLDEST)/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes \
	  --requirement requirements-oldest.lock
	$(OLDEST)/bin/python -m pip --disable-pip-version-check install --quiet --no-deps \
	  --no-build-isolation --editable .
	touch $@

tag: $(CORE)
	@mkdir -p out
	@$(BIN)/practicelib tag $(SEED) --format html -o out/seed.html
	@$(BIN)/practicelib tag $(SEED)
	@echo "The same as a page: out/seed.html"

test: check

check: $(FULL)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n $(JOBS) --dist worksteal

# Trains the shipped model again and compares it byte for byte.
rebuild: $(FULL)
	$(BIN)/pytest -m rebuild

test-oldest: $(OLDEST)/.full
	$(OLDEST)/bin/python -m pytest -m "" -n $(JOBS) --dist worksteal $(OLD_WARNINGS) $(OLDEST_TESTS)

# Known faults of the packages in the locked sets, where the service that knows them is reachable.
audit:
	$(PYTHON) -m venv $(AUDIT)
	$(AUDIT)/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes \
	  --requirement requirements-audit.lock
	$(AUDIT)/bin/python .ci/audit.py requirements.lock requirements-oldest.lock \
	  requirements-docs.lock requirements-audit.lock

# Speed beside the peers; text from ../shared/real/unlabelled where it is there, else composed.
# `make bench BENCH=--quick` takes minutes: less text, fewer runs.
bench: $(FULL)
	$(PIP) install --quiet rjieba
	-$(PIP) install --quiet fasttext-wheel
	cd benchmarks && for name in speed cold_start streaming; do \
	  ../$(BIN)/python $$name.py $(BENCH) > results/$$name.txt && cat results/$$name.txt || exit 1; done

# The long campaigns: bad corpora, kills, fuzz (40 minutes of processor time); one table.
trust: $(FULL)
	$(PIP) install --quiet "atheris==3.0.0"
	$(BIN)/python -W ignore benchmarks/trust.py --write SECURITY.md

format: $(FULL)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Needs pip-tools; run after a change of the dependencies.
lock:
	pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --no-emit-trusted-host --strip-extras --no-header -o requirements-core.lock pyproject.toml
	pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --no-emit-trusted-host --strip-extras --no-header $(EXTRAS:%=--extra %) \
	  -o requirements.lock pyproject.toml
	pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --no-emit-trusted-host --strip-extras --no-header --constraint requirements.lock \
	  --extra docs -o requirements-docs.lock pyproject.toml

	echo pip-audit | pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --no-emit-trusted-host --strip-extras --no-header --no-annotate -o requirements-audit.lock -

# Needs uv; the direct dependencies at their lowest, the tools as in requirements.lock.
lock-oldest:
	for name in $(TOOLS); do grep -o "^$$name==[^ ]*" requirements.lock; done > .tools.in
	uv pip compile --quiet --upgrade --resolution lowest-direct --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate \
	  $(addprefix --extra ,$(filter-out dev,$(EXTRAS))) -o requirements-oldest.lock \
	  pyproject.toml .tools.in
	rm .tools.in

# The documentation as a static site under out/site.
docs: $(FULL)
	$(PIP) install --quiet --require-hashes --requirement requirements-docs.lock
	$(BIN)/python -m mkdocs build --strict --site-dir out/site

clean:
	rm -rf $(VENV) $(OLDEST) $(AUDIT) out dist build
