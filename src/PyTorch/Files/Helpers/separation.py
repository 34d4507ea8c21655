def separation(x: Tensor, weight: Tensor, bias: Optional[Tensor], branches: int, stride: int = 1,
               padding: int = 0, dilation: int = 1, groups: int = 1) -> List[Tensor]:
    """Separation layer: one conv, its channels partitioned, branch i halved i times (from 0)."""
    features = F.conv2d(x, weight, bias, stride, padding, dilation, groups)
    out: List[Tensor] = []
    for i, branch in enumerate(torch.chunk(features, branches, dim=1)):
        for _ in range(i):
            branch = down(branch)
        out.append(branch)
    return out
