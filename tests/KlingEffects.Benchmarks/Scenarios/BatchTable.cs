using KlingEffects.Benchmarks.Harness;

namespace KlingEffects.Benchmarks.Scenarios;

/// <summary>The table of a batch of tasks: time, cost and polls of each contender.</summary>
internal static class BatchTable
{
    public static Table Of(IEnumerable<(Result Result, Result Bound)> rows)
    {
        Table table = new("contender", "time, s", "× bound", "process, s", "CPU, s", "peak, MiB", "polls", "delay, s", "95 %, s");
        foreach ((Result result, Result bound) in rows)
        {
            table.Add(
                result.Contender.Name,
                result.WorkText,
                Result.Format($"{result.Work / bound.Work:0.00}"),
                Result.Format($"{result.Process:0.0}"),
                Result.Format($"{result.Processor:0.0}"),
                Result.Format($"{result.Peak:0}"),
                Result.Format($"{result.Polls:0}"),
                Result.Format($"{result.MedianDelay:0.00}"),
                Result.Format($"{result.LongDelay:0.00}"));
        }

        return table;
    }
}
