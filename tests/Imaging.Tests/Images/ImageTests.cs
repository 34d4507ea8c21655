using MsSrConvert.GraphIR;
using MsSrConvert.Imaging.Images;
using MsSrConvert.Tests.Common;
using NetVips;
using Xunit;

namespace MsSrConvert.Imaging.Tests.Images;

public class ImageTests
{
    private static Planes Ramp(int channels, int height = 7, int width = 11)
    {
        var image = new Planes(channels, height, width);
        for (var c = 0; c < channels; c++)
        {
            for (var i = 0; i < image[c].Length; i++)
                image[c][i] = (i * 3 + c * 40) % 256;
        }

        return image;
    }

    [Theory]
    [InlineData("a.png", 1)]
    [InlineData("a.png", 2)]
    [InlineData("a.png", 3)]
    [InlineData("a.png", 4)]
    [InlineData("a.tif", 1)]
    [InlineData("a.tif", 3)]
    [InlineData("a.tiff", 4)]
    public void An_8_bit_image_comes_back_as_it_was_written(string name, int channels)
    {
        using var folder = new TemporaryFolder();
        var image = Ramp(channels);

        ImageWriter.WriteAll(folder[name], image);
        using var reader = ImageReader.Open(folder[name]);
        var back = reader.Read(0, 0, reader.Width, reader.Height);

        Assert.Equal((8, channels is 2 or 4, channels >= 3 ? 3 : 1), (reader.Bits, reader.HasAlpha, reader.ColourChannels));
        for (var c = 0; c < channels; c++)
            Assert.Equal(image[c], back[c]);
    }

    [Theory]
    [InlineData("a.png")]
    [InlineData("a.tif")]
    public void A_16_bit_image_keeps_what_8_bits_could_not_hold(string name)
    {
        using var folder = new TemporaryFolder();
        var image = Ramp(3).Map(v => v * 0.3f + 1 / 257f);

        ImageWriter.WriteAll(folder[name], image, bits: 16);
        using var reader = ImageReader.Open(folder[name]);
        var back = reader.Read(0, 0, reader.Width, reader.Height);

        Assert.Equal(16, reader.Bits);
        for (var c = 0; c < 3; c++)
            Assert.All(image[c].Zip(back[c]), p => Assert.Equal(p.First, p.Second, 0.51f / 257));
    }

    [Theory]
    [InlineData("a.jpg")]
    [InlineData("a.jpeg")]
    [InlineData("a.webp")]
    public void Lossy_formats_come_back_nearly(string name)
    {
        using var folder = new TemporaryFolder();
        var image = Ramp(1, 32, 32).Map(_ => 120);

        ImageWriter.WriteAll(folder[name], Planes.Join(image, image, image));

        Assert.All(ImageReader.ReadAll(folder[name])[1], v => Assert.Equal(120, v, 3f));
    }

    [Fact]
    public void A_part_is_read_from_its_place()
    {
        using var folder = new TemporaryFolder();
        var image = Ramp(3);
        ImageWriter.WriteAll(folder["a.png"], image);

        using var reader = ImageReader.Open(folder["a.png"]);

        Assert.Equal(image.Crop(2, 3, 5, 4)[1], reader.Read(2, 3, 5, 4)[1]);
    }

    [Theory]
    [InlineData("a.png")]
    [InlineData("a.jpg")]
    [InlineData("a.webp")]
    [InlineData("a.tif")]
    public void The_colour_profile_is_carried_over(string name)
    {
        using var folder = new TemporaryFolder();
        VipsSetup.Once();
        var profile = Image.ProfileLoad("srgb");

        ImageWriter.WriteAll(folder[name], Ramp(3), colourProfile: profile);
        using var reader = ImageReader.Open(folder[name]);

        Assert.Equal(profile, reader.ColourProfile);
    }

    [Fact]
    public void An_image_appears_only_when_it_is_complete_and_nothing_else_stays()
    {
        using var folder = new TemporaryFolder();
        var image = Ramp(3);

        using (var writer = ImageWriter.Create(folder["a.png"], new ImageLayout(11, 7, 3, 8)))
        {
            writer.Put(0, 0, image.Crop(0, 0, 11, 4));
            Assert.False(File.Exists(folder["a.png"]));
            Assert.Throws<InvalidOperationException>(writer.Finish);
        }

        Assert.Empty(folder.Names);
    }

