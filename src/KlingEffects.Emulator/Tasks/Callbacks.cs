using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace KlingEffects.Emulator.Tasks;

/// <summary>Posts status changes to callback URLs, in order and best effort; to loopback only, so that no stranger hears of a test.</summary>
internal sealed class Callbacks : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly Channel<(Uri Target, byte[] Body)> _queue = Channel.CreateUnbounded<(Uri, byte[])>(new() { SingleReader = true });
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lazy<HttpClient> _http = new(() => new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = Patience });
    private readonly Task _worker;

    public Callbacks() => _worker = Task.Run(DeliverAsync);

    public void Post(string? callbackUrl, Func<JsonObject> task)
    {
        if (Uri.TryCreate(callbackUrl, UriKind.Absolute, out Uri? target) && target.Scheme == Uri.UriSchemeHttp && target.IsLoopback)
        {
            _queue.Writer.TryWrite((target, JsonSerializer.SerializeToUtf8Bytes(task())));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _stopping.CancelAsync();
        await _worker.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_http.IsValueCreated)
        {
            _http.Value.Dispose();
        }

        _stopping.Dispose();
    }

    private async Task DeliverAsync()
    {
        await foreach ((Uri target, byte[] body) in _queue.Reader.ReadAllAsync(_stopping.Token))
        {
            try
            {
                using ByteArrayContent content = new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
                using HttpResponseMessage answer = await _http.Value.PostAsync(target, content, _stopping.Token);
            }
            catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
            {
                // Best effort: polling stays the truth.
            }
        }
    }
}
