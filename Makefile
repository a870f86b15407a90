# make install, make demo, make test, make check, make proof, make clean. Needs Python 3.11 or newer, make and npm.

VENV   := .venv
BIN    := $(VENV)/bin
FONT   := src/muniment/adapters/documents/fonts/OFL.txt
PAGES  := src/muniment/interfaces/web/static/vendor/NOTICE.txt
LOCKED := --quiet --no-config --require-hashes --no-deps --python $(BIN)/python

# Councils inspect their traffic with certificates of their own, which only the system's store knows.
export UV_SYSTEM_CERTS := true
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHON

.PHONY: help install demo test check format proof build requirements clean

help:
	@echo "make install       a virtual environment with everything that Muniment runs on"
	@echo "make demo          the main job on the example contract, then its pages (SERVE=no: without; PORT=8000)"
	@echo "make test          all tests that fit in 15 minutes, browser included"
	@echo "make check         lint, format, types, import rules, documents that must be current"
	@echo "make format        put the code into its standard form"
	@echo "make proof         the long verifications, mutants and benchmarks; writes docs/evidence/"
	@echo "make build         a wheel and a source archive in dist/"
	@echo "make requirements  recompile the pins (UPGRADE=yes: to the newest versions)"
	@echo "make clean         remove all that make has made"

install: $(VENV)/.installed $(FONT) $(PAGES)

demo: install
	@$(BIN)/muniment demo $(if $(filter no,$(SERVE)),--no-serve) $(if $(PORT),--port $(PORT))

test: $(VENV)/.installed-dev $(FONT) $(PAGES)
	@$(BIN)/python scripts/browser.py --install >/dev/null
	@$(BIN)/pytest -n 2 --dist loadgroup -q

check: $(VENV)/.installed-dev
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@if [ -e scripts/docs.py ]; then $(BIN)/python scripts/docs.py --check; fi

format: $(VENV)/.installed-dev
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

proof: $(VENV)/.installed-dev $(FONT) $(PAGES)
	@$(BIN)/python scripts/browser.py --install >/dev/null
	@$(BIN)/python scripts/proof.py

build: $(VENV)/.tools $(FONT) $(PAGES)
	@$(BIN)/hatchling build

# ---- what the targets above stand on; each is made once, and again when what it is made of changes

$(VENV)/.tools: requirements/setup.txt scripts/find_python.sh
	@python=$$(sh scripts/find_python.sh) && echo "Setting up $(VENV)" && "$$python" -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/setup.txt
	@touch $@

$(VENV)/.installed: $(VENV)/.tools requirements/run.txt pyproject.toml scripts/build_hook.py
	@echo "Installing what Muniment runs on"
	@$(BIN)/uv pip install $(LOCKED) -r requirements/run.txt
	@$(BIN)/uv pip install --quiet --no-config --no-deps --no-build-isolation --python $(BIN)/python --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements/dev.txt
	@echo "Installing what its tests run on"
	@$(BIN)/uv pip install $(LOCKED) -r requirements/dev.txt
	@touch $@

node_modules/.package-lock.json: package.json package-lock.json .npmrc
	@command -v npm >/dev/null || { echo "Muniment: npm is not on the PATH - install Node.js with npm (on Debian: apt-get install npm)." >&2; exit 1; }
	@echo "Fetching the font, the styles and scripts of the pages, and the accessibility checker"
	@npm ci --ignore-scripts --loglevel=error >/dev/null
	@touch $@

$(FONT): node_modules/.package-lock.json scripts/copy_font.py $(VENV)/.tools
	@$(BIN)/python scripts/copy_font.py
	@touch $@

$(PAGES): node_modules/.package-lock.json scripts/copy_assets.py $(VENV)/.tools
	@$(BIN)/python scripts/copy_assets.py
	@touch $@

# ---- the pins: hashes of the public files, and no address of where they were found

COMPILE := env -u UV_DEFAULT_INDEX -u UV_INDEX -u UV_INDEX_URL -u UV_EXTRA_INDEX_URL -u UV_FIND_LINKS \
	$(BIN)/uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make requirements" $(if $(filter yes,$(UPGRADE)),--upgrade)

requirements: $(VENV)/.tools
	@$(COMPILE) --group dev pyproject.toml --output-file requirements/dev.txt >/dev/null
	@$(COMPILE) --constraint requirements/dev.txt pyproject.toml --output-file requirements/run.txt >/dev/null
	@$(COMPILE) --constraint requirements/dev.txt requirements/setup.in --output-file requirements/setup.txt >/dev/null

clean:
	@rm -rf $(VENV) node_modules $(dir $(FONT)) $(dir $(PAGES)) dist .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	@find src tests scripts benchmarks -name __pycache__ -prune -exec rm -rf {} +
