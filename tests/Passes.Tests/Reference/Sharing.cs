namespace MsSrConvert.Passes.Tests.Reference;

/// <summary>
/// How the channels behind a conv are partitioned: runs of channels, each spread over the branches by itself, in units that stay
/// together. The places left over in the last branches repeat what their branch carries of the run.
/// </summary>
internal sealed record Sharing(params (int Channels, int Unit)[] Runs)
{
    /// <summary>All channels as one run.</summary>
    public static Sharing Even(int channels) => new((channels, 1));

    /// <summary>Runs of single channels.</summary>
    public static Sharing InRuns(params int[] channels) => new([.. channels.Select(c => (c, 1))]);

    /// <summary>The source channels of every branch; padding is the complement of the channel it repeats.</summary>
    public int[][] Layout(int branches)
    {
        var layout = Enumerable.Range(0, branches).Select(_ => new List<int>()).ToArray();
        var first = 0;
        foreach (var (channels, unit) in Runs)
        {
            var perBranch = (channels / unit + branches - 1) / branches * unit;
            for (var place = 0; place < perBranch * branches; place++)
            {
                var own = place / perBranch * perBranch;
                var repeated = own < channels ? own + (place - channels) % (channels - own) : (place - own) % channels;
                layout[place / perBranch].Add(place < channels ? first + place : ~(first + repeated));
            }

            first += channels;
        }

        return [.. layout.Select(b => b.ToArray())];
    }
}
