using System.Globalization;
using MsSrConvert.GraphIR;
using MsSrConvert.Imaging.Images;
using MsSrConvert.Imaging.Metrics;
using MsSrConvert.Runtime;

namespace MsSrConvert.Imaging.ImageModels;

/// <summary>
/// Finds out what a model's numbers mean: it is run on a synthetic image made small (or blurred, or noisy) under each reading,
/// and the reading whose output comes closest to the true image is the right one. A trained network is at its best only
/// with the images it was trained on.
/// </summary>
internal sealed class ContentTrial
{
    private const int Side = 48;
    private const double NoiseSigma = 25;
    // Readings that a network can't tell apart differ by less (dB); the more usual one is taken then.
    private const double RangeMargin = 0.05;
    private const double ColourMargin = 0.5;
    private const double TaskMargin = 0.1;
    // Below this likeness (dB) the output is no image, and says nothing unless one range stands out by far.
    private const double LikenessFloor = 18;
    private const double ClearLead = 3;

    private static readonly (ValueRange Input, ValueRange Output)[] Ranges =
    [
        (ValueRange.Unit, ValueRange.Unit), (ValueRange.Byte, ValueRange.Byte), (ValueRange.Signed, ValueRange.Signed),
        (ValueRange.Unit, ValueRange.Signed), (ValueRange.Unit, ValueRange.Byte), (ValueRange.Signed, ValueRange.Unit),
        (ValueRange.Byte, ValueRange.Unit),
    ];

    private readonly OnnxSession _session;
    private readonly ImageContract _shape;

    private ContentTrial(OnnxSession session, ImageContract shape) => (_session, _shape) = (session, shape);

    /// <summary>Completes a contract of known sizes by ranges, colour and task.</summary>
    /// <param name="session">The model.</param>
    /// <param name="shape">What is known of it.</param>
    /// <param name="trained">False for a converted model that isn't trained yet: what it makes of an image says nothing.</param>
    public static ImageContract Run(OnnxSession session, ImageContract shape, bool trained = true)
    {
        var trial = new ContentTrial(session, shape);
        return trained ? trial.Run() : trial.Assume();
    }

    private ImageContract Run()
    {
        var notes = new List<ContractNote>(_shape.Notes);
        var contract = Plain();
        var damages = contract.NetScale > 1
            ? [Damage.Shrunk(contract.NetScale)]
            : new[] { Damage.Noisy(NoiseSigma), Damage.Blurred(2), Damage.Blurred(3) };
        var trials = damages.Select(d => new Trial(d, this, contract)).ToArray();
        contract = DecideRange(contract, trials, notes);
        if (contract.Channels == 3)
            contract = DecideColour(contract, trials, notes);
        contract = DecideTask(contract, trials, notes);
        if (contract.Channels == 1)
            contract = OneChannel(contract, notes);
        return contract with { Notes = notes };
    }

    private ImageContract Plain() => _shape with { Colour = _shape.Channels == 3 ? InputColour.Rgb : InputColour.Luma };

    // The usual reading; only the size of its numbers may show, by constants such as a mean colour.
    private ImageContract Assume()
    {
        const string Reason = "assumed: the network isn't trained yet, so that its output tells nothing";
        var contract = Plain();
        var trial = new Trial(contract.NetScale > 1 ? Damage.Shrunk(contract.NetScale) : Damage.Noisy(NoiseSigma), this,
            contract);
        double Score(ValueRange range) => trial.Score(contract with { InputRange = range, OutputRange = range });
        var range = Score(ValueRange.Byte) >= Score(ValueRange.Unit) + ClearLead ? ValueRange.Byte : ValueRange.Unit;
        contract = contract with
        {
            InputRange = range,
            OutputRange = range,
            Task = contract.NetScale > 1 ? ImageTask.SuperResolution : ImageTask.Restoration,
            Factor = contract.NetScale,
        };
        var notes = new List<ContractNote>(_shape.Notes) { new("range", ContractText.Of(range), ContractSource.Assumed, Reason) };
        if (contract.Channels == 3)
        {
            notes.Add(
                new ContractNote("colour", ContractText.Of(contract.Colour, contract.Luma), ContractSource.Assumed, Reason));
        }

        notes.Add(contract.NetScale > 1
            ? new ContractNote("task", ContractText.Of(contract.Task), ContractSource.Trial,
                "the output is larger than the input")
            : new ContractNote("task", ContractText.Of(contract.Task), ContractSource.Assumed, Reason));
        return (contract.Channels == 1 ? OneChannel(contract, notes) : contract) with { Notes = notes };
    }

