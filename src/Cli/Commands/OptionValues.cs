using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace MsSrConvert.Cli.Commands;

/// <summary>Reads the values of options; a mistake is reported with the option's name.</summary>
internal static partial class OptionValues
{
    /// <summary>A whole number.</summary>
    public static T Whole<T>(ArgumentResult result) where T : struct, INumber<T>
    {
        var text = result.Tokens[^1].Value;
        if (!T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
            result.AddError($"{OptionOf(result)}: '{text}' is not a whole number in range.");
        return value;
    }

    /// <summary>A whole number within bounds.</summary>
    public static int Within(ArgumentResult result, int least, int most)
    {
        var value = Whole<int>(result);
        if (!result.Errors.Any() && (value < least || value > most))
        {
            result.AddError(
                string.Create(CultureInfo.InvariantCulture, $"{OptionOf(result)}: {value} is not within {least} and {most}."));
        }

        return value;
    }

    /// <summary>A number above zero.</summary>
    public static double? Positive(ArgumentResult result) => Positive(result, result.Tokens[^1].Value);

    /// <summary>Numbers above zero.</summary>
    public static double[] Positives(ArgumentResult result) =>
        [.. result.Tokens.Select(t => Positive(result, t.Value)).OfType<double>()];

    private static double? Positive(ArgumentResult result, string text)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value > 0
            && double.IsFinite(value))
        {
            return value;
        }

        result.AddError($"{OptionOf(result)}: '{text}' is not a number above zero.");
        return null;
    }

    /// <summary>A number from 0 to a bound.</summary>
    public static double UpTo(ArgumentResult result, double most)
    {
        var text = result.Tokens[^1].Value;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= 0 && value <= most)
            return value;
        result.AddError(
            string.Create(CultureInfo.InvariantCulture, $"{OptionOf(result)}: '{text}' is not a number from 0 to {most}."));
        return 0;
    }

    /// <summary>A time such as <c>90s</c>, <c>20m</c> or <c>1h30m</c>.</summary>
    public static TimeSpan? Duration(ArgumentResult result)
    {
        var text = result.Tokens[^1].Value;
        var parts = DurationText().Match(text);
        var time = parts.Success ? TimeSpan.FromSeconds(Part(1) * 3600 + Part(2) * 60 + Part(3)) : TimeSpan.Zero;
        if (time > TimeSpan.Zero)
            return time;
        result.AddError($"{OptionOf(result)}: '{text}' is not a time such as 90s, 20m or 1h30m.");
        return null;

        double Part(int group) =>
            parts.Groups[group].Success ? double.Parse(parts.Groups[group].Value, CultureInfo.InvariantCulture) : 0;
    }

    [GeneratedRegex("^(?:([0-9]{1,4})h)?(?:([0-9]{1,5})m)?(?:([0-9]{1,6})s)?$")]
    private static partial Regex DurationText();

    /// <summary>A number of pixels above zero; G, M or K behind it stands for that many times 1000³, 1000² or 1000.</summary>
    public static long Pixels(ArgumentResult result) => Amount(result, "KMG", 1000, "number of pixels such as 500M or 2G");

    /// <summary>A number of bytes: a number above zero with K, M, G or T for powers of 1024 behind it.</summary>
    public static long Bytes(ArgumentResult result) => Amount(result, "KMGT", 1024, "size such as 4G or 800M");

    // A number above zero with one of the letters behind it: the first for the step, each further one for a step more.
    private static long Amount(ArgumentResult result, string letters, int step, string what)
    {
        var text = result.Tokens[^1].Value;
        var unit = text.Length == 0 ? -1 : letters.IndexOf(char.ToUpperInvariant(text[^1]), StringComparison.Ordinal);
        var number = unit < 0 ? text : text[..^1];
        if (double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            && value * Math.Pow(step, unit + 1) is var amount and >= 1 and < long.MaxValue)
        {
            return (long)amount;
        }

        result.AddError($"{OptionOf(result)}: '{text}' is no {what}.");
        return 0;
    }

    /// <summary>One of several words.</summary>
    public static T Choose<T>(ArgumentResult result, IReadOnlyList<(string Name, T Value)> choices)
    {
        var text = result.Tokens[^1].Value;
        foreach (var (name, value) in choices)
        {
            if (name == text)
                return value;
        }

        result.AddError($"{OptionOf(result)}: '{text}' is not one of {string.Join(", ", choices.Select(c => c.Name))}.");
        return choices[0].Value;
    }

    /// <summary>The name of the option that a value is for.</summary>
    public static string? OptionOf(ArgumentResult result) => (result.Parent as OptionResult)?.Option.Name;
}
