using MsSrConvert.Operators;
using Xunit;
using Xunit.Abstractions;

namespace MsSrConvert.Conformance;

/// <summary>Every form of every operator in every column: what <c>forms.txt</c> says must be so.</summary>
public class ConformanceTests(ITestOutputHelper output)
{
    public static TheoryData<string> Names => [.. FormTable.Forms.Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Shapes_are_found(string form) => Check(form, Column.Shapes);

    [Theory]
    [MemberData(nameof(Names))]
    public void Branches_compute_the_same(string form) => Check(form, Column.Branches);

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_opset_has_it(string form) => Check(form, Column.Opsets);

    [Theory]
    [MemberData(nameof(Names))]
    public void Calibration_has_its_gradient(string form) => Check(form, Column.Gradient);

    [Theory]
    [MemberData(nameof(Names))]
    public void Training_computes_it(string form) => Check(form, Column.Training);

    [Theory]
    [MemberData(nameof(Names))]
    public void PyTorch_text_computes_it(string form)
    {
        if (PythonRun.Python is null)
            output.WriteLine("There is no Python with PyTorch: the text is written, not run.");
        Check(form, Column.PyTorch);
    }

    [Fact]
    public void Every_operator_of_the_table_has_a_form_or_a_reason_to_have_none()
    {
        string[] named = [.. FormTable.Forms.Select(f => f.Op), .. FormTable.Elsewhere.SelectMany(e => e.Operators)];
        var missing = OperatorTable.All.Select(o => o.Name).Distinct().Except(named);
        Assert.True(!missing.Any(), $"forms.txt says nothing of {string.Join(' ', missing)}");
    }

    [Fact]
    public void No_form_stands_twice() =>
        Assert.Equal(FormTable.Forms.Select(f => f.Name).Distinct(), FormTable.Forms.Select(f => f.Name));

    private static void Check(string name, Column column)
    {
        var form = FormTable.Forms.First(f => f.Name == name);
        var fault = Cells.Fault(form, column);
        if (form.Missing.TryGetValue(column, out var reason))
            Assert.True(fault is not null || IsUnrun(column), $"{name} works in {column}: strike '{reason}' out of forms.txt");
        else
            Assert.True(fault is null, $"{name} doesn't work in {column}: {fault}");
    }

    // Without PyTorch it isn't known whether a text computes the same.
    private static bool IsUnrun(Column column) => column == Column.PyTorch && PythonRun.Python is null;
}
