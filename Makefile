# The commands of the project. `make help` explains them.

PORT ?= 8000
# Not taken from the environment: some shells set HOST to the machine's name.
HOST = 127.0.0.1
TEST_ARGS ?=
LOGIN ?= admin
PYTHON ?= $(shell for name in python3.11 python3.12 python3.13 python3 python; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& { echo "$$name"; break; }; done)

VENV := .venv/bin
MANAGE := $(VENV)/python manage.py
BOOTSTRAP := $(or $(PYTHON),python3) scripts/bootstrap.py

# Each language into which texts are translated has its folder.
LOCALES := $(patsubst locale/%,--locale %,$(wildcard locale/*))

# A throw-away environment in which the production settings can be checked.
PRODUCTION := SITE_MODE=production SECRET_KEY=$$($(VENV)/python -c 'import secrets; print(secrets.token_urlsafe(64))') \
	ALLOWED_HOSTS=example.org DATABASE_URL=postgres://site:site@127.0.0.1/site CACHE_URL=redis://127.0.0.1:6379/0

.DEFAULT_GOAL := help
.PHONY: help run setup dev password test full check format messages python

help: ## This list
	@echo "make …"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1 \2/p' Makefile | while read -r name words; do printf '  %-10s %s\n' "$$name" "$$words"; done

python:
	@test -n "$(PYTHON)" || { \
	echo "Python 3.11 or newer was not found. Install it (Debian and Ubuntu: apt install python3.11"; \
	echo "python3.11-venv; macOS: brew install python@3.11), or name it: make run PYTHON=/path/to/python3.11"; \
	exit 1; } >&2

run: python ## The site at http://127.0.0.1:8000, set up on first use (PORT=8100, HOST=0.0.0.0)
	@$(BOOTSTRAP) run --host "$(HOST)" --port "$(PORT)"
	@DEBUG=false $(MANAGE) setup_site
	@DEBUG=false exec $(MANAGE) serve --host "$(HOST)" --port "$(PORT)"

setup: python ## Everything that `make run` does, without serving
	@$(BOOTSTRAP) run
	@DEBUG=false $(MANAGE) setup_site

dev: python ## The development server: reloads on changes, DEBUG on
	@$(BOOTSTRAP) dev --host "$(HOST)" --port "$(PORT)"
	@DEBUG=true $(MANAGE) setup_site
	@DEBUG=true exec $(MANAGE) runserver "$(HOST):$(PORT)"

password: ## A new password for the administrator (LOGIN=name for somebody else)
	@test -x $(VENV)/python || { echo "The site is not set up yet: make run" >&2; exit 1; }
	@$(MANAGE) new_password "$(LOGIN)"

test: python ## All tests, in the browser too where a Chromium is found (TEST_ARGS='-k tree')
	@$(BOOTSTRAP) test
	@$(VENV)/python -m pytest $(TEST_ARGS)

full: python ## All tests with many more examples, values and pages (some hours)
	@$(BOOTSTRAP) test
	@FULL=1 $(VENV)/python -m pytest $(TEST_ARGS)

check: python ## Style, templates, migrations, translations, production settings
	@$(BOOTSTRAP) dev
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/djade --check --target-version 5.2 $$(git ls-files --cached --others --exclude-standard '*.html')
	$(MANAGE) makemigrations --check --dry-run
	$(PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING
	$(VENV)/python scripts/check_messages.py

format: python ## Bring Python and templates into the project's form
	@$(BOOTSTRAP) dev
	$(VENV)/ruff check --fix .
	$(VENV)/ruff format .
	-$(VENV)/djade --target-version 5.2 $$(git ls-files '*.html')

messages: python ## Collect texts to be translated and compile the translations (needs gettext)
	@$(BOOTSTRAP) dev
	$(MANAGE) makemessages $(LOCALES) --no-location --no-obsolete --ignore 'var/*' --ignore 'tests/*'
	$(MANAGE) makemessages $(LOCALES) --domain djangojs --no-location --no-obsolete --ignore 'var/*' --ignore 'tests/*'
	$(MANAGE) compilemessages $(LOCALES) --ignore '.venv/*'
