using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;
using MsSrConvert.Operators;

namespace MsSrConvert.Calibration.Features;

/// <summary>The shapes of both networks' values for one shape of input.</summary>
internal sealed class PairShapes
{
    private readonly PairFeatures _pair;
    private readonly ShapeMap _teacher;
    private readonly ShapeMap _student;

    /// <summary>Infers all shapes.</summary>
    /// <param name="pair">Both networks.</param>
    /// <param name="inputs">The dimensions of the inputs by name.</param>
    public PairShapes(PairFeatures pair, IReadOnlyDictionary<string, long[]> inputs)
    {
        _pair = pair;
        _teacher = Infer(pair.Source, inputs);
        _student = Infer(pair.Student.Model, inputs);
    }

    /// <summary>A value's dimensions in the source, or null where they don't follow from the input's.</summary>
    public long[]? OfTeacher(Value value) => Dims(_teacher, value);

    /// <summary>A value's dimensions in the converted network, or null where they don't follow from the input's.</summary>
    public long[]? OfStudent(Value value) => Dims(_student, value);

    /// <summary>Bytes of all values that nodes of a network compute.</summary>
    /// <param name="ofTeacher">True for the source, false for the converted network.</param>
    public double Bytes(bool ofTeacher) =>
        (ofTeacher ? _pair.Source : _pair.Student.Model).Graph.Nodes.SelectMany(n => n.Outputs).OfType<Value>()
        .Sum(v => Dims(ofTeacher ? _teacher : _student, v)?.Aggregate((double)sizeof(float), (bytes, dim) => bytes * dim) ?? 0);

    /// <summary>Why the converted network's branches can't stand for a value of the source, or null where they can.</summary>
    public string? Disagreement(Value value)
    {
        if (OfTeacher(value) is not { Length: 4 } whole)
            return "its size in the source can't be worked out";
        var branches = _pair.StudentOf(value);
        for (var b = 0; b < branches.Count; b++)
        {
            var wanted = _pair.Layout(value) is { } layout ? [whole[0], layout.Width, whole[2] >> b, whole[3] >> b] : whole;
            if (OfStudent(branches[b]) is not { } found)
                return "its size in the converted network can't be worked out";
            if (!found.SequenceEqual(wanted))
                return $"branch {b + 1} is {Text(found)}, and {Text(wanted)} would stand for the source's {Text(whole)}";
        }

        return null;
    }

    private static string Text(long[] dims) => string.Join('×', dims);

    private static ShapeMap Infer(Model model, IReadOnlyDictionary<string, long[]> inputs) => ShapeInference.Infer(
        model, model.Graph.Inputs.Where(v => inputs.ContainsKey(v.Name)).ToDictionary(v => v, v => Shape.Known(inputs[v.Name])));

    private static long[]? Dims(ShapeMap map, Value value) =>
        map.ShapeOf(value) is { IsKnown: true } shape ? [.. shape.Select(d => d.Value)] : null;
}
