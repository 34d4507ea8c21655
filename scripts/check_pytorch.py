"""The Python half of check-pytorch.sh: compares exports with ONNX Runtime, and trains them.

usage: check_pytorch.py parity|train|tools FOLDER     (what pytorch-check prepare has written)
"""
import importlib.util
import pathlib
import runpy
import sys
import time
import types
import unittest.mock

import torch

try:
    import onnx
    import onnx.numpy_helper
except ImportError:
    onnx = None

ROOT = pathlib.Path(__file__).resolve().parent.parent
ALLOWED = 1e-4
STEPS = 20


def load(place, file="model.py"):
    """The module of an export, under a name of its own."""
    path = place / "export" / file
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
    """Some steps towards random targets: every parameter must move.

    A unit that its ReLU holds at zero for every picture has no gradient, as in any framework; it
    lets some through here so that such a unit doesn't look like a weight that isn't trained.
    """
    torch.manual_seed(1)
    module = load(place)
    network = module.Network()
    cases = references(module, place)
    shapes = [x.shape for x in next(iter(cases.values()))[0]]
    before = {name: p.detach().clone() for name, p in network.named_parameters()}
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-4)
    for i in range(STEPS):
        # Units that one image leaves dead come to life for another contrast or brightness.
        inputs = [torch.randn(s) * (0.2, 1, 5)[i % 3] + torch.randn(()) for s in shapes]
        optimizer.zero_grad()
        with unittest.mock.patch("torch.nn.functional.relu", torch.nn.functional.leaky_relu):
            loss = sum((y - torch.rand_like(y)).abs().mean() for y in outputs(network, inputs))
        loss.backward()
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


class Registry:
    """What an arch file needs of BasicSR's registries."""

    def __init__(self):
        self.types = {}

    def register(self):
        return lambda made: self.types.setdefault(made.__name__, made)


def basicsr(place):
    """The arch file for BasicSR, with a stand-in for BasicSR itself, gives the network."""
    stand_in = types.ModuleType("basicsr.utils.registry")
    stand_in.ARCH_REGISTRY = Registry()
    for name in ("basicsr", "basicsr.utils"):
        sys.modules[name] = types.ModuleType(name)
    sys.modules[stand_in.__name__] = stand_in
    runpy.run_path(str(ROOT / "samples" / "basicsr" / "multiscale_arch.py"))
    network = stand_in.ARCH_REGISTRY.types["MultiScaleNetwork"](folder=str(place / "export"))
    return worst(network, references(load(place), place)) <= ALLOWED


def onnx2torch(graph):
    """A graph's weights as onnx2torch keeps them: in a module per conv, and buffers."""
    weights = {t.name: torch.tensor(onnx.numpy_helper.to_array(t)) for t in graph.initializer}
    network, constants = torch.nn.Module(), []
    for node in graph.node:
        if node.op_type in ("Conv", "ConvTranspose"):
            module = torch.nn.Module()
            for what, name in zip(("weight", "bias"), node.input[1:]):
                setattr(module, what, torch.nn.Parameter(weights[name].clone()))
            network.add_module(node.name.replace(".", "/").lstrip("/"), module)
        else:
            for name in node.input:
                if name in weights and name not in constants:
                    constants.append(name)
    initializers = torch.nn.Module()
    for i, name in enumerate(constants):
        initializers.register_buffer(f"onnx_initializer_{i}", weights[name].clone())
    network.add_module("initializers", initializers)
    return network


def retie(place):
    """retie.py makes as many parameters of a module per node as the compiler counts."""
    network = onnx2torch(onnx.load(str(place / "model.onnx")).graph)
    load(place, "retie.py").retie(network, str(place / "model.onnx"))
    count = sum(p.numel() for p in network.parameters())
    return count == int((place / "parameters.txt").read_text())


def tools(place):
    checks = {"basicsr": basicsr(place), **({"retie": retie(place)} if onnx else {})}
    good = all(checks.values())
    print(f"{'ok  ' if good else 'FAIL'} {place.name}: {checks}")
    return good


def main():
    action = {"parity": parity, "train": train, "tools": tools}[sys.argv[1]]
    places = sorted(p.parent for p in pathlib.Path(sys.argv[2]).glob("*/reference.safetensors"))
    start = time.time()
    results = [action(place) for place in places]
    print(f"torch {torch.__version__}, {sys.argv[1]}: "
          f"{sum(results)} of {len(results)} networks good, {time.time() - start:.0f} s")
    sys.exit(0 if places and all(results) else 1)


main()
