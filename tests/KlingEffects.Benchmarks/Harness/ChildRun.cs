using System.Diagnostics;
using System.Globalization;

namespace KlingEffects.Benchmarks.Harness;

/// <summary>What one run of a contender took.</summary>
/// <param name="Work">Seconds of the work, as the contender itself says; of the process where it says nothing.</param>
/// <param name="Process">Seconds from the process's start to its end.</param>
/// <param name="Processor">Seconds of processor time, user and system.</param>
/// <param name="Peak">Bytes of memory at the most.</param>
internal sealed record ChildRun(double Work, double Process, double Processor, double Peak)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(10);

    /// <summary>What the emulator saw of the polls; null where nobody asked.</summary>
    public PollFigures? Polls { get; init; }

    /// <summary>Runs a program to its end. No other child may end meanwhile: their processor time is counted together.</summary>
    /// <exception cref="InvalidOperationException">It ended with an error.</exception>
    public static async Task<ChildRun> OfAsync(string program, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> environment)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        double processorBefore = ChildUsage.ProcessorSeconds();
        Stopwatch clock = Stopwatch.StartNew();
        using Process child = System.Diagnostics.Process.Start(start)!;
        Task<string> output = child.StandardOutput.ReadToEndAsync();
        Task<string> errors = child.StandardError.ReadToEndAsync();
        Task ended = child.WaitForExitAsync();
        long peak = 0;
        while (!ended.IsCompleted)
        {
            peak = Math.Max(peak, ChildUsage.PeakBytes(child.Id));
            await Task.WhenAny(ended, Task.Delay(Glance));
        }

        double process = clock.Elapsed.TotalSeconds;
        if (child.ExitCode != 0)
        {
            throw new InvalidOperationException($"{Path.GetFileName(program)} ended with {child.ExitCode}: {await errors}");
        }

        string said = (await output).TrimEnd().Split('\n')[^1];
        double work = double.TryParse(said, CultureInfo.InvariantCulture, out double seconds) ? seconds : process;
        return new ChildRun(work, process, ChildUsage.ProcessorSeconds() - processorBefore, peak);
    }
}
