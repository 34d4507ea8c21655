# Where training tools keep the weights in a checkpoint, the smoothed ones first.
USUAL = ("params_ema", "model_ema", "ema", "params", "state_dict", "model_state_dict", "model", "network", "net", "generator")


def is_weights(entry: Any) -> bool:
    """A dictionary of tensors."""
    return isinstance(entry, dict) and len(entry) > 0 and all(torch.is_tensor(v) for v in entry.values())


def main() -> None:
    source, target = sys.argv[1:3]
    checkpoint = torch.load(source, map_location="cpu", weights_only=True)
    entries = checkpoint if isinstance(checkpoint, dict) else {}
    wanted = sys.argv[3:] or USUAL
    candidates = [entries.get(key) for key in wanted] + [checkpoint] * (len(sys.argv) == 3)
    weights = next(filter(is_weights, candidates), None)
    if weights is None:
        sys.exit(f"there are no weights in it under {', '.join(wanted)}; it holds {', '.join(map(str, entries))}")
    write_safetensors(weights, target)


main()
