using System.Runtime.InteropServices;

namespace MsSrConvert.Training.Engine;

/// <summary>Settings of libtorch that TorchSharp doesn't hand on.</summary>
internal static class NativeEngine
{
    private delegate nint GetContext();

    private delegate void SetSwitch(nint context, [MarshalAs(UnmanagedType.I1)] bool on);

    /// <summary>
    /// Sets what libtorch reads when it is loaded. It must run before that: .NET's own setter doesn't reach native code on Linux
    /// and macOS.
    /// </summary>
    public static void Prepare(EngineForm form)
    {
        // NNPACK says that it doesn't know a processor once for every thread; nothing here uses it.
        SetVariable("TORCH_CPP_LOG_LEVEL", "ERROR");
        foreach (var (name, value) in form.Environment)
            SetVariable(name, value);
    }

    /// <summary>Sets the switches of a libtorch that is loaded.</summary>
    /// <exception cref="DllNotFoundException">The loaded libtorch can't be told to do without oneDNN.</exception>
    public static void Apply(EngineForm form)
    {
        _ = TrySwitchOff("NNPACK");
        if (!form.OneDnn && !TrySwitchOff("Mkldnn"))
            throw new DllNotFoundException("this libtorch can't be told to compute without oneDNN");
    }

    // at::globalContext().setUserEnabled…(false), by the names that the platform's C++ compiler gives it.
    private static bool TrySwitchOff(string what)
    {
        var (getter, setter) = OperatingSystem.IsWindows()
            ? ("?globalContext@at@@YAAEAVContext@1@XZ", $"?setUserEnabled{what}@Context@at@@QEAAX_N@Z")
            : ("_ZN2at13globalContextEv", $"_ZN2at7Context{"setUserEnabled".Length + what.Length}setUserEnabled{what}Eb");
        if (Library() is not { } library || !NativeLibrary.TryGetExport(library, getter, out var get)
            || !NativeLibrary.TryGetExport(library, setter, out var set))
        {
            return false;
        }

        Marshal.GetDelegateForFunctionPointer<SetSwitch>(set)(Marshal.GetDelegateForFunctionPointer<GetContext>(get)(), false);
        return true;
    }

    // TorchSharp has loaded it already, so that its name or its path gives the same copy.
    private static nint? Library()
    {
        var name = OperatingSystem.IsWindows()
            ? "torch_cpu.dll" : OperatingSystem.IsMacOS() ? "libtorch_cpu.dylib" : "libtorch_cpu.so";
        string[] places = [name, Path.Combine(AppContext.BaseDirectory, name),
            Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native", name)];
        foreach (var place in places)
        {
            if (NativeLibrary.TryLoad(place, out var library))
                return library;
        }

        return null;
    }

    private static void SetVariable(string name, string value)
    {
        Environment.SetEnvironmentVariable(name, value);
        if (!OperatingSystem.IsWindows())
            _ = SetNativeVariable(name, value, 1);
    }

    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int SetNativeVariable(string name, string value, int overwrite);
}
