#!/usr/bin/env bash
# Publishes the tool and times whole cold conversions of the sample:  benchmarks/cold-start.sh [RUNS]
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-9}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dotnet publish src/Cli -c Release -r linux-x64 --self-contained -o "$work/tool" -v quiet

for branches in 2 3; do
    for _ in $(seq "$runs"); do
        start=$(date +%s%N)
        "$work/tool/mssr-convert" samples/models/srresnet.onnx --branches "$branches" --no-check -o "$work/out.onnx" --force >/dev/null 2>&1
        echo $((($(date +%s%N) - start) / 1000000))
    done | sort -n | awk -v n="$branches" '{ t[NR] = $1 } END { printf "n=%d: median %d ms, fastest %d ms, slowest %d ms over %d runs\n", n, t[int((NR + 1) / 2)], t[1], t[NR], NR }'
done
