using MsSrConvert.GraphIR;
using MsSrConvert.Operators.Checking;
using MsSrConvert.Operators.Tests.Shapes;
using MsSrConvert.Zoo;
using Xunit;

namespace MsSrConvert.Operators.Tests.Checking;

/// <summary>
/// Nodes that are described wrongly are told with the right value. The other half, that nothing is refused which ONNX Runtime
/// runs, is asked by every shape rule's test.
/// </summary>
public sealed class OperandCheckTests
{
    private const string Image = "[n,3,h,w]; w[8,3,3,3]";

    // Last column: the same node in order, as inputs and attributes.
    [Theory]
    [InlineData(17, "Conv", Image, "group=0", "MSSR1030", "attribute 'group' is 0; it must be 1 or more.", Image + "|group=1")]
    [InlineData(17, "Conv", Image, "group=-1", "MSSR1030", "attribute 'group' is -1; it must be 1 or more.", Image + "|group=1")]
    [InlineData(17, "Conv", "[n,9,h,w]; w[8,3,3,3]", "group=3", "MSSR1030",
        "attribute 'group' is 3; it must divide the 8 output channels.", "[n,9,h,w]; w[9,3,3,3]|group=3")]
    [InlineData(17, "Conv", "[n,4,h,w]; w[9,1,3,3]", "group=3", "MSSR1030",
        "attribute 'group' is 3; it must divide the 4 input channels.", "[n,3,h,w]; w[9,1,3,3]|group=3")]
    [InlineData(17, "Conv", Image, "strides=2", "MSSR1030", "attribute 'strides' isn't a list of integers, which Conv takes.",
        Image + "|strides=2,2")]
    [InlineData(17, "Conv", Image, "strides=[2]", "MSSR1030",
        "attribute 'strides' has 1 entry; it needs 2: one for each spatial axis.", Image + "|strides=2,2")]
    [InlineData(17, "Conv", Image, "strides=1,0", "MSSR1030", "attribute 'strides' holds 0; it must be 1 or more.",
        Image + "|strides=1,1")]
    [InlineData(17, "Conv", Image, "dilations=1,1,1", "MSSR1030",
        "attribute 'dilations' has 3 entries; it needs 2: one for each spatial axis.", Image + "|dilations=1,1")]
    [InlineData(17, "Conv", Image, "pads=1,1", "MSSR1030",
        "attribute 'pads' has 2 entries; it needs 4: the pads before each spatial axis, then those behind.",
        Image + "|pads=1,1,1,1")]
    [InlineData(17, "Conv", Image, "kernel_shape=3,5", "MSSR1030",
        "attribute 'kernel_shape' is [3, 5], but input 'W' ('in1') has the shape [8, 3, 3, 3].", Image + "|kernel_shape=3,3")]
    [InlineData(17, "Conv", Image, "auto_pad=SAME", "MSSR1030",
        "attribute 'auto_pad' is 'SAME'; it must be one of NOTSET, VALID, SAME_UPPER, SAME_LOWER.", Image + "|auto_pad=VALID")]
    [InlineData(17, "Conv", "[n,3,h,w]; w[8,3,3]", "", "MSSR1032",
        "input 'W' ('in1') has 3 dimensions, [8, 3, 3], and its data 4, [n, 3, h, w]; they need the same number.", Image + "|")]
    [InlineData(17, "Conv", "[n,3,h,w]; w[8,4,3,3]", "", "MSSR1032", "its data has 3 channels and input 'W' ('in1') is for 4.",
        Image + "|")]
    [InlineData(17, "Conv", "[n,8,h,w]; w[8,8,3,3]", "group=2", "MSSR1032",
        "its data has 8 channels, 4 in each of 2 groups, and input 'W' ('in1') is for 8.", "[n,8,h,w]; w[8,4,3,3]|group=2")]
    [InlineData(17, "Conv", Image + "; w[7]", "", "MSSR1032",
        "input 'B' ('in2') has 7 elements; it needs 8: one for each output channel.", Image + "; w[8]|")]
    [InlineData(17, "Conv", Image + "; w[8,1]", "", "MSSR1032", "input 'B' ('in2') has 2 dimensions, [8, 1]; it needs 1.",
        Image + "; w[8]|")]
    [InlineData(17, "Conv", Image + "; {1,2,3,4,5,6,7,8}", "", "MSSR1032",
        "input 'B' ('in2') is int64; it must be float, float16, double or bfloat16.", Image + "; w[8]|")]
    [InlineData(17, "Conv", "float16[n,3,h,w]; w[8,3,3,3]", "", "MSSR1032",
        "input 'W' ('in1') is float and input 'X' ('in0') float16; they must be of one type.", Image + "|")]
    [InlineData(17, "Conv", "[n,3,h,w]", "", "MSSR1031", "it has 1 input; Conv takes 2 to 3 inputs (X, W, B).", Image + "|")]
    [InlineData(17, "Conv", "-; w[8,3,3,3]", "", "MSSR1031", "its input 'X' is absent; Conv takes 2 to 3 inputs (X, W, B).",
        Image + "|")]
    [InlineData(17, "Constant", "", "kernel_shape=3,3 value_ints=2,3", "MSSR1030",
        "attribute 'kernel_shape' stands before its 'value_ints', and ONNX Runtime takes the first for the value.",
        "|value_ints=2,3")]
    [InlineData(17, "Relu", "[n,3,h,w]; w[1]", "", "MSSR1031", "it has 2 inputs; Relu takes 1 input (X).", "[n,3,h,w]|")]
    [InlineData(17, "ConvTranspose", "[n,6,h,w]; w[6,4,3,3]; w[4]", "group=2", "MSSR1032",
        "input 'B' ('in2') has 4 elements; it needs 8: one for each output channel.", "[n,6,h,w]; w[6,4,3,3]; w[8]|group=2")]
    [InlineData(17, "ConvTranspose", "[n,6,h,w]; w[6,4,3,3]", "group=4611686018427387903", "MSSR1030",
        "attribute 'group' is 4611686018427387903; it must divide the 6 input channels.", "[n,6,h,w]; w[6,4,3,3]|group=2")]
    [InlineData(17, "ConvTranspose", "[n,5,h,w]; w[6,4,3,3]", "", "MSSR1032",
        "its data has 5 channels and input 'W' ('in1') is for 6.", "[n,6,h,w]; w[6,4,3,3]|")]
    [InlineData(17, "ConvTranspose", "[n,6,h,w]; w[6,4,3,3]", "output_padding=[1]", "MSSR1030",
        "attribute 'output_padding' has 1 entry; it needs 2: one for each spatial axis.",
        "[n,6,h,w]; w[6,4,3,3]|output_padding=1,1 strides=2,2")]
    [InlineData(17, "MaxPool", "[n,3,h,w]", "", "MSSR1030",
        "attribute 'kernel_shape' is missing; MaxPool needs it, a list of integers 1 or more.", "[n,3,h,w]|kernel_shape=2,2")]
    [InlineData(17, "MaxPool", "[n,3,h,w]", "kernel_shape=2,2,2", "MSSR1030",
        "attribute 'kernel_shape' has 3 entries; it needs 2: one for each spatial axis.", "[n,3,h,w]|kernel_shape=2,2")]
    [InlineData(17, "BatchNormalization", "[n,3,h,w]; w[3]; w[3]; w[3]; w[2]", "", "MSSR1032",
        "input 'input_var' ('in4') has 2 elements; it needs 3: one for each channel.", "[n,3,h,w]; w[3]; w[3]; w[3]; w[3]|")]
    [InlineData(9, "BatchNormalization", "[n,3,h,w]; w[3]; w[3]; w[3]; w[]", "", "MSSR1032",
        "input 'var' ('in4') has the shape []; it must be a list of 3: one for each channel.",
        "[n,3,h,w]; w[3]; w[3]; w[3]; w[3]|")]
    [InlineData(17, "InstanceNormalization", "[n,3,h,w]; w[3]; w[4]", "", "MSSR1032",
        "input 'B' ('in2') has 4 elements; it needs 3: one for each channel.", "[n,3,h,w]; w[3]; w[3]|")]
    [InlineData(17, "Concat", "[n,3,h,w]; [n,5,h,w]", "", "MSSR1030", "attribute 'axis' is missing; Concat needs it, an integer.",
        "[n,3,h,w]; [n,5,h,w]|axis=1")]
    [InlineData(17, "Concat", "[n,3,h,w]; [n,5,h,w]", "axis=4", "MSSR1034", "axis 4 lies outside a tensor of 4 dimensions.",
        "[n,3,h,w]; [n,5,h,w]|axis=-3")]
    [InlineData(17, "Slice", "[n,3,h,w]; float{0}; {1}; {1}", "", "MSSR1032",
        "input 'starts' ('in1') is float; it must be int32 or int64.", "[n,3,h,w]; {0}; {1}; {1}|")]
    [InlineData(17, "Slice", "[n,3,h,w]; {0}; {1}; {1}; {0}", "", "MSSR1034", "a step is 0.", "[n,3,h,w]; {0}; {1}; {1}; {1}|")]
    [InlineData(17, "Unsqueeze", "w[16]; {-65535,4294967295}", "", "MSSR1034",
        "axis -65535 lies outside a tensor of 3 dimensions.", "w[16]; {1,2}|")]
    [InlineData(17, "Pad", "[n,3,h,w]; {0,0,1}", "", "MSSR1034", "it has 3 pads for 4 axes.", "[n,3,h,w]; {0,0,1,1,0,0,1,1}|")]
    [InlineData(17, "Pad", "[n,3,h,w]; {0,0,1,1,0,0,1,1}", "mode=mirror", "MSSR1030",
        "attribute 'mode' is 'mirror'; it must be one of constant, reflect, edge, wrap.",
        "[n,3,h,w]; {0,0,1,1,0,0,1,1}|mode=edge")]
    [InlineData(17, "ReduceMean", "[n,3,h,w]; {2,3}", "", "MSSR1031", "it has 2 inputs; ReduceMean takes 1 input (data).",
        "[n,3,h,w]|axes=2,3")]
    [InlineData(17, "DepthToSpace", "[n,8,h,w]", "", "MSSR1030",
        "attribute 'blocksize' is missing; DepthToSpace needs it, an integer 1 to 32768.", "[n,8,h,w]|blocksize=2")]
    [InlineData(17, "DepthToSpace", "[n,6,h,w]", "blocksize=2", "MSSR1030",
        "attribute 'blocksize' is 2; the 6 channels of its data must be a multiple of 4.", "[n,8,h,w]|blocksize=2")]
    [InlineData(17, "SpaceToDepth", "[n,3,9,w]", "blocksize=2", "MSSR1030",
        "attribute 'blocksize' is 2; a side of 9 isn't a multiple of it.", "[n,3,8,8]|blocksize=2")]
    [InlineData(10, "Clip", "int8[n,3,h,w]", "max=6.5", "MSSR1032",
        "input 'input' ('in0') is int8; it must be float, float16, double or bfloat16.", "[n,3,h,w]|max=6.5")]
    [InlineData(17, "PRelu", "[n,3,h,w]", "", "MSSR1031", "it has 1 input; PRelu takes 2 inputs (X, slope).",
        "[n,3,h,w]; w[3,1,1]|")]
    [InlineData(17, "Resize", "[n,3,h,w]; -; float{1,1,0,2}", "", "MSSR1032",
        "input 'scales' ('in2') holds 0; a scale must be above 0.", "[n,3,h,w]; -; float{1,1,2,2}|")]
    [InlineData(17, "Resize", "[n,3,h,w]", "", "MSSR1031", "it has neither 'scales' nor 'sizes'; Resize needs one of them.",
        "[n,3,h,w]; -; float{1,1,2,2}|")]
    [InlineData(9, "Upsample", "[n,3,h,w]", "scales=1.0,1.0,2.0,2.0", "MSSR1031",
        "it has 1 input; Upsample takes 2 inputs (X, scales).", "[n,3,h,w]; float{1,1,2,2}|")]
    [InlineData(17, "MatMul", "[n,3,h,8]; w[9,4]", "", "MSSR1034", "inner sizes of the product: 8 and 9 differ.",
        "[n,3,h,8]; w[8,4]|")]
    [InlineData(17, "Add", "[n,3,h,w]; w[5,1,1]", "", "MSSR1034", "sizes along axis 1: 3 and 5 differ.", "[n,3,h,w]; w[3,1,1]|")]
    [InlineData(17, "Cast", "[n,3,h,w]", "", "MSSR1030", "attribute 'to' is missing; Cast needs it, an integer 1 to 26.",
        "[n,3,h,w]|to=1")]
    public void A_fault_is_told_with_the_right_value_and_ONNX_Runtime_refuses_it_too(
        long opset, string op, string inputs, string attributes, string id, string message, string right)
    {
        var fault = Fault(new OneNode(opset, op, inputs, attributes, 1).Model);

        Assert.NotNull(fault);
        Assert.Equal((id, message, $"model, {op} 'node'"), (fault.Id, fault.Message, fault.Where));
        Assert.ThrowsAny<Exception>(() => new OneNode(opset, op, inputs, attributes, 1).RunInOrt());
        var inOrder = right.Split('|');
        var sound = new OneNode(opset, op, inOrder[0], inOrder[1], 1);
        sound.RunInOrt();
        Assert.Null(Fault(sound.Model));
    }

