using KlingEffects.Api.Answers;
using KlingEffects.Api.Exchange;
using KlingEffects.Api.Gateways;
using KlingEffects.Http;

namespace KlingEffects.Api;

/// <summary>Makes single calls of the API at one gateway. Retries are built on top of it.</summary>
internal sealed class ApiClient
{
    private readonly KlingClientOptions _options;
    private readonly ApiConnection _connection;
    private readonly ApiClients? _others;

    /// <exception cref="KlingException">ApiKeyMissing, or InvalidRequest for an address that is not safe to send a key to.</exception>
    public ApiClient(KlingClientOptions options, HttpMessageHandler? connections = null, ApiClients? others = null)
    {
        _options = options;
        _others = others;
        Uri? address = options.BaseUri is { } given ? BaseAddress.Read(given) : null;
        KlingGateway? named = options.Gateway is { } name ? KlingGateway.From(name) : address is null ? null : KlingGateway.At(address);
        Gateway = named ?? KlingGateway.CometApi;
        Known = others?.Known ?? new KnownTasks();
        string key = GatewayKey.Read(options.ApiKey, Gateway);
        KeyMask.Add(key);
        Root = Gateway.Root(address ?? Gateway.DefaultBaseUri);
        SubmitUri = Gateway.SubmitUri(Root);
        HttpChain http = new(options.Time, (Root, key), options.Proxy, connections);
        _connection = new ApiConnection(http, options.Time);
        VideoHttp = connections is null ? http : new HttpChain(options.Time, (Root, key), options.Proxy);
        Account = Account.For(Root, key, options.Time, options.Random);
    }

    public TimeProvider Time => _options.Time;
    public Random Random => _options.Random;
    public KlingGateway Gateway { get; }
    public Uri Root { get; }

    /// <summary>The HTTP chain for video hosts; it sends the key only to the API's own address.</summary>
    public HttpChain VideoHttp { get; set; }

    public KnownTasks Known { get; }
    public Account Account { get; }
    public Uri SubmitUri { get; }

    /// <summary>The client of a gateway; this one if none is named.</summary>
    /// <exception cref="KlingException">ApiKeyMissing: its key is not known. InvalidRequest: this client knows no other.</exception>
    public ApiClient For(KlingGatewayName? gateway) => gateway is not { } name || name == Gateway.Name ? this
        : _others?.For(name) ?? throw new KlingException(
            KlingErrorId.InvalidRequest, $"The gateway is {KlingGateway.From(name).Title}, and this client is {Gateway.Title}'s.");

    public RequestWatch? WatchVideo(Uri address) => _options.Trace?.Watch(HttpMethod.Get, RequestAddress.Place(address), Time);

    /// <summary>Submits once. Costs money.</summary>
    public Task<ApiResult> SubmitAsync(RequestBody body, CancellationToken cancellationToken) =>
        CallAsync(Operation.Submit, KlingTask.EffectsKind, () => SubmitUri, cancellationToken, body);

    /// <summary>Queries a task once; an answer about another known task is discarded.</summary>
    public async Task<ApiResult> QueryAsync(KlingTask asked, CancellationToken cancellationToken)
    {
        Known.Add(asked);
        string id = asked.TaskId.Length > 0 ? asked.TaskId : asked.ExternalTaskId ?? "";
        ApiResult result = await CallAsync(
            Operation.Query, asked.Kind, () => Gateway.QueryUri(Root, asked.Kind, id), cancellationToken, asked: id).ConfigureAwait(false);
        return result.Task is not { } told ? result
            : Known.OtherThan(asked, told) is { } other ? AnswerReader.Mistaken(other)
            : result with { Task = asked.TaskId.Length > 0 && told.TaskId.Length > 0 ? told.WithId(asked.TaskId) : told };
    }

    public Task<ApiResult> ListAsync(string kind, int page, CancellationToken cancellationToken) =>
        CallAsync(Operation.List, kind, () => Gateway.ListUri(Root, kind, page), cancellationToken);

    public Task<ApiResult> AccountAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = Time.GetUtcNow();
        return CallAsync(Operation.Account, "", () => KlingGateway.AccountUri(Root, now - Policy.PackAge, now), cancellationToken);
    }

    private async Task<ApiResult> CallAsync(
        Operation operation, string kind, Func<Uri> address, CancellationToken cancellationToken, RequestBody? body = null,
        string? asked = null)
    {
        Uri uri;
        try
        {
            uri = address();
        }
        catch (KlingException unusable)
        {
            return new ApiResult { Error = unusable, Creation = Creation.NotCreated };
        }

        HttpMethod method = body is null ? HttpMethod.Get : HttpMethod.Post;
        using RequestWatch? watch = _options.Trace?.Watch(method, RequestAddress.Path(uri), Time);
        Response response = await _connection.SendAsync(method, uri, body, watch, cancellationToken).ConfigureAwait(false);
        ApiResult result = Read(operation, response, asked);
        if (watch is not null)
        {
            watch.RequestId = result.Task?.RequestId ?? result.Error?.RequestId
                ?? (result.Tasks is { Count: > 0 } tasks ? tasks[0].RequestId : null);
        }

        return result with
        {
            Task = result.Task?.From(kind, Gateway.Name, response.ClockAhead),
            Tasks = result.Tasks?.Select(task => task.From(kind, Gateway.Name, response.ClockAhead)).ToList(),
            Error = result.Error?.Advised(Gateway.KeyVariable, Gateway.BaseUriVariable),
        };
    }

    // A reader that throws must not lose the answer: it may hold a paid task.
    private static ApiResult Read(Operation operation, Response response, string? asked)
    {
        try
        {
            return AnswerReader.Read(operation, response, asked);
        }
        catch (Exception fault)
        {
            string why = $"the answer can't be read: {ServerText.Clean(fault.Message)}";
            return AnswerReader.Read(operation, Response.None(response.Sent, new RequestFault(why) { Status = response.Status }));
        }
    }
}
