using MsSrConvert.GraphIR;

namespace MsSrConvert.Zoo;

/// <content>Operators that work element by element, and reductions.</content>
public sealed partial class NetBuilder
{
    /// <summary>max(x, 0).</summary>
    public Value Relu(Value x) => Unary("Relu", x);

    /// <summary>x, or slope times x where it is negative.</summary>
    public Value LeakyRelu(Value x, float slope = 0.2f) => Emit("LeakyRelu", Channels(x), x).With("alpha", slope).Output;

    /// <summary>The logistic function.</summary>
    public Value Sigmoid(Value x) => Unary("Sigmoid", x);

    /// <summary>The hyperbolic tangent.</summary>
    public Value Tanh(Value x) => Unary("Tanh", x);

    /// <summary>Limits values; bounds are attributes before opset 11 and inputs from then on.</summary>
    public Value Clip(Value x, float low, float high) => Opset < 11
        ? Emit("Clip", Channels(x), x).With("max", high).With("min", low).Output
        : Emit("Clip", Channels(x), x, Scalar(low), Scalar(high)).Output;

    /// <summary>GELU written with Erf: <c>x/2 (1 + erf(x / sqrt 2))</c>.</summary>
    public Value Gelu(Value x)
    {
        var erf = Unary("Erf", Div(x, Scalar(1.41421356f)));
        return Mul(Mul(x, Add(erf, Scalar(1))), Scalar(0.5f));
    }

    /// <summary>The sum of two values.</summary>
    public Value Add(Value a, Value b) => Binary("Add", a, b);

    /// <summary>The difference of two values.</summary>
    public Value Sub(Value a, Value b) => Binary("Sub", a, b);

    /// <summary>The product of two values.</summary>
    public Value Mul(Value a, Value b) => Binary("Mul", a, b);

    /// <summary>The quotient of two values.</summary>
    public Value Div(Value a, Value b) => Binary("Div", a, b);

    /// <summary>A value times a constant.</summary>
    public Value Scale(Value x, float factor) => Mul(x, Scalar(factor));

    /// <summary>An operator with one input whose output has the input's channels.</summary>
    public Value Unary(string op, Value x) => Emit(op, Channels(x), x).Output;

    /// <summary>An operator with two inputs that broadcast.</summary>
    public Value Binary(string op, Value a, Value b) => Emit(op, Math.Max(Channels(a), Channels(b)), a, b).Output;

    /// <summary>A ReduceMean, ReduceSum …, keeping the reduced axes at length 1.</summary>
    public Value Reduce(string op, Value x, params IReadOnlyList<long> axes)
    {
        var channels = axes.Contains(1) ? 1 : Channels(x);
        var axesInput = Opset >= (op == "ReduceSum" ? 13 : 18);
        var node = axesInput ? Emit(op, channels, x, Integers(axes)) : Emit(op, channels, x).With("axes", axes);
        return node.With("keepdims", 1).Output;
    }

    /// <summary>Softmax along an axis.</summary>
    public Value Softmax(Value x, int axis) => Emit("Softmax", Channels(x), x).With("axis", axis).Output;

    /// <summary>The matrix product of the last two axes.</summary>
    public Value MatMul(Value a, Value b) => Emit("MatMul", NoChannels, a, b).Output;
}
