using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Normalize;
using Xunit;

namespace MsSrConvert.Passes.Tests.Normalize;

public class InlineFunctionsTests
{
    [Fact]
    public void A_call_is_replaced_by_the_body_with_its_attributes_filled_in()
    {
        var net = NetWith(out var x, Leak());
        net.Output(Call(net, "Leak", "y", x).With("slope", 0.25f).Output);

        Assert.Equal(2, net.Apply(new InlineFunctions()));

        Assert.Equal("LeakyRelu Neg", net.Operators());
        Assert.Equal(0.25f, net.Graph.Nodes[0].GetFloat("alpha", 0));
        Assert.Equal("y_node/leaky", net.Graph.Nodes[0].Name);
        Assert.Equal("y", net.Graph.Nodes[1].Output.Name);
        Assert.Empty(net.Model.Functions);
        Assert.False(net.Model.OpsetImports.ContainsKey("local"));
    }

    [Fact]
    public void An_attribute_the_call_leaves_out_takes_the_functions_default()
    {
        var net = NetWith(out var x, Leak());
        net.Output(Call(net, "Leak", "y", x).Output);

        net.Apply(new InlineFunctions());

        Assert.Equal(0.5f, net.Graph.Nodes[0].GetFloat("alpha", 0));
    }

    [Fact]
    public void A_model_without_functions_stays_as_it_is()
    {
        var net = new TestNet();
        net.Output(net.Op("Relu", net.Input("x", 1, 2, 8, 12)));

        Assert.Equal(0, net.Apply(new InlineFunctions()));
    }

    [Fact]
    public void A_kernel_inside_a_function_that_is_called_twice_stays_one_initializer()
    {
        var body = new Graph("body");
        var input = body.AddInput(new Value("in"));
        var kernel = new Value("kernel");
        var constant = new Node("Constant", [], [kernel]).With("value",
            new TensorAttribute(TensorData.Of([0.5f, -1f, 2f, 0.25f], 2, 2, 1, 1)));
        body.Add(constant);
        body.AddOutput(body.Add(new Node("Conv", [input, kernel], [new Value("out")])).Output);
        var net = NetWith(out var x, Local("Step", body));
        net.Output(Call(net, "Step", "y", Call(net, "Step", "h", x).Output).Output);

        net.Apply(new InlineFunctions());

        Assert.Equal("Conv Conv", net.Operators());
        Assert.Equal(2, Assert.Single(net.Graph.Initializers).Uses.Count);
    }

    [Fact]
    public void Functions_that_call_functions_are_inlined_to_the_bottom()
    {
        var body = new Graph("outer");
        var input = body.AddInput(new Value("in"));
        var inner = body.Add(new Node("Leak", [input], [new Value("mid")], domain: "local"));
        inner.With("slope", new ReferenceAttribute("depth", 1));
        body.AddOutput(body.Add(new Node("Abs", [inner.Output], [new Value("out")])).Output);
        var outer = Local("Outer", body);
        outer.Attributes.Add("depth");
        var net = NetWith(out var x, Leak(), outer);
        net.Output(Call(net, "Outer", "y", x).With("depth", 0.125f).Output);

        net.Apply(new InlineFunctions());

        Assert.Equal("LeakyRelu Neg Abs", net.Operators());
        Assert.Equal(0.125f, net.Graph.Nodes[0].GetFloat("alpha", 0));
    }

    [Fact]
    public void A_body_that_hands_its_input_on_becomes_an_identity()
    {
        var body = new Graph("body");
        body.AddOutput(body.AddInput(new Value("in")));
        var net = NetWith(out var x, Local("Same", body));
        net.Output(Call(net, "Same", "y", x).Output);

        // ONNX Runtime can't load such a function to compare with.
        net.Apply(new InlineFunctions(), compare: false);

        Assert.Equal("Identity", net.Operators());
    }

    [Fact]
    public void A_function_of_another_opset_is_brought_to_the_models()
    {
        var body = new Graph("body");
        var input = body.AddInput(new Value("in"));
        var mean = new Node("ReduceMean", [input], [new Value("out")]).With("axes", [2, 3]);
        body.AddOutput(body.Add(mean).Output);
        var function = Local("Pool", body);
        function.OpsetImports[""] = 17;
        var net = NetWith(out var x, function);
        net.Model.OpsetImports[""] = 18;
        net.Output(Call(net, "Pool", "y", x).Output);

        net.Apply(new InlineFunctions(), compare: false);

        var inlined = Assert.Single(net.Graph.Nodes);
        Assert.False(inlined.Attributes.ContainsKey("axes"));
        Assert.Equal([2, 3], inlined.Input(1)!.Initializer!.ToInt64s());
    }

    [Fact]
    public void A_function_that_calls_itself_is_refused()
    {
        var body = new Graph("body");
        var input = body.AddInput(new Value("in"));
        body.AddOutput(body.Add(new Node("Loop", [input], [new Value("out")], domain: "local")).Output);
        var net = NetWith(out var x, Local("Loop", body));
        net.Output(Call(net, "Loop", "y", x).Output);

        var error = Assert.Throws<MsSrException>(() => new InlineFunctions().Run(net.Model, new PassContext()));

        Assert.Equal("MSSR2106", error.Diagnostic.Id);
    }

    private static TestNet NetWith(out Value x, params Function[] functions)
    {
        var net = new TestNet(15, 8);
        net.Model.OpsetImports["local"] = 1;
        net.Model.Functions.AddRange(functions);
        x = net.Input("x", 1, 2, 8, 12);
        return net;
    }

    private static Node Call(TestNet net, string function, string output, Value x)
    {
        var node = net.NodeTo(function, [output], x);
        node.Domain = "local";
        return node;
    }

    private static Function Local(string name, Graph body)
    {
        var function = new Function("local", name, body);
        function.OpsetImports[""] = 15;
        function.OpsetImports["local"] = 1;
        return function;
    }

    private static Function Leak()
    {
        var body = new Graph("body");
        var input = body.AddInput(new Value("in"));
        var leaky = body.Add(new Node("LeakyRelu", [input], [new Value("mid")], "leaky"));
        leaky.With("alpha", new ReferenceAttribute("slope", 1));
        body.AddOutput(body.Add(new Node("Neg", [leaky.Output], [new Value("out")])).Output);
        var function = Local("Leak", body);
        function.DefaultAttributes["slope"] = new FloatAttribute(0.5f);
        return function;
    }
}
