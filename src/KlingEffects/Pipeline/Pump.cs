using KlingEffects.Api.Exchange;
using KlingEffects.Http;

namespace KlingEffects.Pipeline;

/// <summary>Writes a stage's records on the pipeline's thread. A Write call that throws ends the pipeline and the stage.</summary>
internal sealed class Pump : IDisposable
{
    private readonly KlingCommand _command;
    private readonly Stage _stage;
    private readonly RequestTrace _trace;
    private readonly PipelineLink _link;
    private readonly ProgressDisplay _progress;
    private readonly CancellationTokenRegistration _stop;
    private Pump? _upstream;
    private Pump? _downstream;
    private bool _isOpen = true;

    public Pump(KlingCommand command, Stage stage, RequestTrace trace, SafeText activity, TimeProvider time)
    {
        _command = command;
        _stage = stage;
        _trace = trace;
        _link = new PipelineLink(this, command);
        _progress = new ProgressDisplay(command, activity, stage, time);
        if (command.Asked("Debug") ?? command.Shows("Debug"))
        {
            trace.Listen(stage.Signal.Set);
        }

        _stop = command.StopToken.Register(Stop); // runs at once if it is stopped already
    }

    private bool IsStopping => _command.StopToken.IsCancellationRequested;
    private bool WantsTurn => _stage.Records.TryPeek(out _) || _trace.HasAny || _progress.IsDue || _downstream is { WantsTurn: true };

    /// <summary>Adds an item to the stage; while it is full, writes what is ready.</summary>
    public void Add<TItem>(TItem item) => Guarded(() =>
    {
        Stage<TItem> stage = (Stage<TItem>)_stage;
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

    /// <summary>Whether the object is a turn rather than a task: then this stage and those downstream write what is ready.</summary>
    /// <remarks>A task written directly by the upstream stage connects the two stages, which then share the thread.</remarks>
    public bool TakeTurn(KlingTask? task)
    {
        if (ReferenceEquals(task, PipelineLink.Turn))
        {
            Guarded(() =>
            {
                WriteReady();
                PassTurn();
            });
            return true;
        }

        if (_upstream is null && task?.Context.Origin is PipelineLink { Owner: { } owner } link && link.LeadsTo(_command))
        {
            _upstream = owner;
            owner._downstream = this;
            _stage.Signal.Forward(owner._stage.Signal);
            _stage.Progress.Upstream = owner._stage.Progress;
        }

        return false;
    }

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
        WriteReady();
        _progress.Complete();
        Close();
    });

    public void HandOver(KlingTask task) => _command.OnDelivered(task);

    public void Dispose()
    {
        if (_isOpen)
        {
            End();
        }

        _stop.Dispose();
        _stage.Dispose();
    }

    private void Stop()
    {
        _stage.Cancel();
        _stage.Signal.Set();
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

    // The state is checked between Reset and Wait, so that no signal is missed.
    private void Serve()
    {
        ThrowIfStopping();
        if (!WriteReady() && !PassTurn() && !_stage.IsDone)
        {
            _stage.Signal.Wait(Policy.PipelineGlance);
        }
    }

    private void ThrowIfStopping()
    {
        if (IsStopping)
        {
            throw new PipelineStoppedException();
        }
    }

    private bool WriteReady()
    {
        bool any = false;
        while (!IsStopping && _trace.TryTake(out EndedRequest request))
        {
            _command.WriteRequest(request.Text);
            any = true;
        }

        while (!IsStopping && _stage.Records.TryRead(out StageRecord? record))
        {
            Write(record);
            any = true;
        }

        _progress.ShowIfDue();
        return any;
    }

    private bool PassTurn()
    {
        if (_downstream is not { WantsTurn: true })
        {
            return false;
        }

        _command.WriteObject(PipelineLink.Turn);
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

                Deliver(value, () => _command.WriteObject(_command.Present(value)));
                break;
            case StageRecord.Failure { Error: var error }:
                Deliver(error, () => _command.Fail(ErrorRecords.From(error)));
                break;
            case StageRecord.Reported told:
                _command.Report(told.What.Text);
                break;
            case StageRecord.Caution caution:
                _command.Warn(caution.Text);
                break;
            case StageRecord.Question question:
                question.Answer.TrySetResult(_command.Asks(question.Target, question.Action));
                break;
            case StageRecord.Defect defect:
                _command.Fail(ErrorRecords.FromDefect(defect.Error));
                break;
        }
    }

    // A write that failed because of a stop reached nobody; one that the next command ended was received.
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
            if (arrived || !(IsStopping || _command.Stopping))
            {
                _command.OnDelivered(record);
            }
        }
    }

    private void End()
    {
        _stage.Cancel();
        _command.OnLeaving();
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
