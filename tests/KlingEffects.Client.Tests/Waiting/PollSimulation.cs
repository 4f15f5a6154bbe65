using System.Net;
using System.Net.Http.Headers;
using System.Text;
using KlingEffects.Api;
using KlingEffects.Batches;
using KlingEffects.Waiting;

namespace KlingEffects.Tests.Waiting;

/// <summary>A task of the simulation: when it is submitted, and how many seconds it takes.</summary>
internal sealed record SimulatedTask(string Id, string Scene, double SubmittedAt, double Takes);

/// <summary>What a way of polling costs and what it gives.</summary>
internal sealed record PollFigures(int Polls, double MedianDelay, double Delay95, double MostPollsInASecond)
{
    /// <summary>When each poll came, in seconds, and whether it was refused.</summary>
    public required IReadOnlyList<(double At, bool Refused)> Log { get; init; }

    public int BusiestMinute => Log.GroupBy(static poll => (int)(poll.At / 60)).Max(static minute => minute.Count(static poll => !poll.Refused));

    public int PollsAfter(double seconds) => Log.Count(poll => poll.At >= seconds);

    public int RefusedAfter(double seconds) => Log.Count(poll => poll.At >= seconds && poll.Refused);
}

/// <summary>How many polls a second the server answers, of a bucket that holds one second's worth.</summary>
internal sealed record PollLimit(double PerSecond, bool TellsRetryAfter);

/// <summary>Runs the real waiter against a server that answers at once, on a clock of its own.</summary>
internal static class PollSimulation
{
    public static async Task<PollFigures> RunAsync(IReadOnlyList<SimulatedTask> tasks, WaitOptions options, PollLimit? limit = null)
    {
        SimulatedTime time = new();
        DateTimeOffset start = time.GetUtcNow();
        Server server = new(tasks, time, start, limit);
        ApiClient api = new(new KlingClientOptions { ApiKey = "sk-simulation", Time = time }, server);
        using TaskWaiter waiter = TaskWaiter.Start(api, options with { Timeout = null });
        int left = tasks.Count;
        foreach (SimulatedTask task in tasks)
        {
            time.At(start.AddSeconds(task.SubmittedAt), () =>
            {
                waiter.TryAdd(new KlingTask
                {
                    TaskId = task.Id,
                    Scene = task.Scene,
                    CreatedAt = time.GetUtcNow(),
                    Context = TaskContext.OfSubmit(time),
                });
                if (--left == 0)
                {
                    waiter.Complete();
                }
            });
        }

        Task draining = Task.Run(() => Drain(waiter));
        await time.RunAsync(waiter.Completion);
        await draining;
        return server.Figures();
    }

    private static void Drain(TaskWaiter waiter)
    {
        while (!waiter.IsDone)
        {
            waiter.Signal.Reset();
            while (waiter.Records.TryRead(out _))
            {
            }

            if (!waiter.IsDone)
            {
                waiter.Signal.Wait(TimeSpan.FromSeconds(1));
            }
        }
    }

    private sealed class Server(IReadOnlyList<SimulatedTask> tasks, TimeProvider time, DateTimeOffset start, PollLimit? limit) : HttpMessageHandler
    {
        private readonly Dictionary<string, SimulatedTask> _tasks = tasks.ToDictionary(static task => task.Id);
        private readonly Dictionary<string, double> _delays = [];
        private readonly List<(double At, bool Refused)> _polls = [];
        private double _left = limit?.PerSecond ?? double.PositiveInfinity;
        private double _filled;

        public PollFigures Figures()
        {
            double[] delays = [.. _delays.Values.Order()];
            Assert.Equal(_tasks.Count, delays.Length);
            int most = _polls.GroupBy(static poll => (int)poll.At).Max(static second => second.Count());
            return new PollFigures(_polls.Count, delays[delays.Length / 2], delays[delays.Length * 95 / 100], most) { Log = _polls };
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            SimulatedTask task = _tasks[request.RequestUri!.Segments[^1]];
            double now = (time.GetUtcNow() - start).TotalSeconds;
            double ended = task.SubmittedAt + task.Takes;
            bool passes = Passes(now);
            _polls.Add((now, !passes));
            if (!passes)
            {
                HttpResponseMessage refusal = new((HttpStatusCode)429) { Content = new ByteArrayContent("""{"code":1302,"message":"too many requests"}"""u8.ToArray()) };
                refusal.Headers.RetryAfter = limit!.TellsRetryAfter ? new RetryConditionHeaderValue(TimeSpan.FromSeconds(1)) : null;
                return Task.FromResult(refusal);
            }

            bool done = now >= ended;
            if (done)
            {
                _delays.TryAdd(task.Id, now - ended);
            }

            long created = start.AddSeconds(task.SubmittedAt).ToUnixTimeMilliseconds();
            long updated = start.AddSeconds(Math.Min(now, ended)).ToUnixTimeMilliseconds();
            string result = done ? """{"videos":[{"id":"v","url":"https://videos.example/v.mp4"}]}""" : "{}";
            string status = done ? "succeed" : "processing";
            string body = $$"""
                {"code":0,"data":{"task_id":"{{task.Id}}","task_status":"{{status}}","task_result":{{result}},
                "created_at":{{created}},"updated_at":{{updated}} } }
                """;
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) });
        }

        private bool Passes(double now)
        {
            if (limit is null)
            {
                return true;
            }

            _left = Math.Min(limit.PerSecond, _left + ((now - _filled) * limit.PerSecond));
            _filled = now;
            bool passes = _left >= 1;
            _left -= passes ? 1 : 0;
            return passes;
        }
    }
}
