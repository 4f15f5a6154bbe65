using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using KlingEffects.Emulator.Recording;

namespace KlingEffects.Emulator.Hosting;

/// <summary>An emulator in a process of its own, until it is told to end.</summary>
internal static class StandAlone
{
    public static async Task RunAsync(CommandLine command)
    {
        await using KlingEmulator emulator = await KlingEmulator.StartAsync(command.ToOptions());
        TaskCompletionSource end = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using PosixSignalRegistration interrupt = EndOn(PosixSignal.SIGINT, end);
        using PosixSignalRegistration terminate = EndOn(PosixSignal.SIGTERM, end);
        if (command.Verbose)
        {
            emulator.RequestEnded += request => Console.WriteLine(Describe(request));
        }

        string baseUrl = emulator.BaseUri.GetLeftPart(UriPartial.Authority);
        Console.WriteLine(Usage.Greeting(baseUrl, emulator));
        if (command.ReadyFile is { } readyFile)
        {
            Announce(baseUrl, readyFile);
        }

        Task parent = command.ExitWithParent is { } id ? ParentEndsAsync(id) : Task.Delay(Timeout.Infinite);
        await Task.WhenAny(end.Task, parent);
    }

    private static PosixSignalRegistration EndOn(PosixSignal signal, TaskCompletionSource end) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        end.TrySetResult();
    });

    private static void Announce(string baseUrl, string readyFile)
    {
        string unfinished = readyFile + ".new";
        File.WriteAllText(unfinished, baseUrl);
        File.Move(unfinished, readyFile, overwrite: true);
    }

    private static async Task ParentEndsAsync(int id)
    {
        try
        {
            using Process parent = Process.GetProcessById(id);
            await parent.WaitForExitAsync();
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // There is no such process any more, which is what was waited for.
        }
    }

    private static string Describe(RecordedRequest request)
    {
        string host = request.AtVideoHost ? "video" : "api";
        string answer = request.Status?.ToString(CultureInfo.InvariantCulture) ?? (request.WasReset ? "reset" : "gone");
        return string.Create(CultureInfo.InvariantCulture, $"{request.ArrivedAt:HH:mm:ss.fff} {host,-5} {request.Method} {request.Path} {answer}");
    }
}
