using System.Numerics;
using MathNet.Numerics;
using MsSrConvert.GraphIR;
using MsSrConvert.Operators;
using MsSrConvert.Operators.Versions;

namespace MsSrConvert.Calibration.Targets;

/// <summary>What a node of the ONNX operator set makes of one number: its own function, or that of its decomposition.</summary>
/// <typeparam name="T">The precision it is computed in.</typeparam>
internal static class ScalarFunction<T>
    where T : IFloatingPointIeee754<T>
{
    // Above, ln(1 + e^x) is x.
    private static readonly T SoftplusIsLinear = T.CreateChecked(20);

    private static readonly Dictionary<string, Func<Func<T, T>[], Func<T, T>>> Known = new()
    {
        ["Add"] = f => x => f[0](x) + f[1](x),
        ["Sub"] = f => x => f[0](x) - f[1](x),
        ["Mul"] = f => x => f[0](x) * f[1](x),
        ["Div"] = f => x => f[0](x) / f[1](x),
        ["Neg"] = f => x => -f[0](x),
        ["Abs"] = f => x => T.Abs(f[0](x)),
        ["Exp"] = f => x => T.Exp(f[0](x)),
        ["Log"] = f => x => T.Log(f[0](x)),
        ["Sqrt"] = f => x => T.Sqrt(f[0](x)),
        ["Erf"] = f => x => T.CreateChecked(SpecialFunctions.Erf(double.CreateChecked(f[0](x)))),
        ["Tanh"] = f => x => T.Tanh(f[0](x)),
        ["Sigmoid"] = f => x => T.One / (T.One + T.Exp(-f[0](x))),
        ["Softplus"] = f => x => f[0](x) is var y && y > SoftplusIsLinear ? y : T.Log(T.One + T.Exp(y)),
        ["Relu"] = f => x => T.Max(f[0](x), T.Zero),
        ["Clip"] = f => x => T.Clamp(f[0](x), f[1](x), f[2](x)),
        ["Sin"] = f => x => T.Sin(f[0](x)),
        ["Cos"] = f => x => T.Cos(f[0](x)),
    };

    /// <summary>The function; null for an operator that isn't known, or that reads more than one computed value.</summary>
    public static Func<T, T>? Of(Node node)
    {
        if (node.Inputs.Count == 0 || node.Inputs.Skip(1).Any(v => v?.Initializer is null) || node.Outputs.Count != 1)
            return null;
        var model = Alone(node);
        Lowering.Apply(model, n => Known.ContainsKey(n.OpType));
        var graph = model.Graph;
        var functions = new Dictionary<Value, Func<T, T>> { [graph.Inputs[0]] = x => x };
        foreach (var constant in graph.Initializers
            .Where(c => c.Initializer!.Count == 1 && c.Initializer.Element.IsFloatingPoint()))
        {
            var number = T.CreateChecked(constant.Initializer!.ToFloats()[0]);
            functions[constant] = _ => number;
        }

        foreach (var step in graph.Nodes)
        {
            if (!step.IsStandard || !Known.TryGetValue(step.OpType, out var make)
                || step.Inputs.Any(v => v is null || !functions.ContainsKey(v)))
            {
                return null;
            }

            functions[step.Output] = make([.. step.Inputs.Select(v => functions[v!])]);
        }

        return functions[graph.Outputs[0]];
    }

    private static Model Alone(Node node)
    {
        var model = new Model(new Graph("one number"));
        model.OpsetImports[""] = OpsetRange.Newest;
        var x = model.Graph.AddInput(new Value("x", new TensorType(ElementType.Float, Shape.Known([]))));
        var constants = node.Inputs.Skip(1).Select((v, i) => model.Graph.AddInitializer($"c{i}", v!.Initializer!));
        var copy = new Node(node.OpType, constants.Prepend(x), [new Value("y")], "node", node.Domain);
        foreach (var (name, value) in node.Attributes)
            copy.With(name, value);
        model.Graph.AddOutput(model.Graph.Add(copy).Output);
        return model;
    }
}
