using KlingEffects.Api;
using static KlingEffects.Tests.Http.AccountRig;

namespace KlingEffects.Tests.Http;

/// <summary>How many may submit at once, and how long an account pauses, by its loop alone.</summary>
public sealed class AccountTests
{
    private readonly AccountRig _rig = new();
    private readonly AccountPipeline _pipeline;

    public AccountTests() => _pipeline = _rig.Pipeline();

    [Fact]
    public void While_no_limit_is_known_all_pass() => Assert.All(_pipeline.Enter(100), static job => Assert.True(job.HasTurn));

    [Fact]
    public void After_a_refusal_one_probes_at_a_time_and_the_width_grows_with_every_job_taken()
    {
        Refuse();
        _pipeline.Enter(10);
        Assert.Empty(_pipeline.Inside);
        _rig.Pass(0.7);
        Assert.Empty(_pipeline.Inside);
        _rig.Pass(0.6);
        for (int width = 1; width <= 5; width++)
        {
            Assert.Equal(width, _pipeline.Inside.Count());
            _pipeline.Inside.First().Answer(Taken);
        }
    }

    [Fact]
    public void Pauses_double_up_to_eight_seconds_and_begin_anew_after_a_job_was_taken()
    {
        foreach (double pause in (double[])[1, 2, 4, 8, 8, 8, 0, 1])
        {
            if (pause == 0)
            {
                _pipeline.Inside.Single().Answer(Taken);
                continue;
            }

            AssertPause(pause);
        }
    }

    [Theory]
    [InlineData(30, 30)]
    [InlineData(3600, 600)]
    public void A_server_that_asks_for_quiet_gets_it_within_reason(int asked, int given)
    {
        Refuse(TimeSpan.FromSeconds(asked));
        _rig.Account.SlotFreed();
        _rig.Pass(given - 1);
        Assert.Empty(_pipeline.Inside);
        _rig.Pass(1);
        Assert.Single(_pipeline.Inside);
    }

    [Fact]
    public void A_slot_that_is_free_opens_at_once_for_one()
    {
        Refuse();
        _pipeline.Enter(2);
        _rig.Account.SlotFreed();
        Assert.Single(_pipeline.Inside);
        _rig.Account.SlotFreed();
        Assert.Single(_pipeline.Inside);
    }

    [Fact]
    public void A_wave_of_refusals_counts_once()
    {
        _pipeline.Enter(8).ForEach(static job => job.Answer(Refused));
        _rig.Pass(1.26);
        Assert.Single(_pipeline.Inside);
    }

    [Fact]
    public async Task Being_held_back_is_told_once_for_each_reason_and_is_over_when_jobs_have_not_had_to_wait_for_a_while()
    {
        Told told = new();
        AccountPipeline pipeline = _rig.Pipeline(report: told.ReportAsync);
        AccountJob job = pipeline.Enter();
        foreach (Api.Answers.ApiResult answer in (Api.Answers.ApiResult[])[Refused, Refused, Silent, Refused])
        {
            job.Answer(answer);
            _rig.Pass(11);
        }

        Assert.Equal(KlingErrorId.RateLimited, (await told.NextAsync()).Why!.Id);
        Assert.Equal(KlingErrorId.ServerError, (await told.NextAsync()).Why!.Id);
        job.Answer(Taken);
        _rig.Pass(4.9);
        pipeline.Enter().Answer(Taken);
        Assert.True(told.IsEmpty);
        _rig.Pass(1);
        pipeline.Enter().Answer(Taken);
        Assert.InRange((await told.NextAsync()).Lasted.TotalSeconds, 48, 52);

        pipeline.Enter().Answer(Refused);
        Assert.NotNull((await told.NextAsync()).Why);
        _rig.Pass(30);
        pipeline.Inside.Single().Answer(Taken);
        await pipeline.LeaveAsync();
        Assert.Equal(TimeSpan.FromSeconds(30), (await told.NextAsync()).Lasted);
    }

    [Fact]
    public async Task Events_of_many_threads_are_handled_one_at_a_time()
    {
        AccountPipeline[] pipelines = [.. Enumerable.Range(0, 4).Select(_ => _rig.Pipeline(requests: 3))];
        await Task.WhenAll(pipelines.Select(pipeline => Task.Run(
            () =>
            {
                for (int round = 0; round < 2000; round++)
                {
                    pipeline.Enter();
                    AccountJob? next = pipeline.Inside.FirstOrDefault();
                    next?.Answer(round % 2 == 0 ? Taken : Final);
                }
            },
            TestContext.Current.CancellationToken)));
        foreach (AccountPipeline pipeline in pipelines)
        {
            while (pipeline.Inside.FirstOrDefault() is { } next)
            {
                next.Answer(Taken);
            }

            Assert.All(pipeline.Jobs, static job => Assert.Equal(1, job.Sent));
        }
    }

    private void Refuse(TimeSpan? retryAfter = null) => _pipeline.Enter().Answer(Refusal(retryAfter));

    private void AssertPause(double seconds)
    {
        AccountJob job = _pipeline.Inside.SingleOrDefault() ?? _pipeline.Enter();
        job.Answer(Refused);
        _rig.Pass(seconds * 0.74);
        Assert.Empty(_pipeline.Inside);
        _rig.Pass(seconds * 0.52);
        Assert.Single(_pipeline.Inside);
    }

    private sealed class Told
    {
        private readonly System.Threading.Channels.Channel<SubmitNotice> _told = System.Threading.Channels.Channel.CreateUnbounded<SubmitNotice>();

        public bool IsEmpty => !_told.Reader.TryPeek(out _);

        public ValueTask<SubmitNotice> NextAsync() => _told.Reader.ReadAsync(TestContext.Current.CancellationToken);

        public Task ReportAsync(SubmitNotice notice) => _told.Writer.WriteAsync(notice).AsTask();
    }
}
