#!/usr/bin/env bash
# Training steps per second of the trainer and of PyTorch, same network, same threads, in turns:
#   benchmarks/train-speed.sh [THREADS [BATCH [PATCH [TURNS]]]]        PYTHON names an interpreter that has torch
# The figures are medians over the turns, the ratio that of the turns' ratios.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-/usr/bin/python3}
threads=${1:-2} batch=${2:-8} patch=${3:-24} turns=${4:-5}
dotnet build benchmarks/TrainSpeed -c Release -v quiet --nologo -nodeReuse:false -p:UseSharedCompilation=false
export OMP_NUM_THREADS=$threads
# 10 steps to warm up, then the median of 3 times 10.
steps=("$threads" "$batch" "$patch" 10 3)
for branches in 1 2 3; do
    for ((turn = 0; turn < turns; turn++)); do
        ours=$(dotnet benchmarks/TrainSpeed/bin/Release/net10.0/train-speed.dll "${steps[@]}" "$branches")
        theirs=$("$python" benchmarks/train_speed.py "${steps[@]}" "$branches")
        echo "$ours $theirs"
    done | awk '
        function median(values,  i, j, t) {
            for (i = 1; i <= NR; i++) for (j = i; j > 1 && values[j] < values[j - 1]; j--) { t = values[j]; values[j] = values[j - 1]; values[j - 1] = t }
            return (values[int((NR + 1) / 2)] + values[int((NR + 2) / 2)]) / 2
        }
        $2 != $6 { print "the networks differ:", $2, "and", $6, "weights" }
        { ours[NR] = $3; theirs[NR] = $7; ratio[NR] = $3 / $7 }
        END { printf "n=%d: %d weights, trainer %.2f steps/s, PyTorch %.2f steps/s, ratio %.2f\n", $1, $2, median(ours), median(theirs), median(ratio) }'
done
