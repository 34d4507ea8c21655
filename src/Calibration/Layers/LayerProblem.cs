using MsSrConvert.Calibration.Features;
using MsSrConvert.Calibration.Solving;
using MsSrConvert.Calibration.Targets;
using MsSrConvert.GraphIR;
using MsSrConvert.Runtime;

namespace MsSrConvert.Calibration.Layers;

/// <summary>One layer's unknowns and where they stand in the equations; grouped convs give one set of equations per group.</summary>
internal sealed class LayerProblem
{
    private readonly IReadOnlyList<BranchSum?> _branches;
    private readonly ILayerTarget _target;
    private readonly FeatureEvaluator _student;
    private readonly Dictionary<Unknown, int> _columns = [];
    private readonly int _groups;
    private readonly int _unknowns;

    /// <summary>Numbers the unknowns of a layer.</summary>
    /// <param name="branches">The sums behind the layer's branches; null for one that is right already.</param>
    /// <param name="target">What the layer is solved for.</param>
    /// <param name="student">The values the layer reads.</param>
    public LayerProblem(IReadOnlyList<BranchSum?> branches, ILayerTarget target, FeatureEvaluator student)
    {
        (_branches, _target, _student) = (branches, target, student);
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

    /// <summary>Sums up the equations of a group.</summary>
    /// <param name="equations">The sums so far; only the moments are added to when <paramref name="present"/> is given.</param>
    /// <param name="group">The group.</param>
    /// <param name="coarserWeight">The weight of a branch's pixel beside one of the branch before it.</param>
    /// <param name="patches">How many of the patches are summed.</param>
    /// <param name="present">The layer's outputs as they are, or null.</param>
    public void Accumulate(
        NormalEquations equations, int group, double coarserWeight, int patches, IReadOnlyDictionary<Value, Tensor[]>? present)
    {
        for (var branch = 0; branch < _branches.Count; branch++)
        {
            if (_branches[branch] is not { } sum)
                continue;
            for (var patch = 0; patch < patches; patch++)
            {
                var place = new Place(branch, patch);
                var now = present is null ? null : Planar.Of(present[sum.Output][patch]);
                var target = _target.Target(place, now).Run(group * Targets, Targets);
                var blocks = Blocks(sum, v => _student[v][patch], group, target);
                equations.Add(blocks, target, Math.Pow(coarserWeight, branch), _target.RowWeights(place), present is not null);
            }
        }
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
            if (unknown.IsBias)
            {
                for (var o = 0; o < Targets; o++)
                {
                    ref var value = ref values[unknown.FirstOutput + group * Targets + o];
                    value = New(value, weights[column * Targets + o]);
                }
            }
            else
            {
                foreach (var (at, from) in KernelPlaces(unknown, column, group))
                    values[at] = New(values[at], weights[from]);
            }

            graph.SetInitializer(unknown.Initializer, TensorData.OfFloating(data.Element, values, [.. data.Dims]));
        }
    }

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

    /// <summary>Adds the products of one branch's columns with other planes than its targets.</summary>
    /// <param name="equations">Its moments are added to.</param>
    /// <param name="group">The group.</param>
    /// <param name="sum">The branch.</param>
    /// <param name="read">What the layer reads.</param>
    /// <param name="planes">The planes, one for each of the layer's outputs.</param>
    public void AddMoments(NormalEquations equations, int group, BranchSum sum, Func<Value, Tensor> read, Planar planes)
    {
        var own = planes.Run(group * Targets, Targets);
        equations.Add(Blocks(sum, read, group, own), own, 1, null, momentsOnly: true);
    }

    private List<ColumnBlock> Blocks(BranchSum sum, Func<Value, Tensor> read, int group, Planar target)
    {
        var blocks = new List<ColumnBlock>();
        foreach (var term in sum.Terms)
        {
            var x = read(term.Conv.Input(0)!);
            var channels = (int)x.Dims[1] / _groups;
            blocks.Add(new ColumnBlock(_columns[term.Kernel], Unfolding.Of(x, term.Conv, group * channels, channels)));
        }

        if (sum.Bias is { } bias)
            blocks.Add(new ColumnBlock(_columns[bias], Planar.Ones(target.Height, target.Width)));
        return blocks;
    }
}
