namespace KlingEffects.Pipeline;

/// <summary>
/// How a stage finds out that the next command of its pipeline is a stage too: every task it writes carries its link, and
/// the command that gets one directly answers to it.
/// </summary>
internal sealed class PipelineLink(Pump owner, PSCmdlet cmdlet)
{
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly int _position = cmdlet.MyInvocation.PipelinePosition;
    private readonly int _length = cmdlet.MyInvocation.PipelineLength;

    // What these collect would hold the turns as well.
    private readonly bool _isObserved = cmdlet.IsGiven("OutVariable") || cmdlet.IsGiven("PipelineVariable");

    private object? _caller = CallerOf(cmdlet);

    /// <summary>No task: what a stage that waits writes to the next one, so that that one can write what it has ready.</summary>
    /// <remarks>A pipeline has one thread, and it moves downstream only with an object.</remarks>
    public static KlingTask Turn { get; } = new() { TaskId = "turn" };

    /// <summary>The stage that the tasks come out of; null once it has ended, for tasks are kept and stages need not be.</summary>
    public Pump? Owner { get; private set; } = owner;

    /// <summary>Whether the task is on its way through the pipeline that it came from, as against kept in a variable since.</summary>
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
