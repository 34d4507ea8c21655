namespace MsSrConvert.PyTorch;

/// <summary>Says why a node can't be written; what it says goes on after the node's name and "can't be written:".</summary>
internal sealed class NotInPyTorchException(string why) : Exception(why);
