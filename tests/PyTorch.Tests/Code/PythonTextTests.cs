using MsSrConvert.PyTorch.Code;
using Xunit;

namespace MsSrConvert.PyTorch.Tests.Code;

public class PythonTextTests
{
    [Theory]
    [InlineData(0.2f, "0.2")]
    [InlineData(2f, "2.0")]
    [InlineData(1e-5f, "1e-05")]
    [InlineData(float.NegativeInfinity, "-float(\"inf\")")]
    public void Numbers_are_floats_in_Python_too(float value, string expected) => Assert.Equal(expected, PythonText.Of(value));

    [Fact]
    public void Long_statements_are_broken_within_their_widest_brackets()
    {
        var text = PythonText.Statement($"x = f([{string.Join(", ", Enumerable.Repeat("abcdefgh", 12))}], padding=1)", 1);
        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 1, 100));
        Assert.StartsWith("    x = f(\n        [\n            abcdefgh, ", text, StringComparison.Ordinal);
        Assert.EndsWith("abcdefgh],\n        padding=1)", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("body.0.weight/same", "body_0_weight_same")]
    [InlineData("/model/model_0/Conv", "model_model_0_Conv")]
    [InlineData("onnx::Conv_12", "onnx_Conv_12")]
    [InlineData("12", "t12")]
    [InlineData("", "t")]
    public void Names_become_identifiers(string name, string expected) => Assert.Equal(expected, PythonNames.Identifier(name));

    [Fact]
    public void Names_that_are_taken_or_reserved_get_a_number()
    {
        var names = new PythonNames();
        Assert.Equal(["a_b", "a_b_2", "lambda_2", "training_2"],
            new[] { "a.b", "a/b", "lambda", "training" }.Select(names.Unique));
    }
}
