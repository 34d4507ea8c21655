namespace MsSrConvert.GraphIR;

/// <summary>A model: the main graph, the operator sets it uses, local functions and metadata.</summary>
public sealed class Model
{
    /// <summary>Makes a model around a graph.</summary>
    public Model(Graph graph) => Graph = graph;

    /// <summary>The main graph.</summary>
    public Graph Graph { get; }

    /// <summary>The file format's version.</summary>
    public long IrVersion { get; set; } = 8;

    /// <summary>Operator set versions by domain, in file order; ONNX's own set has the empty domain or <c>ai.onnx</c>.</summary>
    public OrderedDictionary<string, long> OpsetImports { get; } = [];

    /// <summary>The tool that wrote the model.</summary>
    public string ProducerName { get; set; } = "";

    /// <summary>That tool's version.</summary>
    public string ProducerVersion { get; set; } = "";

    /// <summary>The model's namespace.</summary>
    public string Domain { get; set; } = "";

    /// <summary>The version of the model itself.</summary>
    public long ModelVersion { get; set; }

    /// <summary>Documentation text.</summary>
    public string DocString { get; set; } = "";

    /// <summary>Key-value annotations, in file order.</summary>
    public List<KeyValuePair<string, string>> Metadata { get; } = [];

    /// <summary>Local functions.</summary>
    public List<Function> Functions { get; } = [];

    /// <summary>Wire bytes of fields the IR doesn't model (training info, device configurations, unknown fields).</summary>
    internal ReadOnlyMemory<byte> Preserved { get; set; }

    /// <summary>The version of ONNX's own operator set; 0 when the model doesn't import it.</summary>
    public long Opset =>
        OpsetImports.TryGetValue("", out var version) || OpsetImports.TryGetValue("ai.onnx", out version) ? version : 0;

    /// <summary>The metadata entry of that key, or null.</summary>
    public string? GetMetadata(string key) => Metadata.LastOrDefault(m => m.Key == key).Value;

    /// <summary>Sets a metadata entry, in its present place where the key exists.</summary>
    public void SetMetadata(string key, string value)
    {
        var at = Metadata.FindIndex(m => m.Key == key);
        if (at >= 0)
            Metadata[at] = new(key, value);
        else
            Metadata.Add(new(key, value));
    }
}

/// <summary>A local function: a named graph with attribute parameters.</summary>
public sealed class Function
{
    /// <summary>Makes a function around its body.</summary>
    public Function(string domain, string name, Graph body)
    {
        Domain = domain;
        Name = name;
        Body = body;
    }

    /// <summary>The domain under which nodes call it.</summary>
    public string Domain { get; }

    /// <summary>The name nodes call.</summary>
    public string Name { get; }

    /// <summary>Tells functions of one name apart.</summary>
    public string Overload { get; set; } = "";

    /// <summary>What a node's call is found by; ONNX's own domain has two names.</summary>
    internal (string Domain, string Name, string Overload) Key => KeyOf(Domain, Name, Overload);

    /// <summary>The key of the function that a call of these names means.</summary>
    internal static (string Domain, string Name, string Overload) KeyOf(string domain, string name, string overload) =>
        (domain == "ai.onnx" ? "" : domain, name, overload);

    /// <summary>The body; its inputs and outputs are the formal parameters.</summary>
    public Graph Body { get; }

    /// <summary>Names of attributes without a default.</summary>
    public List<string> Attributes { get; } = [];

    /// <summary>Attributes with a default.</summary>
    public OrderedDictionary<string, AttributeValue> DefaultAttributes { get; } = [];

    /// <summary>Operator sets the body uses.</summary>
    public OrderedDictionary<string, long> OpsetImports { get; } = [];

    /// <summary>Documentation text.</summary>
    public string DocString { get; set; } = "";

    /// <summary>Key-value annotations, in file order.</summary>
    public List<KeyValuePair<string, string>> Metadata { get; } = [];

    /// <summary>Wire bytes of fields the IR doesn't model.</summary>
    internal ReadOnlyMemory<byte> Preserved { get; set; }
}
