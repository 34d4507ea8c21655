def interaction_full(x: List[Tensor], same: Tensor, bias: Optional[Tensor], cross: List[Tensor],
                     stride: int = 1, padding: int = 0, dilation: int = 1,
                     groups: int = 1) -> List[Tensor]:
    """Interaction layer between all scales; all branches share one kernel and one bias.

    out[i] = same * x[i] + bias + the sum over all other j of cross[i, j] * x[j], which is halved
    before its kernel where j is finer and doubled after it where j is coarser. cross is ordered by
    i, then j.
    """
    others = len(x) - 1
    out: List[Tensor] = []
    for i in range(len(x)):
        y = F.conv2d(x[i], same, bias, stride, padding, dilation, groups)
        for j in range(i):
            finer = x[j]
            for _ in range(i - j):
                finer = down(finer)
            kernel = cross[i * others + j]
            y = y + F.conv2d(finer, kernel, None, stride, padding, dilation, groups)
        if i < others:
            # Doubling is linear: coarser scales are added up on their way.
            kernel = cross[i * others + others - 1]
            coarser = F.conv2d(x[others], kernel, None, stride, padding, dilation, groups)
            for j in range(others - 1, i, -1):
                kernel = cross[i * others + j - 1]
                term = F.conv2d(x[j], kernel, None, stride, padding, dilation, groups)
                coarser = term + up(coarser)
            y = y + up(coarser)
        out.append(y)
    return out
