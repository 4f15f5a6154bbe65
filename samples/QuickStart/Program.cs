using System.Runtime.InteropServices;
using KlingEffects;
using KlingEffects.Emulator;
using KlingEffects.Emulator.Configuration;
using KlingEffects.Emulator.Recording;
using KlingEffects.QuickStart;

const int Interrupted = 130;

using CancellationTokenSource stop = new();
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

try
{
    Workplace place = Workplace.Make(args is [string folder] ? folder : "quickstart-out");
    await using KlingEmulator emulator = await KlingEmulator.StartAsync(
        new EmulatorOptions { GenerationTime = TimeSpan.FromSeconds(2), GenerationSpread = TimeSpan.FromSeconds(0.5) }, stop.Token);
    Console.WriteLine($"An emulator of the API listens at {emulator.BaseUri}; it needs no key of yours and costs nothing.");
    Console.WriteLine($"Three pictures and jobs.csv are in {place.Folder}.");

    Func<CancellationToken, Task<bool>> run = Choose(emulator, place);
    bool well = await run(stop.Token);
    EmulatorCounters first = emulator.Counters;

    Console.WriteLine();
    Console.WriteLine("The same once more, as after an interruption:");
    well &= await run(stop.Token);
    EmulatorCounters both = emulator.Counters;

    Console.WriteLine();
    Console.WriteLine($"Submits: {first.Submits} in the first run, {both.Submits - first.Submits} in the second. "
        + $"Downloads: {first.Downloads}, then {both.Downloads - first.Downloads}.");
    return Report(emulator, place) && well && both.Submits == first.Submits ? 0 : 1;
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("Stopped.");
    return Interrupted;
}
catch (Exception failure) when (failure is KlingException or IOException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync(failure.Message);
    return 1;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

static Func<CancellationToken, Task<bool>> Choose(KlingEmulator emulator, Workplace place)
{
    if (ShellRun.FindShell() is { } shell)
    {
        Console.WriteLine("PowerShell runs samples/QuickStart/quickstart.ps1 -Verbose there:");
        return new ShellRun(shell, emulator.BaseUri, emulator.ApiKey, place).RunAsync;
    }

    Console.WriteLine("There is no pwsh on PATH, so the client library does the same jobs:");
    KlingClient client = new(new KlingClientOptions { ApiKey = emulator.ApiKey, BaseUri = emulator.BaseUri });
    return new LibraryRun(client, place).RunAsync;
}

// Whether each task of the emulator has its video here.
static bool Report(KlingEmulator emulator, Workplace place)
{
    FileInfo[] files = [.. new DirectoryInfo(place.Videos).EnumerateFiles("*.mp4").OrderBy(static file => file.Name, StringComparer.Ordinal)];
    Console.WriteLine($"In {place.Videos}:");
    foreach (FileInfo file in files)
    {
        Console.WriteLine($"{file.Length,12:N0} bytes  {file.Name}");
    }

    return files.Length == emulator.Tasks.Count && files.All(file => file.Length == emulator.VideoSize);
}
