using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Shapes;
using MsSrConvert.Operators;

namespace MsSrConvert.Passes.Normalize.Support;

/// <summary>
/// Which operators work alike on (N,H,W,C) and (N,C,H,W), and what of them changes with the layout: axes, pads, scales and
/// constant operands.
/// </summary>
internal sealed class LayoutMoves
{
    private readonly Emitter _emit;
    private readonly ShapeMap _shapes;
    private readonly Dictionary<Value, Value> _constants = [];
    private readonly Dictionary<Value, Value> _kernels = [];

    public LayoutMoves(Emitter emit, ShapeMap shapes)
    {
        _emit = emit;
        _shapes = shapes;
    }

    /// <summary>True for a value with four axes that isn't constant.</summary>
    public bool IsImage(Value? value) => value is not null && value.Initializer is null && _shapes.ShapeOf(value) is { Rank: 4 };

    /// <summary>True where the node can be moved to the other layout together with its image inputs and outputs.</summary>
    public bool CanMove(Node node)
    {
        if (!node.IsStandard || !node.Inputs.Any(IsImage))
            return false;
        if (node.Has(Traits.Reduction))
            return CanMoveReduction(node);
        if (!node.Outputs.All(o => o is null || IsImage(o)))
            return false;
        if (IsPixelwise(node))
            return node.Inputs.All(IsMovableOperand);
        return IsImage(node.Input(0)) && node.OpType switch
        {
            "Concat" => node.Inputs.All(v => IsImage(v) || v.Constant() is { Dims.Count: 4 }),
            "Split" or "Softmax" or "LogSoftmax" => true,
            "MatMul" => node.Input(1).Constant() is { Dims.Count: 2 } matrix && matrix.Element.IsFloatingPoint(),
            "Pad" =>
                node.Input(3) is null ? node.Input(1).ConstantInts() is { Length: 8 } : node.Input(3).ConstantInts() is not null,
            "Slice" =>
                node.Input(3) is null ? node.Input(1).ConstantInts() is not null : node.Input(3).ConstantInts() is not null,
            "Resize" => CanMoveResize(node),
            _ => false,
        };
    }

    /// <summary>Changes what depends on the layout; the image inputs are exchanged by the caller.</summary>
    public void Move(Node node)
    {
        switch (node.OpType)
        {
            case "Concat":
            case "Split":
            case "Softmax":
            case "LogSoftmax":
                node.With("axis", Layout.AxisToNchw(node.IntOf("axis")));
                break;
            case "Pad" when node.Input(3) is null:
                var pads = node.Input(1).ConstantInts()!;
                node.SetInput(1, _emit.Ints(node, "pads", [.. Layout.Reorder(pads[..4]), .. Layout.Reorder(pads[4..])]));
                break;
            case "Slice" when node.Input(3) is null:
                var count = node.Input(1).ConstantInts()!.Length;
                node.SetInput(3, _emit.Ints(node, "axes", [.. Enumerable.Range(0, count).Select(a => Layout.AxisToNchw(a))]));
                break;
            case "Pad" or "Slice":
                MoveAxesInput(node, 3);
                break;
            case "Resize":
                MoveResize(node);
                break;
            case "MatMul":
                BecomeConv(node);
                break;
            case var _ when node.Has(Traits.Reduction):
                if (node.GetInts("axes") is { } axes)
                    node.With("axes", axes.Select(Layout.AxisToNchw).Order().ToArray());
                else
                    MoveAxesInput(node, 1);
                break;
            default:
                break;
        }

        if (node.OpType == "Concat" || IsPixelwise(node))
            MoveConstants(node);
    }

    // Parameters for each channel of other operators stand at axis 1, whatever the layout.
    private static bool IsPixelwise(Node node) => node.Has(Traits.Elementwise) || node.Is("PRelu");

