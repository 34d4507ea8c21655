namespace MsSrConvert.Operators;

/// <summary>A version of ONNX's own set that brought an operator or changed it.</summary>
/// <param name="Opset">The version.</param>
/// <remarks>
/// Most changes only allow more element types or add an attribute whose default keeps the old meaning; a node crosses those as
/// it is.
/// </remarks>
internal sealed record OperatorVersion(int Opset)
{
    /// <summary>True where form or meaning changed, so that a node crosses it only by a rule.</summary>
    public bool Breaks { get; init; }

    /// <summary>Brings a node from the version before to this one.</summary>
    public NodeRewrite? Upgrade { get; init; }

    /// <summary>Brings a node from this version to the one before.</summary>
    public NodeRewrite? Downgrade { get; init; }

    /// <summary>Element types that it takes since this version, of which not every one is new in the format itself.</summary>
    public TypeSet NewTypes { get; init; }

    /// <summary>A change that a node crosses as it is.</summary>
    public static implicit operator OperatorVersion(int opset) => new(opset);

    /// <summary>A change of form or meaning; without a rule a node can't cross it that way.</summary>
    public static OperatorVersion Breaking(int opset, NodeRewrite? upgrade = null, NodeRewrite? downgrade = null) =>
        new(opset) { Breaks = true, Upgrade = upgrade, Downgrade = downgrade };
}
