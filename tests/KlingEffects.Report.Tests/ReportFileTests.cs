using KlingEffects.Reports;

namespace KlingEffects.Tests;

public sealed class ReportFileTests : IDisposable
{
    private static readonly int NoSpace = OperatingSystem.IsWindows() ? unchecked((int)0x80070070) : 28;

    private readonly TemporaryFolder _folder = new();

    private string Report => _folder.Combine("report.md");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Nothing_is_there_under_its_name_before_it_is_complete()
    {
        File.WriteAllText(Report, "before");
        ReportFile file = Open(Report, path =>
        {
            Assert.Equal("before", File.ReadAllText(Report));
            return new FileStream(path, FileMode.CreateNew);
        });
        Assert.Equal("before", File.ReadAllText(Report));
        file.Write([new KlingJob { State = KlingJobState.Saved }]);

        Assert.StartsWith("## Kling effects", File.ReadAllText(Report), StringComparison.Ordinal);
        Assert.Equal(Report, Directory.GetFileSystemEntries(_folder.Path).Single());
    }

    [Fact]
    public void One_that_is_not_written_leaves_nothing()
    {
        Open(Report);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40_000)]
    [InlineData(400_000)]
    public void A_full_disk_is_told_and_leaves_what_was_there(int room)
    {
        File.WriteAllText(Report, "before");
        Disk disk = new(room);
        KlingException error = Assert.Throws<KlingException>(() => Open(Report, disk.Create).Write([.. Enumerable.Range(0, 2000).Select(static number =>
            new KlingJob { ExternalTaskId = new string('x', 100) + number, State = number % 2 == 0 ? KlingJobState.Saved : KlingJobState.Failed })]));
        Assert.Equal((KlingErrorId.ReportFailed, $"The report '{Report}' could not be written: the disk is full."), (error.Id, error.Message));
        Assert.Equal("before", File.ReadAllText(Report));
        Assert.Equal(Report, Directory.GetFileSystemEntries(_folder.Path).Single());
    }

    [Fact]
    public void A_bad_folder_is_told_before_anything_is_written()
    {
        KlingException missing = Assert.Throws<KlingException>(() => Open(_folder.Combine("nowhere/report.md")));
        Assert.EndsWith("its folder is not there.", missing.Message, StringComparison.Ordinal);
        KlingException folder = Assert.Throws<KlingException>(() => Open(_folder.Path));
        Assert.EndsWith("it is a folder.", folder.Message, StringComparison.Ordinal);
        File.WriteAllText(_folder.Combine("file"), "");
        Assert.Equal(KlingErrorId.ReportFailed, Assert.Throws<KlingException>(() => Open(_folder.Combine("file/report.md"))).Id);
    }

    private static ReportFile Open(string path, Func<string, FileStream>? create = null) =>
        new(path, KlingReportForm.Markdown, static _ => null, create);

    /// <summary>A disk that takes only so many bytes, of all files together.</summary>
    private sealed class Disk(int room)
    {
        private int _room = room;

        public FileStream Create(string path) => new File(this, path);

        private sealed class File(Disk disk, string path)
            : FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 1)
        {
            public override void Write(byte[] buffer, int offset, int count)
            {
                Take(count);
                base.Write(buffer, offset, count);
            }

            public override void Write(ReadOnlySpan<byte> buffer)
            {
                Take(buffer.Length);
                base.Write(buffer);
            }

            private void Take(int count)
            {
                if (count > disk._room)
                {
                    throw new IOException("No space left on device", NoSpace);
                }

                disk._room -= count;
            }
        }
    }
}
