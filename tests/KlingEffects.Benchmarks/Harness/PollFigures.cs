namespace KlingEffects.Benchmarks.Harness;

/// <summary>What the emulator's records say of the polls of one run.</summary>
/// <param name="Count">How many arrived.</param>
/// <param name="MedianDelay">Seconds between a task's end and the answer that told of it: the median over the tasks.</param>
/// <param name="LongDelay">The same, for 95 tasks of 100 at the most.</param>
internal sealed record PollFigures(double Count, double MedianDelay, double LongDelay)
{
    public static PollFigures Of(IReadOnlyList<SeenTask> tasks, IEnumerable<SeenRequest> requests)
    {
        ILookup<string, SeenRequest> polls = requests.Where(static request => request is { Operation: "query", TaskId: not null }).ToLookup(static poll => poll.TaskId!);
        double[] delays = [.. tasks.Select(task => Delay(task, polls[task.Id])).OfType<double>().Order()];
        return new PollFigures(polls.Sum(static task => task.Count()), At(delays, 0.5), At(delays, 0.95));
    }

    private static double? Delay(SeenTask task, IEnumerable<SeenRequest> polls) =>
        polls.Select(poll => (poll.AnsweredAt - task.EndedAt)?.TotalSeconds).Where(static delay => delay >= 0).Min();

    private static double At(double[] sorted, double part) => sorted.Length == 0 ? double.NaN : sorted[(int)(part * (sorted.Length - 1))];
}

/// <summary>A task as the emulator lists it.</summary>
internal sealed record SeenTask(string Id, DateTimeOffset? EndedAt);

/// <summary>A request as the emulator lists it.</summary>
internal sealed record SeenRequest(string Operation, string? TaskId, DateTimeOffset? AnsweredAt);
