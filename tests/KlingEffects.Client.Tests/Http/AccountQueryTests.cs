using KlingEffects.Emulator.Configuration;
using KlingEffects.Emulator.Faults;
using KlingEffects.Emulator.Recording;
using KlingEffects.Queries;

namespace KlingEffects.Tests.Http;

/// <summary>What an account has left: the call that Kling has for it, once a second at most.</summary>
public sealed class AccountQueryTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(new PassingTime().GetUtcNow().ToUnixTimeMilliseconds());

    [Fact]
    public async Task The_packs_of_400_days_are_told_of()
    {
        await using Scene scene = await StartAsync(
            new ResourcePack("Video-1000Units-5Con-12Months", Now.AddDays(-399)) { Total = 1000, Remaining = 742.5m, InvalidTime = Now.AddDays(1) },
            new ResourcePack("Trial", Now.AddDays(-1)) { Type = "constant_period", Status = "toBeOnline", EffectiveTime = Now.AddDays(2) },
            new ResourcePack("Old-9Con", Now.AddDays(-401)));
        IReadOnlyList<KlingResourcePack> packs = await scene.Client.GetResourcePacksAsync(Scene.Cancellation);

        Assert.Equal(["Video-1000Units-5Con-12Months", "Trial"], packs.Select(static pack => pack.Name));
        Assert.Equal(("decreasing_total", 1000m, 742.5m, 5, "online"), (packs[0].Kind, packs[0].Total, packs[0].Remaining, packs[0].ParallelTasks, packs[0].Status));
        Assert.Equal((Now.AddDays(-399), Now.AddDays(1)), (packs[0].StartsAt, packs[0].EndsAt));
        Assert.Equal(("constant_period", null, "toBeOnline", Now.AddDays(2)), (packs[1].Kind, packs[1].ParallelTasks, packs[1].Status, packs[1].StartsAt));
    }

    [Theory]
    [InlineData("Video-100Units-5Con-1Months", 5)]
    [InlineData("100Units-20Con", 20)]
    [InlineData("5Con-100Units", 5)]
    [InlineData("Video-100Units-5Concurrency-1Months", null)]
    [InlineData("Video15Con-1Months", null)]
    [InlineData("Video-100Units-1Months", null)]
    [InlineData("99999999999999Con", null)]
    [InlineData("", null)]
    public void The_parallel_tasks_are_in_the_name_or_unknown(string name, int? tasks) => Assert.Equal(tasks, new KlingResourcePack { Name = name }.ParallelTasks);

    [Fact]
    public async Task No_two_questions_leave_within_a_second()
    {
        await using Scene scene = await StartAsync(new ResourcePack("a", Now.AddDays(-1)));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => AccountQuery.PacksAsync(scene.Api, Scene.Cancellation)));
        RecordedRequest[] asked = [.. scene.Emulator.Requests];
        Assert.Equal([200, 200, 200, 200], asked.Select(static request => request.Status ?? 0));
    }

    [Fact]
    public async Task A_busy_API_is_asked_again()
    {
        await using Scene scene = await StartAsync(new ResourcePack("a", Now.AddDays(-1)));
        scene.Fails(Operation.Account, new AnswerStatus(503), times: 2);
        Assert.Single(await AccountQuery.PacksAsync(scene.Api, Scene.Cancellation));
        Assert.Equal(3, scene.Emulator.Requests.Count);
    }

    [Theory]
    [InlineData("""{"code":0,"message":"SUCCEED","data":{"code":1101,"msg":"account in arrears"}}""", KlingErrorId.QuotaExceeded, "account in arrears (code 1101, HTTP 200)")]
    [InlineData("""{"code":0,"data":{"code":1004,"msg":"no such account","resource_pack_subscribe_infos":[]}}""", KlingErrorId.Unauthorized, "no such account")]
    [InlineData("""{"code":1002,"message":"access key not found"}""", KlingErrorId.Unauthorized, "access key not found")]
    [InlineData("""{"code":0,"data":{"code":0,"msg":"success"}}""", KlingErrorId.ProtocolError, "the answer tells of no resource packs")]
    [InlineData("""{"code":0,"data":null}""", KlingErrorId.ProtocolError, "the answer tells of no resource packs")]
    [InlineData("<html>", KlingErrorId.ProtocolError, "a web page")]
    public async Task A_refusal_within_the_data_is_one(string body, KlingErrorId id, string reason)
    {
        await using Scene scene = await StartAsync();
        scene.Fails(Operation.Account, new AnswerStatus(200) { Body = body }, times: 0);
        KlingException error = await Assert.ThrowsAsync<KlingException>(() => AccountQuery.PacksAsync(scene.Api, Scene.Cancellation));
        Assert.Equal(id, error.Id);
        Assert.StartsWith("The API did not tell what the account has: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("task", error.RecommendedAction ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_pack_leaves_out_is_unknown()
    {
        await using Scene scene = await StartAsync();
        scene.Fails(Operation.Account, new AnswerStatus(200)
        {
            Body = """{"code":0,"data":{"resource_pack_subscribe_infos":[{},{"resource_pack_name":"a\u001b[31m\n##vso[x]","total_quantity":"100","remaining_quantity":"many","invalid_time":1781080778802}]}}""",
        });
        IReadOnlyList<KlingResourcePack> packs = await AccountQuery.PacksAsync(scene.Api, Scene.Cancellation);
        Assert.Equal(("", null, null, null, null), (packs[0].Name, packs[0].Total, packs[0].Remaining, packs[0].EndsAt, packs[0].Status));
        Assert.Equal((100m, null, 1781080778802), (packs[1].Total, packs[1].Remaining, packs[1].EndsAt!.Value.ToUnixTimeMilliseconds()));
        Assert.DoesNotContain(packs[1].Name, char.IsControl);
    }

    [Fact]
    public async Task Packs_may_stand_in_data_within_the_data_as_tasks_may()
    {
        await using Scene scene = await StartAsync();
        scene.Fails(Operation.Account, new AnswerStatus(200)
        {
            Body = """{"code":0,"data":{"code":0,"data":{"resource_pack_subscribe_infos":[{"resource_pack_name":"a","remaining_quantity":7}]}}}""",
        });
        KlingResourcePack pack = Assert.Single(await AccountQuery.PacksAsync(scene.Api, Scene.Cancellation));
        Assert.Equal(("a", 7m), (pack.Name, pack.Remaining));
    }

    [Fact]
    public async Task CometAPI_is_not_asked_and_the_error_says_where_to_look()
    {
        await using Scene scene = await Scene.StartAsync();
        KlingException error = await Assert.ThrowsAsync<KlingException>(() => AccountQuery.PacksAsync(scene.Api, Scene.Cancellation));
        Assert.Equal((KlingErrorId.InvalidRequest, true), (error.Id, error.RecommendedAction!.Contains("web site of cometapi.com", StringComparison.Ordinal)));
        Assert.Empty(scene.Emulator.Requests);
    }

    private static Task<Scene> StartAsync(params ResourcePack[] packs) => Scene.StartAsync(new EmulatorOptions { Gateway = Gateway.Kling, ResourcePacks = packs });
}
