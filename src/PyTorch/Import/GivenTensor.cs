using MsSrConvert.GraphIR;

namespace MsSrConvert.PyTorch.Import;

/// <summary>A trained tensor and what it is called.</summary>
/// <param name="Name">Its name where it comes from.</param>
/// <param name="Data">The content.</param>
/// <param name="OtherNames">Names it may also be known by: those of the nodes that read it.</param>
public sealed record GivenTensor(string Name, TensorData Data, IReadOnlyList<string> OtherNames)
{
    /// <summary>The tensors of a file that has nothing but names.</summary>
    public static IReadOnlyList<GivenTensor> Of(IReadOnlyDictionary<string, TensorData> tensors) =>
        [.. tensors.Select(t => new GivenTensor(t.Key, t.Value, []))];

    /// <summary>The weights of a model; tools rename these more readily than nodes.</summary>
    public static IReadOnlyList<GivenTensor> Of(Model model) =>
    [
        .. Weights.Of(model.Graph)
            .Select(v => new GivenTensor(v.Name, v.Initializer!, [.. v.Uses.SelectMany(WeightNames.OfReader)])),
    ];
}
