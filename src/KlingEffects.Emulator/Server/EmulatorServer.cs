using System.Net;
using KlingEffects.Emulator.Api;
using KlingEffects.Emulator.Control;
using KlingEffects.Emulator.Exchanges;
using KlingEffects.Emulator.Recording;
using KlingEffects.Emulator.Video;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace KlingEffects.Emulator.Server;

/// <summary>Kestrel on two loopback ports, without a host around it: it leaves signals, configuration and logging to whoever runs it.</summary>
internal sealed class EmulatorServer : IHttpApplication<HttpContext>, IAsyncDisposable
{
    private const int LargestBody = 64 * 1024 * 1024;
    private readonly EmulatorState _state;
    private readonly KestrelServer _kestrel;
    private readonly ListenOptions _api;
    private readonly ListenOptions _video;
    private ControlHost? _control;

    public EmulatorServer(EmulatorState state)
    {
        _state = state;
        KestrelServerOptions options = new() { AddServerHeader = false };
        options.Limits.MaxRequestBodySize = LargestBody;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.Limits.MaxResponseBufferSize = 512 * 1024;
        _api = Listen(options, state.Options.ApiPort);
        _video = Listen(options, state.Options.VideoPort);
        SocketTransportFactory sockets = new(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        _kestrel = new KestrelServer(Options.Create(options), sockets, NullLoggerFactory.Instance);
    }

    public Uri ApiUri => UriOf(_api);

    public Uri VideoUri => UriOf(_video);

    public async Task StartAsync(CancellationToken cancellation)
    {
        await _kestrel.StartAsync(this, cancellation);
        _state.Urls.Host = VideoUri;
        _control = new ControlHost(_state, ApiUri, VideoUri);
    }

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    public Task ProcessRequestAsync(HttpContext context)
    {
        bool atVideoHost = context.Connection.LocalPort == _video.IPEndPoint!.Port;
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return !atVideoHost && target.StartsWith(ControlHost.Prefix, StringComparison.Ordinal) && _control is { } control
            ? control.HandleAsync(context, target, context.RequestAborted)
            : ProcessAsync(context, atVideoHost);
    }

    public async ValueTask DisposeAsync()
    {
        await _state.Stopping.CancelAsync();
        await _kestrel.StopAsync(new CancellationToken(canceled: true));
        _kestrel.Dispose();
    }

    private async Task ProcessAsync(HttpContext context, bool atVideoHost)
    {
        RecordedRequest request = _state.Log.Arrived(context, atVideoHost, _state.Options.RequestHistory);
        ApiRoute? route = atVideoHost ? null : ApiRoute.Of(request.Method, request.Path, _state.Options.Gateway);
        request.Operation = atVideoHost ? Operation.Video : route?.Operation ?? Operation.Any;
        _state.Traffic.Enter(request.Operation);
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _state.Stopping.Token);
        Exchange exchange = new(_state, context, request, over.Token);
        try
        {
            await (atVideoHost ? VideoHost.HandleAsync(exchange) : ApiHost.HandleAsync(exchange, route));
        }
        catch (Exception gone) when (over.IsCancellationRequested || IsClientGone(gone))
        {
            context.Abort();
        }
        catch (Exception failure)
        {
            _state.Log.Violation(request, $"the emulator could not handle it: {failure.GetType().Name}: {failure.Message}");
            throw;
        }
        finally
        {
            _state.Traffic.Leave(request.Operation);
            _state.Log.Over(request);
        }
    }

    private static bool IsClientGone(Exception failure) => failure switch
    {
        Microsoft.AspNetCore.Http.BadHttpRequestException bad => bad.StatusCode != StatusCodes.Status413PayloadTooLarge,
        OperationCanceledException or ConnectionAbortedException or ConnectionResetException => true,
        _ => false,
    };

    private static Uri UriOf(ListenOptions listening) => new UriBuilder(Uri.UriSchemeHttp, IPAddress.Loopback.ToString(), listening.IPEndPoint!.Port).Uri;

    private static ListenOptions Listen(KestrelServerOptions options, int port)
    {
        ListenOptions? listening = null;
        options.Listen(IPAddress.Loopback, port, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listening = listen;
        });
        return listening!;
    }
}
