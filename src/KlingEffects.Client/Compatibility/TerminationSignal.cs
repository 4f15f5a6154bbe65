namespace KlingEffects;

internal static class TerminationSignal
{
    /// <summary>Calls the handler in the place of the process's end; null where the framework knows no signals.</summary>
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
