using System.Net;
using System.Net.Sockets;
using KlingEffects.Http;

namespace KlingEffects.Tests.Http;

/// <summary>The client's own way to the network, which tells the clock when a request is under way and may find nobody at home.</summary>
internal sealed class CountedHandler(PassingTime time) : DelegatingHandler(ConnectionHandler.CreateInner(useProxy: false))
{
    private int _requests;

    /// <summary>Whether the request of this number, from 1, goes to a port where nobody listens.</summary>
    public Func<int, bool> FindsNobody { get; set; } = static _ => false;

    /// <summary>Whether the name of the host of the request of this number is not known.</summary>
    public Func<int, bool> FindsNoName { get; set; } = static _ => false;

    /// <summary>Whether a GET whose connection ends before its answer begins is sent once more at once, as .NET Framework does by itself.</summary>
    public bool RepeatsResets { get; set; }

    /// <summary>Called when an answer has come, before it is read.</summary>
    public Action? OnAnswer { get; set; }

    /// <summary>How many requests were to leave.</summary>
    public int Requests => Volatile.Read(ref _requests);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        int number = Interlocked.Increment(ref _requests);
        HttpContent? body = request.Content;
        time.Begin();
        try
        {
            if (FindsNoName(number))
            {
                throw new HttpRequestException("Name or service not known", new SocketException((int)SocketError.HostNotFound));
            }

            if (FindsNobody(number))
            {
                request.RequestUri = new UriBuilder(request.RequestUri!) { Port = ClosedPort }.Uri;
            }

            time.Await(request.Content is null ? AnswerPart.Beginning : AnswerPart.None, cancellationToken);
            request.Content = body is null ? null : new CountedContent(body) { Written = () => time.Await(AnswerPart.Beginning, cancellationToken) };
            HttpResponseMessage response = await SendOnAsync(request, cancellationToken);
            time.Await(AnswerPart.None, cancellationToken);
            OnAnswer?.Invoke();
            response.Content = new CountedContent(response.Content)
            {
                Reading = isBegun => time.Await(isBegun ? AnswerPart.Rest : AnswerPart.None, cancellationToken),
                Ended = time.End,
            };
            return response;
        }
        catch
        {
            time.End();
            throw;
        }
        finally
        {
            request.Content = body;
        }
    }

    private async Task<HttpResponseMessage> SendOnAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException fault) when (RepeatsResets && request.Method == HttpMethod.Get && RequestFault.From(fault, request.RequestUri!, null).IsDropped)
        {
            using HttpRequestMessage again = new(request.Method, request.RequestUri);
            foreach ((string name, IEnumerable<string> values) in request.Headers)
            {
                again.Headers.TryAddWithoutValidation(name, values);
            }

            return await base.SendAsync(again, cancellationToken);
        }
    }

    /// <summary>A port of this machine at which nobody listens, and nobody will: it is taken.</summary>
    private static int ClosedPort { get; } = TakePort();

    private static int TakePort()
    {
        Socket taken = new(SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)taken.LocalEndPoint!).Port;
    }

    /// <summary>Tells how far its writer or its reader is.</summary>
    private sealed class CountedContent : HttpContent
    {
        private readonly HttpContent _inner;
        private Action? _ended;

        public CountedContent(HttpContent inner)
        {
            _inner = inner;
            foreach ((string name, IEnumerable<string> values) in inner.Headers)
            {
                Headers.TryAddWithoutValidation(name, values);
            }
        }

        public Action? Written { get; init; }

        /// <summary>Told when a read begins, and when it ends.</summary>
        public Action<bool> Reading { get; init; } = static _ => { };

        public Action? Ended { init => _ended = value; }

        protected override async Task<Stream> CreateContentReadStreamAsync() => new CountedStream(await _inner.ReadAsStreamAsync(), Reading);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await _inner.CopyToAsync(stream);
            Written?.Invoke();
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _inner.Headers.ContentLength ?? 0;
            return _inner.Headers.ContentLength is not null;
        }

        protected override void Dispose(bool disposing)
        {
            _inner.Dispose();
            base.Dispose(disposing);
            Interlocked.Exchange(ref _ended, null)?.Invoke();
        }
    }

    private sealed class CountedStream(Stream inner, Action<bool> reading) : ReadOnlyStream(inner)
    {
        protected override async Task<int> ReadNextAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            reading(true);
            try
            {
                return await Inner.ReadAsync(buffer.AsMemory(offset, count), cancellationToken);
            }
            finally
            {
                reading(false);
            }
        }
    }
}
