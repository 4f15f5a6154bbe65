using KlingEffects.Api.Exchange;
using KlingEffects.Batches;
using KlingEffects.Http;
using KlingEffects.Policies;

namespace KlingEffects.Pipeline;

/// <summary>
/// Hands a stage's records to the pipeline on the pipeline's own thread. Whatever a Write call throws means that the
/// pipeline has ended: the stage is cancelled and joined, and the exception goes on as it came.
/// </summary>
internal sealed class Pump : IDisposable
{
    private readonly PSCmdlet _cmdlet;
    private readonly Stage _stage;
    private readonly IPumpOwner _owner;
    private readonly RequestTrace _trace;
    private readonly PipelineLink _link;
    private readonly ProgressDisplay _progress;
    private Pump? _upstream;
    private Pump? _downstream;
    private volatile bool _stopping;
    private bool _isOpen = true;

    /// <param name="cmdlet">The cmdlet whose pipeline it is.</param>
    /// <param name="stage">The work.</param>
    /// <param name="trace">The requests of the work, of which the debug stream tells where it is shown.</param>
    /// <param name="activity">What the progress display calls it.</param>
    /// <param name="owner">Told of what the pump does.</param>
    /// <param name="time">The clock of the progress display.</param>
    public Pump(PSCmdlet cmdlet, Stage stage, RequestTrace trace, SafeText activity, IPumpOwner owner, TimeProvider time)
    {
        _cmdlet = cmdlet;
        _stage = stage;
        _trace = trace;
        _owner = owner;
        _link = new PipelineLink(this, cmdlet);
        _progress = new ProgressDisplay(cmdlet, activity, stage, owner.Report, owner.Show, time);
        if (cmdlet.Asked("Debug") ?? cmdlet.Shows("DebugPreference"))
        {
            trace.Listen(stage.Signal.Set);
        }
    }

    private bool WantsTurn => _stage.HasRecords || _trace.HasAny || _progress.IsDue || _downstream is { WantsTurn: true };

    /// <summary>Hands an item to the stage; while there is no room, writes what is ready.</summary>
    public void Add<TItem>(Stage<TItem> stage, TItem item) => Guarded(() =>
    {
        while (!stage.TryAdd(item))
        {
            stage.Signal.Reset();
            if (stage.TryAdd(item))
            {
                break;
            }

            Serve();
        }

        WriteReady();
    });

    /// <summary>Writes what is ready, and lets the stages behind do so.</summary>
    public void TakeTurn() => Guarded(() =>
    {
        WriteReady();
        PassTurn();
    });

    /// <summary>No more items will come: writes until all is done.</summary>
    public void Finish() => Guarded(() =>
    {
        _stage.Complete();
        while (!_stage.IsDone)
        {
            _stage.Signal.Reset();
            Serve();
        }

        ThrowIfStopping();
        WriteRequests();
        _progress.Complete();
        Close();
    });

    /// <summary>Called on another thread when the user stops the pipeline.</summary>
    public void Stop()
    {
        _stopping = true;
        try
        {
            _stage.Cancel();
            _stage.Signal.Set();
        }
        catch (ObjectDisposedException)
        {
            // the command ended by itself at the same moment
        }
    }

    /// <summary>A task came from upstream: if a stage of this pipeline wrote it directly, it shares its thread from now on.</summary>
    public void Meet(KlingTask task)
    {
        if (_upstream is null && task.Context.Origin is PipelineLink { Owner: { } owner } link && link.LeadsTo(_cmdlet))
        {
            _upstream = owner;
            owner._downstream = this;
            _stage.Signal.Forward(owner._stage.Signal);
            _stage.Progress.Upstream = owner._stage.Progress;
        }
    }

    /// <summary>The next command answers for the task from now on.</summary>
    public void HandOver(KlingTask task) => _owner.OnDelivered(task);

    public void Dispose()
    {
        if (_isOpen)
        {
            End();
        }

        _stage.Dispose();
    }

    private void Guarded(Action work)
    {
        try
        {
            work();
        }
        catch
        {
            End();
            throw;
        }
    }

    // Nothing is waited for without a look at the state between Reset and Wait.
    private void Serve()
    {
        ThrowIfStopping();
        if (WriteReady() || PassTurn() || _stage.IsDone)
        {
            return;
        }

        _stage.Signal.Wait(Policy.PipelineGlance);
    }

    private void ThrowIfStopping()
    {
        if (_stopping)
        {
            throw new PipelineStoppedException();
        }
    }

    private bool WriteReady()
    {
        bool any = WriteRequests();
        while (!_stopping && _stage.TryTake(out StageRecord record))
        {
            Write(record);
            any = true;
        }

        _progress.ShowIfDue();
        return any;
    }

    private bool WriteRequests()
    {
        bool any = false;
        while (!_stopping && _trace.TryTake(out EndedRequest request))
        {
            _cmdlet.WriteRequest(request.Text);
            any = true;
        }

        return any;
    }

    private bool PassTurn()
    {
        if (_downstream is not { WantsTurn: true })
        {
            return false;
        }

        _cmdlet.WriteObject(PipelineTurn.Instance);
        return true;
    }

    private void Write(StageRecord record)
    {
        switch (record)
        {
            case StageRecord.Output { Value: var value }:
                if (value is KlingTask task)
                {
                    task.Context.Origin = _link;
                }

                Deliver(value, () => _cmdlet.WriteObject(_owner.Present(value)));
                break;
            case StageRecord.Failure { Error: var error }:
                Deliver(error, () => _owner.Fail(ErrorRecords.From(error)));
                break;
            case StageRecord.Reported told:
                _owner.Report(told.What.Text);
                break;
            case StageRecord.Caution caution:
                _owner.Warn(caution.Text);
                break;
            case StageRecord.Question question:
                question.Answer.TrySetResult(_cmdlet.Asks(question.Target, question.Action));
                break;
            case StageRecord.Defect defect:
                _owner.Fail(ErrorRecords.FromDefect(defect.Error));
                break;
        }
    }

    // A write that a stop has refused reached nobody; one that the next command ended got there first.
    private void Deliver(object record, Action write)
    {
        bool arrived = false;
        try
        {
            write();
            arrived = true;
        }
        finally
        {
            if (arrived || !(_stopping || _cmdlet.Stopping))
            {
                _owner.OnDelivered(record);
            }
        }
    }

    private void End()
    {
        _stage.Cancel();
        _owner.OnLeaving();
        _stage.Completion.Wait();
        _progress.Abandon();
        Close();
    }

    private void Close()
    {
        _isOpen = false;
        _link.Cut();
        _stage.Signal.Forward(null);
        if (_upstream is not null)
        {
            _upstream._downstream = null;
            _upstream = null;
        }
    }
}
