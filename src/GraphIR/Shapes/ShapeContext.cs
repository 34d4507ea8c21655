namespace MsSrConvert.GraphIR.Shapes;

/// <summary>What a rule sees of one node, and where it leaves its findings.</summary>
internal sealed class ShapeContext
{
    private readonly ShapeMap _map;
    private readonly TensorType?[] _types;
    private readonly Scalar[]?[] _contents;

    public ShapeContext(Node node, long opset, ShapeMap map)
    {
        Node = node;
        Opset = opset;
        _map = map;
        _types = new TensorType?[node.Outputs.Count];
        _contents = new Scalar[]?[node.Outputs.Count];
    }

    /// <summary>The node.</summary>
    public Node Node { get; }

    /// <summary>The version of ONNX's own operator set; 0 where the model imports none.</summary>
    public long Opset { get; }

    /// <summary>True when the input is given.</summary>
    public bool Has(int input) => Node.Input(input) is not null;

    /// <summary>An input's shape, or null where it is absent or of unknown rank.</summary>
    public Shape? Shape(int input) => Node.Input(input) is { } value ? _map.ShapeOf(value) : null;

    /// <summary>An input's element type.</summary>
    public ElementType Element(int input) =>
        Node.Input(input) is { } value ? _map.TypeOf(value)?.Element ?? ElementType.Undefined : ElementType.Undefined;

    /// <summary>An input's elements, or null where they are no small tensor or unknown.</summary>
    public Scalar[]? Content(int input) => Node.Input(input) is { } value ? _map.ScalarsOf(value) : null;

    /// <summary>An input's elements as sizes, or null; single ones may be unknown.</summary>
    public Dim[]? Dims(int input) => Content(input) is { } content ? Array.ConvertAll(content, s => s.Dim) : null;

    /// <summary>An input's elements as numbers, or null unless all are known whole numbers.</summary>
    public long[]? Numbers(int input) =>
        Dims(input) is { } dims && Array.TrueForAll(dims, d => d.IsKnown) ? Array.ConvertAll(dims, d => d.Offset) : null;

    /// <summary>The type found for a value of a nested graph.</summary>
    public TensorType? TypeOf(Value value) => _map.TypeOf(value);

    /// <summary>The elements found for a value of a nested graph.</summary>
    public Scalar[]? ContentOf(Value value) => _map.ScalarsOf(value);

    /// <summary>Sets an output's type.</summary>
    public void Set(int output, ElementType element, Shape? shape)
    {
        if (output < _types.Length && (element != ElementType.Undefined || shape is not null))
            _types[output] = new TensorType(element, shape is null ? null : WithoutNegatives(shape));
    }

    private Shape WithoutNegatives(Shape shape)
    {
        for (var axis = 0; axis < shape.Rank; axis++)
        {
            if (shape[axis] is not { IsKnown: true, Offset: < 0 } negative)
                continue;
            Report(ConflictKind.Provable, $"the size along axis {axis} would be {negative}");
            shape = shape.With(axis, Dim.Unknown);
        }

        return shape;
    }

    /// <summary>Sets the first output's shape; its elements are those of the first input.</summary>
    public void Set(Shape? shape) => Set(0, Element(0), shape);

    /// <summary>Sets an output's elements; null and large ones are not kept.</summary>
    public void SetContent(int output, Scalar[]? content)
    {
        if (output < _contents.Length && content is { Length: <= GraphIR.Shapes.Content.MaxElements })
            _contents[output] = content;
    }

    /// <summary>Sets the first output's elements as sizes.</summary>
    public void SetContent(IEnumerable<Dim> content) => SetContent(0, [.. content.Select(Scalar.Of)]);

    /// <summary>Drops everything set.</summary>
    public void Forget()
    {
        Array.Clear(_types);
        Array.Clear(_contents);
    }

    public TensorType? OutputType(int output) => _types[output];

    public Scalar[]? OutputContent(int output) => _contents[output];

    /// <summary>Notes a conflict.</summary>
    public void Report(ConflictKind kind, string message) => _map.Report(new ShapeConflict(Node, kind, message));

    /// <summary>Two sizes that must be the same: what is known of them together, unknown where they differ.</summary>
    public Dim Unify(Dim a, Dim b, string what)
    {
        if (a.IsUnknown || a == b)
            return b;
        if (b.IsUnknown)
            return a;
        var kind = Differ(a, b);
        Report(kind, $"{what}: {a} and {b} {(kind == ConflictKind.Possible ? "may differ" : "differ")}");
        if (kind != ConflictKind.Possible)
            return Dim.Unknown;
        return a.IsKnown ? a : b.IsKnown ? b : Dim.Unknown;
    }

