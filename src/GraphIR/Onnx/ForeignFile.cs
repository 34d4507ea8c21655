using System.Text;
using Google.Protobuf;

namespace MsSrConvert.GraphIR.Onnx;

/// <summary>Says what a file is that can't be read as ONNX, so that the message can say what to do.</summary>
internal static class ForeignFile
{
    private const int Sample = 4096;
    private const string CheckHint = "Check that it is the right file, and export or download it again.";
    private const string ExportHint = "Export the network to ONNX first, with the framework it comes from.";

    /// <summary>The reason why bytes couldn't be parsed.</summary>
    public static MsSrException Explain(ReadOnlySpan<byte> bytes, string name, InvalidProtocolBufferException cause)
    {
        if (Recognise(bytes) is { } foreign)
            return OnnxErrors.NotOnnx(name, foreign.What, foreign.Hint, cause);
        return EndsEarly(bytes)
            ? OnnxErrors.Truncated(name, cause)
            : OnnxErrors.NotOnnx(name, "its bytes don't form one.", CheckHint, cause);
    }

    /// <summary>What kind of file this is; null when nothing is recognised.</summary>
    public static (string What, string Hint)? Recognise(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("version https://git-lfs"u8))
            return ("it is a Git LFS pointer; the file itself was not downloaded.", "Run `git lfs pull` in its repository.");
        if (bytes.StartsWith("PK\x03\x04"u8))
            return ("it is a ZIP archive, as PyTorch and Keras save their checkpoints.", ExportHint);
        if (bytes is [0x89, (byte)'H', (byte)'D', (byte)'F', ..])
            return ("it is an HDF5 file, as Keras saves its models.", ExportHint);
        if (bytes is [0x80, 0x02 or 0x03 or 0x04 or 0x05, ..])
            return ("it is a Python pickle, as PyTorch saves its checkpoints.", ExportHint);
        if (bytes is [0x1F, 0x8B, ..])
            return ("it is compressed with gzip.", "Unpack it first.");
        if (bytes.Length >= 8 && bytes[4..8].SequenceEqual("TFL3"u8))
            return ("it is a TensorFlow Lite model.", ExportHint);
        if (bytes.Length >= 8 && bytes[4..8].SequenceEqual("ORTM"u8))
            return ("it is in ONNX Runtime's own format.", "Use the ONNX model that it was made from.");
        return IsText(bytes[..Math.Min(bytes.Length, Sample)]) ? ("it is a text file.", CheckHint) : null;
    }

    // ONNX files hold control characters from the first bytes on.
    private static bool IsText(ReadOnlySpan<byte> sample)
    {
        if (sample.StartsWith(Encoding.Unicode.Preamble) || sample.StartsWith(Encoding.BigEndianUnicode.Preamble))
            return true;
        foreach (var b in sample)
        {
            if (b is < 0x20 and not (0x09 or 0x0A or 0x0C or 0x0D) or 0x7F)
                return false;
        }

        return true;
    }

    // Fields of a model follow one another; in a file that was cut off all are sound but the last, which reaches past the end.
    private static bool EndsEarly(ReadOnlySpan<byte> bytes)
    {
        const int IrVersionTag = 8;
        if (bytes[0] != IrVersionTag)
            return false;
        while (!bytes.IsEmpty)
        {
            if (!TryReadVarint(ref bytes, out var tag))
                return true;
            switch (tag & 7)
            {
                case 0 when TryReadVarint(ref bytes, out _):
                    break;
                case 2 when TryReadVarint(ref bytes, out var length) && length <= (ulong)bytes.Length:
                    bytes = bytes[(int)length..];
                    break;
                case 0 or 2:
                    return true;
                default:
                    return false;
            }
        }

        return false;
    }

    private static bool TryReadVarint(ref ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        for (var i = 0; i < Math.Min(bytes.Length, 10); i++)
        {
            value |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] >= 0x80)
                continue;
            bytes = bytes[(i + 1)..];
            return true;
        }

        return false;
    }
}
