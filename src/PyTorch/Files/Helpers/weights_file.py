def read_safetensors(path: str) -> Dict[str, Tensor]:
    """The tensors of a .safetensors file: 8 bytes of length, a JSON header, then the elements."""
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = bytearray(file.read())
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        dtype, (start, end) = DTYPES[entry["dtype"]], entry["data_offsets"]
        tensors[name] = torch.zeros(entry["shape"], dtype=dtype)
        # An empty buffer can't be wrapped.
        if end > start:
            flat = torch.frombuffer(data[start:end], dtype=dtype)
            tensors[name] = flat.reshape(entry["shape"])
    return tensors


def write_safetensors(tensors: Dict[str, Tensor], path: str) -> None:
    """Writes a .safetensors file; it appears under its name when it is complete."""
    names = {dtype: name for name, dtype in DTYPES.items()}
    header: Dict[str, Any] = {"__metadata__": {"format": "pt"}}
    # Wide elements first, so that every tensor starts at a multiple of its element's size.
    ordered = sorted(tensors.items(), key=lambda item: -item[1].element_size())
    offset = 0
    for name, tensor in ordered:
        place = [offset, offset + tensor.numel() * tensor.element_size()]
        shape = list(tensor.shape)
        header[name] = {"dtype": names[tensor.dtype], "shape": shape, "data_offsets": place}
        offset = place[1]
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(f"{path}.tmp", "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for _, tensor in ordered:
            flat = tensor.detach().cpu().contiguous()
            file.write(ctypes.string_at(flat.data_ptr(), flat.numel() * flat.element_size()))
    os.replace(f"{path}.tmp", path)
