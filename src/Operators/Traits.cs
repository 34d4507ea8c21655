namespace MsSrConvert.Operators;

/// <summary>What passes and back ends ask of an operator without knowing its name.</summary>
[Flags]
internal enum Traits
{
    /// <summary>Nothing of what follows.</summary>
    None = 0,

    /// <summary>Each feature follows from the first input's at the same place; further inputs are single numbers.</summary>
    Unary = 1 << 0,

    /// <summary>Each feature follows from those at the same place of several operands, which broadcast.</summary>
    Combining = 1 << 1,

    /// <summary>Elementwise, but the results are no features: truth values, bits, remainders, choices.</summary>
    Comparing = 1 << 2,

    /// <summary>Each element follows from those at the same place, whatever the place.</summary>
    Elementwise = Unary | Combining | Comparing,

    /// <summary>Each feature follows from the one at the same place and from one parameter for each channel.</summary>
    PerChannel = 1 << 3,

    /// <summary>A window slides over (N, C, spatial…): each element follows from its neighbours.</summary>
    Window = 1 << 4,

    /// <summary>Sums of products: many operations for each element.</summary>
    Product = 1 << 5,

    /// <summary>Each element may depend on the whole map.</summary>
    WholeMap = 1 << 6,

    /// <summary>Each element depends on all those along the attribute <c>axis</c>, and on no others.</summary>
    AlongAxis = 1 << 7,

    /// <summary>Given axes are reduced to one element.</summary>
    Reduction = 1 << 8,

    /// <summary>Only the sizes of the input are read, none of its elements.</summary>
    ReadsShape = 1 << 9,

    /// <summary>The result may be another at every run.</summary>
    Random = 1 << 10,

    /// <summary>How many elements come out is in the data; they are at most a few times as many as went in.</summary>
    DataSized = 1 << 11,

    /// <summary>ONNX Runtime fuses it into the convolution before it.</summary>
    FusedIntoConv = 1 << 12,
}
