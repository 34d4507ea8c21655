using MsSrConvert.GraphIR;
using MsSrConvert.Training.Engine;
using MsSrConvert.Training.Execution;
using TorchSharp;
using static TorchSharp.torch;

namespace MsSrConvert.Training;

/// <summary>Chooses the execution device.</summary>
internal static class TorchDevice
{
    /// <summary>Loads libtorch, and gives the processor or the first NVIDIA GPU.</summary>
    /// <param name="form">How libtorch is run; a process keeps to the first one it is given.</param>
    /// <param name="cuda">True for the GPU.</param>
    /// <param name="threads">Threads that compute on the processor; 0 for all cores.</param>
    /// <exception cref="MsSrException">
    /// The GPU isn't there, or not in this build (MSSR5603); libtorch can't be loaded (MSSR5604).
    /// </exception>
    public static Device Choose(EngineForm form, bool cuda, int threads)
    {
        try
        {
            NativeEngine.Prepare(form);
            _ = get_num_threads();
            if (threads > 0)
                set_num_threads(threads);
            NativeEngine.Apply(form);
            if (!cuda)
            {
                NativeHeap.KeepFreedMemory();
                return CPU;
            }

            return torch.cuda.is_available() ? CUDA : throw new MsSrException(new Diagnostic("MSSR5603", Severity.Error,
                "there is no NVIDIA GPU here, or this build of the trainer doesn't know it.", null,
                "Build with -p:TorchCuda=true, or train with --device cpu."));
        }
        catch (Exception e) when (e is TypeInitializationException or NotSupportedException or DllNotFoundException)
        {
            throw new MsSrException(new Diagnostic("MSSR5604", Severity.Error,
                $"libtorch can't be loaded: {(e.InnerException ?? e).Message.Split('\n')[0].Trim()}", null,
                "See 'Older Linux' in docs/training.md."), e);
        }
    }
}
