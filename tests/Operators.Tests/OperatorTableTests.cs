using MsSrConvert.Operators.Tests.Shapes;
using Xunit;

namespace MsSrConvert.Operators.Tests;

/// <summary>The table of operators is whole and doesn't contradict itself.</summary>
public sealed class OperatorTableTests
{
    private const int NewestVersion = 26;

    public static TheoryData<string> Elementwise => [.. OperatorTable.With(Traits.Unary | Traits.PerChannel)];

    public static TheoryData<string> Broadcasting => [.. OperatorTable.With(Traits.Combining)];

    [Fact]
    public void An_operator_stands_in_the_table_once() => Assert.Distinct(OperatorTable.All.Select(o => o.Name));

    [Fact]
    public void Forms_stand_in_order_and_hold_together()
    {
        foreach (var form in OperatorTable.All.SelectMany(o => o.Forms))
        {
            Assert.InRange(form.MinOutputs, 0, form.MaxOutputs);
            Assert.All(form.Inputs.SkipLast(1), i => Assert.False(i.IsVariadic));
            Assert.Distinct(form.Attributes.Select(a => a.Name));
            Assert.All(form.Attributes, a => Assert.True(a.Default is not long number || (number >= a.Min && number <= a.Max)));
            Assert.All(form.Attributes, a => Assert.True(a.Default is not string word || a.Words?.Contains(word) != false));
            Assert.All(form.Attributes, a => Assert.False(a.IsRequired && a.Default is not null));
        }

        foreach (var op in OperatorTable.All)
            Assert.Equal(op.Forms.Select(f => f.Since).Distinct().Order(), op.Forms.Select(f => f.Since));
    }

    [Fact]
    public void What_has_a_shape_rule_is_checked_too() =>
        Assert.DoesNotContain(OperatorTable.All, o => o.Shape is not null && o.Forms.Count == 0);

    [Fact]
    public void Versions_stand_in_order()
    {
        foreach (var op in OperatorTable.All)
        {
            Assert.True(op.Versions.Count > 0, $"no version brought {op.Name}");
            var opsets = op.Versions.Select(v => v.Opset).ToArray();
            Assert.Equal(opsets.Distinct().Order(), opsets);
            Assert.InRange(opsets[0], 7, NewestVersion);
            Assert.InRange(opsets[^1], 7, NewestVersion);
        }
    }

    [Fact]
    public void An_attribute_was_added_by_a_version_that_changed_the_operator()
    {
        foreach (var op in OperatorTable.All)
        {
            foreach (var added in op.Forms.SelectMany(f => f.Attributes).Where(a => a.AddedIn is not null))
                Assert.Contains(op.Versions, v => v.Opset == added.AddedIn);
        }
    }

    [Fact]
    public void Every_trait_is_some_operators() =>
        Assert.All(Enum.GetValues<Traits>().Where(t => t != Traits.None), t => Assert.NotEmpty(OperatorTable.With(t)));

    [Fact]
    public void An_operator_computes_elementwise_in_one_way_only()
    {
        Traits[] ways = [Traits.Unary, Traits.Combining, Traits.Comparing, Traits.PerChannel];
        Assert.All(OperatorTable.All, o => Assert.InRange(ways.Count(w => o.Traits.HasFlag(w)), 0, 1));
    }

    [Theory, MemberData(nameof(Elementwise))]
    public void What_is_elementwise_keeps_the_shape(string op)
    {
        var forms = OperatorTable.Find(op)!.FormAt(OpsetRange.Newest)!;
        var parameters = string.Concat(Enumerable.Repeat("; w[8]", forms.MinInputs - 1));
        var test = new OneNode(OpsetRange.Newest, op, $"[n,8,h,w]{parameters}", op == "Cast" ? "to=1" : "", 1);

        Assert.Equal("[n, 8, h, w]", ShapeInference.Infer(test.Model).ShapeOf(test.Node.Output)!.ToString());
    }

    [Theory, MemberData(nameof(Broadcasting))]
    public void What_combines_operands_broadcasts_them(string op)
    {
        var test = new OneNode(OpsetRange.Newest, op, "[n,8,1,1]; [n,8,h,w]", "", 1);

        Assert.Equal("[n, 8, h, w]", ShapeInference.Infer(test.Model).ShapeOf(test.Node.Output)!.ToString());
    }
}
