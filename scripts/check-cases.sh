#!/usr/bin/env bash
# Runs every file of the shared cases (../shared/cases, or MSSR_SHARED) and prints what each gives beside what is right:
#   scripts/check-cases.sh [NAME…]
# What is right stands in tests/CaseCheck/cases.tsv. Passes with a note where the folder is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
cases=${MSSR_SHARED:-../shared}/cases
if [ ! -d "$cases" ]; then
    echo "There is no folder $cases; the cases are left out."
    exit 0
fi

dotnet build tests/CaseCheck -v quiet -nologo
dotnet tests/CaseCheck/bin/Debug/net10.0/case-check.dll "$cases" "$@"
