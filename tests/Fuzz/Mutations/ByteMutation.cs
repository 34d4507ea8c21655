namespace MsSrConvert.Fuzz.Mutations;

/// <summary>Changes of a file that know nothing of its format.</summary>
internal static class ByteMutation
{
    private const int LongestPiece = 64;

    /// <summary>Changes bytes, cuts some out, doubles some, or cuts the end off.</summary>
    public static byte[] Apply(byte[] file, Random random, int times)
    {
        var bytes = file.ToList();
        for (var i = 0; i < times && bytes.Count > 1; i++)
        {
            // Most of a file is weights; what names and sizes are made of stands at the front and the end.
            var at = random.Next(3) switch
            {
                0 => random.Next(Math.Min(bytes.Count, 2048)),
                1 => bytes.Count - 1 - random.Next(Math.Min(bytes.Count, 2048)),
                _ => random.Next(bytes.Count),
            };
            var length = Math.Min(1 + random.Next(LongestPiece), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0:
                    bytes.RemoveRange(at, length);
                    break;
                case 1:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 2 when random.Next(4) == 0:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    bytes[at] = (byte)random.Next(256);
                    break;
            }
        }

        return [.. bytes];
    }
}
