namespace KlingEffects.Samples;

/// <summary>The folder of a sample: three pictures, a table of jobs, and in the end the journal and the videos.</summary>
internal sealed class Workplace
{
    // Also what tells the folder of an earlier run from one that holds something else.
    private const string Marker = ".gitignore";

    private Workplace(string folder) => Folder = folder;

    public string Folder { get; }

    public string Journal => PathOf("jobs.journal");

    public string Table => PathOf("jobs.csv");

    public string Videos => PathOf("videos");

    /// <summary>Makes the folder anew.</summary>
    /// <exception cref="IOException">The folder holds something that is not of an earlier run.</exception>
    public static Workplace Make(string folder)
    {
        Workplace place = new(Path.GetFullPath(folder));
        if (Directory.Exists(place.Folder) && Directory.EnumerateFileSystemEntries(place.Folder).Any())
        {
            if (!File.Exists(place.PathOf(Marker)) || !File.Exists(place.Table))
            {
                throw new IOException($"{place.Folder} is not of an earlier run: name another folder.");
            }

            Directory.Delete(place.Folder, recursive: true);
        }

        Directory.CreateDirectory(place.Videos);
        File.WriteAllText(place.PathOf(Marker), "*\n");
        File.WriteAllText(place.Table, """
            Scene,Image,SecondImage,Duration
            3d_cartoon_2,./mia.png,,
            disco_paws,./ben.png,,5
            cheers_2026,./ana.png,./mia.png,10

            """);
        new Portrait(Wall: 0xF28C73, Hair: 0x59301A, Skin: 0xFAD1B3, Clothes: 0x33808C).Save(place.PathOf("ana.png"));
        new Portrait(Wall: 0x598CD9, Hair: 0x1F1A1F, Skin: 0xB8805C, Clothes: 0xE6BF4D).Save(place.PathOf("ben.png"));
        new Portrait(Wall: 0x73B373, Hair: 0xD9A640, Skin: 0xF5C7A8, Clothes: 0x8C4D99).Save(place.PathOf("mia.png"));
        return place;
    }

    public string PathOf(string name) => Path.Combine(Folder, name);
}
