"""Times exported networks in PyTorch: forward in several ways, and training steps.

usage: pytorch_gpu.py [--device cuda|cpu] [--size 128] EXPORT...   (ratios are to the first)
"""
import argparse
import importlib.util
import pathlib
import statistics
import time

import torch
import torch.nn.functional as F

WARMUP, RUNS = 10, 50


def load(folder):
    spec = importlib.util.spec_from_file_location(folder.name, folder / "model.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Network()


def timed(function, device, runs):
    """The median time of a call in milliseconds."""
    times = []
    for i in range(WARMUP + runs):
        start = time.perf_counter()
        function()
        if device == "cuda":
            torch.cuda.synchronize()
        times.append(time.perf_counter() - start)
    return statistics.median(times[WARMUP:]) * 1e3


def graphed(network, x):
    """The network as one CUDA graph."""
    stream = torch.cuda.Stream()
    with torch.cuda.stream(stream):
        for _ in range(3):
            network(x)
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        network(x)
    return graph.replay


def forward_ways(network, x, device):
    yield "eager", lambda: network(x)
    if hasattr(torch, "compile"):
        compiled = torch.compile(network)
        yield "compile", lambda: compiled(x)
    if device == "cuda":
        yield "CUDA graph", graphed(network, x)


def training_step(network, x, scale):
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-6)
    y = torch.rand(x.shape[0], 3, x.shape[2] * scale, x.shape[3] * scale, device=x.device)

    def step():
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast(x.device.type, dtype=torch.bfloat16):
            loss = F.l1_loss(network(x).float(), y)
        loss.backward()
        optimizer.step()

    return step


def measure(folder, options):
    """(way, milliseconds) for one export."""
    device, size = options.device, options.size
    for dtype in (torch.float32, torch.bfloat16):
        for layout in (torch.contiguous_format, torch.channels_last):
            network = load(folder).eval().to(device, dtype, memory_format=layout)
            x = torch.rand(1, 3, size, size, device=device, dtype=dtype).to(memory_format=layout)
            named = "fp32" if dtype is torch.float32 else "bf16"
            named += " channels_last" if layout is torch.channels_last else ""
            with torch.no_grad():
                for way, function in forward_ways(network, x, device):
                    yield f"forward, {way}, {named}", timed(function, device, options.runs)
    network = load(folder).to(device)
    x = torch.rand(options.batch, 3, 48, 48, device=device)
    with torch.no_grad():
        scale = network(x[:1]).shape[-1] // 48
    step = timed(training_step(network, x, scale), device, options.runs)
    yield f"training step, {options.batch} patches of 48x48, amp", step


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("exports", nargs="+", type=pathlib.Path)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--runs", type=int, default=RUNS)
    options = parser.parse_args()
    name = torch.cuda.get_device_name() if options.device == "cuda" else "CPU"
    print(f"torch {torch.__version__} on {name}, {options.size}x{options.size}; "
          f"median of {options.runs} runs in ms, ratio to {options.exports[0].name}")
    rows = {}
    for folder in options.exports:
        for way, milliseconds in measure(folder, options):
            rows.setdefault(way, []).append(milliseconds)
    for way, values in rows.items():
        print(f"| {way} | " + " | ".join(f"{v:.2f} ({v / values[0]:.0%})" for v in values) + " |")


main()
