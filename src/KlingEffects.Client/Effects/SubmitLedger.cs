using KlingEffects.Api.Answers;

namespace KlingEffects.Effects;

/// <summary>Where a submit is written down before it leaves and after it is answered.</summary>
internal abstract class SubmitLedger
{
    /// <summary>Keeps no record.</summary>
    public static readonly SubmitLedger None = new Nothing();

    /// <summary>To be awaited before a byte leaves.</summary>
    public abstract Task BeginAsync(EffectJob job);

    /// <summary>To be awaited before the answer is told of.</summary>
    public abstract Task EndAsync(Answer answer);

    private sealed class Nothing : SubmitLedger
    {
        public override Task BeginAsync(EffectJob job) => Task.CompletedTask;

        public override Task EndAsync(Answer answer) => Task.CompletedTask;
    }
}
