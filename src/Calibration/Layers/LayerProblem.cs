using MsSrConvert.Calibration.Features;
using MsSrConvert.Calibration.Solving;
using MsSrConvert.GraphIR;
using MsSrConvert.Runtime;

namespace MsSrConvert.Calibration.Layers;

/// <summary>
/// One layer's unknowns and where they stand in the equations; grouped convs give one set of equations per group.
/// </summary>
internal sealed class LayerProblem
{
    private readonly IReadOnlyList<BranchSum?> _branches;
    private readonly FeatureEvaluator _student;
    private readonly Dictionary<Unknown, int> _columns = [];
    private readonly int _groups;
    private readonly int _unknowns;

    /// <summary>Numbers the unknowns of a layer.</summary>
    /// <param name="branches">The sums behind the layer's branches; null for one that is right already.</param>
    /// <param name="student">The values the layer reads.</param>
    public LayerProblem(IReadOnlyList<BranchSum?> branches, FeatureEvaluator student)
    {
        (_branches, _student) = (branches, student);
        var first = branches.OfType<BranchSum>().First().Terms[0].Conv;
        _groups = (int)first.GetInt("group", 1);
        foreach (var sum in branches.OfType<BranchSum>())
        {
            foreach (var term in sum.Terms.Where(t => _columns.TryAdd(t.Kernel, _unknowns)))
                _unknowns += term.Columns;
            if (sum.Bias is { } bias && _columns.TryAdd(bias, _unknowns))
                _unknowns++;
        }

        Targets = branches.OfType<BranchSum>().First().Terms[0].Kernel.Outputs / _groups;
    }

    /// <summary>The groups, each with equations of its own.</summary>
    public int Groups => _groups;

    /// <summary>Outputs of a group.</summary>
    public int Targets { get; }

    /// <summary>Unknowns of one output.</summary>
    public int Unknowns => _unknowns;

    /// <summary>The equations' columns at pixels of one branch of one patch.</summary>
    /// <param name="place">Which.</param>
    /// <param name="group">The group.</param>
    /// <param name="pixels">The pixels.</param>
    /// <param name="weight">What each counts.</param>
    public LayerRows Rows(Place place, int group, PixelSample pixels, double weight)
    {
        var sum = _branches[place.Branch]!;
        var count = sum.Terms.Sum(t => t.Columns) + (sum.Bias is null ? 0 : 1);
        var (columns, unknowns, at) = (new Planar(count, 1, pixels.Count), new int[count], 0);
        foreach (var term in sum.Terms)
        {
            var x = _student[term.Conv.Input(0)!][place.Patch];
            var channels = (int)x.Dims[1] / _groups;
            Unfolding.Write(x, term.Conv, group * channels, channels, pixels, columns, at);
            for (var c = 0; c < term.Columns; c++)
                unknowns[at++] = _columns[term.Kernel] + c;
        }

        if (sum.Bias is { } bias)
        {
            columns[at].Fill(1);
            unknowns[at] = _columns[bias];
        }

        return new LayerRows(columns, unknowns, weight);
    }

    /// <summary>What the layer gives at rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="weights">Unknowns × targets.</param>
    /// <param name="products">Multiplies.</param>
    public Planar Predict(LayerRows rows, double[] weights, PlaneProducts products)
    {
        var mixture = new float[Targets * rows.Unknowns.Length];
        for (var t = 0; t < Targets; t++)
        {
            for (var c = 0; c < rows.Unknowns.Length; c++)
                mixture[t * rows.Unknowns.Length + c] = (float)weights[rows.Unknowns[c] * Targets + t];
        }

        return products.Mix(mixture, rows.Columns);
    }

    /// <summary>What the layer's initializers hold.</summary>
    public IReadOnlyDictionary<Value, TensorData> Kernels() =>
        _columns.Keys.Select(u => u.Initializer).Distinct().ToDictionary(v => v, v => v.Initializer!);

