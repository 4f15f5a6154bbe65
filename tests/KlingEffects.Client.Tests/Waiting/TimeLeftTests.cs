using KlingEffects.Batches;
using KlingEffects.Waiting;

namespace KlingEffects.Tests.Waiting;

/// <summary>The time left, held against batches whose end is known.</summary>
public sealed class TimeLeftTests
{
    [Theory]
    [InlineData(200, 60, 0.05)]
    [InlineData(200, 60, 0.25)]
    [InlineData(200, 60, 0.5)]
    [InlineData(200, 60, 0.9)]
    [InlineData(50, 30, 0.2)]
    [InlineData(1000, 100, 0.3)]
    public void Of_tasks_that_began_together(int tasks, double spread, double ended)
    {
        foreach (int seed in (int[])[1, 2, 3])
        {
            Batch batch = new(tasks, slots: tasks, Normal(320, spread, seed));
            double at = batch.Ends.Order().ElementAt((int)(ended * tasks));
            batch.AssertNear(at, tolerance: 0.6, grace: 45);
        }
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(0.5)]
    [InlineData(0.8)]
    [InlineData(0.95)]
    public void Of_jobs_that_wait_for_slots(double ended)
    {
        foreach (int seed in (int[])[1, 2, 3])
        {
            Batch batch = new(200, slots: 25, Normal(320, 60, seed));
            double at = batch.Ends.Order().ElementAt((int)(ended * 200));
            batch.AssertNear(at, tolerance: 0.35, grace: 60);
            double left = batch.LastBegun - at;
            double? told = batch.ForeseenAt(at)!.Value.Submitted?.TotalSeconds;
            Assert.Equal(left > 0, told is not null);
            Assert.InRange(told ?? 0, (left * 0.65) - 60, (Math.Max(0, left) * 1.35) + 60);
        }
    }

    [Fact]
    public void Of_scenes_that_take_different_times()
    {
        Random random = new(4);
        Func<int, double> takes = job => job % 2 == 0 ? 60 + (20 * random.NextDouble()) : 380 + (40 * random.NextDouble());
        Batch batch = new(100, slots: 100, takes, job => job % 2 == 0 ? "quick" : "slow");
        batch.AssertNear(400, tolerance: 0.6, grace: 60);
    }

    [Fact]
    public void Nothing_is_told_before_three_tasks_have_ended()
    {
        Batch batch = new(20, slots: 20, Normal(300, 30, 1));
        double[] ends = [.. batch.Ends.Order()];
        Assert.Null(batch.LeftAt(ends[1] + 0.01));
        Assert.NotNull(batch.LeftAt(ends[2] + 0.01));
    }

    private static Func<int, double> Normal(double mean, double spread, int seed)
    {
        Random random = new(seed);
        return _ => Math.Max(1, mean + (spread * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())));
    }

    /// <summary>A batch whose jobs are submitted as slots get free.</summary>
    private sealed class Batch
    {
        private readonly double[] _begun;
        private readonly Func<int, string> _scene;

        public Batch(int jobs, int slots, Func<int, double> takes, Func<int, string>? scene = null)
        {
            _scene = scene ?? (static _ => "scene");
            _begun = new double[jobs];
            Ends = new double[jobs];
            PriorityQueue<int, double> running = new();
            for (int job = 0; job < jobs; job++)
            {
                _begun[job] = running.Count < slots ? 0 : Ends[running.Dequeue()];
                Ends[job] = _begun[job] + takes(job);
                running.Enqueue(job, Ends[job]);
            }
        }

        public double[] Ends { get; }

        public void AssertNear(double at, double tolerance, double grace)
        {
            double left = Ends.Max() - at;
            double told = LeftAt(at)!.Value.TotalSeconds;
            Assert.InRange(told, (left * (1 - tolerance)) - grace, (left * (1 + tolerance)) + grace);
        }

        public double LastBegun => _begun.Max();

        public TimeSpan? LeftAt(double at) => ForeseenAt(at)?.Ended;

        public (TimeSpan Ended, TimeSpan? Submitted)? ForeseenAt(double at)
        {
            PollPlan plan = new(null, new Random(1));
            List<WaitingTask> underWay = [];
            BatchProgress upstream = new() { DoneWord = "submitted" };
            int waiting = 0;
            for (int job = 0; job < Ends.Length; job++)
            {
                if (_begun[job] > at)
                {
                    waiting++;
                    upstream.Add();
                    continue;
                }

                TimeSpan begun = TimeSpan.FromSeconds(_begun[job]);
                WaitingTask task = new(new KlingTask { TaskId = $"{job}", Scene = _scene(job) }, begun, begun, job);
                if (Ends[job] <= at)
                {
                    plan.ObserveEnd(task, TimeSpan.FromSeconds(Ends[job]));
                }
                else
                {
                    plan.ObserveUnderWay(task, TimeSpan.FromSeconds(at));
                    underWay.Add(task);
                }
            }

            if (waiting > 0)
            {
                upstream.Observe(new RunEvent.SubmitsHeld(new EffectJob { Scene = "scene", Images = [] }, new KlingException(KlingErrorId.RateLimited, "limit")));
            }

            return CompletionForecast.From(plan, underWay, upstream, TimeSpan.FromSeconds(at));
        }
    }
}
