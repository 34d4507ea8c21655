#!/usr/bin/env bash
# Times the patent's SRResNet and its conversions in both forms, interleaved in one process:
#   benchmarks/deploy.sh [--quick] [--size S]... [--threads T]... [--fuse-at last|upsampler]... [--runs N] [--align 8|16]
#   benchmarks/deploy.sh --profile  where the time goes
#   benchmarks/deploy.sh --by-pass  what each pass brings
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build benchmarks/DeployTable -c Release -v quiet --nologo
exec dotnet benchmarks/DeployTable/bin/Release/net10.0/deploy-table.dll "$@"
