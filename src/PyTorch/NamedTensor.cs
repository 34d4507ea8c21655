using MsSrConvert.GraphIR;

namespace MsSrConvert.PyTorch;

/// <summary>A tensor under the name that the PyTorch module has for it.</summary>
/// <param name="Name">The key in the module's <c>state_dict</c>.</param>
/// <param name="Data">The content.</param>
public sealed record NamedTensor(string Name, TensorData Data);
