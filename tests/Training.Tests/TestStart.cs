using System.Diagnostics;
using System.Runtime.CompilerServices;
using MsSrConvert.Training.Engine;

namespace MsSrConvert.Training.Tests;

/// <summary>Before the first test.</summary>
internal static class TestStart
{
    /// <summary>
    /// How libtorch is run here: the tests are about the trainer, so they take a form that computes right on this machine.
    /// </summary>
    internal static EngineForm Form { get; private set; } = EngineForm.All[0];

    // Tests run beside each other already: more threads in each would only wait for one another.
    [ModuleInitializer]
    internal static void LoadEngine()
    {
        var found = SelfCheck();
        Form = EngineForm.All.FirstOrDefault(f => f.Name == found) ?? Form;
        TorchDevice.Choose(Form, cuda: false, threads: 1);
        // Trainings that the tests start, in this process and in others, take the same.
        Environment.SetEnvironmentVariable(EngineForm.Variable, Form.Name);
    }

    private static string SelfCheck()
    {
        var start = new ProcessStartInfo("dotnet",
            [Path.Combine(AppContext.BaseDirectory, "mssr-train.dll"), "self-check"])
        { RedirectStandardOutput = true };
        using var check = Process.Start(start)!;
        var form = check.StandardOutput.ReadToEnd().Trim();
        check.WaitForExit();
        return form;
    }
}
