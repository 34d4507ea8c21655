using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Assembly = System.Reflection.Assembly;

namespace MsSrConvert.Architecture.Tests;

/// <summary>One use of a folder by another, with a pair of types that shows it.</summary>
/// <param name="From">The folder that uses; a type that stands in the assembly's root is a folder by itself.</param>
/// <param name="To">The folder that is used.</param>
/// <param name="User">The full name of a type that uses.</param>
/// <param name="Used">The full name of the type that it uses.</param>
internal sealed record FolderUse(string From, string To, string User, string Used);

/// <summary>
/// Which folders of an assembly use which others, read from the compiled code: namespaces follow folders, and what lies deeper
/// than one level belongs to the folder above it.
/// </summary>
internal static class FolderGraph
{
    private const string Prefix = "MsSrConvert.";

    private static readonly string[] Assemblies =
    [
        "MsSrConvert.GraphIR", "MsSrConvert.Operators", "MsSrConvert.Method", "MsSrConvert.Passes", "MsSrConvert.Runtime",
        "MsSrConvert.Imaging",
        "MsSrConvert.Calibration", "MsSrConvert.PyTorch", "MsSrConvert.Training", "MsSrConvert.Zoo", "mssr-convert", "mssr-train",
    ];

    private static readonly Lazy<ArchUnitNET.Domain.Architecture> Loaded =
        new(() => new ArchLoader().LoadAssemblies([.. Assemblies.Select(Assembly.Load)]).Build());

    /// <summary>The namespaces under which the assemblies' code stands: <c>MsSrConvert.Passes</c> …</summary>
    public static IReadOnlyList<string> Roots { get; } =
        [
            .. Assemblies
                .Select(a => a switch { "mssr-convert" => "MsSrConvert.Cli", "mssr-train" => "MsSrConvert.TrainTool", _ => a })
        ];

    /// <summary>The uses between folders of one assembly, one for each pair.</summary>
    public static IReadOnlyList<FolderUse> Of(string root) =>
    [
        .. from type in Loaded.Value.Types
           where IsIn(type, root)
           from dependency in type.Dependencies
           let used = dependency.Target
           where IsIn(used, root) && Folder(type, root) != Folder(used, root)
           group new FolderUse(Folder(type, root), Folder(used, root), type.FullName, used.FullName)
               by (Folder(type, root), Folder(used, root)) into pair
           select pair.First(),
    ];

    /// <summary>Which assemblies use which others, by their root namespaces without what they have in common.</summary>
    public static IReadOnlyList<(string From, string To)> BetweenAssemblies() =>
    [
        .. (from type in Loaded.Value.Types
            from dependency in type.Dependencies
            let pair = (From: RootOf(type), To: RootOf(dependency.Target))
            where pair.From is not null && pair.To is not null && pair.From != pair.To
            select (pair.From!, pair.To!)).Distinct().Order(),
    ];

    /// <summary>
    /// The shortest way from a folder back to itself, or null where there is none. Types of the root may use each other as those
    /// of any other folder: a way that touches no folder doesn't count.
    /// </summary>
    public static IReadOnlyList<FolderUse>? FindCircle(IReadOnlyList<FolderUse> uses) =>
        uses.Select(u => u.From).Where(f => f.EndsWith('/')).Distinct().Order(StringComparer.Ordinal)
            .Select(folder => WayBack(folder, uses))
            .OfType<IReadOnlyList<FolderUse>>().MinBy(way => way.Count);

    private static IReadOnlyList<FolderUse>? WayBack(string start, IReadOnlyList<FolderUse> uses)
    {
        var reached = new Dictionary<string, FolderUse>();
        var queue = new Queue<string>([start]);
        while (queue.TryDequeue(out var folder))
        {
            foreach (var use in uses.Where(u => u.From == folder && reached.TryAdd(u.To, u)))
                queue.Enqueue(use.To);
        }

        if (!reached.TryGetValue(start, out var last))
            return null;
        var way = new List<FolderUse> { last };
        while (way[0].From != start)
            way.Insert(0, reached[way[0].From]);
        return way;
    }

    private static string? RootOf(IType type) => Roots.FirstOrDefault(root => IsIn(type, root))?[Prefix.Length..];

    private static bool IsIn(IType type, string root) =>
        type.Namespace?.FullName is { } name && (name == root || name.StartsWith(root + ".", StringComparison.Ordinal));

    private static string Folder(IType type, string root)
    {
        var inside = type.Namespace.FullName[root.Length..].TrimStart('.');
        return inside.Length == 0 ? type.Name.Split('`', '+', '/')[0] : inside.Split('.')[0] + "/";
    }
}
