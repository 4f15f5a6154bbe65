using KlingEffects.Api.Gateways;
using KlingEffects.Http;
using KlingEffects.Tests.Videos;

namespace KlingEffects.Tests.Http;

/// <summary>Under the Uri rules of Windows PowerShell 5.1, forced here, ids and URLs go out as they are too.</summary>
[Collection(AloneForUriRules.Name)]
public sealed class OldUriRulesTests : IDisposable
{
    private readonly OldUriRules _rules = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _rules.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_rules_are_in_force() => Assert.Equal("http://a/x/y", new Uri("http://a/x%2Fy").AbsoluteUri);

    [Theory]
    [InlineData("CiQ0Zmf/AAB", "CiQ0Zmf%2FAAB")]
    [InlineData("x/../../y", "x%2F..%2F..%2Fy")]
    [InlineData("a\\..\\b", "a%5C..%5Cb")]
    [InlineData("a.b~c", "a.b~c")]
    [InlineData("..a%2F", "..a%252F")]
    [InlineData("片/a", "%E7%89%87%2Fa")]
    public void An_id_stays_what_it_is(string id, string segment)
    {
        Uri uri = KlingGateway.CometApi.QueryUri(new Uri("https://api.cometapi.com/"), "effects", id);
        Assert.Equal($"/kling/v1/videos/effects/{segment}", uri.PathAndQuery);
    }

    [Theory]
    [InlineData("CiQ0Zmf/AAB=", "CiQ0Zmf%2FAAB%3D")]
    [InlineData("x/../../y", "x%2F..%2F..%2Fy")]
    public async Task An_id_reaches_the_wire_as_it_is(string id, string segment)
    {
        await using ScriptedHost host = new(ScriptedHost.Answer("200 OK", """{"code":0,"data":{"task_id":"t","task_status":"processing"}}"""u8.ToArray()));
        KlingClient client = new(new KlingClientOptions { ApiKey = "sk-old-rules", BaseUri = new Uri(host.Origin) });
        await client.GetTaskAsync(id, cancellationToken: TestContext.Current.CancellationToken);
        Assert.StartsWith($"GET /kling/v1/videos/effects/{segment} HTTP/1.1\r\n", host.Requests[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/a%2Fb%2E%2E%5Cc/%2e%2e/d.mp4?sig=%2F%2E")]
    [InlineData("/a/../b/./c%7Ed.mp4")]
    public async Task A_videos_URL_reaches_the_wire_as_it_is(string target)
    {
        byte[] video = ScriptedHost.Video(60_000);
        await using ScriptedHost host = new(
            ScriptedHost.Answer($"302 Found\r\nLocation: {target}&again=%2F".Replace("mp4&", "mp4?", StringComparison.Ordinal)),
            ScriptedHost.Answer("200 OK\r\nContent-Length: 60000", video));
        SaveRequest request = host.Request(_folder.Combine("a.mp4")) with { Video = new KlingVideo { Url = host.Origin + target } };
        await VideoScene.NewSaver(new DrivenTime()).SaveAsync(request, TestContext.Current.CancellationToken);
        Assert.StartsWith($"GET {target} HTTP/1.1\r\n", host.Requests[0], StringComparison.Ordinal);
        Assert.Equal(2, host.Requests.Count);
    }

    [Fact]
    public void What_stands_in_an_address_is_not_changed_by_reading_it()
    {
        Uri uri = RequestAddress.TryCreate("https://host.example/a%2Fb?c=%2Fd")!;
        Assert.Equal(("/a%2Fb?c=%2Fd", "host.example", 443), (uri.PathAndQuery, uri.Host, uri.Port));
    }
}
