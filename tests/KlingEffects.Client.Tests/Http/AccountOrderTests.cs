using KlingEffects.Api;
using static KlingEffects.Tests.Http.AccountRig;

namespace KlingEffects.Tests.Http;

/// <summary>Who of those that wait goes next, and what a pipeline may have under way at all its accounts.</summary>
public sealed class AccountOrderTests
{
    private readonly AccountRig _rig = new();
    private readonly AccountPipeline _pipeline;

    public AccountOrderTests() => _pipeline = _rig.Pipeline();

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

    private void Refuse() => _pipeline.Enter().Answer(Refused);
}
