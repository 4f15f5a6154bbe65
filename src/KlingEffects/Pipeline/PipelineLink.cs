namespace KlingEffects.Pipeline;

/// <summary>
/// Connects a stage with the next command of its pipeline if that is a stage too: every written task carries the link, and a command that
/// receives the task directly responds to it.
/// </summary>
internal sealed class PipelineLink(Pump owner, PSCmdlet cmdlet)
{
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly int _position = cmdlet.MyInvocation.PipelinePosition;
    private readonly int _length = cmdlet.MyInvocation.PipelineLength;

    // These parameters would collect the turns as well.
    private readonly bool _isObserved = cmdlet.IsGiven("OutVariable") || cmdlet.IsGiven("PipelineVariable");

    private object? _caller = CallerOf(cmdlet);

    /// <summary>A marker instead of a task: a waiting stage writes it so that the next one can write what it has ready.</summary>
    /// <remarks>A pipeline has one thread, and it moves downstream only with an object.</remarks>
    public static KlingTask Turn { get; } = new() { TaskId = "turn" };

    /// <summary>The stage that wrote the tasks; null once it has ended, so that kept tasks keep no stage alive.</summary>
    public Pump? Owner { get; private set; } = owner;

    /// <summary>Whether the task is still passing through the pipeline that it came from, rather than kept in a variable.</summary>
    public static bool IsPassing(KlingTask task) => task.Context.Origin is PipelineLink { Owner: not null };

    public static void TakeOver(KlingTask task) => (task.Context.Origin as PipelineLink)?.Owner?.HandOver(task);

    /// <summary>Whether this command takes over directly what the owner writes.</summary>
    public bool LeadsTo(PSCmdlet next) =>
        !_isObserved
        && _thread == Environment.CurrentManagedThreadId
        && _length == next.MyInvocation.PipelineLength
        && _position + 1 == next.MyInvocation.PipelinePosition
        && ReferenceEquals(_caller, CallerOf(next));

    public void Cut()
    {
        Owner = null;
        _caller = null;
    }

    // The script or function that the pipeline stands in: another pipeline of the same length may run inside a function of this one.
    private static object? CallerOf(PSCmdlet cmdlet) => PipelineValue.Unwrap(cmdlet.GetVariableValue("MyInvocation"));
}
