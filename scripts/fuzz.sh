#!/usr/bin/env bash
# Mutates networks and puts them through the converter:  scripts/fuzz.sh [MUTANTS [SEED [FOLDER]]]
#
# So many mutants (1000 where nothing is said) of the zoo's networks and of the small files of ../shared (or MSSR_SHARED), where that is
# there, are tried in child processes that may take 10 s of processor time and 2 GB for each. Failures are shrunk and written into the
# folder (fuzz-failures), with a command that makes the mutant again. The same seed gives the same mutants. See docs/reliability.md.
set -euo pipefail
cd "$(dirname "$0")/.."
arguments=(--count "${1:-1000}" --seed "${2:-1}" --output "${3:-fuzz-failures}")
for folder in models cases; do
    [ ! -d "${MSSR_SHARED:-../shared}/$folder" ] || arguments+=(--models "${MSSR_SHARED:-../shared}/$folder")
done
dotnet build tests/Fuzz -v quiet -nologo
dotnet tests/Fuzz/bin/Debug/net10.0/MsSrConvert.Fuzz.dll "${arguments[@]}"