    private static ImageContract DecideRange(ImageContract contract, Trial[] trials, List<ContractNote> notes)
    {
        // The damage the network copes with best is the one to judge the readings by.
        var scores = Ranges
            .Select(
                r => (Range: r, Score: trials.Max(t => t.Score(contract with { InputRange = r.Input, OutputRange = r.Output }))))
            .ToArray();
        var best = scores.MaxBy(s => s.Score);
        var chosen = scores.First(s => s.Score >= best.Score - RangeMargin);
        var clear = chosen.Score >= LikenessFloor;
        if (!clear)
        {
            // An untrained network may still give away the size of its numbers, by constants such as a mean colour.
            var (unit, bytes) = (scores[0], scores[1]);
            chosen = bytes.Score >= unit.Score + ClearLead ? bytes : unit;
            clear = Math.Abs(bytes.Score - unit.Score) >= ClearLead && chosen.Score >= best.Score - RangeMargin;
        }

        var other = scores.Where(s => s.Range != chosen.Range && s.Range.Input == s.Range.Output).MaxBy(s => s.Score);
        var text = chosen.Range.Input == chosen.Range.Output
            ? ContractText.Of(chosen.Range.Input)
            : $"{ContractText.Of(chosen.Range.Input)} in, {ContractText.Of(chosen.Range.Output)} out";
        var reason = clear
            ? $"on a synthetic image the output is {Db(chosen.Score)} from the truth; {Db(other.Score)} with the next best reading"
            : "the output resembles no image under any reading, as in a network that isn't trained";
        notes.Add(new ContractNote("range", text, clear ? ContractSource.Trial : ContractSource.Assumed, reason));
        return contract with { InputRange = chosen.Range.Input, OutputRange = chosen.Range.Output };
    }

    private static ImageContract DecideTask(ImageContract contract, Trial[] trials, List<ContractNote> notes)
    {
        if (contract.NetScale > 1)
        {
            notes.Add(
                new ContractNote("task", ContractText.Of(ImageTask.SuperResolution), ContractSource.Trial,
                    "the output is larger than the input"));
            return contract with { Task = ImageTask.SuperResolution, Factor = contract.NetScale };
        }

        var noise = trials[0].Gain(contract);
        var blur = trials.Skip(1).Max(t => t.Gain(contract));
        var task = blur > TaskMargin ? ImageTask.PreUpscaled : ImageTask.Restoration;
        var known = blur > TaskMargin || noise > TaskMargin;
        notes.Add(new ContractNote("task", ContractText.Of(task), known ? ContractSource.Trial : ContractSource.Assumed,
            $"the output has the input's size; on a bicubic enlargement it gains {Db(blur)}, on a noisy image {Db(noise)}"));
        return contract with { Task = task, Factor = task == ImageTask.PreUpscaled ? 2 : 1 };
    }

    private static ImageContract DecideColour(ImageContract contract, Trial[] trials, List<ContractNote> notes)
    {
        var asYCbCr = contract with { Colour = InputColour.YCbCr, Luma = LumaRange.Full };
        var (rgb, yCbCr) = (trials.Max(t => t.Score(contract)), trials.Max(t => t.Score(asYCbCr)));
        var result = yCbCr > rgb + ColourMargin && yCbCr >= LikenessFloor ? asYCbCr : contract;
        var judged = Math.Max(rgb, yCbCr) >= LikenessFloor && Math.Abs(rgb - yCbCr) > ColourMargin;
        notes.Add(
            new ContractNote("colour", ContractText.Of(result.Colour, result.Luma),
                judged ? ContractSource.Trial : ContractSource.Assumed,
            $"three channels; on a synthetic image the output is {Db(rgb)} from the truth as RGB, {Db(yCbCr)} as YCbCr"));
        return result;
    }

