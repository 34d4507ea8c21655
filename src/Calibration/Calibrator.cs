using System.Diagnostics;
using MsSrConvert.Calibration.Features;
using MsSrConvert.Calibration.Layers;
using MsSrConvert.Calibration.Solving;
using MsSrConvert.Calibration.Sweeps;
using MsSrConvert.Calibration.Targets;
using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Runtime;

namespace MsSrConvert.Calibration;

/// <summary>
/// Converts a trained network and solves every converted layer by least squares against the network's own features, so that the
/// result works before any training.
/// </summary>
public sealed class Calibrator
{
    private readonly PairFeatures _pair;
    private readonly PairShapes _shapes;
    private readonly Converted _result;
    private readonly IReadOnlyList<ConvDecision> _layers;
    private readonly Dictionary<string, int> _order;
    private readonly Dictionary<Value, int> _lastLayer = [];
    private readonly HashSet<Value> _solved = [];
    private readonly List<SolvedLayer> _problems = [];
    private bool _isEngineChecked;

    private Calibrator(PairFeatures pair, Converted result, IReadOnlyDictionary<string, Tensor> patch)
    {
        (_pair, _result) = (pair, result);
        _shapes = new PairShapes(_pair, patch.ToDictionary(p => p.Key, p => p.Value.Dims));
        _layers = [.. result.Plan.Convs.Where(c => c.Role != ConvRole.Kept)];
        _order = _layers.Select((l, i) => (l.Node.Name, i)).ToDictionary(l => l.Name, l => l.i);
        foreach (var node in pair.Source.Graph.Nodes)
        {
            var last = node.Inputs.OfType<Value>().Select(v => _lastLayer.GetValueOrDefault(v, -1)).DefaultIfEmpty(-1).Max();
            if (_order.TryGetValue(node.Name, out var own))
                last = Math.Max(last, own);
            foreach (var output in node.Outputs.OfType<Value>())
                _lastLayer[output] = last;
        }
    }

    /// <summary>Converts again, with the channels ranked on the patches, and calibrates.</summary>
    /// <param name="start">The conversion of the trained source, its channels in source order; not changed.</param>
    /// <param name="patches">
    /// The model's inputs by name, one entry per patch, batch 1, sides of the multiple the branches need.
    /// </param>
    /// <param name="options">How to calibrate.</param>
    /// <param name="progress">Told every layer when it is done.</param>
    /// <param name="sweeps">What the sweeps see; null to do none.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="OperationCanceledException">The work was to end.</exception>
    public static (Converted Result, CalibrationReport Report) Run(
        Converted start,
        IReadOnlyList<IReadOnlyDictionary<string, Tensor>> patches,
        CalibrationOptions options,
        Action<LayerReport>? progress = null,
        SweepInputs? sweeps = null,
        CancellationToken cancellation = default)
    {
        var watch = Stopwatch.StartNew();
        var sensitivity = ChannelSensitivity.Measure(start.Plan.Source, patches);
        var result = Converter.Convert(start.Form, start.Plan.Options, new SliceInitializer(), sensitivity);
        var pair = new PairFeatures(result, patches);
        using var products = new PlaneProducts(cancellation, options.HeapLimit);
        var calibrator = new Calibrator(pair, result, patches[0]);
        var solver = new LayerSolver(result.Model.Graph, calibrator._pair.Student, options, products);
        var reports = new List<LayerReport>();
        for (var i = 0; i < calibrator._layers.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            reports.Add(calibrator.Solve(i, solver));
            progress?.Invoke(reports[^1]);
        }

        Node? blocked = null;
        if (sweeps is not null && options.Sweeps > 0)
        {
            var layers = calibrator._problems.Select(p => new LayerMetric(p.Problem, p.Columns, products)).ToArray();
            calibrator._problems.Clear();
            using var sweeper = new OutputSweeps(pair.Source, result.Model, layers, options, cancellation);
            blocked = sweeper.Run(sweeps);
        }

        return (result, new CalibrationReport(reports, blocked?.ToString(), watch.Elapsed.TotalSeconds));
    }

