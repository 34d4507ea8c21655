using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.Runtime;

namespace MsSrConvert.Calibration.Features;

/// <summary>
/// Values of a graph on a set of patches, computed piece by piece: each request runs only the nodes between what is at hand and
/// what is asked for, so that kernels solved in between take effect and nothing is computed twice.
/// </summary>
internal sealed class FeatureEvaluator
{
    private readonly Dictionary<Value, Tensor[]> _known = [];

    /// <summary>Makes an evaluator.</summary>
    /// <param name="model">The model; its initializers may change between requests, its nodes not.</param>
    /// <param name="patches">The model's inputs by name, one entry per patch, batch 1.</param>
    public FeatureEvaluator(Model model, IReadOnlyList<IReadOnlyDictionary<string, Tensor>> patches)
    {
        Model = model;
        Patches = patches.Count;
        foreach (var input in model.Graph.Inputs.Where(v => v.Initializer is null))
            _known[input] = [.. patches.Select(p => p[input.Name])];
    }

    /// <summary>The model.</summary>
    public Model Model { get; }

    /// <summary>How many patches there are.</summary>
    public int Patches { get; }

    /// <summary>Bytes held by the values at hand.</summary>
    public long Bytes => _known.Values.Sum(v => v.Sum(t => t.Data.LongLength * sizeof(float)));

    /// <summary>The values at hand of one value, one tensor per patch.</summary>
    public IReadOnlyList<Tensor> this[Value value] => _known[value];

    /// <summary>Computes values and keeps them.</summary>
    public void Keep(IEnumerable<Value> wanted)
    {
        foreach (var (value, tensors) in Compute(wanted))
            _known[value] = tensors;
    }

    /// <summary>Computes values without keeping them; those at hand are given as they are.</summary>
    public IReadOnlyDictionary<Value, Tensor[]> Compute(IEnumerable<Value> wanted)
    {
        var result = new Dictionary<Value, Tensor[]>();
        var missing = new List<Value>();
        foreach (var value in wanted.Distinct())
        {
            if (_known.TryGetValue(value, out var tensors))
                result[value] = tensors;
            else
                missing.Add(value);
        }

        if (missing.Count == 0)
            return result;
        using var slice = GraphSlice.Cut(Model, _known.ContainsKey, v => _known[v][0].Dims.Length, missing);
        foreach (var value in missing)
            result[value] = new Tensor[Patches];
        var byName = _known.ToDictionary(k => k.Key.Name, k => k.Value);
        for (var p = 0; p < Patches; p++)
        {
            var outputs = slice.Run(slice.Inputs.ToDictionary(name => name, name => byName[name][p]));
            foreach (var value in missing)
                result[value][p] = outputs[value.Name];
        }

        return result;
    }

    /// <summary>Lets go of everything that these values don't need any more; the graph's inputs stay.</summary>
    public void KeepOnlyFor(IEnumerable<Value> future)
    {
        var needed = ModelCopy.Needed(_known.ContainsKey, future);
        foreach (var value in _known.Keys.Where(v => !v.IsGraphInput && !needed.Contains(v)).ToArray())
            _known.Remove(value);
    }
}
