using System.Text.Json;
using MsSrConvert.Imaging.ImageModels;
using Spectre.Console;

namespace MsSrConvert.Cli.Output;

/// <summary>How a model wants its images, and how that was found out.</summary>
internal static class ContractTable
{
    /// <summary>Prints it for people, among the messages.</summary>
    public static void Print(CommandConsole console, ImageModel model)
    {
        console.Error.WriteLine($"{model.Name} is read as:");
        var grid = new Grid().AddColumn(new GridColumn().Padding(2, 0, 2, 0).NoWrap()).AddColumn(new GridColumn().NoWrap())
            .AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach (var note in model.Contract.Notes)
            grid.AddRow(Markup.Escape(note.Property), Markup.Escape(note.Value), Word(note.Source), Markup.Escape(note.Reason));
        console.Notes().Write(grid);
    }

    /// <summary>
    /// Writes it as a JSON object named <c>images</c>: the property, what is the case, and where that comes from.
    /// </summary>
    public static void Write(Utf8JsonWriter writer, ImageModel model) => writer.WriteList("images", model.Contract.Notes, note =>
    {
        writer.WriteString("property", note.Property);
        writer.WriteString("value", note.Value);
        writer.WriteString("source", Word(note.Source));
        writer.WriteString("reason", note.Reason);
    });

    private static string Word(ContractSource source) => source.ToString().ToLowerInvariant();
}
