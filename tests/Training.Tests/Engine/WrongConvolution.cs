using MsSrConvert.Training.Engine;
using MsSrConvert.Training.Operators;
using static TorchSharp.torch;

namespace MsSrConvert.Training.Tests.Engine;

/// <summary>Convolutions whose results are spoilt by a test.</summary>
/// <param name="spoil">Makes the result that is handed on.</param>
internal sealed class WrongConvolution(Func<Tensor, Tensor> spoil) : ITorchOperator
{
    private readonly ConvOperator _right = new();

    public IReadOnlyList<string> Operators => _right.Operators;

    /// <summary>A form of libtorch that convolves in this way.</summary>
    public static EngineForm Form(string name, Func<Tensor, Tensor> spoil) =>
        TestStart.Form with
        {
            Name = name,
            Description = $"the {name} one",
            Operators = TorchOperators.Standard.With(new WrongConvolution(spoil))
        };

    public TorchStep Prepare(NodeContext context)
    {
        var step = _right.Prepare(context);
        return step with { Compute = x => Array.ConvertAll(step.Compute(x), spoil.Invoke) };
    }
}
