using KlingEffects.Batches;

namespace KlingEffects.Tests.Http;

/// <summary>Nobody is told of the run.</summary>
internal sealed class Unobserved : IRunObserver
{
    public static readonly Unobserved Run = new();

    public ValueTask ReportAsync(RunEvent what) => default;

    public ValueTask WarnAsync(SafeText text) => default;
}
