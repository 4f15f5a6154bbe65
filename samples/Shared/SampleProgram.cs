using System.Runtime.InteropServices;
using KlingEffects.Emulator;
using KlingEffects.Emulator.Configuration;
using KlingEffects.Emulator.Recording;

namespace KlingEffects.Samples;

/// <summary>What the samples have in common: an emulator, a folder with pictures, the jobs twice, and a look at what became of them.</summary>
/// <param name="Intention">What is done, and by whom.</param>
/// <param name="Run">Does it; false if a job could not be done.</param>
internal sealed record SampleProgram(string Intention, Func<KlingEmulator, Workplace, CancellationToken, Task<bool>> Run)
{
    private const int Interrupted = 130;

    private static readonly EmulatorOptions s_options = new() { GenerationTime = TimeSpan.FromSeconds(2), GenerationSpread = TimeSpan.FromSeconds(0.5) };

    /// <summary>Gives the exit code.</summary>
    /// <param name="folder">The folder that the sample works in.</param>
    public async Task<int> MainAsync(string folder)
    {
        using CancellationTokenSource stop = new();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            return await RunTwiceAsync(Workplace.Make(folder), stop.Token) ? 0 : 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Stopped.");
            return Interrupted;
        }
        catch (Exception failure) when (failure is KlingException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return 1;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    private async Task<bool> RunTwiceAsync(Workplace place, CancellationToken stop)
    {
        await using KlingEmulator emulator = await KlingEmulator.StartAsync(s_options, stop);
        Console.WriteLine($"An emulator of the API listens at {emulator.BaseUri}; it needs no key of yours and costs nothing.");
        Console.WriteLine($"Three pictures and jobs.csv are in {place.Folder}.");

        Console.WriteLine(Intention);
        bool well = await Run(emulator, place, stop);
        EmulatorCounters first = emulator.Counters;

        Console.WriteLine();
        Console.WriteLine("The same once more, as after an interruption:");
        well &= await Run(emulator, place, stop);
        EmulatorCounters both = emulator.Counters;

        Console.WriteLine();
        Console.WriteLine($"Submits: {first.Submits} in the first run, {both.Submits - first.Submits} in the second. "
            + $"Downloads: {first.Downloads}, then {both.Downloads - first.Downloads}.");
        return Report(emulator, place) && well && both.Submits == first.Submits;
    }

    // Whether each task of the emulator has its video here.
    private static bool Report(KlingEmulator emulator, Workplace place)
    {
        FileInfo[] files = [.. new DirectoryInfo(place.Videos).EnumerateFiles("*.mp4").OrderBy(static file => file.Name, StringComparer.Ordinal)];
        Console.WriteLine($"In {place.Videos}:");
        foreach (FileInfo file in files)
        {
            Console.WriteLine($"{file.Length,12:N0} bytes  {file.Name}");
        }

        return files.Length == emulator.Tasks.Count && files.All(file => file.Length == emulator.VideoSize);
    }
}
