using System.Globalization;
using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Plan;

namespace MsSrConvert.Passes.Rewrite;

/// <summary>
/// Records in the model's metadata what it is: <c>mssr.branches</c>, <c>mssr.interaction</c>, <c>mssr.size_multiple</c>,
/// <c>mssr.options</c> (where the layers were chosen otherwise than by default), <c>mssr.form</c>, <c>mssr.start</c>,
/// <c>mssr.roles</c> (source conv: role) and <c>mssr.ties</c> (shared initializer: its reading nodes). The last two are JSON
/// objects in graph order.
/// </summary>
public sealed class MetadataPass(ConversionPlan plan, IKernelInitializer start) : IPass
{
    /// <inheritdoc/>
    public string Name => "metadata";

    /// <inheritdoc/>
    public PassResult Run(Model model, PassContext context)
    {
        model.SetMetadata(MetadataKeys.Branches, plan.Branches.ToString(CultureInfo.InvariantCulture));
        model.SetMetadata(MetadataKeys.Interaction, plan.Options.Interaction.ToString().ToLowerInvariant());
        model.SetMetadata(MetadataKeys.SizeMultiple, plan.InputSizes.Multiple.ToString(CultureInfo.InvariantCulture));
        model.SetMetadata(MetadataKeys.AnySize, plan.Options.AssumeMultiple ? "false" : "true");
        model.SetMetadata(MetadataKeys.ChannelAlign, plan.Options.ChannelAlign.ToString(CultureInfo.InvariantCulture));
        RecordOptions(model);
        model.SetMetadata(MetadataKeys.Form, MetadataKeys.TrainForm);
        model.SetMetadata(MetadataKeys.Start, start.Description);
        // It was the source that had been calibrated or trained.
        model.Metadata.RemoveAll(m => m.Key is MetadataKeys.Calibrated or MetadataKeys.Trained);
        model.SetMetadata(MetadataKeys.Roles, MetadataJson.Object(writer =>
        {
            foreach (var conv in plan.Convs)
                writer.WriteString(conv.Node.Name, conv.Role.ToString().ToLowerInvariant());
        }));
        model.SetMetadata(MetadataKeys.Ties, MetadataJson.Object(writer =>
        {
            foreach (var value in model.Graph.Initializers.Where(IsTied))
            {
                writer.WriteStartArray(value.Name);
                foreach (var use in value.Uses)
                    writer.WriteStringValue(use.Node.Name);
                writer.WriteEndArray();
            }
        }));
        return new PassResult(1);
    }

    // Only what was asked for otherwise than by default.
    private void RecordOptions(Model model)
    {
        var (options, usual) = (plan.Options, new ConversionOptions());
        model.Metadata.RemoveAll(m => m.Key == MetadataKeys.Options);
        if ((options.FuseAt, options.SeparateAt, options.Keep.Count) == (usual.FuseAt, usual.SeparateAt, 0))
            return;
        model.SetMetadata(MetadataKeys.Options, MetadataJson.Object(writer =>
        {
            writer.WriteString("fuse_at", options.FuseAt);
            writer.WriteString("separate_at", options.SeparateAt);
            writer.WriteStartArray("keep");
            foreach (var pattern in options.Keep)
                writer.WriteStringValue(pattern);
            writer.WriteEndArray();
        }));
    }

    private static bool IsTied(Value value) =>
        value.Uses.Count > 1 && value.Initializer!.Element.IsFloatingPoint() && value.Uses.All(use => use.Node.IsConv());
}
