PORT ?= 8000
PYTHON ?= python3
VENV := .venv/bin/python
DEMO := DATABASE_URL=sqlite:///$(CURDIR)/demo.sqlite3 MEDIA_ROOT=$(CURDIR)/media/demo
SPREAD := --numprocesses auto --maxprocesses 4 --dist loadfile
# A terminal that cannot show Chinese gets question marks, not an error.
export PYTHONIOENCODING := :replace
# Kept bytecode: else every process of the tests reads and compiles all of them anew.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help run demo test lint
.NOTPARALLEL:

help: ## List what make can do
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

run: .venv/installed ## Start the site on 127.0.0.1 (PORT=8000); the first time, set it up
	@$(VENV) -m liangzhou.first_run $(PORT) .env
	@$(VENV) manage.py prepare --site http://127.0.0.1:$(PORT)
	@exec $(VENV) -m gunicorn --bind 127.0.0.1:$(PORT) liangzhou.wsgi

demo: .venv/installed demo.sqlite3 ## Start the site with invented records, in a database of their own
	@$(VENV) -m liangzhou.first_run $(PORT) .env
	@$(DEMO) $(VENV) manage.py prepare --site http://127.0.0.1:$(PORT)
	@$(DEMO) exec $(VENV) -m gunicorn --bind 127.0.0.1:$(PORT) liangzhou.wsgi

demo.sqlite3: | .venv/installed
	@$(VENV) -m liangzhou.first_run $(PORT) .env
	@rm -f $@.new*; DATABASE_URL=sqlite:///$(CURDIR)/$@.new $(VENV) manage.py load_demo && mv $@.new $@

test: .venv/installed-dev ## Run every test: on SQLite, on PostgreSQL, in Chromium
	@failed=0; \
	echo "== SQLite"; $(VENV) -m pytest $(SPREAD) || failed=1; \
	echo "== PostgreSQL"; TEST_ENGINE=postgresql $(VENV) -m pytest $(SPREAD) || failed=1; \
	echo "== Chromium"; $(VENV) -m pytest tests/browser $(SPREAD) || failed=1; \
	exit $$failed

lint: .venv/installed-dev ## Check the code with ruff
	@$(VENV) -m ruff check

.venv/installed-dev: requirements-dev.txt .venv/installed
	@$(VENV) -m pip install --quiet --requirement requirements-dev.txt
	@touch $@

.venv/installed: requirements.txt | $(VENV)
	@echo "正在安装依赖,请稍候 / Installing what the site needs …"
	@$(VENV) -m pip install --quiet --requirement requirements.txt
	@touch $@

$(VENV):
	@$(PYTHON) -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "需要 Python 3.11 或更高版本及其 venv 模块 / Python 3.11 or newer with its venv module is needed."; \
		echo "$(PYTHON): $$($(PYTHON) --version 2>&1)"; \
		echo "Debian: apt-get install python3-venv  /  make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; } >&2
	@$(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }
