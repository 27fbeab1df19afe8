# The platform's commands. Each starts TypeScript; this file only makes sure that there is a Node to run it.

# dev, test, prod: any Pulumi.<stack>.yaml
STACK ?= dev
export STACK CONFIRM NAME ONLY KEEP TO DRY_RUN JSON FILE TEST_USERS

NODE := node --require ./runtime/compile.cjs
# As Pulumi runs the program: Pulumi.yaml.
AS_PROGRAM := node --require ./runtime/preload.cjs
# Runs a command of ops/ on the stack's database, or, with STACK= empty, on the one that PGHOST and its like lead to.
ON_DATABASE = $(NODE) toolchain/stack/with-database.ts $@
# npm writes this file last, so it is there and new only if everything that package-lock.json names is installed.
INSTALLED := node_modules/.package-lock.json
SERVICES_INSTALLED := services/node_modules/.package-lock.json

# Both installations at once; nothing else here has two parts.
MAKEFLAGS += --jobs=2

.DEFAULT_GOAL := help
.PHONY: help up down destroy preview outputs secret env shell doctor test lint docs docs-database env-diff proofs bench
.PHONY: api-release migrate migrate-plan migrate-status migrate-verify migrate-rollback migrate-new seed backfill model
.PHONY: db-check db-stats slow-queries cache-stats

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { gsub(/[$$][$$]/, "$$"); printf "  make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: $(INSTALLED) ## Bring the stack up (STACK=dev), or up to date, or back in order
	@$(NODE) toolchain/stack/up.ts

down: $(INSTALLED) ## Stop the stack's containers; data stays, and make up brings them back
	@$(NODE) toolchain/stack/down.ts

destroy: $(INSTALLED) ## Delete the stack and all its data (asks first; CONFIRM=yes in scripts)
	@$(NODE) toolchain/stack/destroy.ts

preview: $(INSTALLED) ## Show what make up would change
	@$(NODE) toolchain/stack/preview.ts

outputs: $(INSTALLED) ## Print the stack's outputs as JSON, without secrets
	@$(NODE) toolchain/stack/outputs.ts

secret: $(INSTALLED) ## Print one password: make -s secret NAME=postgres.hma_app
	@$(NODE) toolchain/stack/secret.ts

env: $(INSTALLED) ## Write .env for applications that use the stack
	@$(NODE) toolchain/stack/env.ts

migrate: $(INSTALLED) ## Apply pending migrations (DRY_RUN=yes: try them, and take them back)
	@$(ON_DATABASE) ops/migrations/apply.ts

migrate-plan: $(INSTALLED) ## Run what is pending on a copy: time, locks, rewrites, privileges (JSON=yes)
	@$(ON_DATABASE) ops/migrations/plan.ts

migrate-status: $(INSTALLED) ## List what is applied and what is pending (JSON=yes)
	@$(ON_DATABASE) ops/migrations/status.ts

migrate-verify: $(INSTALLED) ## Compare files, ledger and schemas; ends with 1 where they differ (JSON=yes)
	@$(ON_DATABASE) ops/migrations/verify.ts

migrate-rollback: $(INSTALLED) ## Take back the last migration, or all after one: TO=000002
	@$(ON_DATABASE) ops/migrations/rollback.ts

migrate-new: $(INSTALLED) ## Begin a migration and its reverse: NAME=what_it_does
	@$(NODE) ops/migrations/new.ts

seed: $(INSTALLED) ## Fill in reference data; TEST_USERS=yes: people to log in as (FILE=one of sql/seeds)
	@$(ON_DATABASE) ops/seeds/seed.ts

backfill: $(INSTALLED) ## Read an outside source again: NAME=trail_cameras (TO=a position of it; refused in prod)
	@$(ON_DATABASE) ops/sources/backfill.ts

model: $(INSTALLED) ## Train the models anew; a released version comes out as it was, or is refused
	@$(NODE) models/call-type/train.ts

db-check: $(INSTALLED) ## Check all data: foreign keys, CHECKs, indexes, pages, audit seals (JSON=yes)
	@$(ON_DATABASE) ops/check/data.ts hma_admin

db-stats: $(INSTALLED) ## Show the largest tables, and how they are read (JSON=yes)
	@$(ON_DATABASE) ops/stats/database.ts hma_monitor

slow-queries: $(INSTALLED) ## Show the statements that took the most time (JSON=yes)
	@$(ON_DATABASE) ops/stats/slow-queries.ts hma_monitor

cache-stats: $(INSTALLED) ## Show the cache's memory, hits, databases and commands (JSON=yes)
	@$(NODE) toolchain/stack/with-cache.ts $@ ops/stats/cache.ts

shell: $(INSTALLED) ## Make plain pulumi work: eval "$$(make -s shell)"
	@$(NODE) toolchain/stack/shell.ts

doctor: $(INSTALLED) ## Look for everything that would stop make up; change nothing
	@$(NODE) toolchain/stack/doctor.ts

test: $(INSTALLED) $(SERVICES_INSTALLED) ## Run every check, on a stack of its own; leave nothing behind
	@$(NODE) tests/run.ts

lint: $(INSTALLED) $(SERVICES_INSTALLED) ## Run the checks that need no stack: types, style, SQL, scripts, generated files, ...
	@$(NODE) tests/lint.ts

docs: $(INSTALLED) $(SERVICES_INSTALLED) ## Write the generated documents again
	@$(AS_PROGRAM) docs/generate/index.ts

api-release: docs ## Take the APIs as released: from then on a change that breaks clients needs a major version
	@cp docs/openapi/*.json docs/openapi/released/

docs-database: $(INSTALLED) ## Write docs/database.md and personal-data.md from the running stack
	@$(ON_DATABASE) ops/reference/reference.ts

env-diff: docs ## The same: docs/environments.md shows how the environments differ

proofs: $(INSTALLED) $(SERVICES_INSTALLED) ## Run the long proofs in full and write docs/proofs.md
	@$(NODE) tests/run.ts proofs

bench: $(INSTALLED) ## Measure, and write docs/benchmarks.md (ONLY=queries: one section)
	@$(NODE) tests/bench/run.ts

$(INSTALLED): package-lock.json
$(SERVICES_INSTALLED): services/package-lock.json
$(INSTALLED) $(SERVICES_INSTALLED):
	@command -v node >/dev/null && command -v npm >/dev/null || { \
	  echo "Node.js with npm is not installed, and is needed first." >&2; \
	  echo "  Debian 13 or newer: apt-get install nodejs npm. Others, version 20 or newer: https://nodejs.org" >&2; \
	  echo "Next: make $(MAKECMDGOALS)" >&2; exit 2; }
	@echo "  Installing npm packages ($<) ..." >&2
	@start=$$(date +%s); (cd $(<D) && npm ci --no-audit --no-fund --loglevel=error) >&2 && touch $@ && \
	  echo "  Installing npm packages ($<): $$(( $$(date +%s) - start )) s" >&2
