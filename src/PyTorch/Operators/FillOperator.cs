using MsSrConvert.GraphIR;
using MsSrConvert.PyTorch.Code;

namespace MsSrConvert.PyTorch.Operators;

/// <summary>ConstantOfShape and Expand: tensors of a size that may be computed from sizes.</summary>
internal sealed class FillOperator : IPythonOperator
{
    public IReadOnlyList<string> Operators { get; } = ["ConstantOfShape", "Expand"];

    public void Write(Node node, ForwardWriter code)
    {
        if (node.Is("Expand"))
            Expand(node, code);
        else
            Fill(node, code);
    }

    // A size of 1 keeps what is there, which PyTorch says with -1.
    private static void Expand(Node node, ForwardWriter code)
    {
        var sizes = code.Sizes.Of(node.Input(1))
            ?? throw new NotInPyTorchException("its shape isn't a constant, nor computed from sizes alone");
        var missing = Math.Max(0, code.Shape(node.Input(0)!).Rank - sizes.Count);
        var texts = Enumerable.Repeat("-1", missing).Concat(sizes.Select(s => s.Constant == 1 ? "-1" : s.Text));
        code.Assign(node, $"{code.Argument(node, 0)}.expand({PythonText.List(texts)})");
    }

    private static void Fill(Node node, ForwardWriter code)
    {
        var sizes = code.Sizes.Of(node.Input(0))
            ?? throw new NotInPyTorchException("its shape isn't a constant, nor computed from sizes alone");
        var data = node.Attributes.TryGetValue("value", out var value)
            && value is TensorAttribute tensor ? tensor.Value : TensorData.Of([0f], 1);
        if (!data.Element.IsFloatingPoint())
            throw new NotInPyTorchException($"it fills a tensor of {data.Element}");
        code.Assign(node,
            $"{code.AnyInput}.new_full({PythonText.List(sizes.Select(s => s.Text))}, {PythonText.Of(data.ToFloats()[0])}, dtype={PythonTypes.Of(data.Element)})");
    }
}
