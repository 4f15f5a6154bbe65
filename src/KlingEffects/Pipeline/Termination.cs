namespace KlingEffects.Pipeline;

/// <summary>
/// What SIGTERM does (docker stop, systemd, a build that is cancelled): the same as Ctrl+C, so that the ids of paid tasks are told,
/// and then the process's end. Without a command of this module under way, it does what it always does.
/// </summary>
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

    /// <summary>The command has ended. The last one of a process that is asked to end returns to no script that would end well.</summary>
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
                // the others have to be stopped all the same, and this one's ids are told below
            }
        }

        // Whatever holds the pipeline's thread, the ids are told in time.
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
