# Two commands: `make run` and `make test`. Everything else is for those who change the code.

PY := .venv/bin/python
# Any Python from 3.11 on that really runs (a version manager's stub may not).
FIND_PYTHON = for p in $(PYTHON) python3.11 python3.12 python3.13 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && exit; done

.DEFAULT_GOAL := help
.PHONY: help setup run test demo check bench torture lock

help: ## Show this
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1|\2/p' $(MAKEFILE_LIST) | \
		while IFS='|' read -r command text; do printf '%-14s %s\n' "$$command" "$$text"; done

setup: ## Create .venv and install the locked dependencies, once
	@if $(PY) tools/setup.py --is-done 2>/dev/null; then exit 0; fi; \
	python=$$($(FIND_PYTHON)); \
	if [ -z "$$python" ]; then \
		echo "No Python 3.11 or later: install it, or name it: make $(or $(MAKECMDGOALS),setup) PYTHON=…"; \
		exit 1; fi; \
	"$$python" tools/setup.py

run: setup ## Start everything on the demonstration and print the address (PORT=8000)
	@exec $(PY) -m config.run

test: setup ## Run every test on real Postgres and Redis (ARGS="-k words" for some)
	@$(PY) -m tools.chromium
	@exec $(PY) -m pytest -n logical --maxprocesses 8 --dist loadgroup $(ARGS)

demo: setup ## Play the demonstration and print its figures as JSON
	@exec $(PY) manage.py demo --json

check: setup ## Lint, format, types, architecture, migrations, deployment, generated documents
	@exec $(PY) tools/check.py

bench: setup ## Print one figure a line, and write bench/latest.json (ONLY=group)
	@exec $(PY) -m tools.measure benches $(ONLY)

torture: setup ## Run the long campaigns, and write bench/torture.json (ONLY=group)
	@exec $(PY) -m tools.measure tortures $(ONLY)

lock: setup ## Write requirements.lock anew from pyproject.toml
	@exec $(PY) tools/lock.py
