using KlingEffects.Effects;

namespace KlingEffects.Tests.Effects;

/// <summary>So many jobs may be paid for, by the order of the rows and not of who is ready first.</summary>
public sealed class JobLimitTests
{
    [Fact]
    public async Task Places_go_to_the_first_rows_that_need_one_whoever_asks_first()
    {
        JobLimit limit = new(2);
        JobLimit.Place[] rows = [.. Enumerable.Range(0, 5).Select(_ => limit.Next())];
        Task<bool>[] late = [rows[4].TakeAsync(), rows[3].TakeAsync(), rows[2].TakeAsync()];
        Assert.DoesNotContain(late, static row => row.IsCompleted);
        rows[1].Dispose();
        Assert.DoesNotContain(late, static row => row.IsCompleted);
        Assert.True(await rows[0].TakeAsync());
        bool[] granted = await Task.WhenAll(late);
        Assert.Equal([false, false, true], granted);
        Assert.Equal(2, limit.Left);
    }

    [Fact]
    public async Task A_row_that_ends_without_asking_keeps_none_waiting()
    {
        JobLimit limit = new(0);
        JobLimit.Place[] rows = [limit.Next(), limit.Next()];
        Task<bool> second = rows[1].TakeAsync();
        rows[0].Dispose();
        rows[0].Dispose();
        Assert.False(await second);
        Assert.Equal(1, limit.Left);
    }
}
