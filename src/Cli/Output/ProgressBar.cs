using Spectre.Console;
using Spectre.Console.Rendering;

namespace MsSrConvert.Cli.Output;

/// <summary>A progress bar on stderr while work goes on; nothing where stderr isn't a terminal.</summary>
internal static class ProgressBar
{
    /// <summary>How far the work is.</summary>
    /// <param name="Text">What is being done.</param>
    /// <param name="Share">The share that is done, 0..1.</param>
    /// <param name="Rate">Speed in words, or empty.</param>
    /// <param name="Remaining">The time that is left, or null.</param>
    internal sealed record Step(string Text, double Share, string Rate, TimeSpan? Remaining);

    /// <summary>Does the work; its progress is shown as it tells it.</summary>
    public static T During<T>(CommandConsole console, Func<Action<Step>, T> work)
    {
        if (console.ErrorTerminal() is not { } terminal)
            return work(_ => { });
        T? result = default;
        var rate = new RateColumn();
        terminal.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn { Width = 30 }, new PercentageColumn(), rate)
            .Start(context =>
            {
                var task = context.AddTask("starting", maxValue: 1);
                result = work(step =>
                {
                    task.Description = Markup.Escape(step.Text);
                    task.Value = step.Share;
                    rate.Text = Rate(step);
                });
            });
        return result!;
    }

    private static string Rate(Step step)
    {
        var left = step.Remaining is { } time
            ? FormattableString.Invariant($"{(int)time.TotalMinutes}:{time.Seconds:00} left") : "";
        return string.Join(", ", new[] { step.Rate, left }.Where(s => s.Length > 0));
    }

    private sealed class RateColumn : ProgressColumn
    {
        public string Text { get; set; } = "";

        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(Text);
    }
}
