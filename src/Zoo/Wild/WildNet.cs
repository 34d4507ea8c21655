using MsSrConvert.GraphIR;

namespace MsSrConvert.Zoo.Wild;

/// <summary>What the small networks that each show one thing have in common.</summary>
internal static class WildNet
{
    /// <summary>Feature channels.</summary>
    public const int Width = 16;

    /// <summary>An entry whose network is built by <paramref name="build"/>.</summary>
    public static ZooEntry Entry(string name, string description, Func<NetBuilder, NetBuilder> build,
        int opset = NetBuilder.DefaultOpset) =>
        new("wild-" + name, description, seed => build(new NetBuilder("wild-" + name, seed, opset)).Model);

    /// <summary>
    /// Two convolutions with relu, then <paramref name="middle"/> on (N,16,H,W), a convolution with relu, one to three colours.
    /// </summary>
    /// <param name="net">The network.</param>
    /// <param name="middle">What the network shows.</param>
    /// <param name="scale">What the middle multiplies the sides by.</param>
    /// <param name="input">The image; where absent, three colours of any size.</param>
    public static NetBuilder Around(NetBuilder net, Func<Value, Value> middle, int scale = 1, Value? input = null)
    {
        var x = net.ConvRelu(input ?? net.Input(), "head", Width, 3);
        x = middle(net.ConvRelu(x, "body.0", Width, 3));
        return net.Output(net.Conv(net.ConvRelu(x, "body.1", Width, 3), "tail", 3, 3), scale);
    }
}
