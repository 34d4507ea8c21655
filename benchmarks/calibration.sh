#!/usr/bin/env bash
# Calibrates the trained shared models and measures them on test images; MSSR_SHARED names the folder of models and images:
#   MSSR_SHARED=DIR benchmarks/calibration.sh [--model PART]... [--branches N]... [--results FILE] [--data DIR] [--print]
# Every finished row is appended to the results file; rows that are there already are skipped, so that it can be stopped and gone on with.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build benchmarks/CalibrationTable -c Release -v quiet --nologo
exec dotnet benchmarks/CalibrationTable/bin/Release/net10.0/calibration-table.dll "$@"
