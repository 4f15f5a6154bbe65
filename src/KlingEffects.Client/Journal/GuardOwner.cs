using System.ComponentModel;
using System.Diagnostics;

namespace KlingEffects.Journal;

/// <summary>The holder of a journal, as its guard file names it: a process of a machine, with its start, because ids are reused.</summary>
internal sealed class GuardOwner
{
    // Fields of /proc/<id>/stat after the name: the state, and the start in ticks since boot.
    private const int StateField = 0;
    private const int StartField = 19;
    private const string Zombie = "Z";

    private static readonly ConcurrentStringSet OwnTokens = new();
    private static readonly int OwnProcess = FindOwnProcess();
    private static readonly string OwnStart = StartOf(OwnProcess) ?? "";

    /// <summary>This machine since its last boot, with its namespace of process ids.</summary>
    public static string ThisHost { get; } =
        (Environment.MachineName + " " + FirstLine("/proc/sys/kernel/random/boot_id") + " "
            + FileFault.Try(() => new FileInfo("/proc/self/ns/pid").LinkTarget)).Trim();

    public string? Host { get; set; }
    public int Process { get; set; }
    public string? Started { get; set; }

    /// <summary>Unique to one hold.</summary>
    public string? Token { get; set; }

    public bool IsBrief { get; set; }
    public DateTimeOffset? Since { get; set; }

    /// <summary>Whether this process can look up whether the owner is alive.</summary>
    [JsonIgnore]
    public bool IsOfThisHost => Host == ThisHost;

    /// <summary>Whether it has certainly ended: another process of this host, or an earlier hold of this one.</summary>
    [JsonIgnore]
    public bool IsGone => IsOfThisHost
        && (Process == OwnProcess && Started == OwnStart ? !OwnTokens.Contains(Token!)
            : StartOf(Process) is not { } started || (started.Length > 0 && started != Started));

    public static GuardOwner Create(bool isBrief, DateTimeOffset now)
    {
        string token = Guid.NewGuid().ToString("N");
        OwnTokens.Add(token);
        return new() { Host = ThisHost, Process = OwnProcess, Started = OwnStart, Token = token, IsBrief = isBrief, Since = now };
    }

    public void Release() => OwnTokens.Remove(Token!);

    /// <summary>The owner; null if there is no guard file, or a torn one.</summary>
    /// <exception cref="NotSupportedException">It is no regular file.</exception>
    public static GuardOwner? Read(string path)
    {
        try
        {
            using FileStream file = FileStreams.OpenUnlocked(path);
            return JsonSerializer.Deserialize(file, JournalJson.Guard) is { Token.Length: > 0 } owner ? owner : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public override string ToString() => IsOfThisHost
        ? $"process {Process}"
        : ServerText.Clean($"process {Process} of {Host?.Split(' ')[0]}") ?? "another process";

    private static int FindOwnProcess()
    {
        using Process process = System.Diagnostics.Process.GetCurrentProcess();
        return process.Id;
    }

    // Null if there is no such process, empty if its start is unknown.
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
            using Process process = System.Diagnostics.Process.GetProcessById(id);
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

    private static string? FirstLine(string path) => FileFault.Try(() => File.ReadAllText(path).Trim());
}
