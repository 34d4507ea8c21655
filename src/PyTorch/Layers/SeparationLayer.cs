using MsSrConvert.GraphIR;
using MsSrConvert.Method;

namespace MsSrConvert.PyTorch.Layers;

/// <summary>
/// The separation layer (claims 1-3): a conv to C channels (N,C,H,W), split into n groups of C/n, of which group i is halved i-1
/// times in height and width.
/// </summary>
internal sealed class SeparationLayer : Step
{
    private readonly string _source;
    private readonly Node _conv;
    private readonly Geometry _geometry;
    private readonly Value[] _branches;

    private SeparationLayer(string source, Node conv, Geometry geometry, Value[] branches) =>
        (_source, _conv, _geometry, _branches) = (source, conv, geometry, branches);

    public override IEnumerable<Value> Inputs => [_conv.Input(0)!];

    public override IEnumerable<Value> Outputs => _branches;

    /// <summary>The layer whose conv is given; null where its nodes aren't in the form that the converter writes.</summary>
    public static SeparationLayer? Find(string source, Node conv)
    {
        if (Geometry.Of(conv) is not { } geometry || conv.Output.Uses is not [{ Node: var split }] || !split.Is("Split")
            || split.GetInt("axis", 0) != 1)
        {
            return null;
        }

        if (split.Input(1)?.Initializer?.ToInt64s() is not { } widths || widths.Distinct().Count() != 1
            || widths.Length != split.Outputs.Count)
        {
            return null;
        }

        var branches = split.Outputs.Select((group, i) => Halved(group, i)).ToArray();
        return Array.Exists(branches, b => b is null) ? null : new SeparationLayer(source, conv, geometry, branches!);
    }

    public override void Write(ForwardWriter code)
    {
        code.Comment(LayerComment.Of(ConvRole.Separation, _source));
        code.Helpers.Add("separation");
        string[] arguments = [code.Tensor(_conv.Input(0)!), code.Argument(_conv, 1), code.Argument(_conv, 2),
            $"branches={ForwardWriter.Text(_branches.Length)}"];
        code.AssignBranches(_branches, $"separation({string.Join(", ", arguments.Concat(_geometry.Arguments))})");
    }

    private static Value? Halved(Value? value, int times)
    {
        for (; times > 0 && value is not null; times--)
            value = value.Uses.Select(u => u.Node).FirstOrDefault(Resampling.IsDown)?.Output;
        return value;
    }
}
