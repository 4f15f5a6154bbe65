using System.Globalization;
using KlingEffects.Api;
using KlingEffects.Batches;
using KlingEffects.Emulator;
using KlingEffects.Emulator.Recording;
using KlingEffects.Journal;
using KlingEffects.Queries;
using KlingEffects.Videos;

namespace KlingEffects.Tests.Http;

/// <summary>The work behind the cmdlets.</summary>
internal enum Work
{
    New,
    Get,
    Wait,

    /// <summary>Waiting, where the first poll was answered well.</summary>
    WaitSeen,
    Save,
}

/// <summary>One fault met by one cmdlet's work: how many requests reach the servers, and what comes of it.</summary>
internal static class FaultCell
{
    /// <summary>The <c>-TimeoutSec</c> of New-KlingEffect in the table.</summary>
    public const int SubmitSeconds = 60;

    private const string UnderWay = """{"code":0,"data":{"task_id":"{task_id}","task_status":"processing"}}""";

    public static async Task<string> RunAsync(FaultRow row, Work work, bool always, bool atVideoHost, bool onFramework = false)
    {
        // A task that was seen and is denied for the first minute is denied for as long as the pauses' jitter has it.
        if ((work == Work.New && row.IsOfTask) || (work == Work.WaitSeen && row.IsNew))
        {
            return "–";
        }

        await using Scene scene = await Scene.StartAsync(new EmulatorOptions { VideoSize = 300_000 }, shareClock: false);
        if (onFramework)
        {
            scene.Way.RepeatsResets = true;
        }

        scene.CountVideos(onFramework ? scene.Way : new CountedHandler(scene.Time));

        KlingTask? task = work == Work.New ? null : AddTask(scene, row.IsNew);
        int spared = work == Work.WaitSeen ? 1 : 0;
        if (spared > 0)
        {
            scene.Fails(Operation.Query, new AnswerStatus(200) { Body = UnderWay });
        }

        row.OnTheWay?.Invoke(scene.Way, number => number > spared && (always || number == spared + 1));
        if (row.OnTheWay is null)
        {
            Operation operation = atVideoHost ? Operation.Video : work == Work.New ? Operation.Submit : Operation.Query;
            scene.Fails(operation, row.Effect, always ? Fault.Forever : 1, row.Delay);
        }

        AnswerPart held = row.Effect is Stall ? AnswerPart.Rest : AnswerPart.Beginning;
        string outcome = await scene.RunOutAsync(DoAsync(scene, work, task), held, TimeSpan.FromSeconds(row.Takes));
        await scene.Emulator.WaitForAsync(static emulator => emulator.Counters.InFlight == 0, Scene.Cancellation);
        return $"{Label(work, row, scene.Emulator.Requests.Count, onFramework ? 2 : 1)} · {outcome}";
    }

    private static KlingTask AddTask(Scene scene, bool isNew)
    {
        EmulatedTask task = scene.Emulator.AddTask();
        task.Succeed();
        return new KlingTask { TaskId = task.Id, Context = isNew ? TaskContext.OfSubmit(scene.Time) : new() };
    }

    private static async Task<string> DoAsync(Scene scene, Work work, KlingTask? task)
    {
        try
        {
            return work switch
            {
                Work.New => await scene.SubmitAsync(options: new SubmitOptions { Timeout = TimeSpan.FromSeconds(SubmitSeconds) }) is not null ? "task" : "",
                Work.Get => await TaskQuery.AskAsync(scene.Api, task!.TaskId, task, Scene.Cancellation) is not null ? "task" : "",
                Work.Wait or Work.WaitSeen => await WaitAsync(scene, task!),
                _ => await SaveAsync(scene, task!),
            };
        }
        catch (KlingException error)
        {
            Assert.NotNull(error.RecommendedAction);
            return error.ErrorId;
        }
    }

    private static async Task<string> WaitAsync(Scene scene, KlingTask task)
    {
        Scene.Outcome outcome = await scene.WaitAsync([task]);
        Assert.InRange(outcome.Tasks.Count, 0, 1);
        Assert.InRange(outcome.Errors.Count, 0, 1);
        return string.Join(" and ", [.. outcome.Tasks.Select(static _ => "task"), .. outcome.Errors.Select(static error => error.ErrorId)]);
    }

    private static async Task<string> SaveAsync(Scene scene, KlingTask task)
    {
        using TemporaryFolder folder = new();
        TaskSaver saver = new(scene.Api, new NameRegistry(VideoNameTemplate.Parse(VideoNameTemplate.DefaultText), folder.Path), folder.Path, force: false, new TaskRecorder(scene.Api.Time));
        WorkStage<KlingTask> stage = new(1, (item, at, stop) => saver.SaveAsync(item, at, stop));
        using (stage)
        {
            stage.TryAdd(task);
            stage.Complete();
            await stage.Completion;
            while (stage.Records.TryRead(out StageRecord? record))
            {
                switch (record)
                {
                    case StageRecord.Failure failure:
                        throw failure.Error;
                    case StageRecord.Defect defect:
                        throw new InvalidOperationException("a defect", defect.Error);
                    case StageRecord.Output { Value: SavedVideo saved }:
                        Assert.Equal(scene.Emulator.VideoSize, new FileInfo(saved.Path).Length);
                        return "file";
                }
            }
        }

        return "nothing";
    }

    // Pauses have jitter: what counts is whether the number lies where the longest and the shortest pauses put it.
    private static string Label(Work work, FaultRow row, int requests, int each)
    {
        (int fewest, int most) = work switch
        {
            Work.Wait => (Waits(1.25, row) * each, Waits(0.75, row) * each),
            Work.WaitSeen => ((Waits(1.25, row) * each) + 1, (Waits(0.75, row) * each) + 1),
            Work.New => (Submits(1.25, row), Submits(0.75, row)),
            Work.Save => ((Waits(1.25, row) * each) + 1, (Waits(0.75, row) * each) + 1),
            _ => (requests, requests),
        };
        return requests > 6 && requests >= fewest && requests <= most && fewest < most
            ? $"{fewest}–{most}"
            : requests.ToString(CultureInfo.InvariantCulture);
    }

    // A wait gives up when every poll has failed for five minutes.
    private static int Waits(double jitter, FaultRow row)
    {
        int polls = 1;
        for (double since = 0; since < 300; polls++)
        {
            since += Math.Max(row.Asks, Math.Min(30, Math.Pow(2, polls - 1)) * jitter) + row.Takes;
        }

        return polls;
    }

    private static int Submits(double jitter, FaultRow row)
    {
        int submits = 0;
        for (double at = 0; at < SubmitSeconds; submits++)
        {
            at += Math.Max(row.Asks, Math.Min(8, Math.Pow(2, submits)) * jitter);
        }

        return submits;
    }
}
