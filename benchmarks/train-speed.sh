#!/usr/bin/env bash
# Training steps per second of the trainer and of PyTorch, same network, same threads, in turns:
#   benchmarks/train-speed.sh [THREADS [BATCH [PATCH]]]        PYTHON names an interpreter that has torch
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-/usr/bin/python3}
threads=${1:-2} batch=${2:-8} patch=${3:-24}
dotnet build benchmarks/TrainSpeed -c Release -v quiet --nologo
export OMP_NUM_THREADS=$threads
for branches in 1 2 3; do
    ours=$(dotnet benchmarks/TrainSpeed/bin/Release/net10.0/train-speed.dll "$threads" "$batch" "$patch" 3 3 "$branches")
    theirs=$("$python" benchmarks/train_speed.py "$threads" "$batch" "$patch" 3 3 "$branches")
    echo "$ours $theirs" | awk '{ if ($2 != $6) print "the networks differ:", $2, "and", $6, "weights";
        printf "n=%d: %d weights, trainer %.2f steps/s, PyTorch %.2f steps/s, ratio %.2f\n", $1, $2, $3, $7, $3 / $7 }'
done
