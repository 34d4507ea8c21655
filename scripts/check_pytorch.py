"""The Python half of check-pytorch.sh: compares exports with ONNX Runtime, and trains them.

usage: check_pytorch.py parity|train FOLDER     (FOLDER: what pytorch-check prepare has written)
"""
import importlib.util
import pathlib
import sys
import time

import torch

ALLOWED = 1e-4
STEPS = 20


def load(place):
    """The module of an export, under a name of its own."""
    path = place / "export" / "model.py"
    spec = importlib.util.spec_from_file_location(f"export_{abs(hash(str(path)))}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def references(module, place):
    """Inputs and ONNX Runtime's outputs by size."""
    sizes = {}
    stored = module.read_safetensors(str(place / "reference.safetensors"))
    for key in sorted(stored):
        size, kind, _ = key.split("/")
        sizes.setdefault(size, {"in": [], "out": []})[kind].append(stored[key])
    return {size: (both["in"], both["out"]) for size, both in sizes.items()}


def outputs(network, inputs):
    result = network(*inputs)
    return list(result) if isinstance(result, tuple) else [result]


def difference(actual, expected):
    """The largest difference as a share of the output's range; infinite where shapes differ."""
    if actual.shape != expected.shape:
        return float("inf")
    return ((actual - expected).abs().max() / (expected.max() - expected.min())).item()


def worst(network, cases):
    with torch.no_grad():
        return max(
            difference(actual, expected) for ins, outs in cases.values()
            for actual, expected in zip(outputs(network, ins), outs))


def export_again(network, inputs, path):
    """Through torch.onnx.export, with open sizes."""
    names = [f"in{i}" for i in range(len(inputs))]
    axes = {name: {1: "a", 2: "b", 3: "c"} for name, x in zip(names, inputs) if x.dim() == 4}
    torch.onnx.export(
        network, tuple(inputs), path, opset_version=16, input_names=names, dynamic_axes=axes)


def parity(place):
    module = load(place)
    network = module.Network().eval()
    cases = references(module, place)
    eager = worst(network, cases)
    scripted = worst(torch.jit.script(network), cases)
    first = next(iter(cases.values()))[0]
    export_again(network, first, str(place / "exported_again.onnx"))
    count = sum(p.numel() for p in network.parameters())
    compiler = int((place / "parameters.txt").read_text())
    good = eager <= ALLOWED and scripted <= ALLOWED and count == compiler
    print(f"{'ok  ' if good else 'FAIL'} {place.name}: eager {eager:.1e}, scripted {scripted:.1e}, "
          f"{count:,} parameters (the compiler's count: {compiler:,})")
    return good


def train(place):
    """Some steps towards a random target: every parameter must move."""
    torch.manual_seed(1)
    module = load(place)
    network = module.Network()
    cases = references(module, place)
    inputs, targets = next(iter(cases.values()))
    targets = [torch.rand_like(t) for t in targets]
    before = {name: p.detach().clone() for name, p in network.named_parameters()}
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)
    for _ in range(STEPS):
        optimizer.zero_grad()
        sum((o - t).abs().mean() for o, t in zip(outputs(network, inputs), targets)).backward()
        optimizer.step()
    still = [name for name, p in network.named_parameters() if torch.equal(p, before[name])]
    tensors = {}
    with torch.no_grad():
        for size, (ins, _) in cases.items():
            tensors.update({f"{size}/in/{i}": t for i, t in enumerate(ins)})
            tensors.update({f"{size}/out/{i}": t for i, t in enumerate(outputs(network, ins))})
    module.write_safetensors(dict(network.state_dict()), str(place / "trained.safetensors"))
    torch.save({"params": network.state_dict()}, place / "trained.pth")
    module.write_safetensors(tensors, str(place / "trained_io.safetensors"))
    print(f"{'FAIL' if still else 'ok  '} {place.name}: trained {STEPS} steps"
          f"{', unmoved: ' + ', '.join(still) if still else ', every parameter has moved'}")
    return not still


def main():
    action = {"parity": parity, "train": train}[sys.argv[1]]
    places = sorted(p.parent for p in pathlib.Path(sys.argv[2]).glob("*/reference.safetensors"))
    start = time.time()
    results = [action(place) for place in places]
    print(f"torch {torch.__version__}, {sys.argv[1]}: "
          f"{sum(results)} of {len(results)} networks good, {time.time() - start:.0f} s")
    sys.exit(0 if places and all(results) else 1)


main()
