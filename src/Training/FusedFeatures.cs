using MsSrConvert.GraphIR;
using MsSrConvert.Method;

namespace MsSrConvert.Training;

/// <summary>Finds features that a converted network and its source have in common.</summary>
internal static class FusedFeatures
{
    /// <summary>
    /// The outputs of fusion layers beside those of the convs that they replace: a fusion layer ends in a value of the same name
    /// and shape. One that makes the image itself is left out.
    /// </summary>
    /// <exception cref="MsSrException">There are none (MSSR3602).</exception>
    public static IReadOnlyList<(Value Student, Value Teacher)> Of(TrainingModel student, TrainingModel teacher)
    {
        var fusions = ConversionMetadata.Read(student.Graph)?.Roles.Where(r => r.Role == ConvRole.Fusion).Select(r => r.Conv)
            .ToHashSet() ?? [];
        var values = student.Graph.Graph.Nodes.SelectMany(n => n.Outputs).OfType<Value>().ToLookup(v => v.Name);
        (Value, Value)[] pairs =
        [
            .. teacher.Graph.Graph.Nodes.Where(n => fusions.Contains(n.Name) && values.Contains(n.Output.Name))
                .Select(n => (values[n.Output.Name].First(), n.Output)).Where(p => p.Item1 != student.Output),
        ];
        return pairs.Length > 0 ? pairs : throw new MsSrException(new Diagnostic("MSSR3602", Severity.Error,
            "no fusion layer inside the model stands for a conv of the teacher, so there are no features to compare.",
            student.Path,
            "Leave out --distill-features, or convert with --fuse-at upsampler."));
    }
}
