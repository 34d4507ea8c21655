using System.Text;
using MsSrConvert.PyTorch.Code;

namespace MsSrConvert.PyTorch;

/// <summary>What a module's file is put together from.</summary>
/// <param name="Name">What the file calls the network.</param>
/// <param name="Facts">Lines for its heading.</param>
/// <param name="Inputs">The names of the inputs.</param>
/// <param name="Outputs">The number of outputs.</param>
/// <param name="Channels">The channels of the first input; 0 where they aren't known.</param>
/// <param name="LearningRate">The learning rate to begin with, as Python.</param>
/// <param name="Range">The network's number for white, as Python.</param>
/// <param name="State">Parameters and buffers.</param>
/// <param name="Forward">The body of <c>forward</c>.</param>
internal sealed record ModuleParts(
    string Name, IEnumerable<string> Facts, IReadOnlyList<string> Inputs, int Outputs, long Channels, string LearningRate,
    string Range,
    ModuleState State, ForwardWriter Forward);

/// <summary>Puts the text of <c>model.py</c> together.</summary>
internal static class ModuleText
{
    private const int BodyDepth = 2;
    private const string Quotes = "\"\"\"";

    // In the order in which they stand in the file: whoever is called comes first.
    private static readonly (string Name, string[] Calls)[] Helpers =
    [
        ("down", []), ("up", []), ("separation", ["down"]), ("interaction", ["down", "up"]), ("interaction_full", ["down", "up"]),
        ("fusion", ["up"]), ("depth_to_space", []), ("space_to_depth", []),
    ];

    /// <summary>The text, lines ended by a line feed.</summary>
    public static string Compose(ModuleParts parts)
    {
        var used = Helpers.Where(h => parts.Forward.Helpers.Contains(h.Name)).SelectMany(h => h.Calls.Append(h.Name)).ToHashSet();
        var helpers = Helpers.Where(h => used.Contains(h.Name)).Select(h => EmbeddedFiles.Read($"Helpers/{h.Name}.py")).ToArray();
        string[] sections =
        [
            Heading(parts, string.Concat(helpers)) + "\n" + EmbeddedFiles.Read("Helpers/dtypes.py"),
            EmbeddedFiles.Read("Helpers/weights_file.py"),
            .. helpers,
            Class(parts),
        ];
        return string.Join("\n\n", sections).ReplaceLineEndings("\n");
    }

    private static string Heading(ModuleParts parts, string helpers)
    {
        var typing = new (string Name, bool Used)[]
        {
            ("Any", true), ("Dict", true), ("List", helpers.Contains("List[", StringComparison.Ordinal)), ("Optional", true),
            ("Tuple", parts.Outputs > 1),
        }.Where(t => t.Used).Select(t => t.Name);
        return $"""
            {Quotes}{PythonNames.Comment(parts.Name)} as a PyTorch module, written by mssr-convert export-pytorch.

            {string.Join("\n", parts.Facts)}.
            {Quotes}
            import ctypes
            import json
            import os
            from typing import {string.Join(", ", typing)}

            import torch
            import torch.nn.functional as F
            from torch import Tensor, nn

            IN_CHANNELS = {ForwardWriter.Text(parts.Channels)}
            IMG_RANGE = {parts.Range}
            LEARNING_RATE = {parts.LearningRate}
            WEIGHTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "weights.safetensors")

            """;
    }

    private static string Class(ModuleParts parts)
    {
        var text = new StringBuilder($"""
            class Network(nn.Module):
                {Quotes}The network. Every weight is one parameter, however many layers use it.

                weights: a .safetensors file to start from; None leaves all weights zero, to be loaded later.
                {Quotes}

                def __init__(self, weights: Optional[str] = WEIGHTS):
                    super().__init__()

            """);
        foreach (var line in parts.State.Declarations)
            text.Append(PythonText.Statement(line, BodyDepth)).Append('\n');
        var result = parts.Outputs == 1 ? "Tensor" : $"Tuple[{string.Join(", ", Enumerable.Repeat("Tensor", parts.Outputs))}]";
        text.Append($"""
                    if weights is not None:
                        self.load_state_dict(read_safetensors(weights))

                def forward(self, {string.Join(", ", parts.Inputs.Select(i => $"{i}: Tensor"))}) -> {result}:

            """);
        foreach (var line in parts.Forward.Lines)
            text.Append(line).Append('\n');
        return text.ToString();
    }
}
