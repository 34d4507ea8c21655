"""Times training steps of SRResNet (4 blocks, x4) and its conversions in PyTorch.

TrainSpeed does the same with the trainer.

Usage: train_speed.py THREADS BATCH PATCH STEPS ROUNDS BRANCHES...
The networks are written by hand after docs/method.md; the number of weights shows that they are
the same ones.
"""
import statistics
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F


def down(x):
    return F.avg_pool2d(x, 2)


def up(x):
    return F.interpolate(x, scale_factor=2, mode="nearest")


class Interaction(nn.Module):
    """A kernel that all branches share, and one for every pair of neighbouring scales."""

    def __init__(self, inputs, outputs, n):
        super().__init__()

        def cross():
            return nn.ModuleList(
                nn.Conv2d(inputs, outputs, 3, padding=1, bias=False) for _ in range(n - 1))

        self.same = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.from_finer, self.from_coarser = cross(), cross()

    def forward(self, xs):
        ys = [self.same(x) for x in xs]
        for i, (finer, coarser) in enumerate(zip(self.from_finer, self.from_coarser)):
            ys[i + 1] = ys[i + 1] + finer(down(xs[i]))
            ys[i] = ys[i] + up(coarser(xs[i + 1]))
        return ys


class Net(nn.Module):
    def __init__(self, n, blocks=4, channels=64):
        super().__init__()
        self.n = n
        width = -(-channels // n)
        self.head = nn.Conv2d(3, n * width, 3, padding=1)
        self.body = nn.ModuleList(
            nn.ModuleList(Interaction(width, width, n) for _ in range(2)) for _ in range(blocks))
        self.upsample = nn.ModuleList(Interaction(width, 4 * width, n) for _ in range(2))
        self.tail1 = Interaction(width, width, n)
        self.tail2 = nn.ModuleList(
            nn.Conv2d(width, 3, 3, padding=1, bias=i == 0) for i in range(n))

    def forward(self, x):
        xs = list(self.head(x).chunk(self.n, 1))
        for i in range(1, self.n):
            for _ in range(i):
                xs[i] = down(xs[i])
        for first, second in self.body:
            ys = second([F.relu(y) for y in first(xs)])
            xs = [x + y for x, y in zip(xs, ys)]
        for conv in self.upsample:
            xs = [F.relu(F.pixel_shuffle(y, 2)) for y in conv(xs)]
        xs = [F.relu(y) for y in self.tail1(xs)]
        y = self.tail2[-1](xs[-1])
        for i in range(self.n - 2, -1, -1):
            y = self.tail2[i](xs[i]) + up(y)
        return y


def main():
    threads, batch, patch, steps, rounds, *branches = map(int, sys.argv[1:])
    torch.set_num_threads(threads)
    for n in branches:
        torch.manual_seed(1)
        net = Net(n)
        parameters = list(net.parameters())
        average = [p.detach().clone() for p in parameters]
        adam = torch.optim.Adam(parameters, lr=2e-5)
        image = torch.rand(batch, 3, patch, patch)
        truth = torch.rand(batch, 3, 4 * patch, 4 * patch)
        speeds = []
        for round_ in range(rounds + 1):
            start = time.perf_counter()
            for _ in range(steps):
                adam.zero_grad()
                loss = (net(image) - truth).abs().mean()
                loss.backward()
                loss.item()
                nn.utils.clip_grad_norm_(parameters, 1.0)
                adam.step()
                with torch.no_grad():
                    for a, p in zip(average, parameters):
                        a.mul_(0.999).add_(p, alpha=0.001)
            if round_:
                speeds.append(steps / (time.perf_counter() - start))
        count, speed = sum(p.numel() for p in parameters), statistics.median(speeds)
        print(n, count, f"{speed:.3f}", f"{loss.item():.5f}", flush=True)


main()
