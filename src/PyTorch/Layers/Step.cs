using MsSrConvert.GraphIR;

namespace MsSrConvert.PyTorch.Layers;

/// <summary>A part of the graph that is written at once: a node, or a whole layer of the method.</summary>
internal abstract class Step
{
    /// <summary>The values read.</summary>
    public abstract IEnumerable<Value> Inputs { get; }

    /// <summary>The values made for others.</summary>
    public abstract IEnumerable<Value> Outputs { get; }

    /// <summary>Writes the statements.</summary>
    /// <exception cref="NotInPyTorchException">PyTorch can't say it, or the writer doesn't know how.</exception>
    public abstract void Write(ForwardWriter code);
}
