using KlingEffects.Tests;

namespace KlingEffects.Emulator.Tests;

/// <summary>The rooms of the emulator stand in the order that docs/ARCHITECTURE.md draws.</summary>
public class RoomTests
{
    private static readonly RoomOrder Order = new(
        "KlingEffects.Emulator.Configuration",
        "KlingEffects.Emulator.Content",
        "KlingEffects.Emulator.Answers",
        "KlingEffects.Emulator.Specification",
        "KlingEffects.Emulator.Recording",
        "KlingEffects.Emulator.Tasks",
        "KlingEffects.Emulator.Dialects",
        "KlingEffects.Emulator.Faults",
        "KlingEffects.Emulator.Exchanges",
        "KlingEffects.Emulator.Video",
        "KlingEffects.Emulator.Api",
        "KlingEffects.Emulator.Control",
        "KlingEffects.Emulator.Server",
        "KlingEffects.Emulator",
        "KlingEffects.Emulator.Hosting",
        "");

    [Fact]
    public void Arrows_between_rooms_run_one_way() => Order.Check(typeof(KlingEmulator).Assembly);

    [Fact]
    public void Types_have_the_namespace_of_their_folder() =>
        Assert.Empty(new SourceFolders("src/KlingEffects.Emulator").Strays("KlingEffects.Emulator", null));
}
