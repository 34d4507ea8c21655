using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace MsSrConvert.PyTorch.Code;

/// <summary>Gives out Python identifiers that are made of ONNX names and used once.</summary>
internal sealed class PythonNames
{
    // Words of the language, and names that a torch module has already.
    private static readonly FrozenSet<string> Reserved = FrozenSet.Create(
        "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif",
        "else",
        "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass",
        "raise",
        "return", "try", "while", "with", "yield", "self", "torch", "nn", "F", "Tensor", "List", "Optional", "Tuple", "load",
        "separation", "interaction", "fusion", "down", "up", "depth_to_space", "space_to_depth", "training", "forward", "apply",
        "bfloat16", "buffers", "call_super_init",
        "children", "compile", "cpu", "cuda", "double", "dump_patches", "eval", "extra_repr", "float", "get_buffer",
        "get_extra_state",
        "get_parameter", "get_submodule", "half", "ipu", "load_state_dict", "load_weights", "modules", "mtia", "named_buffers",
        "named_children", "named_modules", "named_parameters", "parameters", "register_buffer", "register_module",
        "register_parameter",
        "requires_grad_", "set_extra_state", "set_submodule", "share_memory", "state_dict", "to", "to_empty", "train", "type",
        "xpu",
        "zero_grad", "T_destination");

    private readonly HashSet<string> _taken = [];

    /// <summary>The name as an identifier, with a number behind it where it is taken.</summary>
    public string Unique(string wish)
    {
        var stem = Identifier(wish);
        var name = stem;
        for (var i = 2; Reserved.Contains(name) || !_taken.Add(name); i++)
            name = string.Create(CultureInfo.InvariantCulture, $"{stem}_{i}");
        return name;
    }

    /// <summary>
    /// A text as an identifier of letters, digits and single underscores: <c>body.0.weight/same</c> becomes
    /// <c>body_0_weight_same</c>.
    /// </summary>
    public static string Identifier(string text)
    {
        var result = new StringBuilder();
        foreach (var c in text)
        {
            if (char.IsAsciiLetterOrDigit(c))
                result.Append(c);
            else if (result.Length > 0 && result[^1] != '_')
                result.Append('_');
        }

        var name = result.ToString().TrimEnd('_');
        return name.Length == 0 || char.IsAsciiDigit(name[0]) ? $"t{name}" : name;
    }

    /// <summary>
    /// A text for a comment or a message in generated code: one line of plain characters, whatever a file holds.
    /// </summary>
    public static string Comment(string text)
    {
        const int Longest = 80;
        var plain = string.Concat(text.Select(c => c is >= ' ' and < '\x7f' and not ('"' or '\\') ? c : '?'));
        return plain.Length <= Longest ? plain : $"...{plain[^(Longest - 3)..]}";
    }
}
