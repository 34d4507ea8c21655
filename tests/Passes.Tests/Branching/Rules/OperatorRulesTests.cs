using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Branching;
using MsSrConvert.Passes.Branching.Rules;
using Xunit;

namespace MsSrConvert.Passes.Tests.Branching.Rules;

public class OperatorRulesTests
{
    public static TheoryData<string> RuleNames => [.. Rules.Select(rule => rule.Name)];

    private static IEnumerable<Type> Rules =>
        typeof(IOperatorRule).Assembly.GetTypes().Where(t => typeof(IOperatorRule).IsAssignableFrom(t) && !t.IsInterface);

    [Theory, MemberData(nameof(RuleNames))]
    public void Every_rule_is_found_by_each_of_its_operators(string name)
    {
        var rule = (IOperatorRule)Activator.CreateInstance(Rules.Single(t => t.Name == name))!;
        var domain = rule is SplitOffRule ? "mssr.internal" : "";
        Assert.All(rule.Operators,
            op => Assert.IsType(rule.GetType(), OperatorRules.Find(new Node(op, [], [], domain: domain)), exactMatch: true));
    }

    [Theory, MemberData(nameof(RuleNames))]
    public void Every_rule_has_a_test_class(string name) =>
        Assert.NotNull(GetType().Assembly.GetType($"{GetType().Namespace}.{name}Tests"));

    [Fact]
    public void Operators_of_other_domains_have_no_rule() =>
        Assert.Null(OperatorRules.Find(new Node("Relu", [], [], domain: "com.example")));
}
