using Xunit;

namespace KlingEffects.Tests.Journal;

public sealed class DurableNameTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_is_flushed_and_one_that_is_gone_is_no_fault()
    {
        string file = Path.Combine(_folder.Path, "new.journal");
        File.WriteAllText(file, "");
        Assert.Equal(!OperatingSystem.IsWindows() && !BuildUnderTest.IsNetStandard, FileStreams.FlushName(file));
        Assert.False(FileStreams.FlushName(Path.Combine(_folder.Path, "gone", "new.journal")));
    }
}
