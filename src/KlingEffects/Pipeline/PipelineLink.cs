namespace KlingEffects.Pipeline;

/// <summary>Connects a stage with the next command of its pipeline, which finds the link in every task that it receives.</summary>
internal sealed class PipelineLink(Pump owner, PSCmdlet cmdlet)
{
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly int _position = cmdlet.MyInvocation.PipelinePosition;
    private readonly int _length = cmdlet.MyInvocation.PipelineLength;

    // These parameters would collect the turns as well.
    private readonly bool _isObserved = cmdlet.IsGiven("OutVariable") || cmdlet.IsGiven("PipelineVariable");

    private object? _caller = CallerOf(cmdlet);

    /// <summary>A marker that a waiting stage writes to let the next one write: a pipeline's one thread moves with objects only.</summary>
    public static KlingTask Turn { get; } = new() { TaskId = "turn" };

    /// <summary>The stage that wrote the tasks; null once it has ended, so that kept tasks hold no stage.</summary>
    public Pump? Owner { get; private set; } = owner;

    /// <summary>Whether the task is still passing through its pipeline, rather than kept in a variable.</summary>
    public static bool IsPassing(KlingTask task) => task.Context.Origin is PipelineLink { Owner: not null };

    public static void TakeOver(KlingTask task) => (task.Context.Origin as PipelineLink)?.Owner?.HandOver(task);

    /// <summary>Whether this command directly receives what the owner writes.</summary>
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

    // The script or function of the pipeline: a function in it may run another pipeline of the same length.
    private static object? CallerOf(PSCmdlet cmdlet) => PipelineValue.Unwrap(cmdlet.GetVariableValue("MyInvocation"));
}
