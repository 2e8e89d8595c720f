# medai: the commands a newcomer needs. `make demo` and `make test` do all the set-up.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
PREFIX ?= /usr/local
FUZZ_INPUTS ?= 100000
BUILD := swift build -c release
BINARY := .build/release/medai

.PHONY: help demo test test-peers test-faults fuzz bench bench-audit bench-deid train-tagger build packages model install \
	clean format lint

help: ## list these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

packages: ## install the system packages that the build needs
	@Scripts/install-packages

build: packages ## build the release binary
	$(BUILD) --product medai

model: ## get the demo model (98 MB, checked by digest, kept in the cache)
	@Scripts/get-model

demo: build model ## from the samples to a signed, verified submission report in demo/
	@Scripts/demo

# The engine's C is compiled as in a release (without optimisation it would take minutes); the Swift
# code keeps its debug assertions. A build folder of its own, so that make demo is not built anew.
TESTING := --scratch-path .build-test -Xcc -O2

test: packages ## run the test suite
	swift build $(TESTING) --build-tests
	swift test $(TESTING) --skip-build

test-peers: build model ## compare with foreign tools from PyPI and Debian; says what it skips
	@Scripts/test-peers

test-faults: packages ## kill, starve and lie to processes that write a log; about ten minutes
	@Scripts/test-faults

fuzz: ## feed changed inputs to the readers of logs, models and templates; FUZZ_INPUTS each
	swift build $(TESTING) --product AuditFuzz
	for target in leaf note proof database; do \
	  .build-test/debug/AuditFuzz run $$target Fuzz/AuditFuzz $(FUZZ_INPUTS) $$RANDOM; \
	done
	swift build $(TESTING) --product ModelFuzz
	for target in gguf safetensors tokenizer template; do \
	  .build-test/debug/ModelFuzz run $$target Fuzz/ModelFuzz $(FUZZ_INPUTS) $$RANDOM; \
	done

bench: build model ## time the hot paths beside their rivals
	@Scripts/bench

bench-audit: packages ## time the audit log; ENTRIES=10000000 for the big one, FOLDER=/tmp
	$(BUILD) --product AuditBenchmark
	.build/release/AuditBenchmark "$(or $(FOLDER),/tmp)" "$(or $(ENTRIES),1000000)"

bench-deid: packages ## time detection alone on our own notes
	$(BUILD) --product DeidBenchmark
	.build/release/DeidBenchmark Training/notes/train-*.txt

train-tagger: packages ## train the tagger of names and addresses again; about three minutes
	$(BUILD) --product TaggerTraining
	.build/release/TaggerTraining Training/notes Sources/Deidentification/Resources \
	  Sources/Deidentification/Resources/tagger.model

install: build ## install under PREFIX (default /usr/local)
	@Scripts/install "$(DESTDIR)$(PREFIX)"

format: ## format every tracked Swift file
	git ls-files -z '*.swift' | xargs -0 swift format --in-place --parallel

lint: ## the format check that a change must pass
	git ls-files -z '*.swift' | xargs -0 swift format lint --strict --parallel

clean: ## remove what was built and the demo's output
	rm -rf .build .build-test demo
