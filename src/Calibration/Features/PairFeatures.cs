using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Runtime;

namespace MsSrConvert.Calibration.Features;

/// <summary>
/// The source network (teacher) and the converted one (student) side by side on the same patches: what a value of the teacher is
/// in a branch of the student, and what it ought to be there.
/// </summary>
internal sealed class PairFeatures
{
    private readonly Dictionary<string, Value> _student;
    private readonly IReadOnlyDictionary<string, BranchLayout> _layouts;
    private readonly IReadOnlyDictionary<string, IReadOnlyList<Value>> _branches;

    /// <summary>Puts a conversion's source and result side by side.</summary>
    /// <param name="result">The conversion; the teacher is its plan's source.</param>
    /// <param name="patches">Inputs by name, one entry per patch.</param>
    public PairFeatures(Converted result, IReadOnlyList<IReadOnlyDictionary<string, Tensor>> patches)
    {
        Source = result.Plan.Source;
        Teacher = new FeatureEvaluator(Source, patches);
        Student = new FeatureEvaluator(result.Model, patches);
        _branches = result.Branches;
        _layouts = result.Plan.Layouts;
        _student = result.Model.Graph.Values.ToDictionary(v => v.Name);
    }

    /// <summary>The normalised source.</summary>
    public Model Source { get; }

    /// <summary>Values of the source.</summary>
    public FeatureEvaluator Teacher { get; }

    /// <summary>Values of the converted model.</summary>
    public FeatureEvaluator Student { get; }

    /// <summary>How a value of the teacher is partitioned, or null where it is not branched.</summary>
    public BranchLayout? Layout(Value value) => _layouts.GetValueOrDefault(value.Name);

    /// <summary>
    /// The values of the student that stand for one of the teacher: its branches, or the one full value; none where it is gone.
    /// </summary>
    public IReadOnlyList<Value> StudentOf(Value value)
    {
        if (_branches.TryGetValue(value.Name, out var branches))
            return branches;
        return _student.TryGetValue(value.Name, out var full) ? [full] : [];
    }

    /// <summary>A branch of the student's value; the patch must have been computed.</summary>
    public Planar Actual(Value value, Place place) => Planar.Of(Student[StudentOf(value)[place.Branch]][place.Patch]);

    /// <summary>
    /// What a branch ought to hold: the teacher's channels of that branch, averaged down to its size. Padding channels ought to
    /// be copies.
    /// </summary>
    public Planar Ideal(Value value, Place place)
    {
        var whole = Planar.Of(Teacher[value][place.Patch]);
        return Layout(value) is { } layout
            ? whole.Select(layout.Copied(place.Branch)).PooledTo(whole.Height >> place.Branch) : whole;
    }

    /// <summary>A constant of the teacher in the order of a branch's channels.</summary>
    public float[] Share(Value constant, Value feature, int branch)
    {
        var values = constant.Initializer!.ToFloats();
        return values.Length == 1 || Layout(feature) is not { } layout
            ? values
            : Array.ConvertAll(layout.Copied(branch), c => values[c]);
    }
}
