using FsCheck;
using FsCheck.Fluent;
using KlingEffects.Api;
using KlingEffects.Api.Answers;

namespace KlingEffects.Tests.Http;

/// <summary>Random arrivals, answers, ends, stops and times through the loop of an account: what must hold after each of them.</summary>
public sealed class AccountModelTests
{
    private const int Pipelines = 3;

    private static readonly Gen<Happening> Steps =
        from what in Gen.Frequency(
            (5, Gen.Constant(What.Arrives)), (5, Gen.Constant(What.Refused)), (3, Gen.Constant(What.Silent)), (6, Gen.Constant(What.Taken)),
            (2, Gen.Constant(What.Final)), (2, Gen.Constant(What.Frees)), (6, Gen.Constant(What.Time)), (1, Gen.Constant(What.Stops)))
        from pipeline in Gen.Choose(0, Pipelines - 1)
        from size in Gen.Choose(1, 400)
        select new Happening(what, pipeline, size);

    public enum What
    {
        Arrives,
        Refused,
        Silent,
        Taken,
        Final,
        Frees,
        Time,
        Stops,
    }

    [Fact]
    public void None_is_lost_none_goes_twice_and_none_waits_while_its_account_is_free() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2000).WithEndSize(120).WithQuietOnSuccess(true),
        Prop.ForAll(Arb.From(Steps.ListOf(), Shorter), Follow));

    private static IEnumerable<List<Happening>> Shorter(List<Happening> happenings) =>
        happenings.Select((_, gone) => (List<Happening>)[.. happenings.Where((_, place) => place != gone)]);

    private static void Follow(List<Happening> happenings)
    {
        AccountRig rig = new();
        Run run = new(rig);
        foreach (Happening step in happenings)
        {
            run.Take(step);
            run.Check();
        }

        run.End();
    }

    /// <summary>One thing that happens.</summary>
    /// <param name="Event">What.</param>
    /// <param name="Pipeline">To which pipeline.</param>
    /// <param name="Size">How many seconds, or which job.</param>
    public sealed record Happening(What Event, int Pipeline, int Size);

    private sealed class Run
    {
        private static readonly SubmitOptions[] Options =
            [AccountRig.Patient, new(), new() { Timeout = TimeSpan.FromMinutes(2) }];

        private readonly AccountRig _rig;
        private readonly AccountPipeline[] _pipelines;
        private readonly bool[] _stopped = new bool[Pipelines];

        // What the account may have under way, as this test reads its answers.
        private int _width = int.MaxValue;
        private DateTimeOffset _opens;

        public Run(AccountRig rig)
        {
            _rig = rig;
            _pipelines = [.. Enumerable.Range(0, Pipelines).Select(number => rig.Pipeline(Options[number], Requests(number)))];
        }

        private static int Requests(int pipeline) => 2 + (3 * pipeline);

        private IEnumerable<AccountJob> Inside => _pipelines.SelectMany(static pipeline => pipeline.Inside);

        public void Take(Happening step)
        {
            AccountPipeline pipeline = _pipelines[step.Pipeline];
            AccountJob[] inside = [.. pipeline.Inside];
            AccountJob? job = inside.Length == 0 ? null : inside[step.Size % inside.Length];
            switch (step.Event)
            {
                case What.Arrives:
                    pipeline.Enter(1 + (step.Size % 4));
                    break;
                case What.Refused when job is not null:
                    Narrow(step.Pipeline);
                    job.Answer(AccountRig.Refused);
                    break;
                case What.Silent when job is not null:
                    Narrow(step.Pipeline);
                    job.Answer(AccountRig.Silent);
                    break;
                case What.Taken when job is not null:
                    _width += _width < int.MaxValue ? 1 : 0;
                    _opens = default;
                    job.Answer(AccountRig.Taken);
                    break;
                case What.Final when job is not null:
                    job.Answer(AccountRig.Final);
                    break;
                case What.Frees:
                    _opens = default;
                    _rig.Account.SlotFreed();
                    break;
                case What.Time:
                    _rig.Pass(step.Size / 10.0);
                    break;
                case What.Stops when !_stopped[step.Pipeline]:
                    _stopped[step.Pipeline] = true;
                    pipeline.Stop();
                    break;
            }
        }

        // The longest pause that the account may make of its own accord.
        private void Narrow(int pipeline)
        {
            if (!_stopped[pipeline])
            {
                _width = 1;
                _opens = _rig.Time.GetUtcNow() + TimeSpan.FromSeconds(10);
            }
        }

        public void Check()
        {
            // Those that were under way when the width fell may end; more than that never are.
            for (int number = 0; number < Pipelines; number++)
            {
                AccountPipeline pipeline = _pipelines[number];
                Assert.InRange(pipeline.Inside.Count(), 0, Requests(number));
                Assert.All(pipeline.Jobs, job => Assert.True(job.HasTurn || job.Waits || job.IsCancelled || job.GivenUp is not null || job.Sent > 0, "a job is lost"));
                Assert.True(!_stopped[number] || !pipeline.Jobs.Any(static job => job.Waits), "a stopped pipeline's job waits");
                bool hasRoom = pipeline.Inside.Count() < Requests(number) && Inside.Count() < _width && _rig.Time.GetUtcNow() >= _opens;
                Assert.False(hasRoom && pipeline.Jobs.Any(static job => job.Waits), "a job waits while its account is free");
            }
        }

        // Left alone, the account lets every job that waits come to its end.
        public void End()
        {
            for (int rounds = 0; rounds < 10_000 && _pipelines.Any(static pipeline => pipeline.Jobs.Any(static job => job.Waits || job.HasTurn)); rounds++)
            {
                if (Inside.FirstOrDefault() is { } next)
                {
                    int before = Inside.Count();
                    next.Answer(AccountRig.Taken);
                    Assert.InRange(Inside.Count(), 0, Math.Max(before, before + 1));
                }
                else
                {
                    _rig.Pass(9);
                }
            }

            Assert.All(_pipelines.SelectMany(static pipeline => pipeline.Jobs), static job => Assert.False(job.Waits || job.HasTurn));
        }
    }
}
