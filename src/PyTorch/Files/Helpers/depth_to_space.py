def depth_to_space(x: Tensor, block: int) -> Tensor:
    """A pixel shuffle with the blocks outermost in the channels (F.pixel_shuffle has them innermost)."""
    n, c, h, w = x.shape
    x = x.reshape([n, block, block, c // (block * block), h, w]).permute(0, 3, 4, 1, 5, 2)
    return x.reshape([n, c // (block * block), h * block, w * block])
