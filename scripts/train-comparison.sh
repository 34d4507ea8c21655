#!/usr/bin/env bash
# Trains a network and its conversions from random weights with the same budget, and writes the table of docs/results.md:
#   [NET=srresnet-small] scripts/train-comparison.sh FOLDER [options of finetune, e.g. --steps 20000 --batch 8 --patch 24 --lr 5e-4]
# Everything goes into FOLDER. It can be stopped and started again with the same options: trainings go on from their checkpoints.
# It trains on T91 and BSD200 of ../shared (or MSSR_SHARED), keeps a few of those images back to choose the weights by, and measures on
# Set5 and Set14. PYTHON names the interpreter that writes the table.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(realpath -m "${1:?usage: train-comparison.sh FOLDER [options of finetune]}")
shift
net=${NET:-srresnet-small}
shared=${MSSR_SHARED:-../shared}
mkdir -p "$folder"
dotnet build src/TrainTool -c Release -v quiet --nologo
convert="dotnet src/TrainTool/bin/Release/net10.0/mssr-convert.dll"
train="dotnet src/TrainTool/bin/Release/net10.0/mssr-train.dll"

models=()
[ -f "$folder/source.onnx" ] || $convert zoo "$net" -o "$folder/source.onnx"
for form in source 2-adjacent 2-full 3-adjacent 3-full; do
    start=$folder/$form.onnx
    [ -f "$start" ] || $convert "$folder/source.onnx" --branches "${form%-*}" --interaction "${form#*-}" --init random -o "$start" >/dev/null
    resume=()
    [ -f "$folder/$form.trained.training/checkpoint" ] && resume=(--resume)
    echo "== $form"
    $train "$start" --data "$shared/images/T91" --data "$shared/images/BSD200" --colour rgb --range 0..1 --seed 1 "$@" "${resume[@]}" \
        -o "$folder/$form.trained.onnx" --json >"$folder/$form.json"
    models+=("$folder/$form.trained.onnx")
done

for set in Set5 Set14; do
    $convert eval "${models[@]}" --data "$shared/images/$set" --json >"$folder/$set.json"
done
$convert bench "${models[@]}" --size 128 --json >"$folder/bench.json"
"${PYTHON:-python3}" scripts/comparison_table.py "$folder" | tee "$folder/table.md"
