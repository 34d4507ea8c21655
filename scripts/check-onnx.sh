#!/usr/bin/env bash
# Runs ONNX's own checker over every model in a folder:  scripts/check-onnx.sh FOLDER
# It needs Python with the onnx package (Debian: python3-onnx) and passes with a note where there is none.
set -euo pipefail
folder=${1:?usage: check-onnx.sh FOLDER}

for python in python3 /usr/bin/python3; do
    if "$python" -c 'import onnx' 2>/dev/null; then
        exec "$python" - "$folder" <<'PYTHON'
import pathlib, sys, onnx

newest = onnx.defs.onnx_opset_version()
checked, skipped, failed = 0, [], []
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.onnx")):
    model = onnx.load(str(path))
    opset = max((o.version for o in model.opset_import if o.domain in ("", "ai.onnx")), default=0)
    if opset > newest or model.ir_version > onnx.IR_VERSION:
        skipped.append(f"{path.name}: opset {opset}, IR version {model.ir_version}")
        continue
    checked += 1
    try:
        onnx.checker.check_model(model, full_check=True)
    except Exception as error:
        failed.append(f"{path.name}: {error}")

for line in skipped:
    print(f"too new for onnx {onnx.__version__}: {line}")
for line in failed:
    print(f"refused: {line}")
print(f"onnx {onnx.__version__}: {checked} models checked, {len(failed)} refused, {len(skipped)} too new")
sys.exit(1 if failed else 0)
PYTHON
    fi
done
echo "There is no Python with the onnx package (Debian: python3-onnx); the check is left out."
