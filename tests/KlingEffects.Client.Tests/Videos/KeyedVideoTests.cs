using KlingEffects.Api;
using Xunit;

namespace KlingEffects.Tests.Videos;

/// <summary>The key goes with the request for a video that lies at the API's own scheme, host and port, and nowhere else.</summary>
public sealed class KeyedVideoTests : IDisposable
{
    private const string Key = "sk-of-the-api";

    private static readonly byte[] Found = ScriptedHost.Answer("200 OK\r\nContent-Length: 60000", ScriptedHost.Video(60_000));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_video_at_the_API_is_asked_for_with_the_key_also_where_it_redirects_to_itself()
    {
        await using ScriptedHost api = new(ScriptedHost.Answer("302 Found\r\nLocation: /v1/videos/t/other"), Found);
        await SaveAsync(api, api.Origin + "/v1/videos/t/content");
        Assert.All(api.Requests, static request => Assert.Contains($"Authorization: Bearer {Key}\r\n", request, StringComparison.Ordinal));
        Assert.Equal(2, api.Requests.Count);
    }

    [Fact]
    public async Task The_first_redirect_elsewhere_drops_the_key_for_good()
    {
        await using ScriptedHost host = new(ScriptedHost.Answer("307 Back\r\nLocation: BACK/back.mp4"));
        await using ScriptedHost api = new(ScriptedHost.Answer($"302 Found\r\nLocation: {host.Origin}/a.mp4"), Found);
        host.Replace("BACK", api.Origin);
        await SaveAsync(api, api.Origin + "/v1/videos/t/content");
        Assert.Contains("Authorization", api.Requests[0], StringComparison.Ordinal);
        Assert.DoesNotContain("Authorization", host.Requests[0], StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Authorization", api.Requests[1], StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Another_port_or_a_redirect_from_elsewhere_to_the_API_gets_none()
    {
        await using ScriptedHost api = new(Found);
        await using ScriptedHost host = new(ScriptedHost.Answer($"302 Found\r\nLocation: {api.Origin}/v1/videos/t/content"));
        await SaveAsync(api, host.Url);
        Assert.DoesNotContain(Key, host.Requests[0] + api.Requests[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://localhost")]
    [InlineData("http://user@127.0.0.1")]
    public async Task What_only_looks_like_the_API_gets_none(string origin)
    {
        await using ScriptedHost api = new(Found);
        string port = api.Origin[api.Origin.LastIndexOf(':')..];
        await SaveAsync(api, $"{origin}{port}/a.mp4");
        Assert.DoesNotContain(Key, api.Requests[0], StringComparison.Ordinal);
    }

    private Task<SavedVideo> SaveAsync(ScriptedHost api, string url)
    {
        ApiClient client = new(new KlingClientOptions { ApiKey = Key, BaseUri = new Uri(api.Origin), Time = new DrivenTime() });
        SaveRequest request = api.Request(_folder.Combine("a.mp4")) with { Video = new KlingVideo { Url = url } };
        return new VideoSaver(client).SaveAsync(request, TestContext.Current.CancellationToken);
    }
}
