using System.Diagnostics;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Verify;

namespace MsSrConvert.Passes.Infrastructure;

/// <summary>Is told when a pass has run: for timings and dumps.</summary>
public interface IPassObserver
{
    /// <summary>Called after a pass and its check.</summary>
    /// <param name="index">The pass's place in the run, from 0.</param>
    /// <param name="pass">The pass.</param>
    /// <param name="model">The model as the pass left it.</param>
    /// <param name="result">What the pass did.</param>
    /// <param name="elapsed">How long it took, the check left out.</param>
    void AfterPass(int index, IPass pass, Model model, PassResult result, TimeSpan elapsed);
}

/// <summary>Runs passes in order with the graph verifier before the first and after each.</summary>
public sealed class PassRunner
{
    private readonly IReadOnlyList<IPassObserver> _observers;
    private readonly List<string> _done;

    /// <summary>Makes a runner that tells <paramref name="observers"/> about every pass.</summary>
    public PassRunner(params IReadOnlyList<IPassObserver> observers) => (_observers, _done) = (observers, []);

    /// <summary>Makes a runner that goes on where another one ended.</summary>
    /// <param name="done">The names of the passes that made the model; numbers go on behind them.</param>
    /// <param name="observers">Told about every pass.</param>
    public PassRunner(IReadOnlyList<string> done, IReadOnlyList<IPassObserver> observers) =>
        (_observers, _done) = (observers, [.. done]);

    /// <summary>The names of all passes that were run, in order.</summary>
    public IReadOnlyList<string> Done => _done;

    /// <summary>Runs the passes; may be called again to go on with more.</summary>
    /// <exception cref="MsSrException">A pass declined the model, or left it broken (MSSR4001).</exception>
    public void Run(Model model, PassContext context, params IEnumerable<IPass> passes)
    {
        if (_done.Count == 0)
            Verify(model, "the input");
        foreach (var pass in passes)
        {
            var watch = Stopwatch.StartNew();
            var result = pass.Run(model, context);
            watch.Stop();
            Verify(model, $"pass '{pass.Name}'");
            foreach (var observer in _observers)
                observer.AfterPass(_done.Count, pass, model, result, watch.Elapsed);
            _done.Add(pass.Name);
        }
    }

    private void Verify(Model model, string culprit)
    {
        var violations = GraphVerifier.Check(model);
        if (violations.Count == 0)
            return;
        var before = _done.Count == 0 ? "" : $" Passes before it: {string.Join(", ", _done)}.";
        var broken = string.Join("; ", violations.Take(5).Select(v => $"{v.Invariant} {v.Message.TrimEnd('.')}"));
        throw new MsSrException(new Diagnostic(
            _done.Count == 0 && culprit == "the input" ? "MSSR1006" : "MSSR4001", Severity.Error,
            $"The graph is broken after {culprit}: {broken}.{before}"));
    }
}
