#!/usr/bin/env bash
# Checks the PyTorch backend against ONNX Runtime:  scripts/check-pytorch.sh [--all] [NETWORK@BRANCHES…]
#
# Exports networks, compares PyTorch (eager, scripted, exported to ONNX again) with ONNX Runtime at even and odd sizes, counts their
# parameters, trains them some steps, brings the weights back, and runs finetune.py: on one process, on two, killed and resumed.
# Without arguments some networks of the zoo; --all adds every model of ../shared/models (or MSSR_SHARED) with 2 and 3 branches.
# It needs Python with PyTorch and Pillow (Debian: python3-torch python3-pil) and passes with a note where there is none.
set -euo pipefail
cd "$(dirname "$0")/.."

python=
for candidate in python3 /usr/bin/python3; do
    if "$candidate" -c 'import torch, PIL' 2>/dev/null; then python=$candidate; break; fi
done
if [ -z "$python" ]; then
    echo "There is no Python with PyTorch and Pillow (Debian: python3-torch python3-pil); the check is left out."
    exit 0
fi

networks=()
shared=${MSSR_SHARED:-../shared}
for argument in "$@"; do
    if [ "$argument" = --all ]; then
        for model in "$shared"/models/*.onnx; do networks+=("$model@2" "$model@3"); done
    else
        networks+=("$argument")
    fi
done
[ ${#networks[@]} -gt 0 ] || networks=(espcn@2 fsrcnn@2 imdn@3 rlfn@2 srresnet@3 unet-pool-convtranspose@3 wild-nhwc@2)

export PYTHONDONTWRITEBYTECODE=1 PYTHONWARNINGS=ignore OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
work=$temporary/networks
dotnet build tests/PyTorch.Check -v quiet -nologo
check=tests/PyTorch.Check/bin/Debug/net10.0
status=0

dotnet "$check/pytorch-check.dll" prepare "$work" "${networks[@]}" || status=1
"$python" -m py_compile "$work"/*/export/*.py || status=1
for linter in pyflakes "pycodestyle --max-line-length=100"; do
    # shellcheck disable=SC2086
    if "$python" -m $linter --version >/dev/null 2>&1; then
        "$python" -m $linter "$work"/*/export/finetune.py "$work"/*/export/retie.py scripts/*.py benchmarks/*.py samples/basicsr/*.py || status=1
        # Names of foreign networks can be longer than any line.
        "$python" -m $linter $([ "$linter" = pyflakes ] || echo --ignore=E501,W503,W504) "$work"/*/export/model.py || status=1
    else
        echo "There is no ${linter%% *} (Debian: python3-${linter%% *}); that check is left out."
    fi
done

for action in parity train tools; do
    "$python" scripts/check_pytorch.py "$action" "$work" 2>"$work/$action.err" || { cat "$work/$action.err"; status=1; }
done

for place in "$work"/*/; do
    name=$(basename "$place")
    compare() { echo -n "$name, $1: "; dotnet "$check/pytorch-check.dll" compare "$place/$2" "$place/$3" || status=1; }
    compare "exported to ONNX again" exported_again.onnx reference.safetensors
    for kind in safetensors pth; do
        dotnet "$check/mssr-convert.dll" import-weights "$place/model.onnx" --from "$place/trained.$kind" -o "$place/$kind.onnx" --python "$python" \
            >"$place/import.log" 2>&1 || { cat "$place/import.log"; status=1; }
        compare "trained, imported from .$kind" "$kind.onnx" trained_io.safetensors
    done
done

dotnet "$check/pytorch-check.dll" prepare "$temporary/small" espcn@2 || status=1
scripts/check-finetune.sh "$python" "$temporary/small/espcn.ms2/export" || status=1
[ "$status" -eq 0 ] && echo "PyTorch: all checks passed" || echo "PyTorch: CHECKS FAILED"
exit "$status"
