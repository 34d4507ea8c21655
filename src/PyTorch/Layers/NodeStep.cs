using MsSrConvert.GraphIR;
using MsSrConvert.PyTorch.Operators;

namespace MsSrConvert.PyTorch.Layers;

/// <summary>A single node.</summary>
internal sealed class NodeStep(Node node) : Step
{
    public override IEnumerable<Value> Inputs => node.Inputs.OfType<Value>();

    public override IEnumerable<Value> Outputs => node.Outputs.OfType<Value>();

    public override void Write(ForwardWriter code)
    {
        try
        {
            if (code.Sizes.TryCompute(node))
                return;
            code.Comment(LayerComment.Of(node));
            var rule = PythonOperators.Find(node) ?? throw new NotInPyTorchException("there is no rule for its operator");
            rule.Write(node, code);
        }
        catch (Exception e)
            when (
                e is NotInPyTorchException or ArgumentException or IndexOutOfRangeException or InvalidOperationException
                    or ArithmeticException)
        {
            throw new NotInPyTorchException(
                $"{node}: {(e is NotInPyTorchException ? e.Message : "its attributes and inputs don't fit together")}");
        }
    }
}
