using System.Globalization;
using MsSrConvert.Fuzz.Mutations;

namespace MsSrConvert.Fuzz.Running;

/// <summary>
/// The child process: reads jobs from its input, one a line, and says on its output which stage begins and what came out. A job
/// is a mutant's number, or a number, a colon and a file.
/// </summary>
internal static class Worker
{
    /// <summary>How a line begins that names a stage; others hold an outcome.</summary>
    public const string Stage = "at ";

    /// <summary>Works until its input ends.</summary>
    public static void Run(IReadOnlyList<SeedModel> models, int seed)
    {
        // What the product or ONNX Runtime prints must not stand between the answers.
        var answers = Console.Out;
        Console.SetOut(Console.Error);
        var trial = new Trial(stage => Answer(Stage + stage));
        Answer(Stage + "start");
        while (Console.ReadLine() is { } job)
        {
            var parts = job.Split(':', 2);
            var number = int.Parse(parts[0], CultureInfo.InvariantCulture);
            var file = parts.Length == 2 ? File.ReadAllBytes(parts[1]) : Mutant.Make(models, seed, number).Bytes;
            Answer(trial.Run(file, number).ToLine());
        }

        void Answer(string line)
        {
            answers.WriteLine(line);
            answers.Flush();
        }
    }
}
