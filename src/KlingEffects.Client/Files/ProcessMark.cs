using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace KlingEffects.Files;

/// <summary>Which process of which machine: an id alone is used again.</summary>
internal sealed record ProcessMark(string Host, int Id, string Started)
{
    // Of the fields of /proc/<id>/stat after the name: the state, and the start in ticks since the machine's.
    private const int StateField = 0;
    private const int StartField = 19;
    private const string Zombie = "Z";

    public static ProcessMark Own { get; } = MakeOwn();

    /// <summary>Whether the process is one whose life can be looked up from here.</summary>
    public bool IsOfThisHost => Host == Own.Host;

    /// <summary>Whether the process runs, as far as it can be seen from here; to be asked of processes of this host.</summary>
    public bool IsRunning => StartOf(Id) is { } started && (started.Length == 0 || started == Started);

    private static ProcessMark MakeOwn()
    {
        using Process process = Process.GetCurrentProcess();
        string? space = Tried(static () => FileLinks.ProcessNamespace);
        string host = $"{Environment.MachineName} {FirstLine("/proc/sys/kernel/random/boot_id")} {space}".Trim();
        return new ProcessMark(host, process.Id, StartOf(process.Id) ?? "");
    }

    // Null where there is no such process, empty where it does not tell.
    private static string? StartOf(int id)
    {
        if (RuntimeInformation.IsOSPlatform(OSPlatform.Linux) && FirstLine("/proc/self/stat") is not null)
        {
            string? stat = FirstLine($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/stat");
            string[] fields = stat?.Substring(stat.LastIndexOf(')') + 1).Split([' '], StringSplitOptions.RemoveEmptyEntries) ?? [];
            return fields.Length > StartField && fields[StateField] != Zombie ? fields[StartField] : null;
        }

        try
        {
            using Process process = Process.GetProcessById(id);
            return process.StartTime.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException)
        {
            return null;
        }
        catch (Exception fault) when (fault is Win32Exception or NotSupportedException)
        {
            return "";
        }
    }

    private static string? FirstLine(string path) => Tried(() => File.Exists(path) ? File.ReadAllText(path).Trim() : null);

    private static string? Tried(Func<string?> read)
    {
        try
        {
            return read();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
