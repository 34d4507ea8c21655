using TorchSharp;
using static TorchSharp.torch;

namespace MsSrConvert.Training.Tensors;

/// <summary>
/// Numbers that go into operations and come out of them. TorchSharp hands libtorch the address of a number, and nothing keeps the
/// number itself alive until libtorch has read it: one that was made for the call, as a conversion from <c>double</c> does, can
/// be gone by then. So numbers are held in fields, or by <c>using</c> until their operation is done.
/// </summary>
internal static class Scalars
{
    /// <summary>0.</summary>
    public static readonly Scalar Zero = 0f.ToScalar();

    /// <summary>1.</summary>
    public static readonly Scalar One = 1f.ToScalar();

    /// <summary>The sum of two tensors; the <c>+</c> of tensors makes a factor of 1 for the call.</summary>
    public static Tensor Plus(this Tensor left, Tensor right) => left.add(right, One);

    /// <summary>A tensor and a number.</summary>
    public static Tensor Plus(this Tensor left, Scalar right) => left.add(right, One);

    /// <summary>The number of a tensor that holds one.</summary>
    public static float Read(Tensor tensor)
    {
        using var here = tensor.cpu();
        return here.data<float>()[0];
    }
}
