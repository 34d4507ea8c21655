#!/usr/bin/env bash
# Random networks under the identity oracle:  scripts/check-random.sh [NETWORKS [FIRST]]
#
# Converts so many random networks (5000 where nothing is said), beginning with number FIRST (0), and compares source and result at every
# size that the source takes: nothing may throw, every output must have the source's shape and, with weights that hand images through,
# its values. They are the same in every run; CI looks at the first 100. A failure names the network's number: run it alone with
# scripts/check-random.sh 1 NUMBER.
set -euo pipefail
cd "$(dirname "$0")/.."
export MSSR_RANDOM_NETWORKS=${1:-5000} MSSR_RANDOM_FIRST=${2:-0}
status=0
timeout "${MSSR_RANDOM_SECONDS:-3600}" dotnet test tests/Passes.Tests --filter FullyQualifiedName~RandomOracleTests --logger 'console;verbosity=detailed' \
    > "${TMPDIR:-/tmp}/mssr-random.$$" || status=$?
grep -E '^ *(#[0-9]+ |[0-9]+ networks:)|Passed!|Failed!|Passed:|Failed:|error' "${TMPDIR:-/tmp}/mssr-random.$$" || true
rm -f "${TMPDIR:-/tmp}/mssr-random.$$"
exit "$status"
