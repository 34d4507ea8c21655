using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Tests.Support;
using Xunit;
using static MsSrConvert.Passes.Tests.Support.LayerView;

namespace MsSrConvert.Passes.Tests;

/// <summary>
/// One test per claim of the method's patent. Each looks at the graph of a conv-relu-conv-relu-conv network as it was written to
/// a file and read again.
/// </summary>
public class PatentClaimTests
{
    private const int C = TinyGraphs.Width;

    public static TheoryData<int> BranchCounts => [2, 3, 4];

    [Theory, MemberData(nameof(BranchCounts))]
    public void Claim_01_first_middle_and_last_conv_become_separation_interaction_and_fusion(int n)
    {
        var model = Convert(n, Interaction.Adjacent);
        Assert.Equal(1 + n + (2 * n - 2) + n, model.Graph.Nodes.Count(node => node.Is("Conv")));
        var x = BranchInputs(model, n);
        Assert.All(x, branch => Assert.Equal("head.weight/separation", Conv(branch).Input(1)!.Name));
        Assert.All(Outputs(model, n), output => Assert.Contains(Terms(output), t => t.Kernel.Name == "middle.weight/same"));
        var fused = Terms(model.Graph.Outputs[0].Producer!.Input(0)!);
        Assert.All(fused, t => Assert.StartsWith("tail.weight/fusion", t.Kernel.Name, StringComparison.Ordinal));

        // Back from a branch over the relu, the halvings and the split to the separation conv.
        static Node Conv(Value branch)
        {
            var value = branch.Producer!.Input(0)!;
            while (IsHalving(value.Producer!))
                value = value.Producer!.Input(0)!;
            return value.Producer!.Input(0)!.Producer!;
        }
    }

    [Theory, MemberData(nameof(BranchCounts))]
    public void Claim_02_separation_convolves_to_C_channels_and_splits_them_into_n_groups_of_C_over_n(int n)
    {
        var model = Convert(n, Interaction.Adjacent);
        var conv = model.Reader("head.weight/separation");
        Assert.Equal([C, 3, 3, 3], conv.Input(1)!.Initializer!.Dims);
        Assert.Equal(C, conv.Output.Shape![1].Value);

        var split = conv.Output.Uses.Single().Node;
        Assert.True(split.Is("Split"));
        Assert.Equal(1, split.GetInt("axis", 0));
        Assert.Equal(n, split.Outputs.Count);
        Assert.All(split.Input(1)!.Initializer!.ToInt64s(), width => Assert.Equal(C / n, width));
        Assert.All(split.Outputs, group => Assert.Equal(C / n, group!.Shape![1].Value));
    }

    [Theory, MemberData(nameof(BranchCounts))]
    public void Claim_03_group_i_is_halved_i_minus_1_times_in_height_and_width(int n)
    {
        var model = Convert(n, Interaction.Adjacent);
        var groups = model.Reader("head.weight/separation").Output.Uses.Single().Node.Outputs;
        var branches = BranchInputs(model, n);
        for (var i = 0; i < n; i++)
        {
            var beforeRelu = branches[i].Producer!.Input(0)!;
            Assert.Equal(i, Halvings(groups[i]!, beforeRelu));
            Assert.Equal(groups[i]!.Shape![2], beforeRelu.Shape![2] * (1 << i));
            Assert.Equal(groups[i]!.Shape![3], beforeRelu.Shape![3] * (1 << i));
        }
    }

    [Theory, MemberData(nameof(BranchCounts))]
    public void Claim_04_the_adjacent_mode_has_2n_minus_2_cross_kernels_between_neighbouring_scales(int n)
    {
        var cross = CrossKernels(Convert(n, Interaction.Adjacent));
        Assert.Equal(2 * n - 2, cross.Count);
        Assert.All(cross, kernel => Assert.Equal(1, Math.Abs(From(kernel) - To(kernel))));
    }

    [Theory, MemberData(nameof(BranchCounts))]
    public void Claim_05_the_full_mode_has_n_times_n_minus_1_cross_kernels_between_all_scales(int n)
    {
        var cross = CrossKernels(Convert(n, Interaction.Full));
        Assert.Equal(n * (n - 1), cross.Count);
        Assert.Equal(n * (n - 1), cross.Select(kernel => (From(kernel), To(kernel))).Distinct().Count());
        Assert.All(cross, kernel => Assert.NotEqual(From(kernel), To(kernel)));
    }

    [Theory, MemberData(nameof(BranchCounts))]
    public void Claim_06_the_same_scale_kernel_is_one_initializer_with_n_uses(int n)
    {
        foreach (var interaction in Enum.GetValues<Interaction>())
        {
            var model = Convert(n, interaction);
            var same = Assert.Single(model.Graph.Initializers,
                v => v.Name.StartsWith("middle.weight/same", StringComparison.Ordinal));
            Assert.Equal([C / n, C / n, 3, 3], same.Initializer!.Dims);
            Assert.Equal(n, same.Uses.Count);
            Assert.Equal(BranchInputs(model, n), same.Uses.Select(use => use.Node.Input(0)!));
        }
    }

