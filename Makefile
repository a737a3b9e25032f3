# One command each: `make run`, `make test`, `make check`, `make bench`.
# PYTHON= chooses the interpreter (3.11 or newer), PORT= the port, ARGS= goes to pytest.

SHELL := /bin/sh
.DEFAULT_GOAL := help
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet
INSTALL := $(PIP) install --root-user-action=ignore --require-hashes
export PORT

NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
ifndef PYTHON
PYTHON := $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c '$(NEW_ENOUGH)' 2>/dev/null && echo "$$p" && break; done)
endif

.PHONY: help run test check bench lock

help:
	@echo 'make run     start everything at http://127.0.0.1:8000/ (PORT= changes it); Ctrl-C stops it'
	@echo 'make test    every test (ARGS="-k words" for some of them)'
	@echo 'make check   lint, format, types, migrations, deployment settings'
	@echo 'make bench   every benchmark'
	@echo 'make lock    resolve the two lock files anew'

run: $(VENV)/.installed
	@exec $(PY) manage.py up

test: $(VENV)/.installed-dev
	@$(PY) -m pytest -n logical --maxprocesses 4 --dist loadgroup $(ARGS)

check: $(VENV)/.installed-dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy .
	$(PY) manage.py makemigrations --check --dry-run
	@echo 'check --deploy as production'
	@CRM_ADOPTION_ENV=production TLS=proxy ALLOWED_HOSTS=crm.example.com \
		CSRF_TRUSTED_ORIGINS=https://crm.example.com \
		SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(60))')" \
		DATABASE_URL=postgres://nobody:nothing@localhost/none REDIS_URL=redis://localhost/0 \
		$(PY) manage.py check --deploy --fail-level WARNING
	$(PY) -m pytest tests/test_layers.py tests/kit/test_locks.py

bench: $(VENV)/.installed-dev
	@for file in benchmarks/[!_]*.py; do \
		[ -e "$$file" ] || continue; name=$$(basename "$$file" .py); echo "== $$name"; $(PY) -m "benchmarks.$$name" || exit 1; done

# --- the environment: made once, brought up to date when a lock file changes --------------------------------------

$(VENV)/.python:
	@test -n '$(PYTHON)' || { echo 'No Python 3.11 or newer is on the PATH; install one, or say make PYTHON=/path/to/python3 …'; exit 1; }
	@'$(PYTHON)' -c '$(NEW_ENOUGH)' || { echo '$(PYTHON) is not a Python 3.11 or newer; say make PYTHON=/path/to/python3 …'; exit 1; }
	@$(PY) -m pip --version >/dev/null 2>&1 || '$(PYTHON)' -m venv --clear $(VENV) || \
		{ echo 'No environment can be made: this Python lacks venv (on Debian: apt install python3-venv).'; exit 1; }
	@touch $@

$(VENV)/.installed: $(VENV)/.python requirements.lock
	@echo 'Installing what requirements.lock names …'
	@$(INSTALL) -r requirements.lock
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.python requirements.lock requirements-dev.lock
	@echo 'Installing what requirements-dev.lock names …'
	@$(INSTALL) -r requirements.lock -r requirements-dev.lock
	@touch $(VENV)/.installed $@

# --- the lock files: hashes, and no index address --------------------------------------------------------------------

COMPILE := $(PY) -m uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header

lock: $(VENV)/.python
	@$(PY) -m uv --version >/dev/null 2>&1 || $(PIP) install --root-user-action=ignore uv
	$(COMPILE) --extra embedded -o requirements.lock
	$(COMPILE) --extra embedded --group dev -c requirements.lock -o requirements-dev.lock
