using MsSrConvert.Operators;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Normalize;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Passes.Tests.Normalize;

public class SharedModelTests
{
    public static TheoryData<string> Models => [.. SharedModels.Names];

    [SharedTheory]
    [MemberData(nameof(Models))]
    public void A_normalised_model_computes_what_the_source_computes(string name)
    {
        var source = File.ReadAllBytes(SharedModels.PathOf("models/" + name));
        var model = ModelFile.Read(SharedModels.PathOf("models/" + name));

        new PassRunner().Run(model, new PassContext(), [.. Normalization.Lift(), .. Normalization.Passes()]);

        Numeric.AssertSame(source, model, 32, 32);
        Assert.InRange(model.Opset, 13, 24);
    }
}
