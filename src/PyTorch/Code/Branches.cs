using System.Globalization;
using System.Text.RegularExpressions;
using MsSrConvert.GraphIR;

namespace MsSrConvert.PyTorch.Code;

/// <summary>Reads off the names that the converter gives to nodes which branch a value belongs to.</summary>
internal static partial class Branches
{
    /// <summary>The branch from 1; 0 for a value that belongs to none.</summary>
    public static int Of(Value value)
    {
        if (value.Producer is not { } node)
            return 0;
        if (Group().IsMatch(node.Name))
            return value.OutputIndex + 1;
        var match = Single().Match(node.Name);
        return match.Success ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
    }

    [GeneratedRegex(@"/groups(_\d+)?$")]
    private static partial Regex Group();

    [GeneratedRegex(@"/(?:branch|same|sum|group|gate|weighed|fusion|from\d+to)(\d)(?:_\d+)?(?:/up\d+)?$")]
    private static partial Regex Single();
}
