# make run    sets everything up, builds, starts Usher
# make test   sets everything up, then runs everything CI runs
# make chaos  breaks a household in every way, and looks whether everything comes right
# make fuzz   reads what nobody would send, for SECONDS each
# make sanitize  runs the suites under AddressSanitizer and ThreadSanitizer
# make scan   scans Usher's TLS against Mozilla's intermediate profile, and has clients break its rules
# make testssl  has testssl.sh look at Usher's TLS
# make siege  has SECONDS of bad visitors at the server beside good ones
# make bench  measures Usher beside its peers, and writes Benchmarks/RESULTS.md
#
# Debian 12 with Swift 6.3; as root, or as somebody who may sudo.

SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test chaos fuzz sanitize scan testssl siege bench build format lint boundaries browser screenshots clean setup setup-test

SWIFT_BUILD := swift build --explicit-target-dependency-import-check error
SOURCES := Package.swift Sources Tests Plugins Benchmarks/Package.swift Benchmarks/Sources

help:
	@sed -n '1,11s/^# //p' Makefile

# Swift's own libraries are part of the program: it starts sooner, calls them directly, and takes less memory, as it does
# with its relocations packed (glibc 2.36, Debian 12; only lld writes them so).
RELEASE := -c release --static-swift-stdlib -Xswiftc -use-ld=lld -Xlinker -z -Xlinker pack-relative-relocs

run: setup
	$(SWIFT_BUILD) $(RELEASE) --product usher
	@exec .build/release/usher serve

test: setup-test lint boundaries
	$(SWIFT_BUILD) --build-tests
	Tests/TLSScan/run
	Tests/BrowserTests/run
	CHAOS_SECONDS=40 CHAOS_REST=300 .build/debug/Chaos
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

# Each suite but the one that drives the built program, twice. What the test runtime itself leaks is not looked at.
sanitize: setup-test
	swift build --build-tests --sanitize=address --scratch-path .build/address
	ASAN_OPTIONS=detect_leaks=0 SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=4 \
		swift test --skip-build --sanitize=address --scratch-path .build/address --skip EndToEndTests
	swift build --build-tests --sanitize=thread --scratch-path .build/thread
	TSAN_OPTIONS="suppressions=$(CURDIR)/Tests/thread-sanitizer.txt" SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=3 \
		swift test --skip-build --sanitize=thread --scratch-path .build/thread --skip EndToEndTests

scan: setup-test
	$(SWIFT_BUILD) --product usher
	Tests/TLSScan/run

testssl: setup-test
	@.ci/setup testssl
	$(SWIFT_BUILD) --product usher
	Tests/TLSScan/run testssl

siege: setup-test
	$(SWIFT_BUILD) --build-tests
	SIEGE_SECONDS=$(or $(SECONDS),300) swift test --skip-build --filter SiegeTests

bench:
	@.ci/setup bench
	@[ -x Benchmarks/.venv/bin/guessit ] || { \
		python3 -m venv Benchmarks/.venv && Benchmarks/.venv/bin/pip install --quiet guessit==4.4.0 parsett==1.8.5; }
	swift build --package-path Benchmarks $(RELEASE) -Xswiftc -enable-testing
	RESULTS=Benchmarks/RESULTS.md ONLY="$(ONLY)" REQUESTS="$(REQUESTS)" Benchmarks/.build/release/Benchmarks

build: setup
	$(SWIFT_BUILD)

setup:
	@.ci/setup run

setup-test:
	@.ci/setup test
	@.ci/venv mail-venv Tests/MailServer/requirements.txt
	@.ci/venv provider-venv Tests/OpenIDProvider/requirements.txt

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

# The ten pages that are looked at most, as they are now; three of them are in the README.
PAGES := home list suggestions search new-movie pick found downloading show indexers
screenshots: browser
	mkdir -p .images
	cp .build/screenshots/suggestions-desk-light.png .images/asking.png
	cp .build/screenshots/downloading-desk-light.png .images/request.png
	cp .build/screenshots/show-desk-dark.png .images/show.png
	@ls $(foreach page,$(PAGES),.build/screenshots/$(page)-desk-light.png .build/screenshots/$(page)-phone-dark.png)

clean:
	swift package clean
