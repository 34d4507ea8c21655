using MsSrConvert.GraphIR;
using MsSrConvert.Operators;
using MsSrConvert.PyTorch.Code;

namespace MsSrConvert.PyTorch.Operators;

/// <summary>
/// BatchNormalization with its recorded statistics, which stay as they are, InstanceNormalization, GroupNormalization and
/// LayerNormalization.
/// </summary>
internal sealed class NormalizationOperator : IPythonOperator
{
    // Before, scale and bias belonged to groups, which F.group_norm doesn't know.
    private const int ScalePerChannel = 21;

    public IReadOnlyList<string> Operators { get; } =
        ["BatchNormalization", "InstanceNormalization", "GroupNormalization", "LayerNormalization"];

    public bool Knows(Node node, long opset) => opset >= ScalePerChannel || !node.Is("GroupNormalization");

    public void Write(Node node, ForwardWriter code)
    {
        var (x, scale, bias) = (code.Argument(node, 0), code.Argument(node, 1), code.Argument(node, 2));
        var epsilon = PythonText.Of(node.FloatOf("epsilon"));
        if (node.Is("InstanceNormalization"))
        {
            code.Assign(node, $"F.instance_norm({x}, weight={scale}, bias={bias}, eps={epsilon})");
            return;
        }

        if (node.Is("GroupNormalization"))
        {
            code.Assign(node,
                $"F.group_norm({x}, {ForwardWriter.Text(node.GetInt("num_groups", 1))}, {scale}, {bias}, eps={epsilon})");
            return;
        }

        if (node.Is("LayerNormalization"))
        {
            if (node.Outputs.Skip(1).Any(o => o is { IsUnused: false }))
                throw new NotInPyTorchException("its mean or deviation is read");
            var shape = code.Shape(node.Input(0)!);
            var axis = (int)NodeFacts.Axis(node.GetInt("axis", -1), shape.Rank);
            var over = shape.Skip(axis).All(d => d.IsKnown)
                ? PythonText.List(shape.Skip(axis).Select(d => d.Value)) : $"{x}.shape[{ForwardWriter.Text(axis)}:]";
            code.Assign(node, $"F.layer_norm({x}, {over}, {scale}, {bias}, eps={epsilon})");
            return;
        }

        if (node.GetInt("training_mode", 0) != 0 || node.Outputs.Count > 1)
            throw new NotInPyTorchException("it is in training form");
        code.Assign(node,
            $"F.batch_norm({x}, {code.Argument(node, 3)}, {code.Argument(node, 4)}, {scale}, {bias}, training=False, eps={epsilon})");
    }
}