    /// <summary>Shapes that must be the same except for one axis, which is left unknown; unknown shapes are skipped.</summary>
    public Shape? UnifyAll(IEnumerable<Shape?> shapes, int except = -1)
    {
        Dim[]? dims = null;
        foreach (var shape in shapes.OfType<Shape>())
        {
            dims ??= [.. shape];
            if (dims.Length != shape.Rank)
                throw new MalformedNodeException($"its inputs have {dims.Length} and {shape.Rank} dimensions");
            for (var i = 0; i < dims.Length; i++)
                dims[i] = i == except ? Dim.Unknown : Unify(dims[i], shape[i], $"sizes along axis {i}");
        }

        return dims is null ? null : new Shape(dims);
    }

    /// <summary>The shape two shapes broadcast to, null where a rank is unknown.</summary>
    public Shape? Broadcast(Shape? a, Shape? b)
    {
        if (a is null || b is null)
            return null;
        var rank = Math.Max(a.Rank, b.Rank);
        return new Shape(Enumerable.Range(0, rank).Select(i => BroadcastDim(At(a, i), At(b, i), i)));

        Dim At(Shape shape, int axis) => axis < rank - shape.Rank ? 1 : shape[axis - (rank - shape.Rank)];
    }

    // An unknown or symbolic size beside a larger one is taken to equal it; that it is 1 at run time is the rare case.
    private Dim BroadcastDim(Dim a, Dim b, int axis)
    {
        if (a == 1)
            return b;
        return b == 1 ? a : Unify(a, b, $"sizes along axis {axis}");
    }

    /// <summary>An axis counted from the front.</summary>
    public static int Axis(long axis, int rank, string name = "axis")
    {
        if (axis < -rank || axis >= rank)
            throw new MalformedNodeException($"{name} {axis} lies outside a tensor of {rank} dimensions");
        return (int)(axis < 0 ? axis + rank : axis);
    }

    /// <summary>Distinct axes counted from the front.</summary>
    public static int[] Axes(IEnumerable<long> axes, int rank)
    {
        var positive = axes.Select(a => Axis(a, rank)).ToArray();
        return positive.Distinct().Count() == positive.Length
            ? positive
            : throw new MalformedNodeException($"axes [{string.Join(", ", positive)}] name one twice");
    }

    /// <summary>A shape of known rank with nothing known of its dimensions.</summary>
    public static Shape UnknownOf(long rank)
    {
        const int MaxRank = 64;
        return rank is >= 0 and <= MaxRank
            ? new Shape(Enumerable.Repeat(Dim.Unknown, (int)rank))
            : throw new MalformedNodeException($"{rank} dimensions are too many");
    }

    /// <summary>A condition that every sound node fulfils.</summary>
    public static void Require(bool condition, string otherwise)
    {
        if (!condition)
            throw new MalformedNodeException(otherwise);
    }

    /// <summary>An integer attribute.</summary>
    public long Int(string name, long fallback) => Attribute<IntAttribute>(name, "an integer") is { } a ? a.Value : fallback;

    /// <summary>A list-of-integers attribute, or null.</summary>
    public IReadOnlyList<long>? Ints(string name) => Attribute<IntsAttribute>(name, "a list of integers")?.Values;

    /// <summary>A list-of-floats attribute, or null.</summary>
    public IReadOnlyList<float>? Floats(string name) => Attribute<FloatsAttribute>(name, "a list of floats")?.Values;

    /// <summary>An attribute that holds an element type.</summary>
    public ElementType ElementAttribute(string name, ElementType fallback) => (ElementType)Int(name, (long)fallback);

    /// <summary>An attribute of one kind, or null where it is absent.</summary>
    public T? Attribute<T>(string name, string kind) where T : AttributeValue
    {
        if (!Node.Attributes.TryGetValue(name, out var value))
            return null;
        return value as T ?? throw new MalformedNodeException($"attribute '{name}' isn't {kind}");
    }

    private static ConflictKind Differ(Dim a, Dim b)
    {
        if ((a - b).IsKnown || a.IsAtLeast(b + 1) || b.IsAtLeast(a + 1))
            return ConflictKind.Provable;
        // Two multiples of one symbol meet at a single size at most.
        return a.Terms is [(var left, _)] && b.Terms is [(var right, _)]
            && left == right ? ConflictKind.SingleSize : ConflictKind.Possible;
    }
}
