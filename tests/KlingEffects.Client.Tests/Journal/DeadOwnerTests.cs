using System.Diagnostics;
using System.Text.Json;
using KlingEffects.Journal;
using Xunit;

namespace KlingEffects.Tests.Journal;

/// <summary>What is left of an owner that is gone, and what is no owner at all, keeps nobody out for long.</summary>
public sealed class DeadOwnerTests : IDisposable
{
    private readonly JournalSamples _samples = new();
    private readonly List<string> _told = [];

    private string Guard => _samples.Path + JournalGuard.Extension;

    public void Dispose() => _samples.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_guard_that_gives_no_sign_of_life_is_waited_out_with_one_line(bool isTorn)
    {
        PutGuard(isTorn);
        Task<JobJournal> opening = OpenAsync(TestContext.Current.CancellationToken);
        Assert.Contains("no sign of life within 60 s", Assert.Single(_told), StringComparison.Ordinal);
        _samples.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(opening.IsCompleted);
        await AdvanceAsync(opening);
        (await opening).Dispose();
        Assert.Single(_told);
        Assert.False(File.Exists(Guard));
    }

    [Fact]
    public async Task An_owner_that_gives_a_sign_keeps_the_journal()
    {
        PutGuard(isTorn: false);
        Task<JobJournal> opening = OpenAsync(TestContext.Current.CancellationToken);
        _samples.Time.Advance(TimeSpan.FromSeconds(5));
        File.SetLastWriteTimeUtc(Guard, DateTime.UtcNow.AddSeconds(-3));
        await AdvanceAsync(opening);
        Assert.Equal(KlingErrorId.JournalLocked, (await Assert.ThrowsAsync<KlingException>(() => opening)).Id);
        Assert.True(File.Exists(Guard));
    }

    [Fact]
    public async Task An_owner_that_leaves_is_followed_at_once_and_a_wait_can_be_stopped()
    {
        PutGuard(isTorn: false);
        using CancellationTokenSource stop = new();
        Task<JobJournal> stopped = OpenAsync(stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopped);
        Task<JobJournal> opening = OpenAsync(TestContext.Current.CancellationToken);
        File.Delete(Guard);
        await AdvanceAsync(opening);
        (await opening).Dispose();
    }

    [Theory]
    [InlineData(-61)]
    [InlineData(61)]
    [InlineData(150_000_000)]
    public void A_date_far_off_is_no_sign_of_life(int seconds)
    {
        PutGuard(isTorn: false);
        File.SetLastWriteTimeUtc(Guard, DateTime.UtcNow.AddSeconds(seconds));
        _samples.Open().Dispose();
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void What_is_no_file_is_an_error_at_once(bool isPipe, bool isGuard)
    {
        Assert.SkipWhen(isPipe && OperatingSystem.IsWindows(), "Windows has no pipes among its files.");
        _samples.Open().Dispose();
        string path = isGuard ? Guard : _samples.Path;
        File.Delete(path);
        if (isPipe)
        {
            using Process make = Process.Start("mkfifo", [path]);
            make.WaitForExit();
        }
        else
        {
            Directory.CreateDirectory(path);
        }

        KlingException error = Assert.Throws<KlingException>(() => _samples.Open());
        Assert.Equal(KlingErrorId.JournalInvalid, error.Id);
        Assert.Contains(path, error.Message + error.RecommendedAction, StringComparison.Ordinal);
        if (!isGuard)
        {
            Assert.Equal(KlingErrorId.JournalInvalid, Assert.Throws<KlingException>(() => JobJournal.Read(path)).Id);
        }
        else
        {
            Assert.Empty(JobJournal.Read(_samples.Path));
        }
    }

    [Fact]
    public void No_advice_has_anyone_make_all_jobs_again() => Assert.All(
        Enum.GetValues<KlingErrorId>(),
        static id => Assert.DoesNotContain("journal of its own", Advice.For(id) ?? "", StringComparison.Ordinal));

    private Task<JobJournal> OpenAsync(CancellationToken stop) => JobJournal.OpenAsync(_samples.Path, _samples.Time, _told.Add, stop);

    private async Task AdvanceAsync(Task opening)
    {
        while (!opening.IsCompleted)
        {
            _samples.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }

    private void PutGuard(bool isTorn)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Guard)!);
        File.WriteAllBytes(Guard, isTorn ? "{\"ho"u8.ToArray() : JsonSerializer.SerializeToUtf8Bytes(new GuardOwner { Host = "other", Process = 7, Started = "1", Token = "a" }, JournalJson.Guard));
    }
}
