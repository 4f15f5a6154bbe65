using KlingEffects.Policies;

namespace KlingEffects.Pipeline;

/// <summary>A command that has to be left in order when the process is asked to end.</summary>
internal interface ITerminable
{
    /// <summary>Stops the command as Ctrl+C does.</summary>
    void Stop();

    /// <summary>What has to be told of tasks whose ids would be lost, or null.</summary>
    SafeText? LastWords { get; }
}

/// <summary>
/// What SIGTERM does (docker stop, systemd, a build that is cancelled): the same as Ctrl+C, so that the ids of paid tasks are told,
/// and then the process's end. Without a command of this module under way, it does what it always does.
/// </summary>
internal static class Termination
{
    private const int ExitCode = 128 + 15;

    private static readonly object Gate = new();
    private static readonly HashSet<ITerminable> Running = [];
    private static IDisposable? s_handling;
    private static bool s_ends;

    /// <summary>The command is under way.</summary>
    public static void Add(ITerminable command)
    {
        lock (Gate)
        {
            Running.Add(command);
            s_handling ??= TerminationSignal.Handle(Terminate);
        }
    }

    /// <summary>The command has ended. The last one of a process that is asked to end returns to no script that would end well.</summary>
    public static void Remove(ITerminable command)
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
        ITerminable[] commands;
        lock (Gate)
        {
            s_ends = true;
            commands = [.. Running];
        }

        foreach (ITerminable command in commands)
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
        foreach (ITerminable late in LeftAfter(Policy.TerminationTime))
        {
            if (late.LastWords is { } words)
            {
                Streams.WriteLastWords(words);
            }
        }

        Environment.Exit(ExitCode);
    }

    private static ITerminable[] LeftAfter(TimeSpan time)
    {
        long begun = TimeProvider.System.GetTimestamp();
        lock (Gate)
        {
            while (Running.Count > 0 && time - TimeProvider.System.GetElapsedTime(begun) is { Ticks: > 0 } left)
            {
                Monitor.Wait(Gate, left);
            }

            return [.. Running];
        }
    }
}
