# sspr-tui: everything a developer types. `make` alone shows this list.

SHELL       := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
MAKEFLAGS   += --no-print-directory

TOOLS    := $(CURDIR)/.cache/bin
PACKAGES ?= ./...
# Two packages at a time: the tests start real servers, and more would make them wait for each other, not finish sooner.
TESTFLAGS ?= -p 2 -timeout 15m
FUZZTIME ?= 10s
# The Go vulnerability database as OSV files; the scan is skipped where it is not present.
VULNDB   ?= ../shared/vulndb.tgz

export CI

.PHONY: help
help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: ## build bin/sspr-tui (static, reproducible)
	CGO_ENABLED=0 go build -trimpath -o bin/sspr-tui ./cmd/sspr-tui

# -count=1: the tests build the program and talk to real servers, which a cached result would know nothing about.
.PHONY: test
test: ## run all tests with the race detector; as root on Debian it installs what they need
	@.ci/prepare
	@if command -v gcc >/dev/null; then race=-race; \
	elif [ "$(CI)" = true ]; then echo 'No C compiler, and with CI=true the race detector is not skipped.' >&2; exit 1; \
	else race=; echo 'No C compiler: the tests run without the race detector.'; fi; \
	set -x; go test $$race -count=1 $(TESTFLAGS) $(PACKAGES)

.PHONY: lint
lint: ## run every linter and the vulnerability scan
	@$(MAKE) --keep-going lint-format lint-vet lint-staticcheck lint-golangci lint-vulnerabilities

.PHONY: lint-format
lint-format: $(TOOLS)/.installed
	@found=$$($(TOOLS)/gofumpt -l .); \
	if [ -n "$$found" ]; then printf 'gofumpt would change these files (run: make format):\n%s\n' "$$found"; exit 1; fi

.PHONY: format
format: $(TOOLS)/.installed ## rewrite the Go files as gofumpt wants them
	@$(TOOLS)/gofumpt -w .

.PHONY: lint-vet
lint-vet:
	go vet $(PACKAGES)

.PHONY: lint-staticcheck
lint-staticcheck: $(TOOLS)/.installed
	$(TOOLS)/staticcheck $(PACKAGES)

.PHONY: lint-golangci
lint-golangci: $(TOOLS)/.installed
	$(TOOLS)/golangci-lint run $(PACKAGES)

.PHONY: lint-vulnerabilities
lint-vulnerabilities: $(TOOLS)/.installed
	@if [ ! -e "$(VULNDB)" ]; then echo 'The vulnerability scan is skipped: there is no database at $(VULNDB).'; exit 0; fi; \
	db=.cache/vulndb/$$(sha256sum <"$(VULNDB)" | cut -c1-16); \
	if [ ! -e "$$db/.unpacked" ]; then \
	  rm -rf .cache/vulndb; mkdir -p "$$db"; tar -xzf "$(VULNDB)" -C "$$db" --strip-components=1; touch "$$db/.unpacked"; \
	fi; \
	set -x; $(TOOLS)/govulncheck -db "file://$(CURDIR)/$$db" $(PACKAGES)

$(TOOLS)/.installed: tools/go.mod tools/go.sum
	@echo 'Building the linters of tools/go.mod (some minutes the first time).'
	@mkdir -p $(TOOLS)
	GOBIN=$(TOOLS) go -C tools install tool
	@touch $@

.PHONY: fuzz
fuzz: ## run every fuzz test for FUZZTIME (10s)
	@grep -rHoE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]*' cmd internal | sed 's/:func /:/' | sort | \
	while IFS=: read -r file name; do \
	  echo "$$name in $$(dirname "$$file")"; \
	  go test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) "./$$(dirname "$$file")" </dev/null; \
	done

.PHONY: bench
bench: ## measure against the floors and write docs/benchmarks.md
	go run ./internal/bench/cmd -out docs/benchmarks.md

.PHONY: golden
golden: ## write the golden frames of the screens anew; review the difference
	@grep -rlE --include='*_test.go' 'flag.Bool\("update"' internal/ui | xargs -n1 dirname | sort -u | sed 's|^|./|' | \
	(set -x; xargs -I{} go test -count=1 {} -update)

.PHONY: demo
demo: ## open the demo on this terminal
	go run ./cmd/sspr-tui demo

.PHONY: screenshots
screenshots: ## write docs/screenshots from real frames
	go run ./internal/ui/uitest/shots -out docs/screenshots