    // ONNX Runtime isn't asked: it would take the process with it.
    [Theory]
    [InlineData("DepthToSpace", "[n,8,h,w]", "blocksize=0", "attribute 'blocksize' is 0; it must be 1 to 32768.")]
    [InlineData("SpaceToDepth", "[n,8,h,w]", "blocksize=0", "attribute 'blocksize' is 0; it must be 1 to 32768.")]
    [InlineData("DepthToSpace", "[n,8,h,w]", "blocksize=4294967296",
        "attribute 'blocksize' is 4294967296; it must be 1 to 32768.")]
    [InlineData("Div", "int64[n,2]; {1,0}", "", "input 'B' ('in1') holds a 0; integers can't be divided by that.")]
    [InlineData("ConstantOfShape", "{1099511627776}", "",
        "its output 'out0' would be [1099511627776], more than fits into any memory.")]
    [InlineData("Expand", "[1,1]; {100000,100000}", "",
        "its output 'out0' would be [100000, 100000], more than fits into any memory.")]
    [InlineData("Mod", "int64[n,2]; {1,0}", "", "input 'B' ('in1') holds a 0; integers can't be divided by that.")]
    public void What_ONNX_Runtime_would_die_of_is_refused(string op, string inputs, string attributes, string message) =>
        Assert.Equal(message, Fault(new OneNode(17, op, inputs, attributes, 1).Model)?.Message);

