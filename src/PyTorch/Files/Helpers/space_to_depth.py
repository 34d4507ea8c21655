def space_to_depth(x: Tensor, block: int) -> Tensor:
    """Undoes depth_to_space."""
    n, c, h, w = x.shape
    x = x.reshape([n, c, h // block, block, w // block, block]).permute(0, 3, 5, 1, 2, 4)
    return x.reshape([n, c * block * block, h // block, w // block])
