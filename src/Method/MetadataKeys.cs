namespace MsSrConvert.Method;

/// <summary>The entries of a model's metadata that this project writes and reads.</summary>
public static class MetadataKeys
{
    /// <summary>The number of branches; every converted model has it.</summary>
    public const string Branches = "mssr.branches";

    /// <summary>Which cross-scale kernels the interaction layers have: <c>adjacent</c> or <c>full</c>.</summary>
    public const string Interaction = "mssr.interaction";

    /// <summary>The number of pixels that heights and widths are padded to a multiple of.</summary>
    public const string SizeMultiple = "mssr.size_multiple";

    /// <summary><c>true</c> for a model that pads and crops itself, <c>false</c> for one that takes multiples only.</summary>
    public const string AnySize = "mssr.any_size";

    /// <summary>The number that the channels of a branch are rounded up to a multiple of.</summary>
    public const string ChannelAlign = "mssr.channel_align";

    /// <summary>The options of the conversion that no other entry says, as JSON.</summary>
    public const string Options = "mssr.options";

    /// <summary>What the model is written for: <see cref="TrainForm"/> or <see cref="DeployForm"/>.</summary>
    public const string Form = "mssr.form";

    /// <summary>Where the weights came from at the conversion.</summary>
    public const string Start = "mssr.start";

    /// <summary>The role of each conv of the source, as JSON.</summary>
    public const string Roles = "mssr.roles";

    /// <summary>The shared initializers with the nodes that read them, as JSON.</summary>
    public const string Ties = "mssr.ties";

    /// <summary>How the deploy form was made, as JSON.</summary>
    public const string Deploy = "mssr.deploy";

    /// <summary>How the kernels were calibrated; absent where they weren't.</summary>
    public const string Calibrated = "mssr.calibrated";

    /// <summary>How the model was trained; absent where it wasn't.</summary>
    public const string Trained = "mssr.trained";

    /// <summary>What the image channels mean.</summary>
    public const string ImageColour = "mssr.image.colour";

    /// <summary>The input's numbers for black and white.</summary>
    public const string ImageRange = "mssr.image.range";

    /// <summary>The output's numbers for black and white.</summary>
    public const string ImageOutputRange = "mssr.image.output_range";

    /// <summary>What the network does to images.</summary>
    public const string ImageTask = "mssr.image.task";

    /// <summary>The form that is trained: shared kernels are one initializer each.</summary>
    public const string TrainForm = "train";

    /// <summary>The form that is written for speed and isn't trained any more.</summary>
    public const string DeployForm = "deploy";
}
