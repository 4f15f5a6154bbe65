using KlingEffects.Batches;
using KlingEffects.Effects;
using KlingEffects.Emulator.Recording;

namespace KlingEffects.Tests.Http;

/// <summary>Jobs that are held back are told once when it begins, with the reason, and once when it ends.</summary>
public sealed class SubmitOutageTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public async Task A_batch_that_waits_for_slots_is_two_lines(int throttleLimit)
    {
        await using Scene scene = await Scene.StartAsync(new EmulatorOptions { GenerationTime = TimeSpan.FromMinutes(2), ParallelLimit = 5 });
        Scene.Outcome outcome = await RunAsync(scene, 20, throttleLimit);

        Assert.Equal((20, 0), (outcome.Tasks.Count, outcome.Errors.Count));
        string[] told = Told(outcome);
        Assert.Equal(2, told.Length);
        Assert.Matches(@"^submits are held back, hug \(.*\) first: The API did not accept the job: .*\(code 1303, HTTP 429\)\. Trying again\.$", told[0]);
        Assert.Matches(@"^submits get through again, after \d+ s$", told[1]);
    }

    [Fact]
    public void It_is_over_when_jobs_have_not_had_to_wait_for_a_while_and_can_begin_anew()
    {
        SubmitOutage outage = new();
        DateTimeOffset start = DateTimeOffset.UtcNow;
        KlingException limit = new(KlingErrorId.RateLimited, "limit");
        KlingException silence = new(KlingErrorId.ServerError, "silence");

        Assert.Equal(new RunEvent.SubmitsHeld(Scene.Job(), limit), outage.Refused(Scene.Job(), limit, start) as RunEvent.SubmitsHeld, SameReason);
        Assert.Null(outage.Refused(Scene.Job(2), limit, start.AddSeconds(1)));
        Assert.NotNull(outage.Refused(Scene.Job(2), silence, start.AddSeconds(2)));
        outage.Taken(atOnce: false, start.AddSeconds(10));
        outage.Taken(atOnce: true, start.AddSeconds(11));
        outage.Taken(atOnce: true, start.AddSeconds(15));
        Assert.Null(outage.TakeEnd(isLast: false));
        outage.Taken(atOnce: true, start.AddSeconds(16));
        Assert.Equal(new RunEvent.SubmitsTaken(TimeSpan.FromSeconds(16)), outage.TakeEnd(isLast: false));
        Assert.Null(outage.TakeEnd(isLast: true));
        Assert.NotNull(outage.Refused(Scene.Job(3), limit, start.AddSeconds(60)));
        Assert.Null(outage.TakeEnd(isLast: true));
        outage.Taken(atOnce: false, start.AddSeconds(90));
        Assert.Equal(new RunEvent.SubmitsTaken(TimeSpan.FromSeconds(30)), outage.TakeEnd(isLast: true));
    }

    private static bool SameReason(RunEvent.SubmitsHeld? one, RunEvent.SubmitsHeld? other) => one?.Why == other?.Why;

    [Fact]
    public async Task Jobs_that_never_get_through_are_not_said_to()
    {
        await using Scene scene = await Scene.StartAsync();
        scene.Fails(Operation.Submit, new AnswerStatus(429), Fault.Forever);
        Scene.Outcome outcome = await RunAsync(scene, 3, 3, new SubmitOptions { Timeout = TimeSpan.FromMinutes(2) });
        Assert.Equal(3, outcome.Errors.Count);
        Assert.StartsWith("submits are held back, ", Assert.Single(Told(outcome)), StringComparison.Ordinal);
    }

    private static string[] Told(Scene.Outcome outcome) => [.. outcome.Notes.Where(static note => note.StartsWith("submits ", StringComparison.Ordinal))];

    private static async Task<Scene.Outcome> RunAsync(Scene scene, int jobs, int throttleLimit, SubmitOptions? options = null)
    {
        EffectSubmitters submitters = new(scene.Api, (options ?? new SubmitOptions()) with { ThrottleLimit = throttleLimit });
        WorkStage<EffectJob> stage = null!;
        stage = new WorkStage<EffectJob>(
            throttleLimit,
            async (job, writer, stop) =>
            {
                KlingTask task = await submitters.SubmitAsync(job, SubmitLedger.None, writer, stop);
                await submitters.TellEndAsync(writer, isLast: false);
                await writer.WriteAsync(new StageRecord.Output(task));
            },
            () => submitters.TellEndAsync(stage.Observer, isLast: true),
            itemsAhead: jobs);
        Assert.All(Enumerable.Range(1, jobs), number => Assert.True(stage.TryAdd(Scene.Job(number))));
        stage.Complete();
        Scene.Outcome outcome = new();
        while (await stage.WhenRecordsAsync())
        {
            while (stage.TryTake(out StageRecord record))
            {
                outcome.Add(record);
            }
        }

        stage.Dispose();
        return outcome;
    }
}
