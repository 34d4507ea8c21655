using System.Runtime.InteropServices;
using Google.Protobuf;
using MsSrConvert.GraphIR.Onnx.Wire;

namespace MsSrConvert.GraphIR.Onnx;

/// <summary>
/// Sparse initializers: read as ordinary ones whose bytes are the dense form, made when asked for; written back as they stood.
/// </summary>
internal static class SparseTensors
{
    /// <summary>Reads a sparse initializer; its name is that of <see cref="SparseTensorProto.Values"/>.</summary>
    /// <exception cref="MsSrException">Values, indices and dimensions don't fit together (MSSR1011).</exception>
    public static TensorData Read(SparseTensorProto wire, TensorReader tensors, string where)
    {
        if (wire.Values is null || wire.Indices is null)
            throw OnnxErrors.BadTensor(where, "The sparse tensor has no values or no indices.");
        var preserved = wire.ToByteArray();
        var dims = wire.Dims.ToArray();
        var count = TensorReader.ElementCount(dims, where);
        var values = tensors.Read(wire.Values, where);
        var indices = tensors.Read(wire.Indices, where);
        var linear = indices.Dims.Count == 1 && indices.Count == values.Count;
        var coordinates = indices.Dims.Count == 2 && indices.Dims[0] == values.Count && indices.Dims[1] == dims.Length;
        if (indices.Element != ElementType.Int64 || values.Dims.Count != 1 || !(linear || coordinates))
        {
            var shape = string.Join(", ", indices.Dims);
            throw OnnxErrors.BadTensor(where, $"The sparse tensor's {values.Count} values don't fit its indices [{shape}].");
        }

        var dense = new Lazy<ReadOnlyMemory<byte>>(() => Densify(values, indices, dims, count, where));
        return new TensorData(values.Element, dims, dense) { Encoding = TensorEncoding.Sparse, Preserved = preserved };
    }

    /// <summary>The sparse form that was read.</summary>
    public static SparseTensorProto Write(TensorData data, string name)
    {
        var wire = SparseTensorProto.Parser.ParseFrom(data.Preserved.Span);
        wire.Values.Name = name;
        return wire;
    }

    private static ReadOnlyMemory<byte> Densify(TensorData values, TensorData indices, long[] dims, long count, string where)
    {
        var width = values.Element.Bits() / 8;
        if (width == 0 || count * width > Array.MaxLength)
            throw OnnxErrors.BadTensor(where, $"A sparse {values.Element} tensor of {count} elements can't be made dense.");
        var bytes = new byte[count * width];
        var places = MemoryMarshal.Cast<byte, long>(indices.Bytes.Span);
        var perPlace = indices.Dims.Count == 1 ? 1 : dims.Length;
        for (var i = 0; i < values.Count; i++)
        {
            var place = indices.Dims.Count == 1 ? places[i] : Linear(places.Slice(i * perPlace, perPlace), dims);
            if (place < 0 || place >= count)
                throw OnnxErrors.BadTensor(where, $"Value {i} of the sparse tensor stands outside its dimensions.");
            values.Bytes.Span.Slice(i * width, width).CopyTo(bytes.AsSpan((int)place * width));
        }

        return bytes;
    }

    private static long Linear(ReadOnlySpan<long> coordinates, long[] dims)
    {
        var place = 0L;
        for (var axis = 0; axis < dims.Length; axis++)
        {
            if (coordinates[axis] < 0 || coordinates[axis] >= dims[axis])
                return -1;
            place = (place * dims[axis]) + coordinates[axis];
        }

        return place;
    }
}
