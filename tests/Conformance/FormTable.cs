namespace MsSrConvert.Conformance;

/// <summary>The content of <c>forms.txt</c>.</summary>
internal static class FormTable
{
    private static readonly string[] Lines =
        [.. Resource("forms.txt").Split('\n', StringSplitOptions.TrimEntries).Where(l => l.Length > 0 && l[0] != '#')];

    /// <summary>All forms, in the file's order.</summary>
    public static IReadOnlyList<Form> Forms { get; } = [.. Lines.Where(l => l[0] != '-').Select(Form.Parse)];

    /// <summary>Operators that have no place in a network that makes an image of an image, with the reason.</summary>
    public static IReadOnlyList<(string Reason, string[] Operators)> Elsewhere { get; } =
        [
            .. Lines.Where(l => l[0] == '-').Select(l => l[1..].Split(": ", 2))
                .Select(p => (p[1], p[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        ];

    /// <summary>The text of a file that lies beside the tests.</summary>
    public static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(FormTable).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