    private static ImageContract OneChannel(ImageContract contract, List<ContractNote> notes)
    {
        var colour = contract.Task == ImageTask.Restoration ? InputColour.Gray : InputColour.Luma;
        notes.Add(
            new ContractNote("colour", ContractText.Of(colour, contract.Luma), ContractSource.Graph, colour == InputColour.Gray
            ? "one channel: each colour channel goes through by itself"
            : "one channel: the network gets luma, chroma is enlarged by bicubic"));
        return contract with { Colour = colour };
    }

    private static string Db(double value) => value.ToString("0.0", CultureInfo.InvariantCulture) + " dB";

    /// <summary>A way of spoiling an image, for the network to mend.</summary>
    private sealed record Damage(Func<Planes, Planes> Apply)
    {
        public static Damage Shrunk(int factor) => new(p => BicubicResize.Downscale(p, factor, asBytes: true));

        public static Damage Blurred(int factor) => new(p =>
            BicubicResize.Resize(BicubicResize.Resize(p, p.Width / factor, p.Height / factor, true), p.Width, p.Height, true));

        public static Damage Noisy(double sigma) => new(p => ImageNoise.AddGaussian(p, sigma, 1));
    }

    /// <summary>One damage, tried under any reading; an input that was run before isn't run again.</summary>
    private sealed class Trial
    {
        private readonly ContentTrial _owner;
        private readonly Planes _truth;
        private readonly Planes _damaged;
        private readonly Dictionary<(InputColour, LumaRange, ValueRange), Tensor> _outputs = [];
        private readonly Dictionary<(InputColour, LumaRange), Planes> _truths = [];

        public Trial(Damage damage, ContentTrial owner, ImageContract contract)
        {
            _owner = owner;
            var step = contract.SizeMultiple;
            var side = Math.Max(Multiples.RoundUp(Math.Max(Side, contract.MinimumSize), step), contract.Shrink + Side);
            var (width, height) = (contract.FixedWidth ?? side, contract.FixedHeight ?? side);
            _truth = TestScene.Draw(width * contract.NetScale, height * contract.NetScale);
            _damaged = damage.Apply(_truth);
        }

        /// <summary>The output's PSNR against the truth.</summary>
        public double Score(ImageContract contract)
        {
            var output = ImageTensors.ToPlanes(Output(contract), contract.OutputLayout, contract.OutputRange);
            return ImageQuality.Psnr(Seen(output, contract), Truth(contract));
        }

        /// <summary>How much nearer to the truth the output is than the input (dB).</summary>
        public double Gain(ImageContract contract) =>
            Score(contract) - ImageQuality.Psnr(Seen(ToNet(Inner(_damaged, contract), contract), contract), Truth(contract));

        private Planes Truth(ImageContract contract)
        {
            var key = (contract.Colour, contract.Luma);
            if (!_truths.TryGetValue(key, out var truth))
                _truths[key] = truth = Seen(ToNet(Inner(_truth, contract), contract), contract);
            return truth;
        }

        private Tensor Output(ImageContract contract)
        {
            var key = (contract.Colour, contract.Luma, contract.InputRange);
            if (_outputs.TryGetValue(key, out var known))
                return known;
            var input = ImageTensors.FromPlanes(ToNet(_damaged, contract), contract.InputLayout, contract.InputRange);
            return _outputs[key] = _owner._session.Run(input, contract.OutputName);
        }

        // What the network's output covers of the full image.
        private static Planes Inner(Planes image, ImageContract contract)
        {
            var border = contract.Shrink / 2;
            return image.Crop(border, border, image.Width - contract.Shrink, image.Height - contract.Shrink);
        }

        private static Planes ToNet(Planes rgb, ImageContract contract) => NetColours.FromRgb(rgb, contract);

        // Judged as it would be looked at: in RGB, 8 bits, without the outermost pixels.
        private static Planes Seen(Planes image, ImageContract contract) =>
            (contract.Channels == 3 ? NetColours.ToRgb(image, contract) : image).Map(Finite).Quantize()
                .CropBorder(contract.NetScale + 2);

        private static float Finite(float value) => float.IsFinite(value) ? value : 0;
    }
}
