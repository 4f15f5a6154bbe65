using KlingEffects.Commands;

namespace KlingEffects.Tests;

/// <summary>The rooms of the cmdlets stand in the order that docs/ARCHITECTURE.md draws.</summary>
public sealed class RoomTests
{
    private static readonly RoomOrder Order = new("Views", "Binding", "Pipeline", "Commands")
    {
        Folders = new SourceFolders("src/KlingEffects"),
    };

    [Fact]
    public void Arrows_between_rooms_run_one_way() => Order.Check(typeof(NewKlingEffectCommand).Assembly, "KlingEffects");

    [Fact]
    public void Types_have_the_namespace_of_their_folder() => Assert.Empty(Order.Folders!.Strays("KlingEffects", null));
}
