using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MsSrConvert.GraphIR;

namespace MsSrConvert.Runtime;

/// <summary>Between 32-bit floats and the element types models are declared with.</summary>
internal static class TensorConversion
{
    /// <summary>A native tensor of the declared element type; integers are rounded and saturated.</summary>
    /// <exception cref="MsSrException">The type holds no numbers (MSSR5003).</exception>
    public static OrtValue ToOrt(Tensor tensor, TensorInfo info) => info.Element switch
    {
        ElementType.Float => OrtValue.CreateTensorValueFromMemory(tensor.Data, tensor.Dims),
        ElementType.Double => Make(tensor, v => (double)v),
        ElementType.Float16 => Make(tensor, v => (Float16)v),
        ElementType.BFloat16 => Make(tensor, v => (BFloat16)v),
        ElementType.UInt8 => Make(tensor, v => byte.CreateSaturating(MathF.Round(v))),
        ElementType.Int8 => Make(tensor, v => sbyte.CreateSaturating(MathF.Round(v))),
        ElementType.UInt16 => Make(tensor, v => ushort.CreateSaturating(MathF.Round(v))),
        ElementType.Int32 => Make(tensor, v => int.CreateSaturating(MathF.Round(v))),
        ElementType.Int64 => Make(tensor, v => long.CreateSaturating(MathF.Round(v))),
        ElementType.Bool => Make(tensor, v => v != 0),
        _ => throw Unsupported(info),
    };

    /// <summary>The elements of a native tensor as floats.</summary>
    /// <exception cref="MsSrException">The type holds no numbers (MSSR5003).</exception>
    public static Tensor FromOrt(OrtValue value, TensorInfo info)
    {
        if (!value.IsTensor)
            throw Unsupported(info);
        var type = value.GetTensorTypeAndShape();
        var data = type.ElementDataType switch
        {
            TensorElementType.Float => value.GetTensorDataAsSpan<float>().ToArray(),
            TensorElementType.Double => Read<double>(value, v => (float)v),
            TensorElementType.Float16 => Read<Float16>(value, v => (float)v),
            TensorElementType.BFloat16 => Read<BFloat16>(value, v => (float)v),
            TensorElementType.UInt8 => Read<byte>(value, v => v),
            TensorElementType.Int8 => Read<sbyte>(value, v => v),
            TensorElementType.UInt16 => Read<ushort>(value, v => v),
            TensorElementType.Int32 => Read<int>(value, v => v),
            TensorElementType.Int64 => Read<long>(value, v => v),
            TensorElementType.Bool => Read<bool>(value, v => v ? 1f : 0f),
            _ => throw Unsupported(info),
        };
        return new Tensor(data, type.Shape);
    }

    private static OrtValue Make<T>(Tensor tensor, Func<float, T> convert) where T : unmanaged =>
        OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(tensor.Data, v => convert(v)), tensor.Dims);

    private static float[] Read<T>(OrtValue value, Func<T, float> convert) where T : unmanaged
    {
        var source = value.GetTensorDataAsSpan<T>();
        var result = new float[source.Length];
        for (var i = 0; i < result.Length; i++)
            result[i] = convert(source[i]);
        return result;
    }

    private static MsSrException Unsupported(TensorInfo info) => new(new Diagnostic("MSSR5003", Severity.Error,
        $"'{info.Name}' is of type {info.Element}, which holds no numbers that can be given or read here."));
}
