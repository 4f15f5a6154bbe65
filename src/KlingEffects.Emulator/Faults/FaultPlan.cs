using KlingEffects.Emulator.Recording;

namespace KlingEffects.Emulator.Faults;

/// <summary>The faults that wait for a request. Of several that match one, the first added strikes.</summary>
public sealed class FaultPlan
{
    private readonly Lock _gate = new();
    private readonly List<Entry> _entries = [];
    private readonly Random _random;

    internal FaultPlan(int seed) => _random = new Random(seed);

    /// <summary>How many requests were struck since the last <see cref="Clear"/>.</summary>
    public int Struck
    {
        get
        {
            lock (_gate)
            {
                return field;
            }
        }

        private set;
    }

    /// <summary>The faults that may still strike.</summary>
    public IReadOnlyList<Fault> Waiting
    {
        get
        {
            lock (_gate)
            {
                return [.. _entries.Select(entry => entry.Fault)];
            }
        }
    }

    /// <summary>Adds a fault.</summary>
    /// <param name="fault">Which requests, and how.</param>
    public void Add(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        lock (_gate)
        {
            _entries.Add(new Entry(fault));
        }
    }

    /// <summary>Takes all faults away.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _entries.Clear();
            Struck = 0;
        }
    }

    /// <summary>Takes what strikes a request of which everything is known.</summary>
    /// <param name="operation">What the request is for.</param>
    /// <param name="scene">The scene of the task, where known.</param>
    /// <param name="taskId">The id of the task, where known.</param>
    /// <param name="externalId">The client's id of the task, where known.</param>
    /// <param name="spared">The fault that <see cref="TakeOnArrival"/> let the request pass, which is not asked again.</param>
    internal Fault? Take(Operation operation, string? scene, string? taskId, string? externalId, Fault? spared = null)
    {
        lock (_gate)
        {
            return _entries.Find(entry => !ReferenceEquals(entry.Fault, spared) && Matches(entry.Fault, operation, scene, taskId, externalId) && Strikes(entry)) is { } entry
                ? Hit(entry)
                : null;
        }
    }

    /// <summary>Takes what strikes a submit before its body is read: only if it comes first of those that may match.</summary>
    internal Fault? TakeOnArrival(out Fault? spared)
    {
        lock (_gate)
        {
            Entry? first = _entries.Find(entry => entry.Fault.Operation is Operation.Any or Operation.Submit);
            bool isAsked = first?.Fault.StrikesOnArrival == true;
            spared = isAsked ? first!.Fault : null;
            return isAsked && Strikes(first!) ? Hit(first!) : null;
        }
    }

    private static bool Matches(Fault fault, Operation operation, string? scene, string? taskId, string? externalId) =>
        (fault.Operation == Operation.Any || fault.Operation == operation)
        && (fault.Scene is null || fault.Scene == scene)
        && (fault.TaskId is null || fault.TaskId == taskId)
        && (fault.ExternalTaskId is null || fault.ExternalTaskId == externalId);

    private bool Strikes(Entry entry) =>
        ++entry.Seen > entry.Fault.Skip && (entry.Fault.Probability >= 1 || _random.NextDouble() < entry.Fault.Probability);

    private Fault Hit(Entry entry)
    {
        Struck++;
        if (++entry.Hits == entry.Fault.Times)
        {
            _entries.Remove(entry);
        }

        return entry.Fault;
    }

    private sealed class Entry(Fault fault)
    {
        public Fault Fault { get; } = fault;

        public int Seen { get; set; }

        public int Hits { get; set; }
    }
}
