namespace MsSrConvert.GraphIR.Onnx;

/// <summary>The messages of reading and writing ONNX files, with their stable ids.</summary>
internal static class OnnxErrors
{
    public static MsSrException Missing(string path) =>
        Make("MSSR1001", path, "There is no such file.", "Check the path's spelling.");

    public static MsSrException IsFolder(string path) =>
        Make("MSSR1002", path, "This is a folder, not an ONNX file.", "Give the path of the .onnx file in it.");

    public static MsSrException Unreadable(string path, Exception cause) =>
        Make("MSSR1003", path, $"The file can't be read: {cause.Message}", "Check its permissions and its disk.", cause);

    public static MsSrException NoFile(string path, string kind) =>
        Make("MSSR1003", path, $"This is {kind}, not a file.", "Give the path of an .onnx file.");

    public static MsSrException Empty(string path) =>
        Make("MSSR1004", path, "The file is empty.", "Export or download it again.");

    public static MsSrException NotOnnx(string path, string what, string hint, Exception? cause = null) =>
        Make("MSSR1005", path, $"This is not an ONNX model: {what}", hint, cause);

    public static MsSrException Truncated(string path, Exception cause) =>
        Make("MSSR1007", path, "The file ends in the middle of the model.", "Export or download it again.", cause);

    public static MsSrException Incomplete(string path, string lack) =>
        Make(
            "MSSR1008", path,
            $"The model {lack}, so there is nothing to work on.",
            "Export it again, or check that it is a model and not a single tensor.");

    public static MsSrException BadName(string where, string message) =>
        Make("MSSR1009", where, message, "ONNX wants a name of its own for every value; export the model again.");

    public static MsSrException Undefined(string where, string name) =>
        Make(
            "MSSR1010", where,
            $"Value '{name}' is read but no input, initializer or node defines it.",
            "The model is damaged or was cut out of a larger one; export it again.");

    public static MsSrException BadTensor(string where, string message) =>
        Make("MSSR1011", where, message, "The model is damaged; export or download it again.");

    public static MsSrException ExternalMissing(string where, string message, Exception? cause = null) =>
        Make("MSSR1012", where, message, "Put the data file beside the model under the name that the model states.", cause);

    public static MsSrException ExternalOutside(string where, string location) =>
        Make(
            "MSSR1013", where,
            $"The tensor's data is said to be in '{location}', which is outside the model's folder; such files are not read.",
            "Move the data file into the model's folder and correct the location.");

    public static MsSrException ExternalElsewhere(string where, string location, string real) =>
        Make(
            "MSSR1013", where,
            $"The tensor's data is said to be in '{location}', which leads through a link to '{real}', outside the model's folder; such files are not read.",
            "Copy the data file into the model's folder in place of the link.");

    public static MsSrException Unwritable(string path, Exception cause) =>
        Make(
            "MSSR1014", path,
            $"The file can't be written: {cause.Message}",
            "Check the folder, its permissions and the space left.",
            cause);

    public static MsSrException Cycle(string where, Exception? cause = null) =>
        Make(
            "MSSR1015", where,
            "The nodes can't be put in order: a value is needed to compute itself.",
            "The model is damaged; export it again.",
            cause);

    public static MsSrException TooLarge(string path, long bytes) =>
        Make(
            "MSSR1016", path,
            $"A single ONNX file holds less than 2 GB; this one takes {bytes / 1e9:0.00} GB.",
            "Keep the weights in external data files.");

    public static MsSrException Malformed(string where, string message) =>
        Make("MSSR1017", where, message, "The model is damaged; export it again.");

    public static MsSrException ImportedTwice(string where, IReadOnlyList<long> versions) =>
        Make(
            "MSSR1035", where,
            $"ONNX's own operator set is imported in the versions {string.Join(" and ", versions)}; it must be one.",
            "Export the model again, or leave the entry that its nodes were made for.");

    private static MsSrException Make(string id, string where, string message, string hint, Exception? cause = null) =>
        new(new Diagnostic(id, Severity.Error, message, where, hint), cause);
}
