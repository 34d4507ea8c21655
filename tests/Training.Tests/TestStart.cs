using System.Runtime.CompilerServices;

namespace MsSrConvert.Training.Tests;

/// <summary>Before the first test.</summary>
internal static class TestStart
{
    // Tests run beside each other already: more threads in each would only wait for one another.
    [ModuleInitializer]
    internal static void OneThreadEach() => TorchSharp.torch.set_num_threads(1);
}
