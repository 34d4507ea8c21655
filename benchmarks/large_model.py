"""Writes a network of many gigabytes, its weights in a data file:  large_model.py FILE [GIGABYTES] [CHANNELS]

Convolutions of 3x3 between CHANNELS channels (default 2048: 151 MB each), as many as make GIGABYTES (default 3). Needs nothing
but Python. The numbers are random and of a size that keeps the values' variance.
"""
import array
import os
import random
import sys

BLOCK = 1 << 20


def varint(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out + bytes([value]))


def field(number, value):
    """A protobuf field: a number, a text or a message."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


class Writer:
    """Collects the graph while the weights go to the data file."""

    def __init__(self, path):
        self.location = os.path.basename(path) + ".data"
        self.data = open(path + ".data", "wb")
        numbers = random.Random(1)
        self.noise = array.array("f", (numbers.uniform(-1, 1) for _ in range(BLOCK)))
        self.graph = b""

    def weight(self, name, dims):
        count, bound = 1, (3 / (dims[1] * 9)) ** 0.5
        for dim in dims:
            count *= dim
        block = array.array("f", (v * bound for v in self.noise)).tobytes()
        offset, left = self.data.tell(), count * 4
        while left > 0:
            left -= self.data.write(block[:left])
        tensor = b"".join(field(1, dim) for dim in dims) + field(2, 1) + field(8, name)
        for key, value in (("location", self.location), ("offset", offset), ("length", count * 4)):
            tensor += field(13, field(1, key) + field(2, str(value)))
        self.graph += field(5, tensor + field(14, 1))

    def conv(self, name, x, ins, outs):
        self.weight(name + ".weight", [outs, ins, 3, 3])
        pads = field(1, "pads") + b"".join(field(8, 1) for _ in range(4)) + field(20, 7)
        self.graph += field(1, field(1, x) + field(1, name + ".weight") + field(2, name) + field(3, name)
                            + field(4, "Conv") + field(5, pads))
        return name

    def relu(self, x):
        self.graph += field(1, field(1, x) + field(2, x + ".relu") + field(3, x + ".relu") + field(4, "Relu"))
        return x + ".relu"


def declared(name):
    dims = b"".join(field(1, field(1, d) if isinstance(d, int) else field(2, d)) for d in (1, 3, "height", "width"))
    return field(1, name) + field(2, field(1, field(1, 1) + field(2, dims)))


def main():
    path = sys.argv[1]
    gigabytes = float(sys.argv[2]) if len(sys.argv) > 2 else 3
    channels = int(sys.argv[3]) if len(sys.argv) > 3 else 2048
    writer = Writer(path)
    x = writer.relu(writer.conv("head", "image", 3, channels))
    for i in range(max(1, round(gigabytes * 1e9 / (channels * channels * 36)))):
        x = writer.relu(writer.conv(f"body.{i}", x, channels, channels))
    x = writer.conv("tail", x, channels, 3)
    graph = writer.graph + field(2, "large") + field(11, declared("image")) + field(12, declared(x))
    with open(path, "wb") as file:
        file.write(field(1, 7) + field(8, field(2, 13)) + field(7, graph))


if __name__ == "__main__":
    main()
