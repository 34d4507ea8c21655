using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.PyTorch.Code;

namespace MsSrConvert.PyTorch.Layers;

/// <summary>
/// The fusion layer (claims 1 and 10): a conv of its own for every branch, branch i doubled i-1 times in height and width, all
/// added.
/// </summary>
internal sealed class FusionLayer : Step
{
    private readonly string _source;
    private readonly Node[] _convs;
    private readonly Geometry _geometry;
    private readonly Value _output;

    private FusionLayer(string source, Node[] convs, Geometry geometry, Value output) =>
        (_source, _convs, _geometry, _output) = (source, convs, geometry, output);

    public override IEnumerable<Value> Inputs => _convs.Select(c => c.Input(0)!);

    public override IEnumerable<Value> Outputs => [_output];

    /// <summary>
    /// The layer of the given convs, finest branch first; null where its nodes aren't in the form that the converter writes.
    /// </summary>
    public static FusionLayer? Find(string source, Node[] convs)
    {
        if (Geometry.Of(convs[0]) is not { } geometry || Array.Exists(convs, c => Geometry.Of(c) != geometry)
            || convs.Skip(1).Any(c => c.Input(2) is not null))
        {
            return null;
        }

        var output = LayerTerms.Sum(convs[0], source, 0);
        return LayerTerms.Of(output, source) is { } terms
            && terms.ToHashSet().SetEquals(convs.Select((conv, i) => new LayerTerm(conv, i)))
            ? new FusionLayer(source, convs, geometry, output)
            : null;
    }

    public override void Write(ForwardWriter code)
    {
        code.Comment(LayerComment.Of(ConvRole.Fusion, _source));
        code.Helpers.Add("fusion");
        string[] arguments =
        [
            PythonText.List(_convs.Select(c => code.Argument(c, 0))), PythonText.List(_convs.Select(c => code.Argument(c, 1))),
            code.Argument(_convs[0], 2),
        ];
        code.AssignWhole(_output, $"fusion({string.Join(", ", arguments.Concat(_geometry.Arguments))})");
    }
}
