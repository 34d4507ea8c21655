def interaction(x: List[Tensor], same: Tensor, bias: Optional[Tensor], from_finer: List[Tensor],
                from_coarser: List[Tensor], stride: int = 1, padding: int = 0, dilation: int = 1,
                groups: int = 1) -> List[Tensor]:
    """Interaction layer between neighbouring scales; all branches share one kernel and one bias.

    out[i] = same * x[i] + bias
             + from_finer[i - 1] * down(x[i - 1]) + up(from_coarser[i] * x[i + 1])
    """
    out: List[Tensor] = []
    for i in range(len(x)):
        y = F.conv2d(x[i], same, bias, stride, padding, dilation, groups)
        if i > 0:
            finer = down(x[i - 1])
            y = y + F.conv2d(finer, from_finer[i - 1], None, stride, padding, dilation, groups)
        if i + 1 < len(x):
            coarser = F.conv2d(x[i + 1], from_coarser[i], None, stride, padding, dilation, groups)
            y = y + up(coarser)
        out.append(y)
    return out
