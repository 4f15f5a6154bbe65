using System.Net;
using System.Net.Http;
using System.Reflection;
using KlingEffects.Api.Exchange;
using KlingEffects.Api.Gateways;
using KlingEffects.Http;
using KlingEffects.Policies;
using Microsoft.Extensions.Time.Testing;

namespace KlingEffects.Tests.Http;

/// <summary>What .NET Framework does otherwise, imitated here; the rules of its Uri are in <see cref="OldUriRulesTests"/>.</summary>
public sealed class FrameworkRulesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_partial_file_is_opened_as_it_is_read()
    {
        using FileStream file = FileStreams.OpenAlone(_folder.Combine("a.partial"), FileMode.CreateNew);
        Assert.Equal(BuildUnderTest.IsNetStandard, !file.IsAsync);
    }

    [Fact]
    public void Whoever_cancels_does_not_wait_for_an_answers_end()
    {
        Assert.SkipUnless(BuildUnderTest.IsNetStandard, "Only the other build ends an answer by its body.");
        using ManualResetEventSlim drained = new();
        using CancellationTokenSource stop = new();
        SlowToEnd answer = new(drained);
        using (HttpHandlers.AbortOn(answer, stop.Token))
        {
            // It would not come back if the answer were ended within.
            stop.Cancel();
        }

        drained.Set();
        Assert.True(SpinWait.SpinUntil(() => answer.HasEnded, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task A_body_that_fails_ends_its_connection()
    {
        EndedStream connection = new();
        using FailingBody body = new();
        await Assert.ThrowsAsync<KlingException>(() => body.CopyToAsync(connection, Cancellation));
        Assert.Equal(BuildUnderTest.IsNetStandard, connection.HasEnded);
        Assert.NotNull(body.Failure);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3000)]
    [InlineData(4096)]
    public async Task What_came_of_a_stalled_download_is_kept(int inHand)
    {
        byte[] sent = [.. Enumerable.Range(0, inHand).Select(static at => (byte)at)];
        FrameworkConnection connection = new(sent);
        using StreamContent content = new(new ScriptedStream(connection.ReadAsync));
        using CancellationTokenSource stall = new(TimeSpan.FromMilliseconds(BuildUnderTest.IsNetStandard ? 30_000 : 200));
        using Stream answer = await HttpHandlers.ReadStreamAsync(content, Cancellation);
        byte[] block = new byte[256 * 1024];
        if (!BuildUnderTest.IsNetStandard)
        {
            // As it would be there without more: the bytes are in hand, and the read waits.
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer.ReadAsync(block, stall.Token).AsTask());
            return;
        }

        Assert.Equal(inHand, await answer.ReadAsync(block, stall.Token));
        Assert.Equal(sent, block[..inHand]);
        Task<int> next = answer.ReadAsync(block, stall.Token).AsTask();
        Assert.False(next.IsCompleted);
        connection.GoOn([7, 8, 9]);
        int more = await next;
        Assert.Equal(7, block[0]);
        Assert.Equal([8, 9], more > 1 ? block[1..3] : block[..await answer.ReadAsync(block, stall.Token)]);
    }

    [Theory]
    [InlineData("http://api.example/")]
    [InlineData("https://api.example/")]
    public void Idle_connections_are_dropped_where_they_are_kept_through_a_proxy_too(string destination)
    {
        Uri address = new(destination);
        WebProxy proxy = new($"http://proxy-{address.Scheme}.example:3128/");
        ServicePoint own = Point(address, null);
        ServicePoint proxys = Point(address, proxy);
        Assert.Equal(proxy.Address, proxys.Address);
        int usual = own.MaxIdleTime;
        MethodInfo? bound = typeof(HttpHandlers).GetMethod("BoundIdle", BindingFlags.Static | BindingFlags.NonPublic);
        Assert.Equal(BuildUnderTest.IsNetStandard, bound is not null);

        bound?.Invoke(null, [address, proxy]);
        int idle = BuildUnderTest.IsNetStandard ? (int)Policy.IdleConnection.TotalMilliseconds : usual;
        Assert.Equal((usual, idle), (own.MaxIdleTime, proxys.MaxIdleTime));
    }

    [Theory]
    [InlineData("C:\\a\"b.png", "character")]
    [InlineData("C:\\a<b>.png", "character")]
    [InlineData("C:\\a|b", "character")]
    [InlineData("C:\\a\u0007", "character")]
    [InlineData("C:\\a:b.png", "second colon")]
    [InlineData("C:\\a b'[1].png", null)]
    public void Of_a_path_is_known_what_the_framework_would_throw_for(string path, string? reason)
    {
        string? fault = PathRules.FrameworkFault(path);
        Assert.Equal(reason is null, fault is null);
        Assert.Contains(reason ?? "", fault ?? "", StringComparison.Ordinal);
    }

    // No attribute can hold such text.
    [Theory]
    [InlineData("a", 0xD83D, "")]
    [InlineData("", 0xDE00, "a")]
    public void Half_a_surrogate_pair_is_no_id(string before, int half, string after)
    {
        KlingException error = Assert.Throws<KlingException>(
            () => KlingGateway.CometApi.QueryUri(new Uri("https://api.example/"), "effects", before + (char)half + after));
        Assert.Equal(KlingErrorId.InvalidRequest, error.Id);
    }

    [Fact]
    public void Nor_is_it_the_URL_of_an_image()
    {
        ImageSource image = ImageSource.Parse("https://images.example/a\uD83D.jpg");
        Assert.Equal(KlingErrorId.InvalidRequest, Assert.Throws<KlingException>(() => image.Check(skipImageCheck: false)).Id);
    }

    [Fact]
    public async Task An_upload_that_is_never_begun_was_not_sent_and_is_sent_without_asking_for_leave()
    {
        FakeTimeProvider time = new();
        List<bool?> expects = [];
        ScriptedHandler handler = new(async (request, stop) =>
        {
            expects.Add(request.Headers.ExpectContinue);
            await Task.Delay(Timeout.Infinite, stop);
            return null!;
        });
        FailingBody body = new();
        ApiConnection connection = TestConnection.Create(handler, new Uri("https://never-begun.example/"), time: time);
        Task<Response> exchange = connection.SendAsync(HttpMethod.Post, new Uri("https://never-begun.example/"), body, null, Cancellation);
        TimeSpan begin = Policy.StallTimeout + Policy.ConnectTimeout;
        time.Advance(begin);
        SpinWait.SpinUntil(() => expects.Count == 2, TimeSpan.FromSeconds(30));
        time.Advance(begin);
        Response none = await exchange;
        Assert.Equal([true, false], expects);
        Assert.Equal(BodyProgress.NotBegun, none.Sent);
    }

    [Theory]
    [InlineData("https://api.example/", "http://secure:8443/")]
    [InlineData("http://api.example/", "http://ana:pw@plain:3128/")]
    [InlineData("https://host.direct.example/", null)]
    [InlineData("https://direct.example:444/", null)]
    [InlineData("https://port.example:81/", null)]
    [InlineData("https://port.example/", "http://secure:8443/")]
    [InlineData("http://127.0.0.1/", null)]
    public void The_environments_proxy_is_read_as_NET_reads_it(string destination, string? proxy)
    {
        EnvironmentProxy named = Named(("http_proxy", "ana:pw@plain:3128"), ("HTTPS_PROXY", "http://secure:8443"), ("NO_PROXY", ".direct.example, port.example:81"));
        Uri address = new(destination);
        Assert.Equal(proxy is null, named.IsBypassed(address));
        Assert.Equal(new Uri(proxy ?? destination), named.GetProxy(address));
    }

    [Fact]
    public void Its_login_is_in_its_address()
    {
        EnvironmentProxy named = Named(("ALL_PROXY", "http://ana:p%40w@plain:3128"));
        NetworkCredential login = named.GetCredential(new Uri("http://plain:3128/"), "Basic")!;
        Assert.Equal(("ana", "p@w"), (login.UserName, login.Password));
        Assert.True(named.IsNamed);
        Assert.False(Named().IsNamed);
    }

    [Fact]
    public void A_file_takes_anothers_name_in_one_step()
    {
        string from = _folder.Write("a", [1]);
        string to = _folder.Write("b", [2]);
        FileMoves.Rename(from, to);
        Assert.Equal([1], File.ReadAllBytes(to));
        Assert.False(File.Exists(from));
        Assert.ThrowsAny<IOException>(() => FileMoves.Rename(from, to));
        Assert.Equal([1], File.ReadAllBytes(to));
    }

#pragma warning disable SYSLIB0014 // what .NET Framework has is what is under test
    private static ServicePoint Point(Uri address, IWebProxy? proxy) => ServicePointManager.FindServicePoint(address, proxy);
#pragma warning restore SYSLIB0014

    private static EnvironmentProxy Named(params (string Name, string Value)[] variables) =>
        new(name => variables.FirstOrDefault(variable => variable.Name == name).Value);

    /// <summary>Gives what is in hand only to a read that asks for no more; any other waits for what comes next.</summary>
    private sealed class FrameworkConnection(byte[] inHand)
    {
        private readonly TaskCompletionSource<byte[]> _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _at;
        private bool _hasMore;
        private byte[] _bytes = inHand;

        public void GoOn(byte[] more) => _more.SetResult(more);

        public async Task<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            int kept = Math.Min(buffer.Length, _bytes.Length - _at);
            _bytes.AsMemory(_at, kept).CopyTo(buffer);
            if (kept < buffer.Length && !(_hasMore && kept > 0))
            {
                byte[] more = await (_hasMore ? Task.Delay(Timeout.Infinite, cancellationToken).ContinueWith<byte[]>(static _ => [], cancellationToken) : _more.Task.WaitAsync(cancellationToken));
                _hasMore = true;
                _bytes = [.. _bytes[..(_at + kept)], .. more];
                int next = Math.Min(buffer.Length - kept, more.Length);
                more.AsMemory(0, next).CopyTo(buffer[kept..]);
                kept += next;
            }

            _at += kept;
            return kept;
        }
    }

    private sealed class FailingBody : RequestBody
    {
        public override long Length => 2 * 1024 * 1024;

        protected override Task WriteAsync(Stream stream, CancellationToken cancellationToken) =>
            throw new KlingException(KlingErrorId.ImageInvalid, "The file changed.");
    }

    private sealed class EndedStream : MemoryStream
    {
        public bool HasEnded { get; private set; }

        protected override void Dispose(bool disposing)
        {
            HasEnded = true;
            base.Dispose(disposing);
        }
    }

    private sealed class SlowToEnd(ManualResetEventSlim drained) : ByteArrayContent([])
    {
        public bool HasEnded { get; private set; }

        protected override void Dispose(bool disposing)
        {
            drained.Wait();
            HasEnded = true;
            base.Dispose(disposing);
        }
    }
}
