using System.Globalization;

namespace MsSrConvert.Operators.Versions;

/// <summary>In which opsets, 7 to 26, each standard operator's definition changed.</summary>
/// <remarks>
/// A <c>!</c> marks a change of form or meaning that needs a rule when a model moves to that opset; the others only accept more
/// types or add an attribute whose default keeps the old meaning. Operators older than 7 start at 7 here.
/// </remarks>
internal static class OperatorHistory
{
    private const string Table = """
        Abs 7 13; Acos 7 22; Acosh 9 22; Add 7 13 14; AffineGrid 20; And 7; ArgMax 7 11 12 13; ArgMin 7 11 12 13; Asin 7 22;
        Asinh 9 22; Atan 7 22; Atanh 9 22; Attention 23 24; AveragePool 7 10 11 19 22; BatchNormalization 7 9! 14! 15;
        Bernoulli 15 22; BitCast 26; BitShift 11; BitwiseAnd 18; BitwiseNot 18; BitwiseOr 18; BitwiseXor 18; BlackmanWindow 17;
        Cast 7 9 13 19 21 23 24 25; CastLike 15 19 21 23 24 25; Ceil 7 13; Celu 12; CenterCropPad 18; Clip 7 11! 12 13; Col2Im 18;
        Compress 9 11; Concat 7 11 13; ConcatFromSequence 11; Constant 7 9 11 12 13 19 21 23 24 25;
        ConstantOfShape 9 20 21 23 24 25; Conv 7 11 22; ConvInteger 10; ConvTranspose 7 11 22; Cos 7 22; Cosh 9 22; CumProd 26; CumSum 11 14;
        DFT 17 20!; DeformConv 19 22; DepthToSpace 7 11 13; DequantizeLinear 10 13 19 21 23 24 25; Det 11 22; Div 7 13 14;
        Dropout 7 10! 12! 13 22; DynamicQuantizeLinear 11; Einsum 12; Elu 7 22; Equal 7 11 13 19; Erf 9 13; Exp 7 13;
        Expand 8 13; EyeLike 9 22; Flatten 7 9 11 13 21 23 24 25; Floor 7 13; GRU 7 14 22; Gather 7 11 13; GatherElements 11 13;
        GatherND 11 12 13; Gelu 20; Gemm 7 9 11 13; GlobalAveragePool 7 22; GlobalLpPool 7 22; GlobalMaxPool 7 22;
        Greater 7 9 13; GreaterOrEqual 12 16; GridSample 16 20! 22; GroupNormalization 18 21!; HammingWindow 17; HannWindow 17;
        HardSigmoid 7 22; HardSwish 14 22; Hardmax 7 11 13!; Identity 7 13 14 16 19 21 23 24 25; If 7 11 13 16 19 21 23 24 25;
        ImageDecoder 20; InstanceNormalization 7 22; IsInf 10 20; IsNaN 9 13 20; LRN 7 13; LSTM 7 14 22;
        LayerNormalization 17; LeakyRelu 7 16; Less 7 9 13; LessOrEqual 12 16; Log 7 13; LogSoftmax 7 11 13!;
        Loop 7 11 13 16 19 21 23 24 25; LpNormalization 7 22; LpPool 7 11 18 22; MatMul 7 9 13; MatMulInteger 10; Max 7 8 12 13;
        MaxPool 7 8 10 11 12 22; MaxRoiPool 7 22; MaxUnpool 9 11 22; Mean 7 8 13; MeanVarianceNormalization 9 13;
        MelWeightMatrix 17; Min 7 8 12 13; Mish 18 22; Mod 10 13; Mul 7 13 14; Multinomial 7 22; Neg 7 13;
        NegativeLogLikelihoodLoss 12 13 22; NonMaxSuppression 10 11; NonZero 9 13; Not 7; OneHot 9 11; Optional 15;
        OptionalGetElement 15 18; OptionalHasElement 15 18; Or 7; PRelu 7 9 16; Pad 7 11! 13 18 19 21 23 24 25; Pow 7 12 13 15;
        QLinearConv 10; QLinearMatMul 10 21; QuantizeLinear 10 13 19 21 23 24 25; RMSNormalization 23; RNN 7 14 22;
        RandomNormal 7 22; RandomNormalLike 7 22; RandomUniform 7 22; RandomUniformLike 7 22; Range 11; Reciprocal 7 13;
        ReduceL1 7 11 13 18!; ReduceL2 7 11 13 18!; ReduceLogSum 7 11 13 18!; ReduceLogSumExp 7 11 13 18!;
        ReduceMax 7 11 12 13 18! 20; ReduceMean 7 11 13 18!; ReduceMin 7 11 12 13 18! 20; ReduceProd 7 11 13 18!;
        ReduceSum 7 11 13!; ReduceSumSquare 7 11 13 18!; RegexFullMatch 20; Relu 7 13 14; Reshape 7 13 14 19 21 23 24 25;
        Resize 10 11! 13! 18 19; ReverseSequence 10; RoiAlign 10 16! 22; RotaryEmbedding 23; Round 11 22; STFT 17;
        Scan 8 9! 11 16 19 21 23 24 25; Scatter 9 11!; ScatterElements 11 13 16 18; ScatterND 11 13 16 18; Selu 7 22;
        SequenceAt 11; SequenceConstruct 11; SequenceEmpty 11; SequenceErase 11; SequenceInsert 11; SequenceLength 11;
        SequenceMap 17; Shape 7 13 15 19 21 23 24 25; Shrink 9; Sigmoid 7 13; Sign 9 13; Sin 7 22; Sinh 9 22;
        Size 7 13 19 21 23 24 25; Slice 7 10! 11 13; Softmax 7 11 13!; SoftmaxCrossEntropyLoss 12 13; Softplus 7 22;
        Softsign 7 22; SpaceToDepth 7 13; Split 7 11 13! 18!; SplitToSequence 11 24; Sqrt 7 13; Squeeze 7 11 13! 21 23 24 25;
        StringConcat 20; StringNormalizer 10; StringSplit 20; Sub 7 13 14; Sum 7 8 13; Swish 24; Tan 7 22; Tanh 7 13;
        TensorScatter 24; TfIdfVectorizer 9; ThresholdedRelu 10 22; Tile 7 13; TopK 7 10! 11 24; Transpose 7 13 21 23 24 25;
        Trilu 14; Unique 11; Unsqueeze 7 11 13! 21 23 24 25; Upsample 7 9! 10!; Where 9 16; Xor 7
        """;

