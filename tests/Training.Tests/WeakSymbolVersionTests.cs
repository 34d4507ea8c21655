using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Training.Tests;

/// <summary>The build step that makes TorchSharp's library load where libstdc++ is older than it asks for.</summary>
public sealed class WeakSymbolVersionTests : IDisposable
{
    private const string Missing = "NOLIBRARY_9.9";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void One_flag_of_the_copy_is_set_where_the_version_is_missing()
    {
        var library = Elf("GLIBC_2.2.5", Missing, "GLIBC_2.4");
        File.WriteAllBytes(_folder["in.so"], library);
        var (code, output) = RunStep(Missing);
        Assert.True(code == 0, output);
        var copy = File.ReadAllBytes(_folder["out.so"]);
        var changed = Enumerable.Range(0, library.Length).Where(i => library[i] != copy[i]).ToArray();
        Assert.Equal([FlagsOf(1)], changed);
        Assert.Equal(2, copy[FlagsOf(1)]);
        Assert.Equal(library, File.ReadAllBytes(_folder["in.so"]));
    }

    [Fact]
    public void Nothing_is_written_where_the_version_is_there()
    {
        File.WriteAllBytes(_folder["in.so"], Elf("GLIBCXX_3.4"));
        Assert.Equal(0, RunStep("GLIBCXX_3.4").Code);
        Assert.False(File.Exists(_folder["out.so"]));
    }

    [Fact]
    public void A_library_that_does_not_need_the_version_is_an_error()
    {
        File.WriteAllBytes(_folder["in.so"], Elf("GLIBC_2.4"));
        var (code, output) = RunStep(Missing);
        Assert.NotEqual(0, code);
        Assert.Contains($"in.so doesn't need {Missing}", output, StringComparison.Ordinal);
    }

    private (int Code, string Output) RunStep(string version)
    {
        if (!OperatingSystem.IsLinux())
            return (0, "");
        File.WriteAllText(_folder["step.proj"], $"""
            <Project>
              <Import Project="{Path.Combine(SharedModels.Repository, "build", "TorchSharp.targets")}" />
              <Target Name="Step">
                <WeakSymbolVersion Source="{_folder["in.so"]}" Copy="{_folder["out.so"]}" Version="{version}" Provider="libstdc++.so.6" />
              </Target>
            </Project>
            """);
        using var build = Process.Start(
            new ProcessStartInfo("dotnet",
                ["msbuild", _folder["step.proj"], "-t:Step", "-nologo"])
            { RedirectStandardOutput = true })!;
        var output = build.StandardOutput.ReadToEnd();
        build.WaitForExit();
        return (build.ExitCode, output);
    }

    private const int Header = 64;
    private const int Section = 64;
    private const int Needed = Header + 3 * Section;
    private const int Entry = 16;

    // vna_hash takes four bytes, vna_flags follow.
    private static int FlagsOf(int version) => Needed + Entry + version * Entry + 4;

    // A header, three sections (none, needed versions, their names), one library with its versions.
    private static byte[] Elf(params string[] versions)
    {
        var names = new List<byte> { 0 };
        var library = AddName("libstdc++.so.6");
        var places = versions.Select(AddName).ToArray();
        var strings = Needed + Entry + versions.Length * Entry;
        var file = new byte[strings + names.Count];
        new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1 }.CopyTo(file, 0);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(40), Header);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(58), Section);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(60), 3);
        WriteSection(1, 0x6ffffffe, Needed, 2);
        WriteSection(2, 3, strings, 0);
        Write(Needed + 4, library);
        Write(Needed + 8, Entry);
        for (var i = 0; i < versions.Length; i++)
        {
            Write(Needed + Entry + i * Entry + 8, places[i]);
            Write(Needed + Entry + i * Entry + 12, i + 1 < versions.Length ? Entry : 0);
        }

        names.CopyTo(file, strings);
        return file;

        int AddName(string name)
        {
            var at = names.Count;
            names.AddRange(Encoding.ASCII.GetBytes(name + "\0"));
            return at;
        }

        void Write(int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), value);

        void WriteSection(int index, uint type, int offset, int link)
        {
            var at = Header + index * Section;
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at + 4), type);
            BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(at + 24), (ulong)offset);
            Write(at + 40, link);
        }
    }
}