    [Fact]
    public void Parts_may_come_in_any_order()
    {
        using var folder = new TemporaryFolder();
        var image = Ramp(3);
        using (var writer = ImageWriter.Create(folder["a.png"], new ImageLayout(11, 7, 3, 8)))
        {
            writer.Put(5, 3, image.Crop(5, 3, 6, 4));
            writer.Put(0, 0, image.Crop(0, 0, 11, 3));
            writer.Put(0, 3, image.Crop(0, 3, 5, 4));
            writer.Finish();
        }

        Assert.Equal(["a.png"], folder.Names);
        Assert.Equal(image[2], ImageReader.ReadAll(folder["a.png"])[2]);
    }

    [Fact]
    public void Values_are_rounded_and_clipped()
    {
        using var folder = new TemporaryFolder();
        ImageWriter.WriteAll(folder["a.png"], new Planes([[-5, 0.4f, 0.5f, 254.6f, 300]], 1, 5));

        Assert.Equal([0, 0, 1, 255, 255], ImageReader.ReadAll(folder["a.png"])[0]);
    }

    [Fact]
    public void A_text_file_is_no_image()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.png"], "not an image");

        var error = Assert.Throws<MsSrException>(() => ImageReader.Open(folder["a.png"]));

        Assert.Equal("MSSR1201", error.Diagnostic.Id);
        Assert.Equal(folder["a.png"], error.Diagnostic.Where);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var error = Assert.Throws<MsSrException>(() => ImageReader.Open("nowhere.png"));

        Assert.Equal("MSSR1201: nowhere.png: There is no such file.", error.Message);
    }

    [Fact]
    public void A_truncated_image_is_an_error_and_not_a_grey_half()
    {
        using var folder = new TemporaryFolder();
        ImageWriter.WriteAll(folder["a.png"], ImageNoise.AddGaussian(new Planes(3, 64, 64).Map(_ => 128), 40, 1));
        var bytes = File.ReadAllBytes(folder["a.png"]);
        File.WriteAllBytes(folder["a.png"], bytes[..(bytes.Length / 2)]);

        var error = Assert.Throws<MsSrException>(() => ImageReader.ReadAll(folder["a.png"]));

        Assert.Equal("MSSR1201", error.Diagnostic.Id);
    }

    [Fact]
    public void Floating_point_and_many_channel_files_are_refused_with_what_they_are()
    {
        using var folder = new TemporaryFolder();
        VipsSetup.Once();
        using (var flat = Image.Black(8, 8).Cast(Enums.BandFormat.Float))
            flat.Tiffsave(folder["float.tif"]);
        using (var many = Image.Black(8, 8, bands: 5))
            many.Tiffsave(folder["many.tif"]);

        Assert.Contains("of type float", Assert.Throws<MsSrException>(() => ImageReader.Open(folder["float.tif"])).Message);
        Assert.Contains("5 channels", Assert.Throws<MsSrException>(() => ImageReader.Open(folder["many.tif"])).Message);
    }

    [Fact]
    public void A_table_that_the_image_library_could_read_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.csv"], "1,2\n3,4\n");

        Assert.Contains("not a PNG", Assert.Throws<MsSrException>(() => ImageReader.Open(folder["a.csv"])).Message);
    }

    [Theory]
    [InlineData("a.bmp", 3, 8)]
    [InlineData("a.jpg", 4, 8)]
    [InlineData("a.jpg", 3, 16)]
    [InlineData("a", 3, 8)]
    public void What_a_format_can_not_hold_is_refused_before_work_begins(string name, int channels, int bits)
    {
        using var folder = new TemporaryFolder();

        var error = Assert.Throws<MsSrException>(() => ImageWriter.Create(folder[name], new ImageLayout(4, 4, channels, bits)));

        Assert.Equal("MSSR3402", error.Diagnostic.Id);
        Assert.Empty(folder.Names);
    }

    [Fact]
    public void What_a_killed_run_left_is_removed_by_the_next_and_what_is_in_work_is_not()
    {
        using var folder = new TemporaryFolder();
        var (own, others) = ($".a.png.{Guid.NewGuid():N}.tmp", $".b.png.{Guid.NewGuid():N}.tmp");
        File.WriteAllText(folder[own], "killed");
        File.WriteAllText(folder[own + ".d"], "killed while encoding");
        File.WriteAllText(folder[others], "another image's");
        using var other = ImageWriter.Create(folder["a.png"], new ImageLayout(2, 1, 1, 8));

        ImageWriter.WriteAll(folder["a.png"], new Planes(1, 1, 2));
        other.Put(0, 0, new Planes(1, 1, 2));
        other.Finish();

        other.Dispose();
        Assert.Equal([others, "a.png"], folder.Names);
    }
}
