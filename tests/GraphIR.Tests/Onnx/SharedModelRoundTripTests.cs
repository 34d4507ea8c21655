using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.GraphIR.Onnx.Wire;
using MsSrConvert.GraphIR.Verify;
using MsSrConvert.Operators;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.GraphIR.Tests.Onnx;

public sealed class SharedModelRoundTripTests
{
    public static TheoryData<string> Models => [.. SharedModels.Names];

    [SharedTheory]
    [MemberData(nameof(Models))]
    public void A_model_read_and_written_equals_the_original_in_every_field_value_info_in_any_order(string name)
    {
        var path = SharedModels.PathOf(Path.Combine("models", name));
        var original = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));

        var written = ModelProto.Parser.ParseFrom(OnnxFile.ToBytes(ModelFile.Read(path)));

        WireModels.AssertSame(WireModels.Canonical(original), WireModels.Canonical(written));
    }

    [SharedTheory]
    [MemberData(nameof(Models))]
    public void A_model_that_was_read_breaks_no_invariant_and_is_written_alike_twice(string name)
    {
        var model = ModelFile.Read(SharedModels.PathOf(Path.Combine("models", name)));

        Assert.Empty(GraphVerifier.Check(model));
        var once = OnnxFile.ToBytes(model);
        Assert.True(once.AsSpan().SequenceEqual(OnnxFile.ToBytes(ModelFile.Read(once))));
    }
}
