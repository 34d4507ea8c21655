using MsSrConvert.Imaging.Images;
using MsSrConvert.Runtime;

namespace MsSrConvert.Imaging.ImageModels;

/// <summary>
/// A synthetic image that behaves like a photograph where it matters to a restoration network: smooth shading, sharp edges in all
/// directions, thin lines, and channels that mostly rise and fall together. The same seed draws the same image everywhere.
/// </summary>
public static class TestScene
{
    private const int ShapeCount = 60;

    /// <summary>Draws a scene of three channels, in grey levels 0..255.</summary>
    public static Planes Draw(int width, int height, ulong seed = 7)
    {
        var shapes = Shapes(seed);
        var scene = new Planes(3, height, width);
        var size = Math.Max(width, height);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                // Four samples per pixel: edges come out soft as a camera's do.
                for (var sample = 0; sample < 4; sample++)
                {
                    var (u, v) = ((x + 0.25 + 0.5 * (sample & 1)) / size, (y + 0.25 + 0.5 * (sample >> 1)) / size);
                    var shape = shapes.LastOrDefault(s => s.Covers(u, v)) ?? shapes[0];
                    for (var c = 0; c < 3; c++)
                        scene[c][y * width + x] += (float)shape.Shade(c, u, v) / 4;
                }
            }
        }

        return scene.Quantize();
    }

    private static List<Shape> Shapes(ulong seed)
    {
        var numbers = RandomInput.Of(seed, 0, 1, ShapeCount, Shape.Parameters).Data;
        var shapes = new List<Shape> { new(numbers.AsSpan(0, Shape.Parameters), 10) };
        for (var i = 1; i < ShapeCount; i++)
            shapes.Add(new Shape(numbers.AsSpan(i * Shape.Parameters, Shape.Parameters), 0.35 / Math.Sqrt(i)));
        return shapes;
    }

    /// <summary>A disc, a bar or a box with a colour that changes slowly across it.</summary>
    private sealed class Shape
    {
        public const int Parameters = 12;
        private readonly double _x, _y, _cos, _sin, _radius, _aspect, _slope;
        private readonly int _kind;
        private readonly double[] _colour;

        public Shape(ReadOnlySpan<float> p, double radius)
        {
            (_x, _y, _radius) = (p[0], p[1], radius);
            (_sin, _cos) = Math.SinCos(p[2] * 2 * Math.PI);
            _kind = (int)(p[3] * 3);
            _aspect = 0.1 + 0.9 * p[4];
            _slope = (p[5] - 0.5) * 160;
            var grey = 20 + 215 * p[6];
            _colour = [grey + (p[7] - 0.5) * 90, grey + (p[8] - 0.5) * 40, grey + (p[9] - 0.5) * 90];
        }

        public bool Covers(double u, double v)
        {
            var along = (u - _x) * _cos + (v - _y) * _sin;
            var across = (v - _y) * _cos - (u - _x) * _sin;
            return _kind switch
            {
                0 => along * along + across * across < _radius * _radius,
                1 => Math.Abs(along) < 2 * _radius && Math.Abs(across) < 0.12 * _radius,
                _ => Math.Abs(along) < _radius && Math.Abs(across) < _aspect * _radius,
            };
        }

        public double Shade(int channel, double u, double v) =>
            Math.Clamp(_colour[channel] + _slope * ((u - _x) * _cos + (v - _y) * _sin), 0, 255);
    }
}
