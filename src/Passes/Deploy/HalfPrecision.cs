using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Infrastructure;

namespace MsSrConvert.Passes.Deploy;

/// <summary>
/// Puts weights and activations into float16. Graph inputs and outputs stay float32, with a Cast at each, so that callers needn't
/// change; the factors of Resize and numbers that only make up shapes stay float32 too.
/// </summary>
internal sealed class HalfPrecision : IPass
{
    /// <inheritdoc/>
    public string Name => "half-precision";

    /// <inheritdoc/>
    /// <exception cref="MsSrException">The graph has operators with bodies of their own (MSSR2202).</exception>
    public PassResult Run(Model model, PassContext context)
    {
        if (model.Graph.Nodes.FirstOrDefault(n => n.Subgraphs.Any()) is { } nested)
        {
            throw new MsSrException(
                new Diagnostic("MSSR2202", Severity.Error, "an operator with a body can't be put into half precision.",
                nested.ToString(), "Leave --half away."));
        }

        return new PassResult(new Rewriter(model).Run());
    }

    private static bool IsFloat(Value? value) => value?.Tensor?.Element == ElementType.Float;

    private sealed class Rewriter(Model model)
    {
        private readonly Graph _graph = model.Graph;
        private readonly Emitter _emit = new(model);
        private readonly HashSet<Value> _half = [];
        private readonly Dictionary<Value, Value> _constants = [];

        public int Run()
        {
            var inputs = _graph.Inputs.Where(v => v.Initializer is null && IsFloat(v) && v.Uses.Count > 0).ToArray();
            var nodes = _graph.Nodes.ToArray();
            foreach (var input in inputs)
                CastInput(input);
            foreach (var node in nodes)
                Rewrite(node);
            foreach (var output in _graph.Outputs.Where(_half.Contains).ToArray())
                CastOutput(output);
            _graph.SortTopologically();
            return _half.Count;
        }

        // Shape-like inputs (a list of factors, say) aren't features.
        private void CastInput(Value input)
        {
            if (input.Shape is not { Rank: 4 })
                return;
            var cast = _emit.Make(input.Uses[0].Node, "Cast", "half_input", input).With("to", (long)ElementType.Float16);
            input.RedirectReads(cast.Output);
            _graph.Add(cast, _graph.Nodes[0]);
            SetHalf(cast.Output, input);
        }

        private void Rewrite(Node node)
        {
            if (!node.Inputs.Any(v => v is not null && _half.Contains(v)))
                return;
            for (var i = 0; i < node.Inputs.Count; i++)
            {
                if (node.Input(i) is { } input && IsFloat(input) && !(node.Is("Resize") && i > 0))
                    node.SetInput(i, Half(node, input));
            }

            if (node.Is("Cast") && node.IntOf("to") == (long)ElementType.Float)
                node.With("to", (long)ElementType.Float16);
            foreach (var output in node.Outputs.Where(IsFloat).OfType<Value>())
                SetHalf(output, output);
        }

        private Value Half(Node reader, Value value)
        {
            if (_constants.TryGetValue(value, out var known))
                return known;
            if (value.Initializer is { } data)
            {
                return _constants[value] = _emit.Initializer(_graph, $"{value.Name}/half",
                    TensorData.OfFloating(ElementType.Float16, data.ToFloats(), [.. data.Dims]));
            }

            return _constants[value] = _emit.Before(reader, "Cast", "half", value).With("to", (long)ElementType.Float16).Output;
        }

        private void CastOutput(Value output)
        {
            var inner = new Value($"{output.Name}/half", new TensorType(ElementType.Float16, output.Shape));
            var (producer, index) = (output.Producer!, output.OutputIndex);
            producer.SetOutput(index, inner);
            output.RedirectReads(inner);
            output.Type = new TensorType(ElementType.Float, output.Shape);
            _graph.Add(new Node("Cast", [inner], [output], $"{producer.KnownName()}/single")).With("to", (long)ElementType.Float);
        }

        private void SetHalf(Value value, Value like)
        {
            value.Type = new TensorType(ElementType.Float16, like.Shape);
            _half.Add(value);
        }
    }
}