    [Fact]
    public void A_zero_that_is_computed_from_constants_is_seen()
    {
        var test = new OneNode(17, "Div", "int64[n,2]; {3,3}", "", 1);
        var zero = new Node("Sub", [test.Node.Input(1), test.Node.Input(1)], [new Value("zero")]);
        test.Model.Graph.Add(zero, before: test.Node);
        test.Node.SetInput(1, zero.Output);

        Assert.Equal("input 'B' ('zero') holds a 0; integers can't be divided by that.", Fault(test.Model)?.Message);
    }

    [Fact]
    public void A_float_may_be_divided_by_zero() => Assert.Null(Fault(new OneNode(17, "Div", "[n,2]; float{1,0}", "", 1).Model));

    [Theory]
    [InlineData("", null)]
    [InlineData("NOTSET", null)]
    [InlineData("VALID", null)]
    public void An_empty_padding_mode_is_none(string mode, string? message)
    {
        var test = new OneNode(17, "MaxPool", "[n,3,h,w]", "kernel_shape=2,2", 1);
        test.Node.With("auto_pad", mode);

        test.RunInOrt();
        Assert.Equal(message, Fault(test.Model)?.Message);
    }

    [Fact]
    public void More_faults_than_one_are_counted()
    {
        var fault = Fault(new OneNode(17, "Conv", Image + "; w[7]; w[1]", "group=0", 1).Model);

        Assert.Equal("1 more of the kind. The model is damaged or was made wrongly; export it again.", fault?.Hint);
    }

