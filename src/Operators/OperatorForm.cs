namespace MsSrConvert.Operators;

/// <summary>
/// Operands and attributes of an operator as they have been since a version of the set, with defaults and ranges. Nothing here is
/// stricter than ONNX Runtime.
/// </summary>
/// <param name="Inputs">What it reads, in order.</param>
/// <param name="Attributes">Its attributes, as far as something is known of them.</param>
internal sealed record OperatorForm(IReadOnlyList<Operand> Inputs, params IReadOnlyList<AttributeRule> Attributes)
{
    /// <summary>The first version of the operator set that describes it so.</summary>
    public long Since { get; init; } = 1;

    /// <summary>How many values it computes at least; those can't be left out.</summary>
    public int MinOutputs { get; init; } = 1;

    /// <summary>How many values it computes at most.</summary>
    public int MaxOutputs { get; init; } = 1;

    /// <summary>What must hold between operands and attributes beyond what shapes tell; null where nothing does.</summary>
    public Action<NodeOperands>? Relations { get; init; }

    /// <summary>How many inputs a node must have.</summary>
    public int MinInputs => Inputs.Count(i => !i.IsOptional);

    /// <summary>How many inputs a node may have.</summary>
    public int MaxInputs => Inputs.Any(i => i.IsVariadic) ? int.MaxValue : Inputs.Count;

    /// <summary>The operand at an index; the last one repeats where it is variadic.</summary>
    public Operand? InputAt(int index) =>
        index < Inputs.Count ? Inputs[index] : Inputs.LastOrDefault() is { IsVariadic: true } last ? last : null;

    /// <summary><c>2 to 3 inputs (X, W, B)</c>.</summary>
    public string InputsInWords()
    {
        var count = MaxInputs == int.MaxValue ? $"{MinInputs} or more"
            : MinInputs == MaxInputs ? $"{MinInputs}" : $"{MinInputs} to {MaxInputs}";
        var names = Inputs.Count == 0 ? "" : $" ({string.Join(", ", Inputs.Select(i => i.Name))})";
        return $"{count} input{(MaxInputs == 1 ? "" : "s")}{names}";
    }
}
