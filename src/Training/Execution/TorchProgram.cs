using MsSrConvert.GraphIR;
using MsSrConvert.Operators;
using MsSrConvert.Training.Operators;
using static TorchSharp.torch;

namespace MsSrConvert.Training.Execution;

/// <summary>
/// A graph made ready for inputs of one size: the nodes that wanted values depend on, in order, with everything that follows from
/// shapes alone (sizes, pads, slices) worked out beforehand.
/// </summary>
internal sealed class TorchProgram : IDisposable
{
    private readonly record struct Step(Func<Tensor[], Tensor[]> Compute, int[] Inputs, int[] Outputs, int[] LastUses);

    private readonly Step[] _steps;
    private readonly int _slots;
    private readonly int _inputSlot;
    private readonly int[] _outputs;
    private readonly IReadOnlyList<(int Slot, Value Value)> _initializers;
    private readonly IReadOnlyList<(int Slot, Tensor Numbers)> _constants;

    private TorchProgram(ProgramBuilder builder, Value input, IReadOnlyList<Value> wanted, Device device)
    {
        _inputSlot = builder.SlotOf(input);
        _outputs = [.. wanted.Select(builder.SlotOf)];
        _initializers = [.. builder.Initializers.Select(v => (builder.SlotOf(v), v))];
        _constants = [.. builder.Constants
            .Select(c => (builder.SlotOf(c.Value), tensor(c.Numbers, c.Dims).to(device).DetachFromDisposeScope()))];
        var kept = _outputs.Concat(
            _initializers.Select(c => c.Slot)).Concat(_constants.Select(c => c.Slot)).Append(_inputSlot).ToHashSet();
        _steps = new Step[builder.Steps.Count];
        // Backwards, the first reader met is the last one to run.
        for (var i = _steps.Length - 1; i >= 0; i--)
        {
            var (node, step) = builder.Steps[i];
            int[] inputs = [.. step.Inputs.Select(builder.SlotOf)];
            int[] outputs = [.. node.Outputs.Select(o => o is null ? -1 : builder.SlotOf(o))];
            _steps[i] = new Step(step.Compute, inputs, outputs, [.. inputs.Concat(outputs).Where(s => s >= 0 && kept.Add(s))]);
        }

        _slots = builder.SlotCount;
    }

    /// <summary>Makes a graph ready.</summary>
    /// <param name="model">The model; opset 13 or newer.</param>
    /// <param name="input">Its image input.</param>
    /// <param name="dims">The input's dimensions.</param>
    /// <param name="wanted">The values to compute.</param>
    /// <param name="weights">Initializers whose numbers may change.</param>
    /// <param name="device">Execution device.</param>
    /// <param name="operators">How operators are computed.</param>
    /// <exception cref="MsSrException">Nodes that can't be computed, all of them named (MSSR2601).</exception>
    public static TorchProgram Build(
        Model model, Value input, long[] dims, IReadOnlyList<Value> wanted, IReadOnlyList<Value> weights, Device device,
        TorchOperators operators)
    {
        var shapes = ShapeInference.Infer(model, new Dictionary<Value, Shape> { [input] = Shape.Known(dims) });
        var builder = new ProgramBuilder(model.Graph, shapes, TrainableWeights.Downstream(model.Graph, [input, .. weights]),
            operators);
        builder.Add(wanted);
        using var scope = NewDisposeScope();
        return builder.Unsupported.Count == 0
            ? new TorchProgram(builder, input, wanted, device) : throw new MsSrException(new Diagnostic(
            "MSSR2601", Severity.Error,
            $"these nodes can't be trained through: {string.Join("; ", builder.Unsupported.Select(u => u.Message))}.",
            model.Graph.Name, "Train the model with another tool."));
    }

    /// <summary>Computes the wanted values; whatever lies between is let go of after its last use.</summary>
    /// <param name="input">The input.</param>
    /// <param name="initializer">The tensor of an initializer.</param>
    public Tensor[] Run(Tensor input, Func<Value, Tensor> initializer)
    {
        var values = new Tensor[_slots];
        values[_inputSlot] = input;
        foreach (var (slot, value) in _initializers)
            values[slot] = initializer(value);
        foreach (var (slot, numbers) in _constants)
            values[slot] = numbers;
        foreach (var step in _steps)
        {
            var results = step.Compute(Array.ConvertAll(step.Inputs, s => values[s]));
            for (var i = 0; i < step.Outputs.Length; i++)
            {
                if (step.Outputs[i] >= 0)
                    values[step.Outputs[i]] = results[i];
            }

            foreach (var slot in step.LastUses)
                values[slot].Dispose();
        }

        return Array.ConvertAll(_outputs, s => values[s]);
    }

    /// <summary>Frees the constants.</summary>
    public void Dispose()
    {
        foreach (var (_, numbers) in _constants)
            numbers.Dispose();
    }
}
