#!/usr/bin/env bash
# Writes THIRD-PARTY.md: every package of the lock files with its version, licence and address. With --check it only says whether
# the file is up to date. Licences are read from the packages that are restored here. Needs Python 3 and nothing else.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en
exec python3 scripts/third_party.py "$@"
