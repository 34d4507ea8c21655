def fusion(x: List[Tensor], kernels: List[Tensor], bias: Optional[Tensor], stride: int = 1,
           padding: int = 0, dilation: int = 1, groups: int = 1) -> Tensor:
    """Fusion layer: every branch through its own kernel, all brought to full size and added."""
    last = len(x) - 1
    y = F.conv2d(x[last], kernels[last], None, stride, padding, dilation, groups)
    for i in range(last - 1, -1, -1):
        here = bias if i == 0 else None
        y = F.conv2d(x[i], kernels[i], here, stride, padding, dilation, groups) + up(y)
    return y
