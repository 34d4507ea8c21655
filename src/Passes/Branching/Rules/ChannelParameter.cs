using MsSrConvert.GraphIR;

namespace MsSrConvert.Passes.Branching.Rules;

/// <summary>Constants that broadcast against N,C,H,W features.</summary>
internal static class ChannelParameter
{
    /// <summary>
    /// The axis of the constant that runs over the channels: -1 when the constant has one element for all, null when it varies
    /// over batch or space.
    /// </summary>
    public static int? AxisOf(TensorData constant, long channels)
    {
        if (constant.Count == 1)
            return -1;
        var axis = constant.Dims.Count - 3;
        return axis is 0 or 1 && constant.Dims[axis] == channels && constant.Count == channels ? axis : null;
    }
}
