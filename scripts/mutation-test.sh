#!/usr/bin/env bash
# Tests the tests: applies each wrong change of tests/Mutations/mutations.json by itself to a copy and says which tests notice.
# `scripts/mutation-test.sh` tries all, `scripts/mutation-test.sh ID… TESTPROJECT…` some; --help lists the options.
# The working tree isn't touched; copies go to artifacts/mutations. Needs Python 3 and nothing else.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en MSBUILDTERMINALLOGGER=off
exec python3 scripts/mutation_test.py "$@"
