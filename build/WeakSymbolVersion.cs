using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Writes a copy of a 64-bit little-endian ELF library in which one needed symbol version is marked weak (VER_FLG_WEAK), where this
/// machine's library lacks that version: the loader then goes on without it. Right only where no symbol of that version is called.
/// </summary>
public class WeakSymbolVersion : Task
{
    private const uint NeededVersions = 0x6ffffffe;
    private const ushort Weak = 2;

    /// <summary>The library; it isn't changed.</summary>
    [Required]
    public string Source { get; set; }

    /// <summary>Where the copy is written.</summary>
    [Required]
    public string Copy { get; set; }

    /// <summary>The version, e.g. GLIBCXX_3.4.32.</summary>
    [Required]
    public string Version { get; set; }

    /// <summary>The library that ought to have the version, e.g. libstdc++.so.6; the one that this process has loaded is looked at.</summary>
    [Required]
    public string Provider { get; set; }

    /// <summary>True when the version is missing here, so that a copy was written.</summary>
    [Output]
    public bool Written { get; set; }

    /// <inheritdoc/>
    public override bool Execute()
    {
        if (HasVersion())
            return true;
        var bytes = File.ReadAllBytes(Source);
        if (!Mark(bytes))
        {
            Log.LogError("{0} doesn't need {1}: the step that marks it weak is of no use any more.", Source, Version);
            return false;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(Copy)));
        File.WriteAllBytes(Copy, bytes);
        Written = true;
        return true;
    }

    // Where the library isn't found nothing is known of it, and nothing is changed.
    private bool HasVersion()
    {
        var loaded = File.Exists("/proc/self/maps")
            ? File.ReadLines("/proc/self/maps").Select(line => line.Substring(line.LastIndexOf(' ') + 1)).FirstOrDefault(path => Path.GetFileName(path).StartsWith(Provider, StringComparison.Ordinal))
            : null;
        return loaded is null || Encoding.ASCII.GetString(File.ReadAllBytes(loaded)).Contains(Version + "\0");
    }

    // The section of needed versions is a list of libraries, each with a list of versions: vna_hash, vna_flags, vna_other, vna_name, vna_next.
    private bool Mark(byte[] file)
    {
        foreach (var section in Sections(file).Where(s => s.Type == NeededVersions))
        {
            var names = Sections(file).ElementAt(section.Link).Offset;
            for (int library = section.Offset, next = -1; next != 0; library += next)
            {
                next = (int)BitConverter.ToUInt32(file, library + 12);
                for (int entry = library + (int)BitConverter.ToUInt32(file, library + 8), step = -1; step != 0; entry += step)
                {
                    step = (int)BitConverter.ToUInt32(file, entry + 12);
                    if (TextAt(file, names + (int)BitConverter.ToUInt32(file, entry + 8)) != Version)
                        continue;
                    var flags = (ushort)(BitConverter.ToUInt16(file, entry + 4) | Weak);
                    BitConverter.GetBytes(flags).CopyTo(file, entry + 4);
                    return true;
                }
            }
        }

        return false;
    }

    private static IEnumerable<(uint Type, int Offset, int Link)> Sections(byte[] file)
    {
        if (file.Length < 64 || file[0] != 0x7f || file[1] != 'E' || file[2] != 'L' || file[3] != 'F' || file[4] != 2 || file[5] != 1)
            yield break;
        var table = (int)BitConverter.ToUInt64(file, 40);
        int size = BitConverter.ToUInt16(file, 58), count = BitConverter.ToUInt16(file, 60);
        for (var i = 0; i < count; i++)
        {
            var at = table + i * size;
            yield return (BitConverter.ToUInt32(file, at + 4), (int)BitConverter.ToUInt64(file, at + 24), (int)BitConverter.ToUInt32(file, at + 40));
        }
    }

    private static string TextAt(byte[] file, int offset) => Encoding.ASCII.GetString(file, offset, Array.IndexOf(file, (byte)0, offset) - offset);
}
