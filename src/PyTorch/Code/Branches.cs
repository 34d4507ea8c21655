using MsSrConvert.GraphIR;
using MsSrConvert.Method;

namespace MsSrConvert.PyTorch.Code;

/// <summary>Reads off the names that the converter gives to nodes which branch a value belongs to.</summary>
internal static class Branches
{
    /// <summary>The branch from 1; 0 for a value that belongs to none.</summary>
    public static int Of(Value value)
    {
        if (value.Producer is not { } node || !PartName.TryParse(node.Name, out var name))
            return 0;
        return name.Part.Kind switch
        {
            PartKind.Groups => value.OutputIndex + 1,
            PartKind.Features or PartKind.Down or PartKind.Up or PartKind.Pad or PartKind.Crop or PartKind.Size => 0,
            _ => name.Part.Branch + 1,
        };
    }
}
