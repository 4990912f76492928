# Everything a person types. `make help` lists the targets.
.DEFAULT_GOAL := help
.PHONY: help lab test book serve-book pdf pictures notebooks exercises messages translations bench \
	clean

PYTHON ?= python3
PYTEST_ARGS ?= -n 2
LAB_ARGS ?=
BOOK := book/_build/html
BOOK_PORT ?= 8000
CHROMIUM ?= chromium
BOOK_ARGS ?=
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif
PAPER := book/_build/paper
PRINT := $(CHROMIUM) --headless --no-sandbox --disable-gpu --no-pdf-header-footer --print-to-pdf
SPHINX := $(BIN)/python -m sphinx --fail-on-warning -c book

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

lab: .venv/installed-lab ## open JupyterLab at the first chapter
	$(BIN)/jupyter lab $(LAB_ARGS) notebooks/en/01_computational_graph.ipynb

test: .venv/installed-test ## run every notebook, the unit tests and the browser tests
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m pytest $(PYTEST_ARGS)

book: .venv/installed-book ## build the book in both languages; warnings are errors
	SEEGRAD_LANGUAGE=en $(SPHINX) --keep-going $(BOOK_ARGS) -d book/_build/read/en . $(BOOK)
	SEEGRAD_LANGUAGE=zh $(SPHINX) --keep-going $(BOOK_ARGS) -d book/_build/read/zh . $(BOOK)/zh

serve-book: book ## build the book and serve it on this machine
	@echo "The book is at http://127.0.0.1:$(BOOK_PORT)/ (Ctrl+C ends it)"
	$(BIN)/python -m http.server --bind 127.0.0.1 --directory $(BOOK) $(BOOK_PORT)

pdf: .venv/installed-book ## print the book as one PDF in each language (needs Chromium)
	SEEGRAD_LANGUAGE=en $(SPHINX) -b singlehtml -d book/_build/read/en . $(PAPER)
	SEEGRAD_LANGUAGE=zh $(SPHINX) -b singlehtml -d book/_build/read/zh . $(PAPER)/zh
	$(PRINT)=book/_build/seeing-gradients.pdf "file://$(CURDIR)/$(PAPER)/index.html"
	$(PRINT)=book/_build/seeing-gradients.zh.pdf "file://$(CURDIR)/$(PAPER)/zh/index.html"

pictures: .venv/installed-test book ## take the pictures of widgets for pages and link previews (needs Chromium)
	$(BIN)/python -m tests.pictures

notebooks: .venv/installed-test ## execute all notebooks and store their outputs
	$(BIN)/python -m tests.notebooks
	$(BIN)/python -m ruff format notebooks solutions

exercises: .venv/installed-test ## make the exercises for students from solutions
	for l in $(notdir $(wildcard solutions/*)); do SEEGRAD_LANGUAGE=$$l \
	$(BIN)/python -m nbgrader generate_assignment "*" --no-db --force --log-level=WARN || exit 1; done

messages: .venv/installed-test ## collect what seegrad says into its catalogues of other languages
	$(BIN)/python -m tests.messages

translations: .venv/installed-test ## list what is stale or missing in Chinese
	$(BIN)/python -m tests.translations

bench: .venv/installed-bench ## measure seegrad against torchviz and torchview (needs dot)
	$(BIN)/python -m benchmarks

clean: ## remove what the other targets made
	rm -rf book/_build .venv .pytest_cache .ruff_cache .hypothesis build dist *.egg-info

.venv/installed-%: pyproject.toml requirements.lock
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements.lock -e ".[$*]"
	$(BIN)/jupyter labextension disable --level=sys_prefix @jupyterlab/apputils-extension:announcements 2>/dev/null
	touch $@
