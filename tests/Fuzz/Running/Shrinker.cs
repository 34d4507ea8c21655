using System.Diagnostics;
using Google.Protobuf;
using MsSrConvert.GraphIR.Onnx.Wire;

namespace MsSrConvert.Fuzz.Running;

/// <summary>Makes a failing file smaller as long as it fails for the same cause.</summary>
/// <param name="worker">Tries the files.</param>
/// <param name="number">The mutant's number: its options follow from it.</param>
/// <param name="wanted">What became of the whole file.</param>
internal sealed class Shrinker(WorkerProcess worker, int number, Outcome wanted)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(45);
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly string _trial = Path.Combine(Path.GetTempPath(), $"mssr-fuzz-{Guid.NewGuid():N}.onnx");

    /// <summary>The smallest file found in the time there is.</summary>
    public byte[] Shrink(byte[] file)
    {
        try
        {
            var model = ModelProto.Parser.ParseFrom(file);
            if (model.Graph is null || !Fails(model))
                return file;
            int before;
            do
            {
                before = model.CalculateSize();
                model = Smaller(model);
            }
            while (model.CalculateSize() < before && _watch.Elapsed < Limit);
            return model.ToByteArray();
        }
        catch (InvalidProtocolBufferException)
        {
            return file;
        }
        finally
        {
            File.Delete(_trial);
        }
    }

    private ModelProto Smaller(ModelProto model)
    {
        for (var at = model.Graph.Node.Count - 1; at >= 0; at = Math.Min(at, model.Graph.Node.Count) - 1)
        {
            var place = at;
            model = Try(model, m => Bypass(m, place)) ?? model;
        }

        model = Try(model, m => m.Graph.ValueInfo.Clear()) ?? model;
        model = Try(model, m => m.MetadataProps.Clear()) ?? model;
        model = Try(model, m => m.Functions.Clear()) ?? model;
        for (var at = model.Graph.Output.Count - 1; at >= 0; at--)
        {
            var place = at;
            model = Try(model, m => m.Graph.Output.RemoveAt(place)) ?? model;
        }

        for (var node = 0; node < model.Graph.Node.Count; node++)
        {
            for (var at = model.Graph.Node[node].Attribute.Count - 1; at >= 0; at--)
            {
                var (owner, place) = (node, at);
                model = Try(model, m => m.Graph.Node[owner].Attribute.RemoveAt(place)) ?? model;
            }
        }

        return model;
    }

    // A copy changed that way, where it still fails.
    private ModelProto? Try(ModelProto model, Action<ModelProto> change)
    {
        if (_watch.Elapsed > Limit)
            return null;
        var copy = model.Clone();
        change(copy);
        RemoveUnread(copy);
        return copy.Graph.Node.Count > 0 && copy.CalculateSize() < model.CalculateSize() && Fails(copy) ? copy : null;
    }

    private bool Fails(ModelProto model)
    {
        File.WriteAllBytes(_trial, model.ToByteArray());
        return worker.Run(number, _trial).IsLike(wanted);
    }

    private static void Bypass(ModelProto model, int at)
    {
        var node = model.Graph.Node[at];
        model.Graph.Node.RemoveAt(at);
        var replacement = node.Input.FirstOrDefault() ?? "";
        foreach (var reader in model.Graph.Node)
        {
            for (var i = 0; i < reader.Input.Count; i++)
            {
                if (node.Output.Contains(reader.Input[i]))
                    reader.Input[i] = replacement;
            }
        }

        // The graph's outputs keep their place, so that what comes before is still needed.
        foreach (var output in model.Graph.Output.Where(o => node.Output.Contains(o.Name)))
            output.Name = replacement;
    }

    private static void RemoveUnread(ModelProto model)
    {
        var graph = model.Graph;
        while (true)
        {
            var read = graph.Node.SelectMany(n => n.Input).Concat(graph.Output.Select(o => o.Name)).ToHashSet();
            var dead = graph.Node.Where(n => n.Output.All(o => !read.Contains(o))
                && n.Attribute.All(a => a.G is null && a.Graphs.Count == 0)).ToArray();
            foreach (var tensor in graph.Initializer.Where(t => !read.Contains(t.Name)).ToArray())
                graph.Initializer.Remove(tensor);
            if (dead.Length == 0)
                return;
            foreach (var node in dead)
                graph.Node.Remove(node);
        }
    }
}