    [Theory, MemberData(nameof(BranchCounts))]
    public void Claim_07_in_the_adjacent_mode_a_branch_is_the_sum_over_itself_and_its_neighbours(int n)
    {
        var outputs = Outputs(Convert(n, Interaction.Adjacent), n);
        for (var i = 0; i < n; i++)
        {
            var neighbours = new[] { i - 1,
                i + 1 }.Where(j => j >= 0 && j < n).Select(j => $"middle.weight/from{j + 1}to{i + 1}");
            Assert.Equal(neighbours.Append("middle.weight/same").Order(), Terms(outputs[i]).Select(t => t.Kernel.Name).Order());
        }
    }

    [Theory, MemberData(nameof(BranchCounts))]
    public void Claim_08_in_the_full_mode_a_branch_is_the_sum_over_all_branches(int n)
    {
        var outputs = Outputs(Convert(n, Interaction.Full), n);
        for (var i = 0; i < n; i++)
        {
            var others = Enumerable.Range(0, n).Where(j => j != i).Select(j => $"middle.weight/from{j + 1}to{i + 1}");
            Assert.Equal(others.Append("middle.weight/same").Order(), Terms(outputs[i]).Select(t => t.Kernel.Name).Order());
        }
    }

    [Theory, MemberData(nameof(BranchCounts))]
    public void Claim_09_a_finer_branch_is_averaged_before_its_kernel_and_a_coarser_one_repeated_after_it(int n)
    {
        foreach (var interaction in Enum.GetValues<Interaction>())
        {
            var model = Convert(n, interaction);
            var (inputs, outputs) = (BranchInputs(model, n), Outputs(model, n));
            for (var i = 0; i < n; i++)
            {
                foreach (var term in Terms(outputs[i]).Where(t => t.Kernel.Name != "middle.weight/same"))
                {
                    var j = From(term.Kernel);
                    Assert.Equal([C / n, C / n, 3, 3], term.Kernel.Initializer!.Dims);
                    Assert.Equal(i, To(term.Kernel));
                    Assert.Equal(Math.Max(i - j, 0), Halvings(inputs[j], term.Conv.Input(0)!));
                    Assert.Equal(Math.Max(j - i, 0), term.Doublings);
                }
            }
        }
    }

    [Theory, MemberData(nameof(BranchCounts))]
    public void Claim_10_fusion_convolves_every_branch_by_its_own_kernel_doubles_it_i_minus_1_times_and_adds_all(int n)
    {
        var model = Convert(n, Interaction.Adjacent);
        var terms = Terms(model.Graph.Outputs[0].Producer!.Input(0)!).OrderBy(t => t.Doublings).ToList();
        Assert.Equal(Enumerable.Range(0, n), terms.Select(t => t.Doublings));
        Assert.Equal(n, terms.Select(t => t.Kernel).Distinct().Count());
        Assert.All(terms, t => Assert.Equal([3, C / n, 3, 3], t.Kernel.Initializer!.Dims));
        Assert.All(terms, t => Assert.Single(t.Kernel.Uses));
        for (var i = 0; i < n; i++)
            Assert.Equal(Outputs(model, n)[i], terms[i].Conv.Input(0)!.Producer!.Input(0));
        Assert.Single(terms, t => t.Conv.Input(2) is not null);
    }

    private static Model Convert(int n, Interaction interaction)
    {
        var source = TinyGraphs.Between((net, x) => net.Relu(net.Conv(net.Relu(x), "middle", C, 3)));
        var options = new ConversionOptions { Branches = n, Interaction = interaction };
        return OrtRun.Reread(Converter.Convert(source, options, new TestStart()).Model);
    }

    // The interaction's n inputs, finest first: where the shared kernel is applied.
    private static Value[] BranchInputs(Model model, int n) =>
        [.. Outputs(model, n).Select(o => Terms(o).Single(t => t.Kernel.Name == "middle.weight/same").Conv.Input(0)!)];

    // The interaction's n outputs, finest first: what the fusion convs read, before the relu between.
    private static Value[] Outputs(Model model, int n) =>
        [.. Enumerable.Range(1, n).Select(i => model.Reader($"tail.weight/fusion{i}").Input(0)!.Producer!.Input(0)!)];

    private static List<Value> CrossKernels(Model model) =>
        [.. model.Graph.Initializers.Where(v => v.Name.StartsWith("middle.weight/from", StringComparison.Ordinal))];

    // Kernels are called .../from2to1; branches count from 0 here.
    private static int From(Value kernel) => kernel.Name[^4] - '1';

    private static int To(Value kernel) => kernel.Name[^1] - '1';
}
