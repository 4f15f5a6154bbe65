namespace KlingEffects.Pipeline;

/// <summary>Handles SIGTERM (docker stop, systemd, a cancelled build) like Ctrl+C, so that the ids of paid tasks are shown, and then ends
/// the process. Without a running command of this module it does nothing.</summary>
internal static class Termination
{
    private const int ExitCode = 128 + 15;

    private static readonly object Gate = new();
    private static readonly HashSet<KlingCommand> Running = [];
    private static IDisposable? s_handling;
    private static bool s_ends;

    public static void Add(KlingCommand command)
    {
        lock (Gate)
        {
            Running.Add(command);
            s_handling ??= TerminationSignal.Handle(Terminate);
        }
    }

    /// <summary>The command has ended. If the process is to end, the last one never returns to its script, which might succeed.</summary>
    public static void Remove(KlingCommand command)
    {
        lock (Gate)
        {
            Running.Remove(command);
            if (Running.Count == 0)
            {
                s_handling?.Dispose();
                s_handling = null;
            }

            Monitor.PulseAll(Gate);
            if (s_ends && Running.Count == 0)
            {
                Monitor.Wait(Gate, Policy.TerminationTime);
            }
        }
    }

    private static void Terminate()
    {
        KlingCommand[] commands;
        lock (Gate)
        {
            s_ends = true;
            commands = [.. Running];
        }

        foreach (KlingCommand command in commands)
        {
            try
            {
                command.Stop();
            }
            catch (Exception)
            {
                // the others must be stopped all the same
            }
        }

        // The ids are shown in time, whatever blocks the pipeline's thread.
        long begun = TimeProvider.System.GetTimestamp();
        lock (Gate)
        {
            while (Running.Count > 0 && Policy.TerminationTime - TimeProvider.System.GetElapsedTime(begun) is { Ticks: > 0 } left)
            {
                Monitor.Wait(Gate, left);
            }

            foreach (SafeText words in Running.Select(static late => late.LastWords).OfType<SafeText>())
            {
                Streams.WriteLastWords(words);
            }
        }

        Environment.Exit(ExitCode);
    }
}
