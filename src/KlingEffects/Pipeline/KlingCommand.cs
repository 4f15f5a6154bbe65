using System.ComponentModel;
using System.Security;
using KlingEffects.Api;
using KlingEffects.Api.Exchange;
using KlingEffects.Api.Gateways;
using KlingEffects.Batches;
using KlingEffects.Binding;
using KlingEffects.Rows;

namespace KlingEffects.Pipeline;

/// <summary>What the cmdlets that speak to the API have in common: key, address, and a stage whose records the pump writes.</summary>
/// <typeparam name="TItem">What the cmdlet's stage works on.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class KlingCommand<TItem> : PSCmdlet, IPumpOwner, ITerminable, IDisposable
{
    private readonly RequestTrace _trace = new();
    private Stage<TItem>? _stage;
    private ApiClients? _clients;
    private BaseUriSource? _own;
    private Pump? _pump;
    private int _stops;

    /// <summary>The API key: a SecureString or a string. Default: <c>$env:COMETAPI_KEY</c>, for Kling <c>$env:KLING_API_KEY</c>.</summary>
    [Parameter(HelpMessage = "The API key, as a SecureString or a string. Default: $env:COMETAPI_KEY, for Kling $env:KLING_API_KEY.")]
    [ApiKeyTransformation]
    public SecureString? ApiKey { get; set; }

    /// <summary>The API's address. Default: <c>$env:COMETAPI_BASE_URL</c>, for Kling <c>$env:KLING_BASE_URL</c>, else the gateway's own.</summary>
    [Parameter(HelpMessage = "The API's address. Default: $env:COMETAPI_BASE_URL, for Kling $env:KLING_BASE_URL, else the gateway's own.")]
    [AddressTransformation]
    [ValidateNotNull]
    public Uri? BaseUri { get; set; }

    /// <summary>Whose API it is. Default: the one at whose host the address is, else CometAPI; an object that tells its gateway keeps it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, HelpMessage = "Whose API it is: CometApi, or Kling itself. Default: by the host of the address, else CometApi.")]
    [ArgumentCompleter(typeof(GatewayCompleter))]
    [CellTransformation(RowColumn.Gateway)]
    [AllowNull]
    public virtual KlingGatewayName? Gateway { get; set; }

    /// <summary>The proxy to go through, to the API and to the videos' hosts. Default: the system's.</summary>
    [Parameter(HelpMessage = "The proxy to go through, to the API and to the videos' hosts. Default: the system's.")]
    [AddressTransformation]
    [ValidateNotNull]
    public Uri? Proxy { get; set; }

    /// <summary>The login for the proxy.</summary>
    [Parameter(HelpMessage = "The login for the proxy that -Proxy names.")]
    [Credential]
    public PSCredential? ProxyCredential { get; set; }

    /// <summary>How many requests this cmdlet has in flight at once.</summary>
    [Parameter(HelpMessage = "How many requests this cmdlet has in flight at once.")]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; }

    /// <summary>What the progress display calls the work.</summary>
    private protected abstract string Activity { get; }

    /// <summary>The requests in flight unless the user says otherwise.</summary>
    private protected abstract int DefaultThrottleLimit { get; }

    /// <summary>Makes the cmdlet's work.</summary>
    /// <param name="api">The API.</param>
    private protected abstract Stage<TItem> CreateStage(ApiClient api);

    /// <summary>The gateway of the item at hand, where the object does not tell it.</summary>
    private protected KlingGatewayName GatewayOrDefault => Gateway ?? _own!.Gateway.Name;

    /// <summary>Whether what comes may tell gateways of its own, so that the key of the command's own one may not be needed.</summary>
    private protected virtual bool MayMeetOtherGateways => false;

    /// <summary>The API of a gateway.</summary>
    /// <exception cref="KlingException">ApiKeyMissing, or InvalidRequest for an address that is not safe to send a key to.</exception>
    private protected ApiClient ApiOf(KlingGatewayName gateway) => _clients!.For(gateway);

    /// <summary>What is said of tasks whose ids would be lost with a pipeline that ended early; their ids follow.</summary>
    private protected abstract string HeldNotice { get; }

    /// <summary>The tasks whose ids would be lost with the pipeline.</summary>
    private protected HeldTasks Held { get; } = new();

    /// <summary>Makes of a stage's output what the pipeline gets.</summary>
    private protected virtual object Present(object output) => output;

    /// <summary>The id of the task that an output or a failure tells of, or null.</summary>
    private protected virtual string? IdIn(object record) => record switch
    {
        KlingTask task => task.TaskId,
        KlingException failure => failure.TaskId,
        _ => null,
    };

    /// <summary>The pipeline has ended early; the stage is about to be joined.</summary>
    private protected virtual void OnLeaving()
    {
    }

    /// <summary>All has ended, early or not; nothing of the stage runs any more.</summary>
    private protected virtual void OnLeft()
    {
        if (LastWords is { } words)
        {
            this.WriteLastWords(words);
        }
    }

    private protected virtual SafeText? LastWords => Held.Leftover is { } ids ? (SafeText)$"{HeldNotice}: {ids}" : null;

    SafeText? ITerminable.LastWords => LastWords;

    void ITerminable.Stop() => StopProcessing();

    /// <summary>The output or the failure has got to whoever comes next.</summary>
    private protected virtual void OnDelivered(object record) => Held.Release(IdIn(record));

    object IPumpOwner.Present(object output) => Present(output);

    void IPumpOwner.OnDelivered(object record) => OnDelivered(record);

    void IPumpOwner.OnLeaving() => OnLeaving();

    void IPumpOwner.Report(SafeText line) => Report(line);

    void IPumpOwner.Warn(SafeText text) => Warn(text);

    void IPumpOwner.Fail(ErrorRecord record) => Fail(record);

    void IPumpOwner.Show(ProgressRecord progress) => Show(progress);

    private protected virtual void Report(SafeText line) => this.WriteDetail(line);

    private protected virtual void Warn(SafeText text) => this.WriteCaution(text);

    private protected virtual void Fail(ErrorRecord record) => WriteError(record);

    /// <summary>Ends the command.</summary>
    private protected virtual void End(KlingException error) => ThrowTerminatingError(ErrorRecords.From(error));

    private protected virtual void Show(ProgressRecord progress) => WriteProgress(progress);

    /// <summary>Hands an item to the stage and writes what is ready.</summary>
    private protected void Add(TItem item) => _pump!.Add(_stage!, item);

    /// <summary>Whether the object is one by which an earlier stage lends its thread; if so, what is ready is written.</summary>
    private protected bool IsTurn(KlingTask? task)
    {
        if (task is PipelineTurn)
        {
            _pump!.TakeTurn();
            return true;
        }

        if (task is not null)
        {
            _pump!.Meet(task);
        }

        return false;
    }

    /// <summary>One item's failure that was found on the pipeline's thread.</summary>
    private protected void Fail(KlingException error) => Fail(ErrorRecords.From(error));

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        ThrottleLimit = ThrottleLimit > 0 ? ThrottleLimit : DefaultThrottleLimit;
        try
        {
            _own = BaseUriSource.Read(Gateway, BaseUri);
            _clients = new ApiClients(OptionsOf);
            _stage = CreateStage(FirstApi(isNamed: Gateway is not null));
        }
        catch (KlingException error)
        {
            End(error);
        }

        // A stop may have come before there was a pump to tell: with a fence on both sides one of the two sees the other.
        Interlocked.Exchange(ref _pump, new Pump(this, _stage!, _trace, $"{Activity}", this, TimeProvider.System));
        Termination.Add(this);
        if (_stops > 0)
        {
            _pump!.Stop();
        }
    }

    private KlingClientOptions OptionsOf(KlingGatewayName name)
    {
        KlingGateway gateway = KlingGateway.From(name);
        return new KlingClientOptions
        {
            Gateway = name,
            ApiKey = ApiKeySource.Read(ApiKey, gateway, _own!.Gateway),
            BaseUri = gateway == _own.Gateway ? _own.Address : BaseUriSource.FromEnvironment(gateway).Address,
            Proxy = ProxySource.Read(Proxy, ProxyCredential),
            Trace = _trace,
        };
    }

    // Without any key nothing begins; with another gateway's, what comes may all be that one's.
    private ApiClient FirstApi(bool isNamed)
    {
        try
        {
            return ApiOf(_own!.Gateway.Name);
        }
        catch (KlingException missing) when (missing.Id == KlingErrorId.ApiKeyMissing && ApiKey is null && !isNamed && MayMeetOtherGateways)
        {
            foreach (KlingGateway other in KlingGateway.All.Where(gateway => gateway != _own!.Gateway && ApiKeySource.HasKey(gateway)))
            {
                return ApiOf(other.Name);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => _pump!.Finish();

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        Interlocked.Increment(ref _stops);
        _pump?.Stop();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends what still runs.</summary>
    /// <param name="disposing">Whether it is not a finalizer that calls.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing && _pump is not null)
        {
            _pump.Dispose();
            _pump = null;
            OnLeft();
            Termination.Remove(this);
        }
    }
}
