using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;

namespace MsSrConvert.Passes.Normalize.Support;

/// <summary>Copies bodies, of functions or of the branch an If takes, into the place of the node that calls for them.</summary>
internal sealed class BodyInliner
{
    private readonly Model _model;
    private readonly NameScope _values;
    private readonly NameScope _nodes;
    private readonly Dictionary<Value, Value> _constants = [];

    public BodyInliner(Model model)
    {
        _model = model;
        _values = NameScope.OfValues(model);
        _nodes = NameScope.OfNodes(model);
    }

    /// <summary>Replaces a call by the function's body and returns the new nodes, nested ones included, in order.</summary>
    public IReadOnlyList<Node> Inline(Node call, Function function) => Inline(call, function.Body, function);

    /// <summary>Replaces an If by one of its branches and returns the new nodes, nested ones included, in order.</summary>
    public IReadOnlyList<Node> Inline(Node call, Graph branch) => Inline(call, branch, null);

    private List<Node> Inline(Node call, Graph body, Function? function)
    {
        var graph = call.Graph!;
        var copier = new Copier(this, call, function);
        for (var i = 0; i < body.Inputs.Count; i++)
            copier.Map(body.Inputs[i], call.Input(i));
        foreach (var constant in body.Initializers)
            copier.Map(constant, Shared(constant));
        var handedOn = ClaimOutputs(call, body, copier);
        var added = new List<Node>();
        foreach (var node in body.Nodes)
            added.Add(graph.Add(copier.Copy(node), call));
        foreach (var (inner, outer) in handedOn)
        {
            var name = _nodes.Unique($"{call.KnownName()}/{inner.Name}");
            added.Add(graph.Add(new Node("Identity", [copier.Of(inner)], [outer], name) { MadeFor = call.ToString() }, call));
        }

        graph.Remove(call);
        return [.. added.SelectMany(n => n.Subgraphs.SelectMany(g => g.AllNodes).Prepend(n))];
    }

    // The call's outputs are computed by the copied nodes themselves; what a body merely hands on goes through an Identity.
    private static List<(Value Inner, Value Outer)> ClaimOutputs(Node call, Graph body, Copier copier)
    {
        var handedOn = new List<(Value, Value)>();
        for (var i = 0; i < Math.Min(body.Outputs.Count, call.Outputs.Count); i++)
        {
            if (call.Outputs[i] is not { } outer)
                continue;
            call.SetOutput(i, null);
            if (body.Outputs[i].Producer?.Graph != body || !copier.Map(body.Outputs[i], outer))
                handedOn.Add((body.Outputs[i], outer));
        }

        return handedOn;
    }

    private Value Shared(Value constant)
    {
        if (!_constants.TryGetValue(constant, out var shared))
        {
            shared = _model.Graph.AddInitializer(_values.Unique(constant.Name), constant.Initializer!);
            _constants[constant] = shared;
        }

        return shared;
    }

    /// <summary>
    /// Copies a body for one call: names get the call's in front, references to the function's attributes are resolved.
    /// </summary>
    private sealed class Copier(BodyInliner inliner, Node call, Function? function) : GraphCopier
    {
        private readonly string _prefix = call.KnownName();

        // A body's declared shapes may belong to another call; only the borders of graphs nested in it can't do without.
        protected override Value New(Value value, bool isBorder) =>
            new(inliner._values.Unique($"{_prefix}/{value.Name}"), isBorder ? value.Type : null) { DocString = value.DocString };

        protected override string NameOf(Node node) => inliner._nodes.Unique($"{_prefix}/{node.KnownName()}");

        protected override AttributeValue? Copy(AttributeValue value) => value is ReferenceAttribute reference
            ? call.Attributes.GetValueOrDefault(reference.AttributeName)
            ?? function?.DefaultAttributes.GetValueOrDefault(reference.AttributeName)
            : base.Copy(value);
    }
}
