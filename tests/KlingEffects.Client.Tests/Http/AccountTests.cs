using KlingEffects.Api;
using Microsoft.Extensions.Time.Testing;
using static KlingEffects.Tests.Http.AccountRig;

namespace KlingEffects.Tests.Http;

/// <summary>Who may submit next, by the account's loop alone.</summary>
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

    [Fact]
    public void Those_who_wait_go_in_the_order_of_their_rows_whichever_was_ready_first()
    {
        AccountPipeline narrow = _rig.Pipeline(requests: 1);
        AccountJob[] jobs = [.. ((int[])[0, 5, 3, 4, 1, 2]).Select(narrow.EnterAs)];
        foreach (int row in (int[])[0, 4, 5, 2, 3, 1])
        {
            Assert.True(jobs[row].HasTurn);
            jobs[row].Answer(Taken);
        }
    }

    [Fact]
    public void Those_who_wait_go_in_the_order_of_their_rows_and_the_refused_let_others_go_first()
    {
        AccountPipeline narrow = _rig.Pipeline(requests: 2);
        List<AccountJob> jobs = narrow.Enter(5);
        jobs[0].Answer(Refused);
        jobs[1].Answer(Refused);
        List<int> order = [];
        for (int n = 0; n < 5; n++)
        {
            _rig.Pass(10);
            AccountJob next = Assert.Single(narrow.Inside);
            order.Add(jobs.IndexOf(next));
            next.Answer(Refused);
        }

        Assert.Equal([2, 0, 3, 1, 4], order);
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
    public void Two_pipelines_of_one_account_take_turns_however_many_jobs_one_of_them_has()
    {
        AccountPipeline other = _rig.Pipeline();
        Refuse();
        _pipeline.Enter(500);
        other.Enter(3);
        _rig.Pass(2);
        for (int turn = 0; turn < 6; turn++)
        {
            AccountJob next = _pipeline.Inside.Concat(other.Inside).First();
            next.Answer(Taken);
        }

        Assert.All(other.Jobs, static job => Assert.True(job.HasTurn || job.IsTaken));
    }

    [Fact]
    public void A_pipeline_that_stops_leaves_its_place_to_the_others()
    {
        AccountPipeline other = _rig.Pipeline();
        Refuse();
        List<AccountJob> gone = _pipeline.Enter(3);
        other.Enter();
        _pipeline.Stop();
        Assert.All(gone, static job => Assert.True(job.IsCancelled));
        Assert.True(_pipeline.Enter().IsCancelled);
        _rig.Pass(2);
        Assert.Single(other.Inside);
    }

    [Fact]
    public void A_pipeline_has_no_more_requests_under_way_than_it_may_at_all_its_accounts_together()
    {
        AccountRig second = new(_rig.Time);
        ConcurrencyLimit limit = new(2, 2);
        AccountPipeline here = new(_rig, Patient, limit);
        AccountPipeline there = new(second, Patient, limit);
        here.Enter(2);
        AccountJob waits = there.Enter();
        Assert.Equal((2, true), (here.Inside.Count(), waits.Waits));
        here.Jobs[0].Answer(Taken);
        Assert.True(waits.HasTurn);
    }

    [Fact]
    public void A_full_account_keeps_no_job_of_another_waiting()
    {
        AccountRig second = new(_rig.Time);
        ConcurrencyLimit limit = new(1, 1);
        AccountPipeline full = new(_rig, Patient, limit);
        AccountPipeline idle = new(second, Patient, limit);
        full.Enter(50)[0].Answer(Refused);
        Assert.True(idle.Enter().HasTurn);
    }

    [Fact]
    public void A_request_may_leave_while_the_answer_before_is_written_down_but_no_more_jobs_than_find_room_for_their_records()
    {
        AccountPipeline pipeline = _rig.Pipeline(requests: 1, jobs: 2);
        List<AccountJob> jobs = pipeline.Enter(3);
        jobs[0].Answer(Taken, keepsRecord: true);
        Assert.True(jobs[1].HasTurn);
        jobs[1].Answer(Taken, keepsRecord: true);
        Assert.True(jobs[2].Waits);
        jobs[0].Finish();
        Assert.True(jobs[2].HasTurn);
    }

    [Fact]
    public async Task A_question_waits_for_the_pipelines_own_limit_only()
    {
        using CancellationTokenSource stop = new();
        ConcurrencyLimit limit = new(1, 1);
        AccountPipeline pipeline = new(_rig, Patient, limit);
        pipeline.Enter().Answer(Refused);
        TaskCompletionSource<int>[] answers = [new(), new()];
        bool isAsked = false;
        Task first = limit.QueryAsync(() => answers[0].Task, stop.Token);
        Task second = limit.QueryAsync(
            () =>
            {
                isAsked = true;
                return answers[1].Task;
            },
            stop.Token);
        Assert.False(isAsked);
        answers[0].SetResult(0);
        await first;
        Task third = limit.QueryAsync(() => Task.FromResult(0), stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
        answers[1].SetResult(0);
        await second;
        Assert.True(isAsked);
        _rig.Pass(2);
        Assert.True(pipeline.Jobs[0].HasTurn);
    }

    [Fact]
    public void A_clock_that_is_set_back_or_forward_changes_nothing()
    {
        AccountRig rig = new(new SetClock());
        AccountPipeline pipeline = rig.Pipeline(new SubmitOptions { Timeout = TimeSpan.FromMinutes(10), StandstillTime = null });
        pipeline.Enter().Answer(Refused);
        foreach (double hours in (double[])[-1, 2, -48])
        {
            ((SetClock)rig.Time).Shift += TimeSpan.FromHours(hours);
            rig.Pass(10);
            Assert.Single(pipeline.Inside).Answer(Refused);
        }

        rig.Pass(9 * 60);
        Assert.Null(pipeline.Jobs[0].GivenUp);
        pipeline.Jobs[0].Answer(Refused);
        rig.Pass(60);
        Assert.Equal(KlingErrorId.RateLimited, pipeline.Jobs[0].GivenUp!.Id);
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
    public void A_turn_that_comes_while_the_loop_looks_at_the_clock_goes_to_one_and_no_other_is_lost()
    {
        JumpingTime time = new();
        AccountRig rig = new(time);
        AccountPipeline pipeline = rig.Pipeline();
        pipeline.Enter().Answer(Refused);
        pipeline.Enter(3);
        time.NextJump = TimeSpan.FromSeconds(2);
        pipeline.Enter();
        for (int left = 5; left > 0; left--)
        {
            rig.Pass(10);
            Assert.Single(pipeline.Inside).Answer(Final);
        }
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

    /// <summary>A machine whose clock somebody sets.</summary>
    private sealed class SetClock() : FakeTimeProvider(DateTimeOffset.UtcNow)
    {
        public TimeSpan Shift { get; set; }

        public override long GetTimestamp() => base.GetUtcNow().UtcTicks;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;
    }

    /// <summary>Moves on once while it is read, so that what has come due runs on the reader's own thread.</summary>
    private sealed class JumpingTime : FakeTimeProvider
    {
        public TimeSpan NextJump { get; set; }

        public override long GetTimestamp()
        {
            TimeSpan jump = NextJump;
            NextJump = TimeSpan.Zero;
            if (jump > TimeSpan.Zero)
            {
                Advance(jump);
            }

            return base.GetTimestamp();
        }
    }
}
