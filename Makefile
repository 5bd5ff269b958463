# make run    sets everything up, builds, starts Usher
# make test   sets everything up, then runs everything CI runs
# make chaos  breaks a household in every way, and looks whether everything comes right
# make fuzz   reads what nobody would send, for SECONDS each
# make bench  measures Usher beside its peers, and writes Benchmarks/RESULTS.md
#
# Debian 12 with Swift 6.3; as root, or as somebody who may sudo.

SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test chaos fuzz bench build format lint boundaries browser clean setup setup-test

SWIFT_BUILD := swift build --explicit-target-dependency-import-check error
SOURCES := Package.swift Sources Tests Plugins Benchmarks/Package.swift Benchmarks/Sources

help:
	@sed -n '1,7s/^# //p' Makefile

run: setup
	$(SWIFT_BUILD) -c release --product usher
	@exec .build/release/usher serve

test: setup-test lint boundaries
	$(SWIFT_BUILD) --build-tests
	Tests/BrowserTests/run
	@# Tests wait for real servers with deadlines: more at once than the machine can carry would only make them wait.
	@# What failed is said once more just before the last line, where it is looked for.
	SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=8 swift test --skip-build 2>&1 | awk ' \
		/^✘/ && !/Test run with/ { failed = failed $$0 "\n" } \
		/Test run with/ { printf "%s", failed } { print }'

# SEED, SECONDS or MINUTES (one of the two), PROCESSES, REST (seconds), FAULTS, WITHOUT (kinds, separated by commas), KEEP=yes.
chaos: setup-test
	$(SWIFT_BUILD) --product usher
	$(SWIFT_BUILD) --product Chaos
	CHAOS_SEED="$(SEED)" CHAOS_MINUTES="$(MINUTES)" CHAOS_SECONDS="$(SECONDS)" CHAOS_PROCESSES="$(PROCESSES)" \
		CHAOS_REST="$(REST)" CHAOS_FAULTS="$(FAULTS)" CHAOS_WITHOUT="$(WITHOUT)" CHAOS_KEEP="$(KEEP)" .build/debug/Chaos

# Testing is enabled so that inner steps can be measured by themselves.
# ONLY: some groups of lines, separated by commas. REQUESTS: how many the large house has (1,000,000 when left out).
# SECONDS for each target, TARGETS (names, separated by blanks). All modules are instrumented, and only the fuzzer is
# linked with libFuzzer.
fuzz: setup-test
	FUZZ=1 swift build -c release --scratch-path .build/fuzz --product Fuzzer -Xswiftc -enable-testing \
		-Xswiftc -use-ld=lld -Xswiftc -sanitize=address -Xswiftc -Xfrontend -Xswiftc -sanitize=fuzzer,address \
		-Xcc -fsanitize=address
	Tests/Fuzzer/run $(or $(SECONDS),60) $(TARGETS)

bench:
	@.ci/setup bench
	@[ -x Benchmarks/.venv/bin/guessit ] || { \
		python3 -m venv Benchmarks/.venv && Benchmarks/.venv/bin/pip install --quiet guessit==4.4.0 parsett==1.8.5; }
	swift build --package-path Benchmarks -c release -Xswiftc -enable-testing
	RESULTS=Benchmarks/RESULTS.md ONLY="$(ONLY)" REQUESTS="$(REQUESTS)" Benchmarks/.build/release/Benchmarks

build: setup
	$(SWIFT_BUILD)

setup:
	@.ci/setup run

setup-test:
	@.ci/setup test

# The house's style, and no line of it loosened.
lint:
	swift format lint --strict --recursive $(SOURCES)

format:
	swift format --in-place --recursive $(SOURCES)

# What the package manager does not check by itself: the pure modules import nothing, and nothing brings NIO along.
boundaries:
	@! grep -rnE '^ *(@[a-zA-Z]+ +)?((public|package|internal|fileprivate|private) +)?import ' Sources/Lifecycle Sources/Releases \
		|| { echo 'Lifecycle and Releases import nothing.'; exit 1; }
	@swift package show-dependencies --format flatlist | { ! grep -i 'nio'; } \
		|| { echo 'NIO has no place here.'; exit 1; }

browser: setup-test
	$(SWIFT_BUILD)
	Tests/BrowserTests/run

clean:
	swift package clean
