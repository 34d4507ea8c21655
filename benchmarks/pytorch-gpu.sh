#!/usr/bin/env bash
# Times SRResNet in PyTorch (source, 2 and 3 branches) on the accelerator and fine-tunes all three alike:
#   benchmarks/pytorch-gpu.sh TRAINING_PICTURES VALIDATION_PICTURES [ITERATIONS]
# With DEVICE=cpu it only tries the script itself.
set -euo pipefail
cd "$(dirname "$0")/.."
training=$(realpath "${1:?usage: pytorch-gpu.sh TRAINING_PICTURES VALIDATION_PICTURES [ITERATIONS]}")
validation=$(realpath "${2:?usage: pytorch-gpu.sh TRAINING_PICTURES VALIDATION_PICTURES [ITERATIONS]}")
iterations=${3:-20000}
work=${WORK:-$(mktemp -d)}
mkdir -p "$work"
tool() { dotnet run -c Release --project src/Cli -- "$@"; }

[ -f samples/models/srresnet.onnx ] && cp samples/models/srresnet.onnx "$work/source.onnx" || tool zoo srresnet -o "$work/source.onnx" --force
for n in 2 3; do tool "$work/source.onnx" --branches "$n" -o "$work/ms$n.onnx" --no-check --force; done
for model in source ms2 ms3; do tool export-pytorch "$work/$model.onnx" -o "$work/$model" --force; done

python3 benchmarks/pytorch_gpu.py --device "${DEVICE:-cuda}" "$work/source" "$work/ms2" "$work/ms3"
for model in source ms2 ms3; do
    (cd "$work/$model" && python3 finetune.py --dataroot_gt "$training" --val_gt "$validation" --test_y_channel --total_iter "$iterations" \
        --val_freq "$((iterations < 1000 ? iterations : 1000))" --gt_size 64 --auto_resume) | tee "$work/$model.log"
done
echo "PSNR by iteration:"
grep -H psnr "$work"/*.log
