using System.Globalization;

namespace MsSrConvert.PyTorch.Sizes;

/// <summary>
/// One whole number that a graph computes from the sizes of its values, as Python: <c>(height + 3) // 4 * 4 - height</c>.
/// </summary>
internal sealed class SizeExpression
{
    private const int Sum = 1;
    private const int Product = 2;
    private const int Atom = 3;

    private readonly Func<string> _text;
    private readonly int _precedence;

    private SizeExpression(long? constant, int precedence, Func<string> text) =>
        (Constant, _precedence, _text) = (constant, precedence, text);

    /// <summary>The number where it is known, else null.</summary>
    public long? Constant { get; }

    /// <summary>The Python expression.</summary>
    public string Text => _text();

    /// <summary>A known number.</summary>
    public static SizeExpression Of(long value) =>
        new(value, value < 0 ? Sum : Atom, () => value.ToString(CultureInfo.InvariantCulture));

    /// <summary>A variable; its name is asked for when the expression is written.</summary>
    public static SizeExpression Variable(Func<string> name) => new(null, Atom, name);

    public static SizeExpression operator +(SizeExpression a, SizeExpression b) =>
        a.Constant == 0 ? b : b.Constant == 0 ? a : Binary(a, b, "+", Sum, Sum, (x, y) => x + y);

    public static SizeExpression operator -(SizeExpression a, SizeExpression b) =>
        b.Constant == 0 ? a : Binary(a, b, "-", Sum, Product, (x, y) => x - y);

    public static SizeExpression operator *(SizeExpression a, SizeExpression b) =>
        a.Constant == 1 ? b : b.Constant == 1 ? a : Binary(a, b, "*", Product, Product, (x, y) => x * y);

    /// <summary>Division rounded down; sizes aren't negative, so that it is ONNX's division towards zero.</summary>
    public static SizeExpression operator /(SizeExpression a, SizeExpression b) =>
        b.Constant == 1 ? a : Binary(a, b, "//", Product, Atom, (x, y) => y == 0 ? 0 : x / y);

    /// <summary>What is left of a division by a positive number; never negative.</summary>
    public static SizeExpression operator %(SizeExpression a, SizeExpression b) =>
        Binary(a, b, "%", Product, Atom, (x, y) => y == 0 ? 0 : ((x % y) + y) % y);

    /// <summary>The smaller or larger of two numbers.</summary>
    public static SizeExpression Call(string function, SizeExpression a, SizeExpression b) =>
        a.Constant is { } x && b.Constant is { } y
        ? Of(function == "min" ? Math.Min(x, y) : Math.Max(x, y))
        : new(null, Atom, () => $"{function}({a.Text}, {b.Text})");

    // A right operand binds tighter than the operator where the operator isn't associative with it.
    private static SizeExpression Binary(SizeExpression a, SizeExpression b, string sign, int precedence, int right,
        Func<long, long, long> known)
    {
        if (a.Constant is { } x && b.Constant is { } y)
            return Of(known(x, y));
        return new(null, precedence, () => $"{a.Within(precedence)} {sign} {b.Within(right)}");
    }

    private string Within(int precedence) => _precedence < precedence ? $"({Text})" : Text;
}
