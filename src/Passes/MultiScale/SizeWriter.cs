using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Analysis;

namespace MsSrConvert.Passes.MultiScale;

/// <summary>Writes the few nodes that compute how much to pad and where to cut.</summary>
internal sealed class SizeWriter(Graph graph, ConversionPlan plan)
{
    private const string Prefix = "mssr";
    private readonly NameScope _names = new(graph);

    private long Multiple => plan.InputSizes.Multiple;

    /// <summary>Height and width of an input as an int64[2] value computed in the graph; null where both are known.</summary>
    public Value? ReadSize(ImageInput image)
    {
        if (image.Axes.All(axis => image.Value.Shape![axis].IsKnown))
            return null;
        var shape = Emit(image.Value, "shape", "Shape", [image.Value]);
        return Emit(image.Value, "size", "Gather", [shape, Integers(image.Value, "axes", [.. image.Axes.Select(a => (long)a)])], n => n.With("axis", 0));
    }

    /// <summary>Pads an input at its bottom and right edge up to the multiple; everything but <see cref="ReadSize"/> reads the result.</summary>
    public void Pad(ImageInput image, Value? size)
    {
        var input = image.Value;
        var readers = input.Uses.Where(use => use.Node != size?.Producer?.Input(0)?.Producer).ToArray();
        var padded = new Value(_names.Unique($"{Prefix}/{input.Name}/padded"));
        var pads = size is null ? ConstantPads(image) : ComputedPads(image, size);
        graph.Add(new Node("Pad", [input, pads], [padded], NodeName(input, "pad")).With("mode", "edge"));
        foreach (var use in readers)
            use.Node.SetInput(use.Index, padded);
    }

    /// <summary>Cuts a graph output back to the source's size on the given axes.</summary>
    /// <exception cref="MsSrException">The output's size doesn't follow from an input's height and width (MSSR2003).</exception>
    public void Crop(Value output, IReadOnlyList<int> axes, IReadOnlyDictionary<ImageInput, Value?> sizes)
    {
        var whole = new Value(_names.Unique($"{Prefix}/{output.Name}/uncropped"), output.Type);
        var readers = output.Uses.ToArray();
        var (producer, index) = (output.Producer!, output.OutputIndex);
        producer.SetOutput(index, whole);
        foreach (var use in readers)
            use.Node.SetInput(use.Index, whole);

        var ends = Ends(output, axes, sizes);
        graph.Add(new Node("Slice",
            [whole, Integers(output, "starts", [.. axes.Select(_ => 0L)]), ends, Integers(output, "crop_axes", [.. axes.Select(a => (long)a)])],
            [output], NodeName(output, "crop")));
    }

    private Value ConstantPads(ImageInput image)
    {
        var rank = image.Value.Shape!.Rank;
        var pads = new long[2 * rank];
        foreach (var axis in image.Axes)
            pads[rank + axis] = plan.InputSizes.Shapes.ShapeOf(image.Value)![axis].Value - image.Value.Shape![axis].Value;
        return Integers(image.Value, "pads", pads);
    }

    private Value ComputedPads(ImageInput image, Value size)
    {
        var input = image.Value;
        var multiple = Integers(input, "multiple", [Multiple]);
        var raised = Emit(input, "raised", "Add", [size, Integers(input, "multiple_less_1", [Multiple - 1])]);
        var blocks = Emit(input, "blocks", "Div", [raised, multiple]);
        var target = Emit(input, "target", "Mul", [blocks, multiple]);
        var missing = Emit(input, "missing", "Sub", [target, size]);
        var rank = input.Shape!.Rank;
        var (before, after) = (rank + image.Axes[0], rank - 1 - image.Axes[1]);
        IEnumerable<Value> parts = [Integers(input, "no_pads_before", new long[before]), missing];
        if (after > 0)
            parts = parts.Append(Integers(input, "no_pads_after", new long[after]));
        return Emit(input, "pads", "Concat", parts, n => n.With("axis", 0));
    }

    private Value Ends(Value output, IReadOnlyList<int> axes, IReadOnlyDictionary<ImageInput, Value?> sizes)
    {
        var source = plan.SourceShapes.ShapeOf(output)!;
        if (axes.All(axis => source[axis].IsKnown))
            return Integers(output, "ends", [.. axes.Select(axis => source[axis].Value)]);
        foreach (var (image, size) in sizes)
        {
            if (size is not null && Formulas(output, axes, image) is { } sides)
                return Computed(output, size, sides);
        }

        throw Uncroppable(output);
    }

    /// <summary>The error that an output can't be cut back.</summary>
    public MsSrException Uncroppable(Value output) => new(new Diagnostic("MSSR2003", Severity.Error,
        $"its size {plan.SourceShapes.ShapeOf(output)} doesn't follow from the height and width of an input, so it can't be cut back after padding.",
        $"output '{output.Name}'", "Convert with --assume-multiple and feed sizes of the multiple yourself."));

    private SideFormula[]? Formulas(Value output, IReadOnlyList<int> axes, ImageInput image)
    {
        var (source, padded) = (plan.SourceShapes.ShapeOf(output)!, plan.InputSizes.Shapes.ShapeOf(output)!);
        var input = InputSizes.Named(image.Value);
        SideFormula? Formula(int axis, int side) => source[axis].IsKnown
            ? SideFormula.Constant(source[axis].Value)
            : SideFormula.Find(side, input[image.Axes[side]], source[axis], padded[axis], Multiple);

        // Sides mostly come in the input's order; a width alone, or a transposed output, is found by trying the other side.
        var formulas = axes.Select((axis, k) => Formula(axis, k % 2) ?? Formula(axis, 1 - k % 2)).ToArray();
        return formulas.Contains(null) ? null : Array.ConvertAll(formulas, f => f!.Value);
    }

    private Value Computed(Value output, Value size, SideFormula[] sides)
    {
        Value Step(Value x, string what, string opType, Func<SideFormula, long> operand, long neutral) => sides.All(s => operand(s) == neutral)
            ? x
            : Emit(output, what, opType, [x, Integers(output, $"{what}_by", [.. sides.Select(operand)])]);

        var ends = sides.Select(s => s.Side).SequenceEqual([0, 1])
            ? size
            : Emit(output, "ends_sides", "Gather", [size, Integers(output, "sides", [.. sides.Select(s => (long)s.Side)])], n => n.With("axis", 0));
        ends = Step(ends, "ends_up", "Mul", s => s.Up, 1);
        ends = Step(ends, "ends_rounded", "Add", s => s.Add, 0);
        ends = Step(ends, "ends_down", "Div", s => s.Down, 1);
        ends = Step(ends, "ends_times", "Mul", s => s.Times, 1);
        return Step(ends, "ends_plus", "Add", s => s.Plus, 0);
    }

    private string NodeName(Value about, string what) => _names.Unique($"{Prefix}/{about.Name.Replace('.', '_')}/{what}");

    private Value Emit(Value about, string what, string opType, IEnumerable<Value?> inputs, Action<Node>? configure = null)
    {
        var name = NodeName(about, what);
        var value = new Value(_names.Unique($"{name}_out"));
        var node = new Node(opType, inputs, [value], name);
        configure?.Invoke(node);
        graph.Add(node);
        return value;
    }

    private Value Integers(Value about, string what, IReadOnlyList<long> values) =>
        graph.AddInitializer(_names.Unique($"{Prefix}/{about.Name}/{what}"), TensorData.Of([.. values], values.Count));
}