    private static readonly Dictionary<string, Change[]> Changes = Parse();

    /// <summary>True for an operator of ONNX's own set, opset 7 to 26.</summary>
    public static bool Knows(string opType) => Changes.ContainsKey(opType);

    /// <summary>The opset that defined the operator first, 7 for older ones.</summary>
    public static int Introduced(string opType) => Changes[opType][0].Opset;

    /// <summary>The first change after <paramref name="from"/> and not after <paramref name="to"/>, or null.</summary>
    public static Change? NextUp(string opType, int from, int to) =>
        Changes.TryGetValue(opType, out var changes) ? changes.FirstOrDefault(c => c.Opset > from && c.Opset <= to) : null;

    /// <summary>The last change not after <paramref name="from"/> and after <paramref name="to"/>, or null.</summary>
    public static Change? NextDown(string opType, int from, int to) =>
        Changes.TryGetValue(opType, out var changes) ? changes.LastOrDefault(c => c.Opset <= from && c.Opset > to) : null;

    private static Dictionary<string, Change[]> Parse()
    {
        var result = new Dictionary<string, Change[]>();
        foreach (var line in Table.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
            result[words[0]] =
                [.. words.Skip(1).Select(w => new Change(int.Parse(w.TrimEnd('!'), CultureInfo.InvariantCulture), w.EndsWith('!')))];
        }

        return result;
    }

    /// <summary>A change of an operator's definition.</summary>
    /// <param name="Opset">The opset that brought it.</param>
    /// <param name="NeedsRule">Form or meaning changed.</param>
    public sealed record Change(int Opset, bool NeedsRule);
}
