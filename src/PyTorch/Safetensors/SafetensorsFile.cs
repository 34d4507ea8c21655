using MsSrConvert.GraphIR;

namespace MsSrConvert.PyTorch.Safetensors;

/// <summary>What a safetensors file holds.</summary>
/// <param name="Tensors">The tensors by name.</param>
/// <param name="Metadata">The text entries of the header.</param>
public sealed record SafetensorsFile(IReadOnlyDictionary<string, TensorData> Tensors,
    IReadOnlyDictionary<string, string> Metadata);
