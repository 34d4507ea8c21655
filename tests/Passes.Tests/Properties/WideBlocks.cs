using MsSrConvert.GraphIR;
using MsSrConvert.Zoo;

namespace MsSrConvert.Passes.Tests.Properties;

/// <content>Parts that see the whole map, change the order of its pixels, choose at run time, or hold constants for one
/// size.</content>
internal sealed partial record RandomNet
{
    private static bool NeedsOneSize(Block block) => block is Block.OnePixel or Block.ConstantSize;

    private static Value AddWide(NetBuilder net, Block block, Value x, Value image, (int Height, int Width) size)
    {
        var c = net.Channels(x);
        switch (block)
        {
            case Block.LightStrided:
                var side = net.Conv(net.Relu(net.Conv(x, "side", 6, 3, stride: 2)), "small", 3, 3);
                net.Output(side, Named(net, "side"), NameOf(net, "side"));
                return net.Relu(net.Conv(x, "heavy", c, 3));
            case Block.JoinedRows:
                var joined = net.Emit("Concat", c, x, net.Conv(x, "a", c, 3)).With("axis", 2).Output;
                net.Output(net.Conv(joined, "joined", 3, 1), Named(net, "joined"), NameOf(net, "joined"));
                return net.Conv(x, "b", c, 3);
            case Block.Mirrored:
                return net.Add(x, Mirror(net, net.Conv(Mirror(net, x, c), "a", c, 3), c));
            case Block.EveryOther:
                var every = net.Emit("Slice", c, x, net.Integers(0), net.Integers(long.MaxValue), net.Integers(3),
                    net.Integers(2)).Output;
                return net.Add(x, net.ResizeLike(net.Conv(every, "a", c, 3), x, "nearest"));
            case Block.Choice:
                return net.Conv(Choose(net, x, image, c), "a", c, 3);
            case Block.MapNormalised:
                return net.Conv(net.InstanceNorm(net.Conv(x, "a", c, 3), "norm"), "b", c, 3);
            case Block.MeanRemoved:
                return net.Sub(net.Conv(x, "a", c, 3), net.Reduce("ReduceMean", x, 2, 3));
            case Block.CornersAligned:
                var small = net.Conv(net.MaxPool(x, 2, 2), "a", c, 3);
                var large = net.ResizeLike(small, x);
                large.Producer!.With("coordinate_transformation_mode", "align_corners");
                return large;
            default:
                return AddConstant(net, block, x, size);
        }
    }

    private static Value AddConstant(NetBuilder net, Block block, Value x, (int Height, int Width) size)
    {
        var c = net.Channels(x);
        switch (block)
        {
            case Block.RootBehindSum:
                var offsets =
                    net.Constant(TensorData.Of([.. Enumerable.Range(0, c).Select(i => 0.25f + 0.125f * (i % 3))], 1, c, 1, 1));
                var sum = net.Add(net.Unary("Abs", x), offsets);
                return net.Conv((c % 3) switch { 0 => net.Unary("Sqrt", sum), 1 => net.Unary("Log", sum), _ => net.Div(x, sum) },
                    "a", c, 3);
            case Block.SharedScalar:
                var scalar = net.Constant(TensorData.Of([0.25f], 1));
                var wider = net.Add(net.Conv(x, "a", c + 3, 3, bias: false), scalar);
                return net.Add(net.Conv(wider, "b", c, 3, bias: false), scalar);
            case Block.OnePixel:
                var one = net.Conv(x, "one", c, new Extent(size.Height, size.Width), padding: 0);
                return net.Mul(net.Conv(x, "a", c, 3), net.Sigmoid(one));
            default:
                return net.Add(x,
                    net.ResizeTo(net.Conv(net.MaxPool(x, 2, 2), "a", c, 3), net.Integers(1, c, size.Height, size.Width),
                        "linear"));
        }
    }

    private static Value Mirror(NetBuilder net, Value x, int channels) =>
        net.Emit("Slice", channels, x, net.Integers(-1), net.Integers(long.MinValue + 1), net.Integers(3),
            net.Integers(-1)).Output;

    private static Value Choose(NetBuilder net, Value x, Value image, int channels)
    {
        var mean = net.Emit("ReduceMean", 0, image).With("keepdims", 0).Output;
        var condition = net.Emit("Greater", 0, mean, net.Constant(TensorData.Of([0f], []))).Output;
        Graph Branch(string op)
        {
            var graph = new Graph(op);
            var result = new Value($"{op}_{condition.Name}", new TensorType(ElementType.Float, null));
            graph.Add(new Node(op, [x], [result], $"{op}_{condition.Name}"));
            graph.AddOutput(result);
            return graph;
        }

        return net.Emit("If", channels, condition)
            .With("then_branch", new GraphAttribute(Branch("Relu"))).With("else_branch",
                new GraphAttribute(Branch("Tanh"))).Output;
    }

    private static string NameOf(NetBuilder net, string what) => $"{what}{net.Graph.Outputs.Count}";

    private static Shape Named(NetBuilder net, string what) =>
        new(Dim.Of("batch"), 3, Dim.Of($"{NameOf(net, what)}_rows"), Dim.Of($"{NameOf(net, what)}_columns"));
}
