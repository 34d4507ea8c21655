using MsSrConvert.GraphIR;

namespace MsSrConvert.Passes.Tests.Reference;

/// <summary>Runs a model as ONNX defines it.</summary>
internal static class PlainReference
{
    /// <summary>The model's outputs in order, for its only input.</summary>
    public static NdArray[] Run(Model model, NdArray input)
    {
        var values = Values(model, input);
        return [.. model.Graph.Outputs.Select(o => values[o])];
    }

    /// <summary>All values, for the model's only input.</summary>
    public static Dictionary<Value, NdArray> Values(Model model, NdArray input)
    {
        var values = model.Graph.Initializers.ToDictionary(v => v, v => NdArray.Of(v.Initializer!));
        values[model.Graph.Inputs.Single(v => v.Initializer is null)] = input;
        foreach (var node in model.Graph.Nodes)
        {
            var results = PlainOperators.Evaluate(node, [.. node.Inputs.Select(i => i is null ? null : values[i])]);
            foreach (var (output, result) in node.Outputs.Zip(results))
                values[output!] = result;
        }

        return values;
    }
}
