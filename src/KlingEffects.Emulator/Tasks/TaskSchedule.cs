namespace KlingEffects.Emulator.Tasks;

/// <summary>What is to happen to tasks and when, on one timer however many they are.</summary>
internal sealed class TaskSchedule : IDisposable
{
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly PriorityQueue<(EmulatedTask Task, TaskPhase Phase), (DateTimeOffset Due, long Order)> _waiting = new();
    private long _order;
    private DateTimeOffset _armedFor = DateTimeOffset.MaxValue;

    /// <param name="time">The clock.</param>
    /// <param name="due">Called when something is due; it takes it with <see cref="TryTake"/> and then calls <see cref="Arm"/>.</param>
    public TaskSchedule(TimeProvider time, Action due)
    {
        _time = time;
        _timer = time.CreateTimer(_ => due(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Add(EmulatedTask task, TaskPhase phase) => _waiting.Enqueue((task, phase), (phase.Since, _order++));

    public bool TryTake(DateTimeOffset now, out (EmulatedTask Task, TaskPhase Phase) transition) =>
        (_waiting.TryPeek(out transition, out var priority) && priority.Due <= now) && _waiting.TryDequeue(out transition, out _);

    /// <summary>Sets the timer to the earliest waiting transition.</summary>
    public void Arm()
    {
        DateTimeOffset next = _waiting.TryPeek(out _, out var priority) ? priority.Due : DateTimeOffset.MaxValue;
        if (next == _armedFor)
        {
            return;
        }

        _armedFor = next;
        TimeSpan wait = next == DateTimeOffset.MaxValue ? Timeout.InfiniteTimeSpan : Wait(next);
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Says that the timer has fired, so that the same moment can be waited for again.</summary>
    public void Disarmed() => _armedFor = DateTimeOffset.MaxValue;

    public void Clear()
    {
        _waiting.Clear();
        Arm();
    }

    public void Dispose() => _timer.Dispose();

    private TimeSpan Wait(DateTimeOffset next)
    {
        // A timer counts whole milliseconds and would fire just too early.
        double milliseconds = Math.Ceiling((next - _time.GetUtcNow()).TotalMilliseconds);
        return TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, 0, int.MaxValue));
    }
}
