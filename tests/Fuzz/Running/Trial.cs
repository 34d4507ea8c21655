using System.Text.RegularExpressions;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Method;
using MsSrConvert.Operators;
using MsSrConvert.Passes;
using MsSrConvert.Passes.Deploy;
using MsSrConvert.Passes.Normalize;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Runtime;

namespace MsSrConvert.Fuzz.Running;

/// <summary>Puts one file through the product and compares what comes out with the source.</summary>
/// <param name="enter">Told which stage begins, so that who watches knows where it was when it died.</param>
internal sealed partial class Trial(Action<string> enter)
{
    /// <summary>The stage in which ONNX Runtime runs the source: what it takes there isn't the product's.</summary>
    public const string Source = "source";

    /// <summary>The stage in which ONNX Runtime runs what was made of it.</summary>
    public const string Result = "result";

    // At 128x128; the oracle's images are smaller.
    private const long MostMacs = 20_000_000_000;

    /// <summary>Tries a file; options follow from the number.</summary>
    public Outcome Run(byte[] file, int number)
    {
        try
        {
            return Try(file, number);
        }
        catch (MsSrException e) when (e.Diagnostic.Id[4] is '1' or '2' or '3')
        {
            return new Outcome(OutcomeClass.Declined, e.Diagnostic.Id, e.Message);
        }
        catch (OutOfMemoryException e)
        {
            return new Outcome(OutcomeClass.Memory, Frame(e), e.ToString());
        }
        catch (Exception e)
        {
            var kind = e is MsSrException known ? known.Diagnostic.Id : e.GetType().Name;
            return new Outcome(OutcomeClass.Internal, $"{kind} in {Frame(e)}", e.ToString());
        }
    }

    private Outcome Try(byte[] file, int number)
    {
        enter("read");
        var source = ModelFile.Read(file);
        enter("normal form");
        var form = NormalForm.Of(source, new NormalFormOptions { Evaluate = NodeRunner.Run, Again = true });
        var normal = OnnxFile.ToBytes(form.Model);
        enter("convert");
        var options = new ConversionOptions
        {
            Branches = number % 5 == 0 ? 3 : 2,
            Interaction = number % 7 == 0 ? Interaction.Full : Interaction.Adjacent,
            Again = true,
        };
        var converted = Converter.Convert(form, options, new SliceInitializer());
        // A network of which nothing is converted isn't written, but there still is its normal form.
        Outcome? declined = converted.Plan.ConvertedConvs > 0
            ? null : new(OutcomeClass.Declined, "MSSR2001", "nothing converted");
        var result = declined is null ? OnnxFile.ToBytes(converted.Model) : normal;
        enter("deploy");
        var deployed = declined is null
            ? OnnxFile.ToBytes(Deployer.Deploy(ReadBack(result), new DeployOptions { Align = 8 }, NodeRunner.Run).Model) : normal;
        if (converted.Source.Cost.Macs > MostMacs || ModelCheck.FirstCustomOperator(form.Model) is not null)
            return declined ?? new Outcome(OutcomeClass.Unjudged, "large or custom", "");
        enter(Source);
        var judged = new Oracle(enter).Judge(file, normal, result, deployed);
        return judged.IsFailure ? judged : declined ?? judged;
    }

    // What was written must be a model to the product too.
    private static Model ReadBack(byte[] result)
    {
        try
        {
            return ModelFile.Read(result, name: "the converted model");
        }
        catch (MsSrException e)
        {
            throw new InvalidOperationException($"The result isn't read: {e.Message}", e);
        }
    }

    // The first method of the product's own on the way up.
    private static string Frame(Exception e)
    {
        while (e is { InnerException: { } inner } and not MsSrException)
            e = inner;
        return OwnFrame().Match(e.StackTrace ?? "") is { Success: true } match ? match.Groups[1].Value : "elsewhere";
    }

    [GeneratedRegex(@"at MsSrConvert\.((?!Fuzz)[^\s(]+)\(")]
    private static partial Regex OwnFrame();
}
