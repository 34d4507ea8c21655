#!/usr/bin/env bash
# Runs an export's finetune.py on synthetic images:  scripts/check-finetune.sh PYTHON EXPORT
# Two processes must end with equal weights; a run that is killed and resumed must end like one that wasn't.
set -euo pipefail
python=${1:?usage: check-finetune.sh PYTHON EXPORT}
export_folder=$(realpath "${2:?usage: check-finetune.sh PYTHON EXPORT}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export PYTHONDONTWRITEBYTECODE=1 PYTHONWARNINGS=ignore OMP_NUM_THREADS=1

"$python" - <<'PYTHON'
import os
import random
from PIL import Image

os.mkdir("pictures")
for i in range(6):
    noise = random.Random(i).randbytes(3 * 24 * 24)
    Image.frombytes("RGB", (24, 24), noise).resize((97, 90), Image.BICUBIC).save(f"pictures/{i}.png")
PYTHON

# The export's network enlarges; one that doesn't would need to be told what to undo.
options=(--dataroot_gt pictures --gt_size 48 --batch_size_per_gpu 2 --num_worker_per_gpu 0 --warmup_iter 2 --print_freq 1 --save_checkpoint_freq 2)
finetune() { "$python" "$export_folder/finetune.py" "${options[@]}" "$@"; }
last() { sed -nE 's/.*rank [0-9]+: iteration ([0-9]+), weights ([0-9a-f]+)/\1 \2/p' "$1" | sort -u; }

# torch 1.13 on Python 3.11 has no working default for --redirects and --tee.
"$python" -m torch.distributed.run --redirects 1 --tee 1 --log_dir logs --nproc_per_node=2 --master_port $((20000 + RANDOM % 20000)) \
    "$export_folder/finetune.py" "${options[@]}" --name two --total_iter 2 --val_gt pictures --val_freq 2 >two.log 2>&1 || { cat two.log; exit 1; }
if [ "$(grep -c 'rank [01]: iteration 2' two.log)" -ne 2 ] || [ "$(last two.log | wc -l)" -ne 1 ]; then
    cat two.log
    echo "finetune.py: two processes ended with different weights"
    exit 1
fi
echo "finetune.py: two processes (gloo) train and hold equal weights: $(last two.log)"

finetune --name whole --total_iter 300 >whole.log
# Not through the function: what is to be killed is Python, not a shell around it.
"$python" "$export_folder/finetune.py" "${options[@]}" --name cut --total_iter 300 >cut.log 2>&1 &
pid=$!
for _ in $(seq 1500); do
    if [ -f experiments/cut/training_state.safetensors ] || ! kill -0 "$pid" 2>/dev/null; then break; fi
    sleep 0.02
done
kill -9 "$pid" 2>/dev/null || true
wait "$pid" 2>/dev/null || true
finetune --name cut --total_iter 300 --auto_resume >resumed.log
resumed=$(sed -nE '1s/.*"start": ([0-9]+).*/\1/p' resumed.log)
if [ "$resumed" -eq 0 ] || [ "$resumed" -eq 300 ] || [ "$(last whole.log)" != "$(last resumed.log)" ] || ! cmp -s experiments/whole/weights.safetensors experiments/cut/weights.safetensors; then
    echo "finetune.py: the run resumed at iteration $resumed of 300 ended with other weights than the whole one, or wasn't cut"
    exit 1
fi
echo "finetune.py: killed, resumed at iteration $resumed, ended like the run that went through: $(last whole.log)"

cp -r experiments/cut experiments/damaged
truncate -s -100 experiments/damaged/training_state.safetensors
if finetune --name damaged --total_iter 301 --auto_resume >damaged.log 2>&1 || ! grep -q "is damaged" damaged.log; then
    cat damaged.log
    echo "finetune.py: went on from a damaged state"
    exit 1
fi
echo "finetune.py: a damaged state is refused"

# A pickle that runs code where it is read, under the names of this and of earlier states.
mkdir -p experiments/evil experiments/older
"$python" - <<'PYTHON'
import os
import pickle


class Evil:
    def __reduce__(self):
        return os.system, ("touch owned",)


for path in ("experiments/evil/training_state.safetensors", "experiments/older/training_state.pth"):
    with open(path, "wb") as file:
        pickle.dump(Evil(), file)
PYTHON
for name in evil older; do
    if finetune --name "$name" --total_iter 2 --auto_resume >evil.log 2>&1 || [ -e owned ]; then
        cat evil.log
        echo "finetune.py: read a pickle as its state"
        exit 1
    fi
done
echo "finetune.py: a malicious pickle in place of the state isn't run"

cp -r "$export_folder" falsified
"$python" - <<'PYTHON'
import sys
sys.path.insert(0, "falsified")
import model
stored = model.read_safetensors("falsified/reference.safetensors")
stored["output"][..., 3, 3] += 1
model.write_safetensors(stored, "falsified/reference.safetensors")
PYTHON
if "$python" falsified/finetune.py "${options[@]}" --name falsified --total_iter 2 >falsified.log 2>&1 ||
    ! grep -q "computes other numbers than ONNX Runtime" falsified.log; then
    cat falsified.log
    echo "finetune.py: trained although PyTorch and ONNX Runtime disagree"
    exit 1
fi
echo "finetune.py: stops where PyTorch and ONNX Runtime disagree"

finetune --name mixed --total_iter 2 --amp --channels_last >mixed.log || { cat mixed.log; exit 1; }
echo "finetune.py: mixed precision and channels_last run"
