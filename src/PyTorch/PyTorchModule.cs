namespace MsSrConvert.PyTorch;

/// <summary>A network as PyTorch code and tensors.</summary>
/// <param name="Code">The text of <c>model.py</c>.</param>
/// <param name="Tensors">The content of its parameters and buffers; a weight that several layers share stands once.</param>
/// <param name="Parameters">The number of trainable elements.</param>
/// <param name="Layers">The number of separation, interaction and fusion layers that are written as one call.</param>
public sealed record PyTorchModule(string Code, IReadOnlyList<NamedTensor> Tensors, long Parameters, int Layers);
