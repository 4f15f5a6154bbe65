using System.Diagnostics;
using System.Text;

namespace KlingEffects.Tests;

/// <summary>A child process from its start to its end; it never outlives the time it is given.</summary>
internal sealed record ChildRun(string HowItEnded, string Output)
{
    public static async Task<ChildRun> StartAsync(ProcessStartInfo start, TimeSpan longest, CancellationToken cancellationToken)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        StringBuilder output = new();
        using Process process = new() { StartInfo = start };
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(output, line.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(longest);
        string howItEnded;
        try
        {
            await process.WaitForExitAsync(end.Token);
            howItEnded = $"It ended with {process.ExitCode}";
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            howItEnded = cancellationToken.IsCancellationRequested ? "It was cancelled" : $"It was ended after {longest.TotalMinutes:0} minutes";
        }

        lock (output)
        {
            return new ChildRun(howItEnded, output.ToString());
        }
    }

    private static void Append(StringBuilder output, string? line)
    {
        if (line is not null)
        {
            lock (output)
            {
                output.AppendLine(line);
            }
        }
    }
}
