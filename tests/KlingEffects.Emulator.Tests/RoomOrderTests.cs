using ArchUnitNET.xUnitV3;
using KlingEffects.Emulator.Tests.SampleRooms.Floor;
using KlingEffects.Tests;

namespace KlingEffects.Emulator.Tests;

/// <summary>The rule of the rooms itself, on rooms of this assembly of which one looks up in every way there is.</summary>
public class RoomOrderTests
{
    private const string Samples = "KlingEffects.Emulator.Tests.SampleRooms";
    private const string Floor = $"{Samples}.Floor";
    private const string Front = $"{Samples}.Front";

    [Fact]
    public void Arrows_that_look_down_are_allowed() => Check(Front, Floor);

    [Theory]
    [InlineData(typeof(AsyncBody))]
    [InlineData(typeof(AsyncIterator))]
    [InlineData(typeof(Iterator))]
    [InlineData(typeof(AsyncLambda))]
    [InlineData(typeof(CatchClause))]
    [InlineData(typeof(GenericArgument))]
    [InlineData(typeof(StaticOfGeneric))]
    [InlineData(typeof(NestedType.Inner))]
    [InlineData(typeof(AttributeOnType))]
    public void An_arrow_that_looks_up_is_found_wherever_it_stands(Type type) =>
        Assert.Contains($"{type.FullName} depends on", Failure(Floor, Front), StringComparison.Ordinal);

    [Fact]
    public void A_room_outside_the_order_is_found() =>
        Assert.Contains($"stands in no room of the order: {Front}", Failure(Floor), StringComparison.Ordinal);

    [Fact]
    public void An_empty_room_is_found() =>
        Assert.Contains("KlingEffects.Nowhere", Failure("KlingEffects.Nowhere", Front, Floor), StringComparison.Ordinal);

    [Fact]
    public void A_type_outside_its_folders_namespace_is_found() => Assert.Contains(
        $"{typeof(AsyncBody).FullName} stands in ''", new SourceFolders("tests/KlingEffects.Emulator.Tests/SampleRooms").Strays(Samples, null));

    private static string Failure(params string[] rooms) => Assert.ThrowsAny<FailedArchRuleException>(() => Check(rooms)).Message;

    private static void Check(params string[] rooms) => new RoomOrder(rooms).Check(typeof(RoomOrderTests).Assembly, Samples);
}