    [Fact]
    public void Sizes_that_only_a_declaration_contradicts_are_not_refused()
    {
        // ONNX Runtime merges what a file declares with a warning, and doesn't hold inputs to a symbol they share.
        var test = new OneNode(17, "Concat", "[n,3,h,w]; [n,5,h,w]", "axis=1", 1);
        test.Node.Output.Type = new TensorType(ElementType.Float, new Shape(Dim.Of("n"), 7, Dim.Of("h"), Dim.Of("w")));
        var relu = test.Model.Graph.Add(
            new Node("Add", [test.Node.Output, test.Model.Graph.AddInitializer("b", TensorData.Of(new float[8], 8, 1, 1))],
                [new Value("z")]));
        test.Model.Graph.AddOutput(relu.Output);

        Assert.Null(Fault(test.Model));
        Assert.Null(Fault(new OneNode(17, "Add", "[n,h]; [n,h]", "", 1).Model));
    }

    [Fact]
    public void Sizes_that_agree_for_one_input_size_are_not_refused() =>
        Assert.Null(Fault(new OneNode(17, "Reshape", "[1,3,h,8]; {1,3,64}", "", 1).Model));

    [Fact]
    public void A_model_without_outputs_or_nodes_is_said_to_be_that()
    {
        var graph = new Graph("g");
        var x = graph.AddInput(new Value("x", new TensorType(ElementType.Float, Shape.Known(1, 3, 8, 8))));
        var model = new Model(graph) { OpsetImports = { [""] = 17 } };

        Assert.Equal(("MSSR1033", "the model has no outputs."), (Fault(model)!.Id, Fault(model)!.Message));
        graph.AddOutput(x);
        graph.AddOutput(x);
        Assert.Equal(("MSSR1033", "the model has no nodes: it computes nothing."), (Fault(model)!.Id, Fault(model)!.Message));
    }

