using System.Text;

namespace MsSrConvert.GraphIR;

/// <summary>The value of a node's attribute; one record per kind of the file format.</summary>
public abstract record AttributeValue
{
    private protected AttributeValue()
    {
    }

    /// <summary>Documentation text.</summary>
    public string DocString { get; init; } = "";

    /// <summary>Wire bytes of fields the IR doesn't model.</summary>
    internal ReadOnlyMemory<byte> Preserved { get; init; }
}

/// <summary>One integer.</summary>
public sealed record IntAttribute(long Value) : AttributeValue;

/// <summary>One 32-bit float.</summary>
public sealed record FloatAttribute(float Value) : AttributeValue;

/// <summary>One byte string, UTF-8 where it is text.</summary>
public sealed record StringAttribute(ReadOnlyMemory<byte> Bytes) : AttributeValue
{
    /// <summary>Makes the attribute from text.</summary>
    public StringAttribute(string text) : this(Encoding.UTF8.GetBytes(text))
    {
    }

    /// <summary>The bytes read as UTF-8.</summary>
    public string Text => Encoding.UTF8.GetString(Bytes.Span);
}

/// <summary>One tensor.</summary>
public sealed record TensorAttribute(TensorData Value) : AttributeValue;

/// <summary>One subgraph.</summary>
public sealed record GraphAttribute(Graph Value) : AttributeValue;

/// <summary>A list of integers.</summary>
public sealed record IntsAttribute(IReadOnlyList<long> Values) : AttributeValue;

/// <summary>A list of 32-bit floats.</summary>
public sealed record FloatsAttribute(IReadOnlyList<float> Values) : AttributeValue;

/// <summary>A list of byte strings.</summary>
public sealed record StringsAttribute(IReadOnlyList<ReadOnlyMemory<byte>> Values) : AttributeValue;

/// <summary>A list of tensors.</summary>
public sealed record TensorsAttribute(IReadOnlyList<TensorData> Values) : AttributeValue;

/// <summary>A list of subgraphs.</summary>
public sealed record GraphsAttribute(IReadOnlyList<Graph> Values) : AttributeValue;

/// <summary>Inside a function: the value of the calling node's attribute of that name.</summary>
/// <param name="AttributeName">The name of the function's attribute.</param>
/// <param name="Kind">The file format's number of the attribute's kind.</param>
public sealed record ReferenceAttribute(string AttributeName, int Kind) : AttributeValue;

/// <summary>A kind the converter only carries along (sparse tensors, types).</summary>
/// <param name="Kind">The kind in words, for messages.</param>
/// <param name="Wire">The attribute's encoding in the file.</param>
public sealed record OtherAttribute(string Kind, ReadOnlyMemory<byte> Wire) : AttributeValue;
