namespace KlingEffects.Tests;

/// <summary>The rooms of the client stand in the order that docs/ARCHITECTURE.md draws.</summary>
public sealed class RoomTests
{
    private static readonly RoomOrder Order = new(
        "Policies",
        "Compatibility",
        "Text",
        "Model",
        "Files",
        "Http",
        "Images",
        "Scenes",
        "Reports",
        "Jobs",
        "Rows",
        "Journal",
        "Api/Gateways",
        "Api/Exchange",
        "Api/Answers",
        "Api",
        "Queries",
        "Batches",
        "Effects",
        "Waiting",
        "Videos/Containers",
        "Videos/Naming",
        "Videos/Transfer",
        "Videos",
        "Runs",
        "")
    {
        Folders = new SourceFolders("src/KlingEffects.Client"),
    };

    [Fact]
    public void Arrows_between_rooms_run_one_way() => Order.Check(typeof(KlingClient).Assembly, "KlingEffects");

    [Fact]
    public void Internal_types_have_the_namespace_of_their_folder_and_public_ones_the_roots() =>
        Assert.Empty(Order.Folders!.Strays("KlingEffects", "Compatibility", "Text", "Model"));

    [Theory]
    [InlineData("src/KlingEffects.Client")]
    [InlineData("src/KlingEffects")]
    public void Lines_end_before_column_140_and_files_before_line_301(string project) => Assert.Empty(new SourceFolders(project).Crowded);
}
