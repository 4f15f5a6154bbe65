using KlingEffects.Emulator.Configuration;
using KlingEffects.Emulator.Content;

namespace KlingEffects.Emulator.Tasks;

/// <summary>Why a submit that is well-formed created nothing.</summary>
internal enum Refusal
{
    None,
    ParallelLimit,
    NoMoney,
    DuplicateExternalId,
}

/// <summary>Every task of the account and its life on the clock.</summary>
internal sealed class TaskBook : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly TaskIds _ids;
    private readonly TaskSchedule _schedule;
    private readonly Action<EmulatedTask, TaskPhase> _changed;
    private readonly List<EmulatedTask> _all = [];
    private readonly Dictionary<string, EmulatedTask> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, EmulatedTask> _byExternalId = new(StringComparer.Ordinal);

    public TaskBook(TimeProvider time, int seed, Action<EmulatedTask, TaskPhase> changed)
    {
        _time = time;
        _random = new Random(seed);
        _ids = new TaskIds(time);
        _changed = changed;
        _schedule = new TaskSchedule(time, OnTimer);
    }

    private int _paid;

    public int Active { get; private set; }

    public int ActiveMaximum { get; private set; }

    public EmulatedTask[] Snapshot()
    {
        lock (_gate)
        {
            return [.. _all];
        }
    }

    public bool HasExternalId(string externalId)
    {
        lock (_gate)
        {
            return _byExternalId.ContainsKey(externalId);
        }
    }

    public EmulatedTask? Find(string id, bool orExternalId)
    {
        PassDue(fired: false);
        lock (_gate)
        {
            return _byId.GetValueOrDefault(id) ?? (orExternalId ? _byExternalId.GetValueOrDefault(id) : null);
        }
    }

    public (EmulatedTask? Task, Refusal Refusal) Accept(TaskOrder order, EmulatorOptions options)
    {
        PassDue(fired: false);
        lock (_gate)
        {
            if (options.RejectDuplicateExternalId && order.Request.ExternalId is { } known && _byExternalId.ContainsKey(known))
            {
                return (null, Refusal.DuplicateExternalId);
            }

            if (options.ParallelLimit > 0 && Active >= options.ParallelLimit)
            {
                return (null, Refusal.ParallelLimit);
            }

            if (_paid >= options.AffordableSubmits)
            {
                return (null, Refusal.NoMoney);
            }

            _paid++;
            EmulatedTask task = Add(order, options);
            return (task, Refusal.None);
        }
    }

    public void End(EmulatedTask task, TaskState state, string message)
    {
        TaskPhase phase = new(state, _time.GetUtcNow() - task.Age, message);
        bool ended;
        lock (_gate)
        {
            ended = Set(task, phase);
        }

        if (ended)
        {
            _changed(task, phase);
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _all.Clear();
            _byId.Clear();
            _byExternalId.Clear();
            _schedule.Clear();
            Active = ActiveMaximum = _paid = 0;
        }
    }

    public void Dispose() => _schedule.Dispose();

    private EmulatedTask Add(TaskOrder order, EmulatorOptions options)
    {
        DateTimeOffset now = _time.GetUtcNow();
        long size = VideoContent.SizeOf(options.VideoSize);
        var task = new EmulatedTask(this, order, _ids.Next(options.TaskIdStyle), now, size, options.VideosPerTask) { Units = options.UnitsPerTask };
        _all.Add(task);
        _byId.Add(task.Id, task);
        if (order.Request.ExternalId is { } externalId)
        {
            _byExternalId[externalId] = task;
        }

        Active++;
        ActiveMaximum = Math.Max(ActiveMaximum, Active);
        Plan(task, now, options);
        _schedule.Arm();
        return task;
    }

    private void Plan(EmulatedTask task, DateTimeOffset now, EmulatorOptions options)
    {
        TimeSpan generation = task.Scene is { } scene && options.GenerationTimes.TryGetValue(scene, out TimeSpan own) ? own : options.GenerationTime;
        generation += options.GenerationSpread * ((2 * _random.NextDouble()) - 1);
        generation = generation < TimeSpan.Zero ? TimeSpan.Zero : generation;
        DateTimeOffset begins = now + (options.SubmittedTime < generation ? options.SubmittedTime : generation);
        if (task.ImageDefect is { } defect)
        {
            _schedule.Add(task, new TaskPhase(TaskState.Failed, begins, defect));
            return;
        }

        _schedule.Add(task, new TaskPhase(TaskState.Processing, begins));
        _schedule.Add(task, task.FailReason is { } reason
            ? new TaskPhase(TaskState.Failed, now + generation, reason)
            : new TaskPhase(TaskState.Succeed, now + generation));
    }

    private void OnTimer() => PassDue(fired: true);

    private void PassDue(bool fired)
    {
        List<(EmulatedTask Task, TaskPhase Phase)>? passed = null;
        lock (_gate)
        {
            if (fired)
            {
                _schedule.Disarmed();
            }

            DateTimeOffset now = _time.GetUtcNow();
            while (_schedule.TryTake(now, out var transition))
            {
                if (!(transition.Phase.IsEnd && transition.Task.IsEndless) && Set(transition.Task, transition.Phase))
                {
                    (passed ??= []).Add(transition);
                }
            }

            _schedule.Arm();
        }

        passed?.ForEach(transition => _changed(transition.Task, transition.Phase));
    }

    private bool Set(EmulatedTask task, TaskPhase phase)
    {
        if (task.Phase.IsEnd)
        {
            return false;
        }

        task.Phase = phase;
        Active -= phase.IsEnd && _byId.ContainsKey(task.Id) ? 1 : 0;
        return true;
    }
}
