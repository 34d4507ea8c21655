using MsSrConvert.Calibration.Features;

namespace MsSrConvert.Calibration.Targets;

/// <summary>What a layer is solved for.</summary>
internal interface ILayerTarget
{
    /// <summary>
    /// True when an activation makes the target depend on what the layer gives at present, so that solving again helps.
    /// </summary>
    bool HasActivation { get; }

    /// <summary>What the layer's output ought to be at pixels of one branch of one patch.</summary>
    /// <param name="place">Which.</param>
    /// <param name="count">How many pixels, at most.</param>
    TargetRows Rows(Place place, int count);
}