    // An operand of lower rank is fine where it is constant, to be laid out anew, or a single number.
    private bool IsMovableOperand(Value? value) =>
        value is null || IsImage(value) || value.Constant() is { Dims.Count: <= 4 }
        || (_shapes.ShapeOf(value) is { } shape && shape.All(d => d == Dim.Known(1)));

    private static bool CanMoveResize(Node node)
    {
        if (node.Input(1) is { } roi && roi.Constant() is not { Count: 0 })
            return false;
        return node.GetInts("axes") is not null || node.Input(3) is not null || node.Input(2).ConstantDoubles() is { Length: 4 };
    }

    private bool CanMoveReduction(Node node)
    {
        if ((node.GetInts("axes") ?? node.Input(1).ConstantInts()) is not { Count: > 0 } axes)
            return false;
        if (node.IntOf("keepdims") != 0)
            return IsImage(node.Output);
        // What is left must stand in the same order in both layouts.
        var gone = axes.Select(a => a < 0 ? a + 4 : a).ToHashSet();
        var left = Enumerable.Range(0, 4).Where(a => !gone.Contains(a)).Select(a => Layout.AxisToNchw(a)).ToArray();
        return left.SequenceEqual(left.Order());
    }

    private void MoveAxesInput(Node node, int index) =>
        node.SetInput(index, _emit.Ints(node, "axes", [.. node.Input(index).ConstantInts()!.Select(Layout.AxisToNchw)]));

    private void MoveResize(Node node)
    {
        if (node.GetInts("axes") is { } axes)
        {
            node.With("axes", axes.Select(Layout.AxisToNchw).ToArray());
        }
        else if (node.Input(3) is { } sizes)
        {
            var moved = sizes.ConstantInts() is { Length: 4 } known
                ? _emit.Ints(node, "sizes", Layout.Reorder(known))
                : _emit.Before(node, "Gather", "sizes", sizes, _emit.Ints(node, "nchw", Layout.ToNchw)).Output;
            node.SetInput(3, moved);
        }
        else
        {
            var scales = node.Input(2).Constant()!;
            node.SetInput(2,
                _emit.Initializer(node, "scales", TensorMovement.Gather(scales, TensorData.Of(Layout.ToNchw, 4), 0)!));
        }
    }

    // A product over the last axis of (N,H,W,C) is a conv of 1x1 on (N,C,H,W); products with one matrix are convs with one
    // kernel.
    private void BecomeConv(Node node)
    {
        var matrix = node.Input(1)!;
        if (!_kernels.TryGetValue(matrix, out var kernel))
        {
            var turned = TensorMovement.Transpose(matrix.Initializer!, [1, 0]);
            kernel = _emit.Initializer(node.Graph!, matrix.Name + "/kernel",
                TensorNumbers.Reshaped(turned, [.. turned.Dims, 1, 1]));
            _kernels[matrix] = kernel;
        }

        node.OpType = "Conv";
        node.SetInput(1, kernel);
        node.With("kernel_shape", [1, 1]);
    }

    private void MoveConstants(Node node)
    {
        for (var i = 0; i < node.Inputs.Count; i++)
        {
            if (node.Input(i).Constant() is not { Count: > 1 } data)
                continue;
            var old = node.Input(i)!;
            if (!_constants.TryGetValue(old, out var moved))
            {
                long[] four = [.. Enumerable.Repeat(1L, 4 - data.Dims.Count), .. data.Dims];
                var laid = TensorMovement.Transpose(TensorNumbers.Reshaped(data, four), Layout.ToNchw);
                // A constant of lower rank stays one where its leading axes are 1: PRelu and people expect [C,1,1].
                long[] dims = data.Dims.Count == 4 ? [.. laid.Dims] : [.. laid.Dims.SkipWhile(d => d == 1)];
                _constants[old] = moved = _emit.Initializer(node.Graph!, old.Name + "/nchw", TensorNumbers.Reshaped(laid, dims));
            }

            node.SetInput(i, moved);
        }
    }
}
