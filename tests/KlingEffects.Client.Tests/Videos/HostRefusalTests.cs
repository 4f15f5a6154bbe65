using KlingEffects.Api;
using KlingEffects.Videos.Transfer;
using Xunit;

namespace KlingEffects.Tests.Videos;

/// <summary>A refusal is not an expiry: what a host says, the age of the task and the fate of a fresh URL tell them apart.</summary>
public sealed class HostRefusalTests : IDisposable
{
    private const string Gone = "no longer";

    private static readonly byte[] Video = ScriptedHost.Video(60_000);
    private static readonly byte[] Found = ScriptedHost.Answer("200 OK\r\nContent-Length: 60000", Video);

    private readonly TemporaryFolder _folder = new();
    private readonly DrivenTime _time = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(403, "<Error><Code>SignatureDoesNotMatch</Code><Message>The request signature we calculated does not match</Message></Error>", "SignatureDoesNotMatch")]
    [InlineData(403, "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>", "AccessDenied")]
    [InlineData(403, "<Error><Code>AccessDenied</Code><Message>You are forbidden by bucket referer policy.</Message></Error>", "referer policy")]
    [InlineData(403, "<Error><Code>InvalidAccessKeyId</Code><Message>The key does not exist</Message></Error>", "InvalidAccessKeyId")]
    [InlineData(403, "<Error><Code>InvalidObjectState</Code><Message>The operation is not valid for the object's storage class</Message></Error>", "storage class")]
    [InlineData(403, "\uFEFF<?xml version=\"1.0\"?><Error><Code>AuthenticationFailed</Code><Message>Server failed to authenticate the request.</Message><AuthenticationErrorDetail>Signature did not match.</AuthenticationErrorDetail></Error>", "did not match")]
    [InlineData(403, "<Error><Code>AuthenticationFailed</Code><AuthenticationErrorDetail>Signature not valid in the specified time frame: Start [Mon, 23 Nov 2026 10:00:00 GMT] - Expiry [Tue, 24 Nov 2026 10:00:00 GMT] - Current [Sun, 22 Nov 2026 10:00:00 GMT]</AuthenticationErrorDetail></Error>", "time frame")]
    [InlineData(403, "<html><head><title>403 Forbidden</title></head></html>", "403 Forbidden")]
    [InlineData(403, "{\"error\":\"hotlink protection\"}", "hotlink protection")]
    [InlineData(403, "", "HTTP 403")]
    public async Task A_refusal_is_a_failed_download_with_the_hosts_reason(int status, string body, string reason)
    {
        KlingException failure = await FailAsync(status, body);

        Assert.Equal((KlingErrorId.DownloadFailed, status), (failure.Id, failure.HttpStatus));
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("submit", failure.RecommendedAction, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("SECRET", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403, "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>")]
    [InlineData(403, "<Error><Code>AccessDenied</Code><Message>Request has expired.</Message><Expires>2026-11-01T00:00:00.000Z</Expires></Error>")]
    [InlineData(400, "<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>")]
    [InlineData(401, "{\"error\":\"token expired\"}")]
    [InlineData(403, "<Error><Code>AuthenticationFailed</Code><AuthenticationErrorDetail>Signature not valid in the specified time frame: Start [Fri, 20 Nov 2026 10:00:00 GMT] - Expiry [Sat, 21 Nov 2026 10:00:00 GMT] - Current [Sun, 22 Nov 2026 10:00:00 GMT]</AuthenticationErrorDetail></Error>")]
    [InlineData(404, "<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>")]
    [InlineData(404, "<Error><Code>BlobNotFound</Code><Message>The specified blob does not exist.</Message></Error>")]
    [InlineData(403, "<Error><Code>NoSuchBucket</Code></Error>")]
    [InlineData(404, "")]
    [InlineData(410, "gone")]
    public async Task What_has_expired_or_is_gone_is_an_expired_video(int status, string body)
    {
        KlingException failure = await FailAsync(status, body);
        Assert.Equal((KlingErrorId.VideoExpired, status), (failure.Id, failure.HttpStatus));
        Assert.Contains(Gone, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(29, KlingErrorId.DownloadFailed)]
    [InlineData(30, KlingErrorId.VideoExpired)]
    public async Task A_host_that_only_refuses_is_believed_to_have_no_video_once_the_provider_keeps_none(int days, KlingErrorId expected) =>
        Assert.Equal(expected, (await FailAsync(403, "", new KlingTask { TaskId = "t-1", CreatedAt = _time.GetUtcNow() - TimeSpan.FromDays(days) })).Id);

    [Fact]
    public async Task The_client_says_what_it_is_to_every_host_and_the_advice_names_the_way_out()
    {
        await using ScriptedHost host = new(ScriptedHost.Answer("403 Forbidden"));
        KlingException failure = await Assert.ThrowsAsync<KlingException>(() => SaveAsync(host.Request(_folder.Combine("a.mp4"))));
        Assert.All(host.Requests, static request => Assert.Contains("User-Agent: KlingEffects/", request, StringComparison.Ordinal));
        Assert.Contains("UserAgent", failure.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_the_user_gives_is_what_the_host_is_told()
    {
        await using ScriptedHost host = new(Found);
        ApiClient api = new(new KlingClientOptions { ApiKey = "sk-test", BaseUri = new Uri(host.Origin), Time = _time });
        await new VideoSaver(api, "Mozilla/5.0 (mine; x)").SaveAsync(host.Request(_folder.Combine("a.mp4")), TestContext.Current.CancellationToken);
        Assert.Contains("User-Agent: Mozilla/5.0 (mine; x)\r\n", Assert.Single(host.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fresh_url_that_works_ends_the_matter()
    {
        await using ScriptedHost host = new(ScriptedHost.Answer("403 Forbidden"), Found);
        await SaveAsync(host.Request(_folder.Combine("a.mp4")) with { RefreshUrl = _ => Task.FromResult<string?>(host.Origin + "/fresh.mp4") });
        Assert.StartsWith("GET /fresh.mp4 ", host.Requests[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_that_the_provider_no_longer_knows_has_no_video()
    {
        await using ScriptedHost host = new(ScriptedHost.Answer("404 Not Found"));
        SaveRequest request = host.Request(_folder.Combine("a.mp4")) with
        {
            RefreshUrl = static _ => throw new KlingException(KlingErrorId.TaskNotFound, "unknown"),
        };
        Assert.Equal(KlingErrorId.VideoExpired, (await Assert.ThrowsAsync<KlingException>(() => SaveAsync(request))).Id);
    }

    [Fact]
    public void An_azure_header_tells_where_the_body_does_not()
    {
        Assert.True(HostRefusal.Parse(404, "", "BlobNotFound").IsGone);
        Assert.False(HostRefusal.Parse(403, "", "AuthorizationFailure").IsGone);
    }

    private async Task<KlingException> FailAsync(int status, string body, KlingTask? task = null)
    {
        await using ScriptedHost host = new(ScriptedHost.Answer($"{status} Whatever", System.Text.Encoding.UTF8.GetBytes(body)));
        SaveRequest request = host.Request(_folder.Combine("a.mp4")) with { RefreshUrl = _ => Task.FromResult<string?>(host.Url) };
        return await Assert.ThrowsAsync<KlingException>(() => SaveAsync(request with { Task = task ?? request.Task }));
    }

    private Task<SavedVideo> SaveAsync(SaveRequest request) => VideoScene.NewSaver(_time).SaveAsync(request, TestContext.Current.CancellationToken);
}