    [Fact]
    public void A_value_may_be_an_output_twice()
    {
        var test = new OneNode(17, "Relu", "[n,3,h,w]", "", 1);
        test.Model.Graph.AddOutput(test.Node.Output);

        Assert.Null(Fault(test.Model));
    }

    [Fact]
    public void Nodes_of_subgraphs_are_checked()
    {
        var test = new OneNode(17, "If", "bool[1]", "", 1);
        foreach (var name in (string[])["then_branch", "else_branch"])
        {
            var branch = new Graph(name);
            branch.AddOutput(
                branch.Add(
                    new Node("DepthToSpace", [test.Node.Input(0)], [new Value($"{name}_y")], name).With("blocksize", 0)).Output);
            test.Node.With(name, new GraphAttribute(branch));
        }

        Assert.Equal("model, DepthToSpace 'then_branch'", Fault(test.Model)?.Where);
    }

    [Theory]
    [InlineData("[n,3,h,w]", "its input 'W' is absent; Conv takes 2 to 3 inputs (X, W, B).")]
    [InlineData(Image + "; w[8]; w[1]", "it has 4 inputs; the function has 3.")]
    [InlineData(Image, null)]
    public void A_function_is_called_with_what_it_needs(string inputs, string? message)
    {
        var body = new Graph("layer");
        var formal = Enumerable.Range(0, 3).Select(i => body.AddInput(new Value($"p{i}"))).ToArray();
        body.AddOutput(body.Add(new Node("Conv", formal, [new Value("y")], "inner")).Output);
        var test = new OneNode(17, "Layer", inputs, "", 1);
        test.Node.Domain = "local";
        test.Model.Functions.Add(new Function("local", "Layer", body) { OpsetImports = { [""] = 17 } });

        Assert.Equal(message, Fault(test.Model)?.Message);
    }

