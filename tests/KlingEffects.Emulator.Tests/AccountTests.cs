using System.Net;
using System.Text.Json.Nodes;
using KlingEffects.Emulator.Configuration;

namespace KlingEffects.Emulator.Tests;

/// <summary>What the account has, and what its tasks say that they cost.</summary>
public class AccountTests
{
    private const string Route = "/v1/videos/effects";

    [Theory]
    [InlineData(Payment.Both, "2", """{"quota":"0.28","list_price":"0.4"}""", """[{"charge_type":"unit","amount":"2"},{"charge_type":"cash","amount":"0.28"}]""")]
    [InlineData(Payment.Units, "2", null, """[{"charge_type":"unit","amount":"2"}]""")]
    [InlineData(Payment.Cash, null, """{"quota":"0.28","list_price":"0.4"}""", """[{"charge_type":"cash","amount":"0.28"}]""")]
    [InlineData(Payment.CashNumber, null, "0.28", """[{"charge_type":"cash","amount":"0.28"}]""")]
    public async Task A_task_says_what_it_cost_as_the_account_pays(Payment payment, string? units, string? balance, string billing)
    {
        await using Lab lab = await StartAsync(new EmulatorOptions { Payment = payment });
        string id = await SubmittedAsync(lab);
        lab.Time.Advance(TimeSpan.FromSeconds(3));
        JsonNode task = await TaskAsync(lab, id);
        Assert.Equal(units, (string?)task["final_unit_deduction"]);
        Assert.Equal(balance, task["final_balance_deduction"]?.ToJsonString());

        lab.Emulator.Configure(static options => options with { AnswerShape = AnswerShape.NewStandard });
        JsonArray told = (await TaskAsync(lab, id))["billing"]!.AsArray();
        Assert.Equal(billing, new JsonArray([.. told.Select(static entry =>
            new JsonObject { ["charge_type"] = (string)entry!["charge_type"]!, ["amount"] = (string)entry["amount"]! })]).ToJsonString());
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, "0")]
    public async Task A_task_that_failed_says_so_where_that_is_asked_for(bool tells, string? units)
    {
        await using Lab lab = await StartAsync(new EmulatorOptions { TellsCostOfFailed = tells });
        string id = await SubmittedAsync(lab);
        lab.Emulator.FindTask(id)!.Fail("Image pixel is invalid");
        Assert.Equal(units, (string?)(await TaskAsync(lab, id))["final_unit_deduction"]);
    }

    [Fact]
    public async Task A_price_that_moves_is_that_of_the_tasks_to_come()
    {
        await using Lab lab = await StartAsync();
        string before = await SubmittedAsync(lab);
        lab.Emulator.Configure(static options => options with { UnitsPerTask = 3.5m });
        string after = await SubmittedAsync(lab);
        lab.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(("2", "3.5"), ((string)(await TaskAsync(lab, before))["final_unit_deduction"]!, (string)(await TaskAsync(lab, after))["final_unit_deduction"]!));
    }

    [Theory]
    [InlineData(Gateway.Kling, HttpStatusCode.TooManyRequests, 1102)]
    [InlineData(Gateway.CometApi, HttpStatusCode.Forbidden, null)]
    public async Task Where_money_runs_out_a_submit_creates_nothing(Gateway gateway, HttpStatusCode status, int? code)
    {
        await using Lab lab = await Lab.StartAsync(new EmulatorOptions { Gateway = gateway, AffordableSubmits = 2 });
        string path = gateway == Gateway.Kling ? Route : Lab.SubmitPath;
        List<Reply> replies = [];
        for (int submit = 0; submit < 3; submit++)
        {
            replies.Add(await lab.SendAsync(lab.Request(HttpMethod.Post, path, Lab.Single())));
        }

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, status], replies.Select(static reply => reply.Status));
        Assert.Equal(code, (int?)replies[2].Json["code"]);
        Assert.Equal(2, lab.Emulator.Tasks.Count);
        lab.Emulator.Configure(static options => options with { AffordableSubmits = 3 });
        Assert.Equal(HttpStatusCode.OK, (await lab.SendAsync(lab.Request(HttpMethod.Post, path, Lab.Single()))).Status);
    }

    [Fact]
    public async Task The_packs_are_those_that_were_bought_in_the_window()
    {
        DateTimeOffset bought = new(2026, 10, 10, 0, 0, 0, TimeSpan.Zero);
        await using Lab lab = await StartAsync(new EmulatorOptions
        {
            ResourcePacks = [new ResourcePack("Video-100Units-5Con-1Months", bought) { Remaining = 40.5m }, new ResourcePack("old", bought.AddDays(-300))],
        });
        JsonNode pack = Assert.Single(await PacksAsync(lab, bought.AddDays(-1), bought))!;
        Assert.Equal(("Video-100Units-5Con-1Months", 100m, 40.5m), ((string)pack["resource_pack_name"]!, (decimal)pack["total_quantity"]!, (decimal)pack["remaining_quantity"]!));
        Assert.Equal(bought.ToUnixTimeMilliseconds(), (long)pack["purchase_time"]!);
        lab.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, (await PacksAsync(lab, bought.AddDays(-400), bought.AddDays(1))).Count);
        lab.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(await PacksAsync(lab, bought.AddDays(-400), bought.AddDays(1), "&resource_pack_name=other"));
    }

    [Fact]
    public async Task The_packs_may_be_asked_for_once_a_second()
    {
        await using Lab lab = await StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await CostsAsync(lab, "?start_time=1&end_time=2")).Status);
        Reply soon = await CostsAsync(lab, "?start_time=1&end_time=2");
        Assert.Equal((HttpStatusCode.TooManyRequests, 1302), (soon.Status, soon.Code));
        lab.Time.Advance(TimeSpan.FromSeconds(1));
        Reply without = await CostsAsync(lab, "?start_time=now");
        Assert.Equal((HttpStatusCode.BadRequest, 1201), (without.Status, without.Code));
        Assert.Single(lab.Emulator.Violations);
    }

    [Fact]
    public async Task CometAPI_has_no_such_call()
    {
        await using Lab lab = await Lab.StartAsync();
        Assert.Equal("text/html", (await CostsAsync(lab, "?start_time=1&end_time=2")).ContentHeaders.ContentType?.MediaType);
    }

    private static Task<Lab> StartAsync(EmulatorOptions? options = null) => Lab.StartAsync((options ?? new EmulatorOptions()) with { Gateway = Gateway.Kling });

    private static async Task<string> SubmittedAsync(Lab lab) =>
        (string)(await lab.SendAsync(lab.Request(HttpMethod.Post, Route, Lab.Single()))).Json["data"]!["task_id"]!;

    private static async Task<JsonNode> TaskAsync(Lab lab, string id) =>
        (await lab.SendAsync(lab.Request(HttpMethod.Get, $"{Route}/{id}"))).Json["data"]!;

    private static Task<Reply> CostsAsync(Lab lab, string query) => lab.SendAsync(lab.Request(HttpMethod.Get, "/account/costs" + query));

    private static async Task<JsonArray> PacksAsync(Lab lab, DateTimeOffset start, DateTimeOffset end, string more = "")
    {
        Reply reply = await CostsAsync(lab, $"?start_time={start.ToUnixTimeMilliseconds()}&end_time={end.ToUnixTimeMilliseconds()}{more}");
        Assert.Equal((HttpStatusCode.OK, 0, 0), (reply.Status, reply.Code, (int)reply.Json["data"]!["code"]!));
        return reply.Json["data"]!["resource_pack_subscribe_infos"]!.AsArray();
    }
}
