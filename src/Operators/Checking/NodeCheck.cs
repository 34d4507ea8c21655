using MsSrConvert.GraphIR;

namespace MsSrConvert.Operators.Checking;

/// <summary>Compares one node with its operator's description.</summary>
internal static class NodeCheck
{
    /// <summary>What is wrong with the node, in the order in which it should be told.</summary>
    /// <param name="operands">The node and what is known of its operands.</param>
    public static IReadOnlyList<OperandFault> Run(NodeOperands operands)
    {
        var description = operands.Description;
        CheckInputs(operands, description);
        CheckOutputs(operands, description);
        foreach (var rule in description.Attributes)
            CheckAttribute(operands, rule);
        // Relations rely on counts and kinds.
        if (operands.Faults.Count > 0)
            return operands.Faults;
        CheckTypes(operands, description);
        description.Relations?.Invoke(operands);
        return operands.Faults;
    }

    private static void CheckInputs(NodeOperands operands, OperatorForm description)
    {
        var listed = operands.Node.Inputs.Count;
        var count = listed;
        while (count > 0 && operands.Input(count - 1) is null)
            count--;
        for (var i = 0; i < Math.Min(listed, description.MaxInputs); i++)
        {
            if (operands.Input(i) is null && description.InputAt(i) is { IsOptional: false } needed)
            {
                operands.RejectCount(
                    $"its input '{needed.Name}' is absent; {operands.Node.OpType} takes {description.InputsInWords()}");
                return;
            }
        }

        if (count < description.MinInputs || count > description.MaxInputs)
        {
            operands.RejectCount(
                $"it has {count} input{(count == 1 ? "" : "s")}; {operands.Node.OpType} takes {description.InputsInWords()}");
        }
    }

    private static void CheckOutputs(NodeOperands operands, OperatorForm description)
    {
        var outputs = operands.Node.Outputs;
        var takes = description.MinOutputs == description.MaxOutputs ? $"{description.MinOutputs}"
            : description.MaxOutputs == int.MaxValue
            ? $"{description.MinOutputs} or more" : $"{description.MinOutputs} to {description.MaxOutputs}";
        if (outputs.Count < description.MinOutputs || outputs.Count > description.MaxOutputs)
        {
            operands.RejectCount(
                $"it has {outputs.Count} output{(outputs.Count == 1 ? "" : "s")}; {operands.Node.OpType} computes {takes}");
        }
        else if (outputs.Count > 0 && outputs.Take(Math.Max(1, description.MinOutputs)).All(o => o is null)
            && description.MinOutputs > 0)
        {
            operands.RejectCount($"its output has no name; {operands.Node.OpType} computes {takes}");
        }
    }

    private static void CheckAttribute(NodeOperands operands, AttributeRule rule)
    {
        var value = operands.Attribute(rule.Name);
        var stated = operands.Node.Attributes.ContainsKey(rule.Name);
        if (value is null)
        {
            if (rule.IsRequired && !stated)
            {
                operands.RejectAttribute(
                    $"attribute '{rule.Name}' is missing; {operands.Node.OpType} needs it, {AttributeRule.Describe(rule.Kind)}{Range(rule)}");
            }

            return;
        }

        var (fits, numbers) = Read(rule, value);
        if (!fits)
        {
            operands.RejectAttribute(
                $"attribute '{rule.Name}' isn't {AttributeRule.Describe(rule.Kind)}, which {operands.Node.OpType} takes");
        }
        else if (numbers.FirstOrDefault(n => n < rule.Min || n > rule.Max, rule.Min) is var wrong
            && (wrong < rule.Min || wrong > rule.Max))
        {
            operands.RejectAttribute(
                $"attribute '{rule.Name}' {(rule.Kind == AttributeKind.Int ? "is" : "holds")} {wrong}; it must be{Range(rule)}");
        }
        else if (rule.Words is { } words && value is StringAttribute { Text: var text } && !words.Contains(text))
        {
            operands.RejectAttribute(
                $"attribute '{rule.Name}' is '{text}'; it must be one of {string.Join(", ", words.Where(w => w.Length > 0))}");
        }
    }

    // An empty list may be of any kind: files can't tell them apart where the kind isn't stated.
    private static (bool Fits, IReadOnlyList<long> Numbers) Read(AttributeRule rule, AttributeValue value) =>
        (rule.Kind, value) switch
        {
            (AttributeKind.Int, IntAttribute one) => (true, [one.Value]),
            (AttributeKind.Ints, IntsAttribute many) => (true, many.Values),
            (AttributeKind.Float, FloatAttribute) or (AttributeKind.Text, StringAttribute) or (AttributeKind.Tensor, TensorAttribute)
                or (AttributeKind.Graph, GraphAttribute) or (AttributeKind.Floats, FloatsAttribute)
                or (AttributeKind.Texts, StringsAttribute) => (true, []),
            _ => (false, []),
        };

    private static string Range(AttributeRule rule) => (rule.Min, rule.Max) switch
    {
        (long.MinValue, long.MaxValue) => "",
        (var min, long.MaxValue) => $" {min} or more",
        (long.MinValue, var max) => $" {max} or less",
        var (min, max) => $" {min} to {max}",
    };

    private static void CheckTypes(NodeOperands operands, OperatorForm description)
    {
        var firstOf = new Dictionary<string, int>();
        for (var i = 0; i < operands.Node.Inputs.Count; i++)
        {
            if (description.InputAt(i) is not { } operand || operands.Type(i) is not { } type)
                continue;
            if (type.Shape is { } shape && (shape.Rank < operand.MinRank || shape.Rank > operand.MaxRank))
                operands.RejectOperand($"{operands.Name(i)} has {shape.Rank} dimensions, {shape}; it needs {Ranks(operand)}");
            if (type.Element == ElementType.Undefined)
                continue;
            if (!operand.Types.Contains(type.Element))
            {
                operands.RejectOperand($"{operands.Name(i)} is {Spell(type.Element)}; it must be {operand.Types}");
            }
            else if (operand.SameType is { } letter && !firstOf.TryAdd(letter, i)
                && operands.Type(firstOf[letter])!.Element is var first && first != type.Element)
            {
                operands.RejectOperand(
                    $"{operands.Name(i)} is {Spell(type.Element)} and {operands.Name(firstOf[letter])} {Spell(first)}; they must be of one type");
            }
        }
    }

    private static string Ranks(Operand operand) => operand.MinRank == operand.MaxRank ? $"{operand.MinRank}"
        : operand.MaxRank == int.MaxValue ? $"{operand.MinRank} or more" : operand.MinRank == 0
        ? $"{operand.MaxRank} or fewer" : $"{operand.MinRank} to {operand.MaxRank}";

    private static string Spell(ElementType element) => element.ToString().ToLowerInvariant();
}
