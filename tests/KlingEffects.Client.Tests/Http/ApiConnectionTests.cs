using System.Globalization;
using System.Net;
using System.Text;
using KlingEffects.Api.Exchange;
using KlingEffects.Http;
using KlingEffects.Policies;
using Microsoft.Extensions.Time.Testing;

namespace KlingEffects.Tests.Http;

/// <summary>One exchange: what leaves, how long it may take, and how much may come.</summary>
public sealed class ApiConnectionTests
{
    private const string Key = "sk-connection";

    private static readonly Uri Address = new("https://api.example/kling/v1/videos/effects/t");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task The_key_leaves_as_a_bearer_token_and_nowhere_else()
    {
        ScriptedHandler handler = new(static (_, _) => Task.FromResult(Answer("{}")));
        await SendAsync(handler);
        HttpRequestMessage request = Assert.Single(handler.Requests);
        Assert.Equal(("Bearer", Key), (request.Headers.Authorization!.Scheme, request.Headers.Authorization.Parameter));
        Assert.DoesNotContain(Key, request.RequestUri!.AbsoluteUri, StringComparison.Ordinal);
        Assert.Equal(["Accept", "Accept-Encoding", "Authorization", "Cache-Control", "User-Agent"], request.Headers.Select(static header => header.Key).Order());
        Assert.Equal(("identity", "no-cache"), (request.Headers.AcceptEncoding.ToString(), request.Headers.CacheControl!.ToString()));
    }

    [Fact]
    public async Task An_answer_must_begin_within_two_minutes()
    {
        ScriptedHandler handler = new(static async (_, token) =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return Answer("{}");
        });
        Task<Response> exchange = SendAsync(handler);
        _time.Advance(Policy.AnswerTimeout - TimeSpan.FromSeconds(1));
        Assert.False(exchange.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((BodyProgress.Whole, "no answer came in time"), ((await exchange).Sent, (await exchange).Fault!.Message));
    }

    [Fact]
    public async Task A_body_must_not_stall_for_half_a_minute()
    {
        TaskCompletionSource reading = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<Response> exchange = SendAsync(Streaming(async (_, token) =>
        {
            reading.TrySetResult();
            await Task.Delay(Timeout.Infinite, token);
            return 0;
        }));
        await reading.Task;
        _time.Advance(Policy.StallTimeout - TimeSpan.FromSeconds(1));
        Assert.False(exchange.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("nothing came for 30 seconds", (await exchange).Fault!.Message);
    }

    [Fact]
    public async Task A_body_that_drips_has_an_end()
    {
        int bytes = 0;
        Response response = await SendAsync(Streaming((_, token) =>
        {
            _time.Advance(TimeSpan.FromSeconds(20));
            token.ThrowIfCancellationRequested();
            return Task.FromResult(++bytes > 0 ? 1 : 0);
        }));
        Assert.Contains(response.Fault!.Message, (string[])["the answer came too slowly", "nothing came for 30 seconds"]);
        Assert.InRange(bytes, 1, 6);
    }

    [Fact]
    public async Task A_body_that_tells_too_great_a_length_is_not_read()
    {
        ScriptedHandler handler = Streaming(static (_, _) => throw new InvalidDataException("it was read"));
        Response response = await SendAsync(handler, content => content.Headers.ContentLength = ApiConnection.LargestAnswer + 1);
        Assert.NotNull(response.Unfit);
        Assert.True(response.Body.IsEmpty);
    }

    [Fact]
    public async Task A_body_without_an_end_is_read_up_to_the_bound()
    {
        long sent = 0;
        Response response = await SendAsync(Streaming((block, _) =>
        {
            sent += block.Length;
            return Task.FromResult(block.Length);
        }));
        Assert.NotNull(response.Unfit);
        Assert.InRange(sent, ApiConnection.LargestAnswer, ApiConnection.LargestAnswer + (64 * 1024));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("x-gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    [InlineData("zstd")]
    [InlineData("identity")]
    [InlineData("none")]
    [InlineData("UTF-8")]
    [InlineData("aws-chunked")]
    public async Task A_word_for_a_compression_that_is_none_changes_nothing(string encoding)
    {
        ScriptedHandler handler = new(static (_, _) => Task.FromResult(Answer("{\"code\":0}")));
        Response response = await SendAsync(handler, content => content.Headers.ContentEncoding.Add(encoding));
        Assert.Equal("{\"code\":0}", Encoding.UTF8.GetString(response.Body.Span));
    }

    [Theory]
    [InlineData("7", 7.0)]
    [InlineData("0", null)]
    [InlineData("-7", null)]
    [InlineData("soon", null)]
    [InlineData("Sun, 22 Nov 2026 12:00:30 GMT", 30.0)]
    [InlineData("Sun, 22 Nov 2026 11:00:00 GMT", null)]
    public async Task The_wait_asked_for_is_a_number_of_seconds_or_a_date(string value, double? seconds)
    {
        Response response = await SendAsync(new ScriptedHandler((_, _) =>
        {
            HttpResponseMessage answer = Answer("{}", HttpStatusCode.TooManyRequests);
            answer.Headers.TryAddWithoutValidation("Retry-After", value);
            return Task.FromResult(answer);
        }));
        Assert.Equal(seconds, response.RetryAfter?.TotalSeconds);
    }

    [Fact]
    public async Task A_callers_stop_is_his_own()
    {
        using CancellationTokenSource stop = new();
        ScriptedHandler handler = new(async (_, token) =>
        {
            await stop.CancelAsync();
            token.ThrowIfCancellationRequested();
            return Answer("{}");
        });
        ApiConnection connection = TestConnection.Create(handler, Address, Key, _time);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connection.SendAsync(HttpMethod.Get, Address, null, null, stop.Token));
    }

    [Fact]
    public async Task A_connection_that_is_not_made_in_time_is_said_to_be_that()
    {
        Response none = await SendAsync(new ScriptedHandler(static (_, _) => throw new TaskCanceledException("slow", new TimeoutException())));
        Assert.Equal("no connection to api.example within 15 s", none.Fault!.Message);
    }

    [Theory]
    [InlineData(typeof(HttpRequestException))]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(NotSupportedException))]
    [InlineData(typeof(NullReferenceException))]
    public async Task What_the_network_throws_is_told_in_clean_words(Type type)
    {
        Exception fault = (Exception)Activator.CreateInstance(type, "broken\u001b[31m by http://proxy.example/?sig=1")!;
        Response none = await SendAsync(new ScriptedHandler((_, _) => throw fault));
        Assert.StartsWith("broken [31m by http://proxy.example/?…", none.Fault!.Message, StringComparison.Ordinal);
    }

    private Task<Response> SendAsync(ScriptedHandler handler, Action<HttpContent>? change = null)
    {
        HttpMessageHandler whole = change is null ? handler : new Changing(handler, change);
        return TestConnection.Create(whole, Address, Key, _time).SendAsync(HttpMethod.Get, Address, null, null, TestContext.Current.CancellationToken);
    }

    private static ScriptedHandler Streaming(Func<Memory<byte>, CancellationToken, Task<int>> read) =>
        new((_, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new ScriptedStream(read)) }));

    private static HttpResponseMessage Answer(string body, HttpStatusCode status = HttpStatusCode.OK) =>
        new(status) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };

    private sealed class Changing(HttpMessageHandler inner, Action<HttpContent> change) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            change(response.Content);
            return response;
        }
    }
}
