using MsSrConvert.GraphIR;
using MsSrConvert.Operators.Versions;
using MsSrConvert.Training.Operators;
using static TorchSharp.torch;

namespace MsSrConvert.Training.Execution;

/// <summary>A model that computes with TorchSharp; its weights are given at every call.</summary>
public sealed class TorchNetwork : IDisposable
{
    private readonly LoweredModel _lowered;
    private readonly Device _device;
    private readonly TorchOperators _operators;
    private readonly Value _input;
    private readonly Dictionary<Value, Tensor> _constants = [];
    private readonly Dictionary<string, TorchProgram> _programs = [];

    /// <summary>Prepares a model.</summary>
    /// <param name="model">The model; opset 13 or newer, one input beside its initializers.</param>
    /// <param name="device">Execution device.</param>
    /// <exception cref="MsSrException">The model has several inputs (MSSR2602).</exception>
    public TorchNetwork(Model model, Device device)
        : this(model, device, TorchOperators.Standard)
    {
    }

    /// <summary>Prepares a model whose operators are computed in a given way.</summary>
    /// <exception cref="MsSrException">The model has several inputs (MSSR2602).</exception>
    internal TorchNetwork(Model model, Device device, TorchOperators operators)
    {
        (_lowered, _device, _operators) = (Lowering.Lower(model, operators.Knows), device, operators);
        var inputs = model.Graph.Inputs.Where(v => v.Initializer is null).ToArray();
        _input = inputs.Length == 1 ? inputs[0] : throw new MsSrException(new Diagnostic("MSSR2602", Severity.Error,
            $"the model has {inputs.Length} inputs; models of one image are trained.", model.Graph.Name));
        Trainable = TrainableWeights.Find(model.Graph);
    }

    /// <summary>The initializers that training changes, in the graph's order.</summary>
    public IReadOnlyList<Value> Trainable { get; }

    /// <summary>The weights that the model holds.</summary>
    /// <param name="trained">True where gradients are wanted.</param>
    public FlatWeights Weights(bool trained) => FlatWeights.Of(Trainable, _device, trained);

    /// <summary>Computes values of the graph.</summary>
    /// <param name="weights">Weights for <see cref="Trainable"/>.</param>
    /// <param name="input">The image batch, in the model's layout.</param>
    /// <param name="wanted">The values.</param>
    /// <exception cref="MsSrException">Nodes can't be trained through (MSSR2601).</exception>
    public Tensor[] Forward(FlatWeights weights, Tensor input, params IReadOnlyList<Value> wanted) =>
        ProgramFor(input.shape, wanted).Run(input, value =>
            _lowered.SourceOf(value) is var source && weights.Contains(source) ? weights[source] : Constant(value));

    /// <summary>Finds out whether the values can be computed at a size.</summary>
    /// <exception cref="MsSrException">Nodes can't be trained through (MSSR2601).</exception>
    public void Check(long[] dims, params IReadOnlyList<Value> wanted) => ProgramFor(dims, wanted);

    private TorchProgram ProgramFor(long[] dims, IReadOnlyList<Value> wanted)
    {
        var key = $"{string.Join('x', dims)} {string.Join(' ', wanted.Select(v => v.Name))}";
        if (!_programs.TryGetValue(key, out var program))
        {
            _programs[key] = program = TorchProgram.Build(_lowered.Model, _lowered[_input], dims,
                [.. wanted.Select(v => _lowered[v])], [.. Trainable.Select(v => _lowered[v])], _device, _operators);
        }

        return program;
    }

    private Tensor Constant(Value value)
    {
        if (!_constants.TryGetValue(value, out var constant))
        {
            using var scope = NewDisposeScope();
            var data = value.Initializer!;
            var numbers = data.Element == ElementType.Bool
                ? tensor(Array.ConvertAll(data.Bytes.ToArray(), b => b != 0), [.. data.Dims])
                : tensor(data.ToFloats(), [.. data.Dims]);
            _constants[value] = constant = numbers.to(_device).DetachFromDisposeScope();
        }

        return constant;
    }

    /// <summary>Frees the constants.</summary>
    public void Dispose()
    {
        foreach (var constant in _constants.Values)
            constant.Dispose();
        foreach (var program in _programs.Values)
            program.Dispose();
    }
}
