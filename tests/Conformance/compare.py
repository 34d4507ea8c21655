"""Runs every exported module below a folder and prints how far it is from what ONNX Runtime computes.

usage: compare.py FOLDER     (one folder for each module: model.py, weights.safetensors, reference.safetensors)

A line for each: its name, a tab, and the largest difference as a share of the largest number, or the error.
"""
import importlib.util
import pathlib
import sys

import torch


def difference(place):
    spec = importlib.util.spec_from_file_location(f"module_{place.name}", place / "model.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    reference = module.read_safetensors(str(place / "reference.safetensors"))
    with torch.no_grad():
        result = module.Network().eval()(reference.pop("input"))
    results = result if isinstance(result, tuple) else (result,)
    worst = 0.0
    for index, actual in enumerate(results):
        expected = reference[f"output{index}"]
        if actual.shape != expected.shape:
            return f"gives {tuple(actual.shape)}, not {tuple(expected.shape)}"
        if expected.numel() > 0:
            worst = max(worst, ((actual - expected).abs().max() / expected.abs().max().clamp(min=1e-6)).item())
    return f"{worst:.3g}"


for folder in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    try:
        line = difference(folder)
    except Exception as e:  # noqa: BLE001: whatever goes wrong is the answer
        line = f"{type(e).__name__}: {e}"
    print(folder.name, " ".join(line.split()), sep="\t")
