namespace MsSrConvert.GraphIR.Verify;

/// <summary>Checks of single tensors.</summary>
internal static class TensorCheck
{
    /// <summary>How a tensor's content contradicts its type and dimensions, to follow its name; null when it fits.</summary>
    public static string? FindMisfit(TensorData data)
    {
        if (data.Dims.Any(d => d < 0))
            return $"has a negative dimension in [{string.Join(", ", data.Dims)}]";
        if (data.Element == ElementType.String)
        {
            return data.Strings?.Count == data.Count || data.Encoding == TensorEncoding.Sparse
                ? null
                : $"has {data.Count} elements but {data.Strings?.Count ?? 0} strings";
        }

        // External and sparse data was measured when it was read; asking for its bytes would load it.
        if (data.Element.Bits() == 0 || data.Encoding is TensorEncoding.External or TensorEncoding.Sparse)
            return null;
        var needed = ((data.Count * data.Element.Bits()) + 7) / 8;
        return data.Bytes.Length == needed ? null : $"needs {needed} bytes for its dimensions but has {data.Bytes.Length}";
    }
}
