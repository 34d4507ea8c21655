using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Normalize;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Zoo;

namespace MsSrConvert.Passes.Tests.Support;

/// <summary>Small networks, written tersely.</summary>
internal static class TinyGraphs
{
    /// <summary>The channels that tests use where nothing else matters: they divide by 2, 3 and 4.</summary>
    public const int Width = 12;

    /// <summary>
    /// A network with one image input and one output of any size; constants are initializers, as after normalisation.
    /// </summary>
    public static Model Of(Func<NetBuilder, Value, Value> layers, int inputs = 3, int opset = NetBuilder.DefaultOpset) =>
        Of(new Shape(Dim.Of("batch"), inputs, Dim.Of("height"), Dim.Of("width")), layers, opset);

    /// <summary>A network with one input of the given shape.</summary>
    public static Model Of(Shape input, Func<NetBuilder, Value, Value> layers, int opset = NetBuilder.DefaultOpset)
    {
        var net = new NetBuilder("tiny", seed: 1, opset) { ConstantNodes = false };
        var result = layers(net, net.Input(input));
        net.Output(result, new Shape(Dim.Of("batch"), Dim.Of("channels"), Dim.Of("rows"), Dim.Of("columns")));
        return net.Model;
    }

    /// <summary>conv <c>head</c> (3 to <paramref name="channels"/>), the given layers, conv <c>tail</c> (to 3).</summary>
    public static Model Between(Func<NetBuilder, Value, Value> layers, int channels = Width,
        int opset = NetBuilder.DefaultOpset) =>
        Of((net, x) => net.Conv(layers(net, net.Conv(x, "head", channels, 3)), "tail", 3, 3), opset: opset);

    /// <summary>The model after a conversion with random kernels; 2 branches where nothing else is asked for.</summary>
    public static Model Converted(this Model source, ConversionOptions? options = null) =>
        Converter.Convert(source, options ?? new ConversionOptions(), new TestStart()).Model;

    /// <summary>The plan for a model, which is normalised; 2 branches where nothing else is asked for.</summary>
    public static ConversionPlan Planned(this Model source, ConversionOptions? options = null) =>
        Planner.Plan(NormalForm.Of(source), options ?? new ConversionOptions());

    /// <summary>The node of that name.</summary>
    public static Node Node(this Model model, string name) => model.Graph.Nodes.Single(n => n.Name == name);
}
