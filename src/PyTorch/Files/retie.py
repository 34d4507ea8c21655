"""Ties shared kernels again that onnx2torch has copied, for those who train its modules.

    from onnx2torch import convert
    from retie import retie
    network = convert("MODEL.onnx")
    retie(network, "MODEL.onnx")        # before an optimizer is made

onnx2torch makes a module of every node and copies its weights, so that one shared kernel becomes
one kernel per branch, and it keeps constants such as PReLU's slopes in buffers, which aren't
trained. The ONNX file says which nodes read the same tensor, and the nodes' names are those of the
modules.
"""
import re

import torch
from torch import nn


def ties(path):
    """For every tensor that several convs read: weight or bias, and the names of the convs."""
    import onnx
    graph = onnx.load(path, load_external_data=False).graph
    readers = {}
    for node in graph.node:
        if node.op_type in ("Conv", "ConvTranspose"):
            for what, tensor in zip(("weight", "bias"), node.input[1:]):
                readers.setdefault((tensor, what), []).append(node.name)
    return [(what, nodes) for (_, what), nodes in readers.items() if len(nodes) > 1]


def key(name):
    """A name without what tools write differently."""
    return re.sub(r"[^0-9A-Za-z]+", "_", name).strip("_")


def retie(network, path):
    """Makes shared weights one parameter each, and trains what onnx2torch keeps in buffers.

    network: the module of onnx2torch.convert; it is changed in place.
    path: the ONNX file it was made of.
    Gives the number of ties. Raises KeyError where a node has no module.
    """
    shared = ties(path)
    modules = {key(name): module for name, module in network.named_modules()}
    for what, nodes in shared:
        first, *others = (modules[key(node)] for node in nodes)
        for other in others:
            setattr(other, what, getattr(first, what))
    for module in list(network.modules()):
        for name, buffer in list(module.named_buffers(recurse=False)):
            # Slopes and learned scales; numbers and lists of sizes belong to the architecture. One
            # number in three dimensions is the slope of a PReLU for all channels.
            learned = buffer.dim() > 1 and (buffer.numel() > 1 or buffer.dim() == 3)
            if torch.is_floating_point(buffer) and learned:
                delattr(module, name)
                setattr(module, name, nn.Parameter(buffer))
    return len(shared)
