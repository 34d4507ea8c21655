namespace MsSrConvert.Operators.Versions;

/// <summary>Operators written with those that were there before them.</summary>
internal static class Decompositions
{
    /// <summary>The rule for an operator, or null.</summary>
    public static Respelling? Find(string opType) => OperatorTable.Find(opType)?.Decomposition;
}