    /// <summary>Puts back what the initializers held.</summary>
    public static void Restore(Graph graph, IReadOnlyDictionary<Value, TensorData> kernels)
    {
        foreach (var (value, data) in kernels)
            graph.SetInitializer(value, data);
    }

    /// <summary>The branches that are solved for.</summary>
    public IEnumerable<BranchSum> Branches => _branches.OfType<BranchSum>();

    /// <summary>Puts a group's solution into the initializers.</summary>
    /// <param name="graph">The graph they stand in.</param>
    /// <param name="group">The group.</param>
    /// <param name="weights">Unknowns × targets.</param>
    /// <param name="share">Not a number to replace what stands there; else how much of the weights is added to it.</param>
    public void Write(Graph graph, int group, double[] weights, double share = double.NaN)
    {
        float New(float old, double weight) => double.IsNaN(share) ? (float)weight : (float)(old + share * weight);
        foreach (var (unknown, column) in _columns)
        {
            var data = unknown.Initializer.Initializer!;
            var values = data.ToFloats();
            foreach (var (at, from) in Places(unknown, column, group))
                values[at] = New(values[at], weights[from]);
            graph.SetInitializer(unknown.Initializer, TensorData.OfFloating(data.Element, values, [.. data.Dims]));
        }
    }

    /// <summary>
    /// Puts what stands at the unknowns' places in tensors shaped like the initializers into the equations' order.
    /// </summary>
    /// <param name="group">The group.</param>
    /// <param name="tensors">A tensor for each initializer, or null for zeros.</param>
    /// <returns>Unknowns × targets.</returns>
    public float[] Gather(int group, Func<Value, Tensor?> tensors)
    {
        var result = new float[_unknowns * Targets];
        foreach (var (unknown, column) in _columns)
        {
            if (tensors(unknown.Initializer) is not { } tensor)
                continue;
            foreach (var (at, from) in Places(unknown, column, group))
                result[from] = tensor.Data[at];
        }

        return result;
    }

    /// <summary>For every unknown how far from its kernel's middle it stands, squared; -1 for a bias.</summary>
    public int[] Distances()
    {
        var distances = new int[_unknowns];
        foreach (var (unknown, column) in _columns)
        {
            if (unknown.IsBias)
            {
                distances[column] = -1;
                continue;
            }

            var dims = unknown.Initializer.Initializer!.Dims;
            var (height, width) = ((int)dims[2], (int)dims[3]);
            var term = Branches.SelectMany(b => b.Terms).First(t => t.Kernel == unknown);
            for (var c = 0; c < term.Columns; c++)
            {
                var (y, x) = (c / width % height - height / 2, c % width - width / 2);
                distances[column + c] = y * y + x * x;
            }
        }

        return distances;
    }

    private IEnumerable<(int At, int From)> Places(Unknown unknown, int column, int group) => unknown.IsBias
        ? Enumerable.Range(0, Targets).Select(o => (unknown.FirstOutput + group * Targets + o, column * Targets + o))
        : KernelPlaces(unknown, column, group);

    // Where in the kernel's tensor, and where among the weights, each of a group's elements stands.
    private IEnumerable<(int At, int From)> KernelPlaces(Unknown unknown, int column, int group)
    {
        var dims = unknown.Initializer.Initializer!.Dims;
        var transposed = Branches.First().Terms[0].Conv.Is("ConvTranspose");
        var window = (int)(dims[2] * dims[3]);
        var ins = (int)(transposed ? dims[0] / _groups : dims[1]);
        for (var c = 0; c < ins; c++)
        {
            for (var o = 0; o < Targets; o++)
            {
                var row = transposed ? (group * ins + c) * Targets + o : (unknown.FirstOutput + group * Targets + o) * ins + c;
                for (var k = 0; k < window; k++)
                    yield return (row * window + k, (column + c * window + k) * Targets + o);
            }
        }
    }
}
