namespace MsSrConvert.Operators;

/// <summary>
/// Operators of which only is known when the set changed them: sequences, texts, signals and losses, which networks on images
/// hardly hold. Nodes of them aren't checked, and their outputs stay unknown.
/// </summary>
internal static class OtherOperators
{
    /// <summary>The operators.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        new("Attention") { Traits = Traits.WholeMap, Versions = [23, 24] },
        Of("BitCast", 26), Of("BlackmanWindow", 17), Of("ConcatFromSequence", 11), Of("DFT", 17, OperatorVersion.Breaking(20)),
        Of("HammingWindow", 17), Of("HannWindow", 17), Of("ImageDecoder", 20), Of("MelWeightMatrix", 17),
        Of("NegativeLogLikelihoodLoss", 12, 13, 22), Of("Optional", 15), Of("OptionalGetElement", 15, 18),
        Of("OptionalHasElement", 15, 18), Of("RegexFullMatch", 20), Of("RotaryEmbedding", 23), Of("STFT", 17),
        Of("SequenceAt", 11), Of("SequenceConstruct", 11), Of("SequenceEmpty", 11), Of("SequenceErase", 11),
        Of("SequenceInsert", 11), Of("SequenceLength", 11), Of("SequenceMap", 17), Of("SoftmaxCrossEntropyLoss", 12, 13),
        Of("SplitToSequence", 11, 24), Of("StringConcat", 20), Of("StringNormalizer", 10), Of("StringSplit", 20),
        Of("TfIdfVectorizer", 9),
    ];

    private static Operator Of(string name, params IReadOnlyList<OperatorVersion> versions) => new(name) { Versions = versions };
}
