using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Sizes;

namespace MsSrConvert.Passes.Rewrite;

/// <summary>
/// The mapping/interaction layer (S2, claims 1 and 4-9): branch i is W * x_i plus the cross-scale kernels' contributions. W is
/// one initializer read by all n branches; what comes from a finer branch is halved before its kernel, what comes from a coarser
/// one is doubled after it.
/// </summary>
public sealed class InteractionPass(ConversionPlan plan, IKernelInitializer start) : IPass
{
    /// <inheritdoc/>
    public string Name => "interaction";

    /// <inheritdoc/>
    public PassResult Run(Model model, PassContext context)
    {
        var convs = plan.ConvsOf(model, ConvRole.Interaction);
        var rewriter = new BranchRewriter(model, plan);
        var weights = new LayerWeights(rewriter, start);
        foreach (var conv in convs)
            new Layer(plan, rewriter, weights, conv).Rewrite();
        rewriter.Finish(convs);
        return new PassResult(convs.Length);
    }

    /// <summary>One layer while it is written.</summary>
    private sealed class Layer
    {
        private readonly ConversionPlan _plan;
        private readonly BranchRewriter _rewriter;
        private readonly LayerWeights _weights;
        private readonly Node _conv;
        private readonly ConvSite _site;
        private readonly int[][] _ins;
        private readonly int[][] _outs;
        private readonly int _groups;
        private readonly Value[] _inputs;

        public Layer(ConversionPlan plan, BranchRewriter rewriter, LayerWeights weights, Node conv)
        {
            (_plan, _rewriter, _weights, _conv) = (plan, rewriter, weights, conv);
            _site = ConvSite.Of(conv);
            var (input, output) = (rewriter.Layout(_site.Input), rewriter.Layout(conv.Output));
            (_ins, _outs) = (KernelRequests.PerBranch(input), KernelRequests.PerBranch(output));
            _groups = LayerWeights.GroupsPerBranch(conv, input, output);
            _inputs = rewriter.Branches(_site.Input);
        }

        private int N => _inputs.Length;

        public void Rewrite()
        {
            var shared = _weights.Kernel(_conv, "same", [.. _outs.Zip(_ins)], _groups, joins: false);
            var bias = _weights.Bias(_conv, "same", _outs);
            var outputs = new Value[N];
            for (var i = 0; i < N; i++)
            {
                var cross = Sources(i).Where(j => j < i).Select(j => FromFiner(j, i)).ToList();
                if (FromCoarser(i) is { } coarser)
                    cross.Add(coarser);
                var same = Convolve(PartKind.Same.On(i), _inputs[i], i, shared, bias);
                // The runtime folds Add(conv, rest) into the conv, so the sum is built from its far end.
                var rest = cross.AsEnumerable().Reverse().Aggregate((sum, term) => Sum(i, term, sum));
                outputs[i] = Sum(i, same, rest);
            }

            _rewriter.Join(_conv.Output, outputs);
        }

        // The branches that contribute to branch i beside itself.
        private IEnumerable<int> Sources(int i) => Enumerable.Range(0, N).Where(j => _plan.Options.Interaction.Connects(j, i));

        private Value FromFiner(int j, int i)
        {
            var x = _inputs[j];
            for (var step = j; step < i; step++)
                x = _rewriter.Down(_conv, x);
            return Convolve(LayerPart.Cross(j, i), x, i, CrossKernel(j, i), null);
        }

        // Doubling is linear, so coarser contributions are added up on the way: up(K3 x3) joins K2 x2 before both are doubled.
        private Value? FromCoarser(int i)
        {
            Value? sum = null;
            for (var j = N - 1; j > i; j--)
            {
                if (sum is not null)
                    sum = _rewriter.Up(_conv, LayerPart.CrossUp(j + 1, i, j), sum);
                if (!Sources(i).Contains(j))
                    continue;
                var term = Convolve(LayerPart.Cross(j, i), _inputs[j], j, CrossKernel(j, i), null);
                sum = sum is null ? term : Sum(i, term, sum);
            }

            return sum is null ? null : _rewriter.Up(_conv, LayerPart.CrossUp(i + 1, i, i), sum);
        }

        private Value CrossKernel(int from, int to) => _weights.Kernel(
            _conv, LayerPart.Cross(from, to), [(_outs[to], _ins[from])], _groups, joins: true);

        private Value Convolve(LayerPart part, Value x, int scale, Value kernel, Value? bias)
        {
            var padded = _rewriter.Padded(_site, x, scale);
            return _rewriter.EmitLike(_conv, part, bias is null ? [padded, kernel] : [padded, kernel, bias], node =>
            {
                if (_groups != _conv.GetInt("group", 1))
                    node.With("group", _groups);
            });
        }

        private Value Sum(int branch, Value a, Value b) => _rewriter.Emit(_conv, PartKind.Sum.On(branch), "Add", [a, b]);
    }
}
