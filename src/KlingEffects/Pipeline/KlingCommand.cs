using System.Collections.Concurrent;
using System.ComponentModel;
using KlingEffects.Api.Exchange;

namespace KlingEffects.Pipeline;

/// <summary>The base of the cmdlets that call the API: key, address, and a stage whose records the pump writes. The notice is shown with
/// the ids of tasks that would be lost when a pipeline ends early.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class KlingCommand(string activity, int throttleLimit, string heldNotice) : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly RequestTrace _trace = new();
    private readonly ConcurrentStringSet _held = new();
    private readonly ConcurrentDictionary<KlingException, bool> _doubts = new();
    private ApiClients? _clients;
    private GatewaySource? _own;
    private Pump? _pump;

    /// <summary>Whose API it is. Default: by the host of the address, else CometAPI; an object that tells its gateway keeps it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true,
        HelpMessage = "Whose API it is: CometApi, or Kling itself. Default: by the host of the address, else CometApi.")]
    [ArgumentCompleter(typeof(GatewayCompleter))]
    [CellTransformation(RowColumn.Gateway)]
    public virtual KlingGatewayName? Gateway { get; set; }

    /// <summary>The API key: a SecureString or a string. Default: <c>$env:COMETAPI_KEY</c>, for Kling <c>$env:KLING_API_KEY</c>.</summary>
    [Parameter(HelpMessage = "The API key, as a SecureString or a string. Default: $env:COMETAPI_KEY, for Kling $env:KLING_API_KEY.")]
    [ApiKeyTransformation]
    public SecureString? ApiKey { get; set; }

    /// <summary>The API's address. Default: <c>$env:COMETAPI_BASE_URL</c>, <c>$env:KLING_BASE_URL</c>, else the gateway's own.</summary>
    [Parameter(HelpMessage = "The API's address. Default: $env:COMETAPI_BASE_URL, for Kling $env:KLING_BASE_URL, else the gateway's own.")]
    [AddressTransformation]
    [ValidateNotNull]
    public Uri? BaseUri { get; set; }

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
    public int ThrottleLimit { get; set; } = throttleLimit;
    internal CancellationToken StopToken => _stop.Token;
    internal SafeText? LastWords => _held.IsEmpty ? null : (SafeText)$"{heldNotice}: {SafeText.Join(", ", _held.ToArray())}";
    private protected Pump Pump => _pump!;

    /// <summary>The gateway of the current item, if the object does not name one.</summary>
    private protected KlingGatewayName GatewayOrDefault => Gateway ?? _own!.Gateway.Name;

    /// <summary>Whether input may name other gateways, so that the command's own key may not be needed.</summary>
    private protected virtual bool MayMeetOtherGateways => MyInvocation.ExpectingInput;

    /// <summary>How many submits await their answers, and where their ids will be found.</summary>
    private protected virtual (int Submits, SafeText? WhereIdsAre) UnderWay => default;

    internal void Stop() => StopProcessing();

    internal virtual object Present(object output) => output;

    /// <summary>The next command or the user has received the output or failure.</summary>
    internal void OnDelivered(object record)
    {
        string? id = record switch
        {
            KlingTask task => task.TaskId,
            SavedVideo saved => saved.Task.TaskId,
            KlingException failure => failure.TaskId,
            _ => null,
        };
        _held.Remove(id ?? "");
        if (record is KlingException told)
        {
            _doubts.TryRemove(told, out _);
        }
    }

    /// <summary>The pipeline has ended early; the stage is about to be awaited.</summary>
    internal void OnLeaving()
    {
        if (UnderWay is { Submits: > 0 } left)
        {
            this.WriteLastWords($"Waiting up to {Policy.CancelGrace.TotalSeconds:0} s for the answers to {left.Submits} submits "
                + $"that are under way; {left.WhereIdsAre}.");
        }
    }

    internal virtual void Report(SafeText line) => this.WriteDetail(line);

    internal virtual void Warn(SafeText text) => this.WriteCaution(text);

    internal virtual void Fail(ErrorRecord record) => WriteError(record);

    internal virtual void Show(ProgressRecord progress) => WriteProgress(progress);

    private protected virtual void End(KlingException error) => ThrowTerminatingError(ErrorRecords.From(error));

    private protected void Fail(KlingException error) => Fail(ErrorRecords.From(error));

    internal abstract Stage CreateStage(ApiClient api);

    /// <summary>Refuses a gateway that has no such call, before a key is asked for.</summary>
    private protected virtual void Check(KlingGateway gateway)
    {
    }

    /// <summary>All has ended, early or not; nothing of the stage runs any more.</summary>
    private protected virtual void OnLeft()
    {
        if (LastWords is { } words)
        {
            this.WriteLastWords(words);
        }

        foreach (KlingException doubt in _doubts.Keys)
        {
            this.WriteLastWords($"{SubjectName.Named(doubt).Message}");
        }
    }

    /// <summary>Holds a paid task until it is passed on, unless a journal has its id; reports it if the pipeline ends early.</summary>
    internal void Hold(KlingTask task)
    {
        if (task.Context.SubmittedAt is not null && !task.Context.IsJournaled)
        {
            _held.Add(task.TaskId);
        }
    }

    /// <summary>Holds the failure of an uncertain submit until its error record is written.</summary>
    internal void Hold(KlingException doubt) => _doubts[doubt] = true;

    private protected ApiClient ApiOf(KlingGatewayName gateway) => _clients!.For(gateway);

    /// <summary>Opens a journal; the pipeline's thread reports waits and can be stopped meanwhile.</summary>
    private protected JobJournal OpenJournal(string path, TimeProvider time)
    {
        using CancellationTokenSource giveUp = CancellationTokenSource.CreateLinkedTokenSource(StopToken);
        using BlockingCollection<string> waits = [];
        Task<JobJournal> opening = JobJournal.OpenAsync(path, time, waits.Add, giveUp.Token);
        _ = opening.ContinueWith(_ => waits.CompleteAdding(), TaskScheduler.Default);
        try
        {
            foreach (string wait in waits.GetConsumingEnumerable())
            {
                Warn($"{wait}");
            }

            return opening.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
        catch
        {
            giveUp.Cancel();
            _ = opening.ContinueWith(static opened => opened.Result.Dispose(), TaskContinuationOptions.OnlyOnRanToCompletion);
            throw;
        }
    }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        void begin()
        {
            _own = GatewaySource.Read(Gateway, BaseUri);
            Check(_own.Gateway);
            _clients = new ApiClients(OptionsOf);
            _pump = new Pump(this, CreateStage(FirstApi()), _trace, $"{activity}", TimeProvider.System);
        }

        ErrorRecords.Try(begin, End);
        Termination.Add(this);
    }

    private KlingClientOptions OptionsOf(KlingGatewayName name)
    {
        GatewaySource source = _own!.For(KlingGateway.From(name));
        return new KlingClientOptions
        {
            Gateway = name,
            ApiKey = source.ReadKey(ApiKey, _own.Gateway),
            BaseUri = source.Address,
            Proxy = ProxySource.Read(Proxy, ProxyCredential),
            Trace = _trace,
        };
    }

    // Without any key nothing starts; with another gateway's key, all input may be for that one.
    private ApiClient FirstApi()
    {
        try
        {
            return ApiOf(_own!.Gateway.Name);
        }
        catch (KlingException missing) when (
            missing.Id == KlingErrorId.ApiKeyMissing && ApiKey is null && Gateway is null && MayMeetOtherGateways
            && KlingGateway.All.FirstOrDefault(GatewaySource.HasKey) is { } other)
        {
            return ApiOf(other.Name);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => Pump.Finish();

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        if (_pump is not null)
        {
            _pump.Dispose();
            _pump = null;
            OnLeft();
            Termination.Remove(this);
        }
    }
}
