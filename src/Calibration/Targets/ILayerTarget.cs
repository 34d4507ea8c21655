using MsSrConvert.Calibration.Features;

namespace MsSrConvert.Calibration.Targets;

/// <summary>What a layer is solved for.</summary>
internal interface ILayerTarget
{
    /// <summary>True when an activation makes the target depend on what the layer gives at present, so that solving again helps.</summary>
    bool HasActivation { get; }

    /// <summary>What the layer's output ought to be in one branch of one patch.</summary>
    /// <param name="place">Which.</param>
    /// <param name="present">The layer's output as it is, or null before the first solve.</param>
    Planar Target(Place place, Planar? present);

    /// <summary>Sums of squares of the wanted value and of its difference to the present one, behind the activation where there is one.</summary>
    (double Power, double Error) Compare(Place place, Planar present);

    /// <summary>Weights of the target's pixels, or null where all count alike.</summary>
    float[]? RowWeights(Place place);
}
