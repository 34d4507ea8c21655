using MsSrConvert.PyTorch.Check;

// The .NET half of scripts/check-pytorch.sh: it makes what PyTorch is compared with, and runs what comes back from it.
return args switch
{
    ["prepare", var folder, .. var networks] => Preparation.Run(folder, networks),
    ["compare", var model, var tensors] => Comparison.Run(model, tensors),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(
        "usage: pytorch-check prepare FOLDER NETWORK…   (NETWORK: a name of the zoo or an .onnx file, then @ and the number of branches)");
    Console.Error.WriteLine("       pytorch-check compare MODEL.onnx TENSORS.safetensors");
    return 2;
}
