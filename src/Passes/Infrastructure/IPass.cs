using MsSrConvert.GraphIR;

namespace MsSrConvert.Passes.Infrastructure;

/// <summary>One rewrite of a model. Stateless: options come by constructor, results go into the model and the result.</summary>
public interface IPass
{
    /// <summary>A short name in kebab case, for dumps and error messages.</summary>
    string Name { get; }

    /// <summary>Rewrites the model in place.</summary>
    /// <exception cref="MsSrException">The model can't be handled; the message says which node and why.</exception>
    PassResult Run(Model model, PassContext context);
}

/// <summary>What a pass did.</summary>
/// <param name="Changes">How many rewrites were made; 0 when the model is as it was.</param>
public readonly record struct PassResult(int Changes);

/// <summary>What the passes of one run share: the collected diagnostics, and what became of the source's values.</summary>
public sealed class PassContext
{
    private readonly List<Diagnostic> _diagnostics = [];

    /// <summary>Everything reported so far.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics => _diagnostics;

    /// <summary>The branches that took the place of a source value, finest first, by the value's name.</summary>
    public IDictionary<string, IReadOnlyList<Value>> Branches { get; } = new Dictionary<string, IReadOnlyList<Value>>();

    /// <summary>Adds a message; it is printed once, at the end.</summary>
    public void Report(Diagnostic diagnostic) => _diagnostics.Add(diagnostic);
}
