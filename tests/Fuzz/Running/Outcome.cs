using System.Text.Json;

namespace MsSrConvert.Fuzz.Running;

/// <summary>What became of a mutant.</summary>
internal enum OutcomeClass
{
    /// <summary>Refused with a reason.</summary>
    Declined,
    /// <summary>Converted, and all that the oracle looks at is right.</summary>
    Converted,
    /// <summary>Converted, but ONNX Runtime doesn't run the source, or gives what isn't the same twice or isn't finite.</summary>
    Unjudged,
    /// <summary>Ended with an error that the tool didn't expect.</summary>
    Internal,
    /// <summary>The result isn't what the source asks for.</summary>
    Difference,
    /// <summary>The process died.</summary>
    Death,
    /// <summary>It took too long.</summary>
    Hang,
    /// <summary>It took too much memory.</summary>
    Memory,
}

/// <summary>What became of a mutant, and where.</summary>
/// <param name="Class">What became of it.</param>
/// <param name="Where">What tells causes apart: a message's id, an exception and the method it came from, what differs.</param>
/// <param name="Detail">The whole message.</param>
internal sealed record Outcome(OutcomeClass Class, string Where, string Detail)
{
    /// <summary>True for what must not happen.</summary>
    public bool IsFailure => Class > OutcomeClass.Unjudged;

    /// <summary>True where another outcome is of the same cause, as far as can be told.</summary>
    public bool IsLike(Outcome other) => (Class, Where) == (other.Class, other.Where);

    /// <summary>One line.</summary>
    public string ToLine() => JsonSerializer.Serialize(this);

    /// <summary>Reads what <see cref="ToLine"/> wrote.</summary>
    public static Outcome FromLine(string line) => JsonSerializer.Deserialize<Outcome>(line)!;
}