    // A fusion layer's output is cut back to the source's size; the branches it reads may be larger.
    private string? DisagreementBefore(Node conv)
    {
        var read = conv.Input(0)!;
        var input = read.Producer is { OpType: "Pad" } margin ? margin.Input(0)! : read;
        return _pair.Layout(input) is null ? null : _shapes.Disagreement(input);
    }

    private LayerReport Solve(int index, LayerSolver solver)
    {
        var decision = _layers[index];
        var conv = decision.Node;
        if ((_shapes.Disagreement(conv.Output) ?? DisagreementBefore(conv)) is { } disagreement)
            return Skip(decision, disagreement);
        var chain = TargetChain.Follow(_pair, conv.Output, v => _lastLayer.GetValueOrDefault(v, -1) < index);
        var sums = LayerTerms.Of(_pair, conv);
        if (sums is null)
            return Skip(decision, "its output isn't a sum of convs");
        if (sums.SelectMany(s => s.Terms).Any(t => _solved.Contains(t.Kernel.Initializer)))
            return Skip(decision, "its kernels belong to a layer before it too");
        var branches = Unsettled(decision, conv, chain, sums);
        if (branches.All(b => b is null))
            return new LayerReport(decision.Node.Name, Role(decision), [], 0, null);

        _pair.Student.Keep(
            branches.OfType<BranchSum>().SelectMany(s => s.Terms).Select(t => t.Conv.Input(0)!).Concat(chain.StudentValues));
        _pair.Teacher.Keep(chain.TeacherValues);
        var report = Solve(decision, solver, branches, chain);
        foreach (var kernel in sums.SelectMany(s => s.Terms).Select(t => t.Kernel.Initializer))
            _solved.Add(kernel);
        Forget(index + 1);
        return report;
    }

    // Whatever goes wrong, the layer is left with what it started from.
    private LayerReport Solve(ConvDecision decision, LayerSolver solver, IReadOnlyList<BranchSum?> branches, TargetChain chain)
    {
        var start = branches.OfType<BranchSum>().SelectMany(s => s.Initializers).Distinct().ToDictionary(v => v,
            v => v.Initializer!);
        var reason = "its values aren't finite";
        try
        {
            var solved = solver.Solve(branches, chain);
            if (solved.Errors.All(double.IsFinite)
                && start.Keys.All(v => Array.TrueForAll(v.Initializer!.ToFloats(), float.IsFinite)))
            {
                if (!_isEngineChecked)
                    LayerCheck.Require(decision.Node.Name, solved.Problem, branches, _pair.Student);
                _isEngineChecked = true;
                _problems.Add(solved);
                return new LayerReport(decision.Node.Name, Role(decision), solved.Errors, solved.Condition, null);
            }
        }
        catch (ArgumentException)
        {
            // MathNet's word for equations that have no single solution.
            reason = "its patches don't tell its kernels apart";
        }

        LayerProblem.Restore(_result.Model.Graph, start);
        return Skip(decision, reason);
    }

    // A separation layer that reads what the source reads is right already, but for what an activation makes of averaged
    // features.
    private IReadOnlyList<BranchSum?> Unsettled(ConvDecision decision, Node conv, TargetChain chain,
        IReadOnlyList<BranchSum> sums)
    {
        if (decision.Role != ConvRole.Separation || _lastLayer.GetValueOrDefault(conv.Input(0)!, -1) >= 0)
            return sums;
        if (!chain.HasActivation || conv.GetInt("group", 1) != 1)
            return new BranchSum?[sums.Count];
        return [null, .. sums.Skip(1)];
    }

    // What layers to come need stays; the rest would fill the memory.
    private void Forget(int next)
    {
        var outputs = _layers.Skip(next).Select(l => l.Node.Output).ToArray();
        _pair.Teacher.KeepOnlyFor(outputs.Concat(_pair.Source.Graph.Outputs));
        _pair.Student.KeepOnlyFor(outputs.SelectMany(_pair.StudentOf).Concat(_result.Model.Graph.Outputs));
    }

    private static LayerReport Skip(ConvDecision decision, string reason) =>
        new(decision.Node.Name, Role(decision), [], 0, reason);

    private static string Role(ConvDecision decision) => decision.Role.ToString().ToLowerInvariant();
}