    [Theory]
    [InlineData(0, "attribute 'blocksize' is 0; it must be 1 to 32768.")]
    [InlineData(2, null)]
    public void A_function_is_checked_with_the_attributes_of_its_call(long block, string? message)
    {
        var body = new Graph("up");
        var x = body.AddInput(new Value("x"));
        body.AddOutput(
            body.Add(
                new Node("DepthToSpace", [x], [new Value("y")], "inner").With("blocksize",
                    new ReferenceAttribute("factor", 2))).Output);
        var test = new OneNode(17, "Up", "[n,8,h,w]", $"factor={block}", 1);
        test.Node.Domain = "local";
        test.Model.OpsetImports["local"] = 1;
        test.Model.Functions.Add(new Function("local", "Up", body) { OpsetImports = { [""] = 17 }, Attributes = { "factor" } });

        Assert.Equal(message, Fault(test.Model)?.Message);
    }

    [Fact]
    public void A_function_is_checked_with_the_types_of_its_arguments()
    {
        var body = new Graph("layer");
        var inputs = Enumerable.Range(0, 3).Select(i => body.AddInput(new Value($"p{i}"))).ToArray();
        body.AddOutput(body.Add(new Node("Conv", inputs, [new Value("y")], "inner")).Output);
        var test = new OneNode(17, "Layer", Image + "; w[7]", "", 1);
        test.Node.Domain = "local";
        test.Model.Functions.Add(new Function("local", "Layer", body) { OpsetImports = { [""] = 17 } });

        Assert.Equal("input 'B' ('p2') has 7 elements; it needs 8: one for each output channel.", Fault(test.Model)?.Message);
    }

    [Fact]
    public void Functions_that_call_each_other_are_no_endless_task()
    {
        var body = new Graph("loop");
        var x = body.AddInput(new Value("x"));
        body.AddOutput(body.Add(new Node("Again", [x], [new Value("y")], domain: "local")).Output);
        var test = new OneNode(17, "Again", "[n,8,h,w]", "", 1);
        test.Node.Domain = "local";
        test.Model.Functions.Add(new Function("local", "Again", body));

        Assert.Null(Fault(test.Model));
    }

    [Fact]
    public void Functions_that_each_call_the_next_twice_are_no_endless_task()
    {
        var test = new OneNode(17, "F0", "[n,8,h,w]", "", 1);
        test.Node.Domain = "local";
        for (var i = 0; i < 40; i++)
        {
            var body = new Graph($"f{i}");
            var x = body.AddInput(new Value("x"));
            var once = body.Add(new Node($"F{i + 1}", [x], [new Value("a")], domain: "local")).Output;
            body.AddOutput(body.Add(new Node($"F{i + 1}", [once], [new Value("b")], domain: "local")).Output);
            test.Model.Functions.Add(new Function("local", $"F{i}", body));
        }

        Assert.Null(Fault(test.Model));
    }

    [Fact]
    public void Networks_of_the_zoo_are_sound()
    {
        foreach (var entry in ZooCatalog.Entries)
            Assert.Null(Fault(entry.Create(1)));
    }

    private static Diagnostic? Fault(Model model)
    {
        try
        {
            OperandCheck.Run(model, "model");
            return null;
        }
        catch (MsSrException e)
        {
            return e.Diagnostic;
        }
    }
}
