using System.Numerics;

namespace KlingEffects.Samples;

/// <summary>A drawn person before a wall: something to apply effects to.</summary>
/// <remarks>Colours are written as on web pages: 0xRRGGBB.</remarks>
/// <param name="Wall">The colour behind the person; it gets lighter towards the floor.</param>
/// <param name="Hair">The colour of the hair.</param>
/// <param name="Skin">The colour of the face.</param>
/// <param name="Clothes">The colour of the clothes.</param>
internal sealed record Portrait(int Wall, int Hair, int Skin, int Clothes)
{
    private const int Width = 480;
    private const int Height = 640;
    private const int Ink = 0x262626;

    private readonly (int Colour, Vector2 Centre, Vector2 Radius)[] _shapes =
    [
        (Hair, new(240, 250), new(115, 145)),
        (Clothes, new(240, 640), new(190, 210)),
        (Skin, new(240, 400), new(45, 90)),
        (Skin, new(240, 270), new(95, 120)),
        (Ink, new(203, 255), new(11, 15)),
        (Ink, new(277, 255), new(11, 15)),
        (Ink, new(240, 328), new(38, 18)),
        (Skin, new(240, 320), new(42, 18)),
    ];

    /// <summary>Writes the picture.</summary>
    public void Save(string path) => PngFile.Save(path, Width, Height, ColourAt);

    private Vector3 ColourAt(int x, int y)
    {
        Vector3 colour = Vector3.Lerp(Light(Wall), Vector3.One, 0.6f * y / Height);
        foreach ((int paint, Vector2 centre, Vector2 radius) in _shapes)
        {
            float inside = (1 - ((new Vector2(x, y) - centre) / radius).Length()) * radius.X;
            colour = Vector3.Lerp(colour, Light(paint), Math.Clamp(inside, 0, 1));
        }

        return colour;
    }

    private static Vector3 Light(int colour) => new Vector3(colour >> 16, (colour >> 8) & 0xFF, colour & 0xFF) / byte.MaxValue;
}
