namespace KlingEffects;

internal static class TerminationSignal
{
    /// <summary>Handles SIGTERM instead of ending the process; null where the framework has no signals.</summary>
    public static IDisposable? Handle(Action handler) =>
#if NETSTANDARD2_0
        null;
#else
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            handler();
        });
#endif
}
