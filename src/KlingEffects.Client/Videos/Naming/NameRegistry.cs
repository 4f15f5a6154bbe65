using KlingEffects.Videos.Containers;

namespace KlingEffects.Videos.Naming;

/// <summary>The file names of one batch, unique to each task. Thread-safe.</summary>
/// <remarks>A second task of a name, or one whose file is older than the task, gets its id appended; the next run gives it the same name.
/// Otherwise the first one keeps the plain name, so a template should contain an id, or within one batch the index.</remarks>
internal sealed class NameRegistry(VideoNameTemplate template, string folder, bool replace = false)
{
    private readonly object _lock = new();
    private readonly Dictionary<string, string> _owners = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<string> Names(KlingTask task, int index)
    {
        lock (_lock)
        {
            IReadOnlyList<string> names = Candidates(task, index).First(candidate => candidate.All(name => IsFree(name, task)));
            foreach (string name in names)
            {
                _owners[Path.GetFileNameWithoutExtension(name)] = Owner(task);
            }

            return names;
        }
    }

    /// <summary>Reserves the names of a journal's files for their own tasks.</summary>
    public void Reserve(IEnumerable<KlingJob> jobs)
    {
        foreach (KlingJob job in jobs.Where(static job => job.HasTask))
        {
            foreach (string file in job.Files.Where(file => Path.GetDirectoryName(file) == Path.GetFullPath(folder)))
            {
                _owners[Path.GetFileNameWithoutExtension(file)] = $"{job.Kind}/{job.TaskId}";
            }
        }
    }

    /// <summary>Whether the names of the task's videos, with their age, identify them in every batch.</summary>
    internal bool IdentifyTask(KlingTask task) => template.HasTaskId || (template.IdentifiesTask(task) && Begun(task) is not null);

    /// <summary>An older file that has the task's plain name, so that the task gets another; or null.</summary>
    internal string? OlderFile(KlingTask task, int index)
    {
        IReadOnlyList<string> plain = template.Names(task, index);
        return IsRecord(plain, task) || WasDistinct(Distinct(task, index)) ? null : OlderOf(plain, task);
    }

    private static string Owner(KlingTask task) => $"{task.Kind}/{task.TaskId}";

    private IEnumerable<IReadOnlyList<string>> Candidates(KlingTask task, int index)
    {
        IReadOnlyList<string> distinct = Distinct(task, index);
        IReadOnlyList<string> plain = template.Names(task, index);
        if (IsRecord(plain, task)
            || (!IsRecord(distinct, task) && !template.LacksIdentity(task) && !WasDistinct(distinct) && OlderOf(plain, task) is null))
        {
            yield return plain;
        }

        yield return distinct;
        for (int n = 2; ; n++)
        {
            yield return template.Names(task, index, $"-{task.TaskId}-{n}");
        }
    }

    /// <summary>Whether a journal says that the task's videos were saved under exactly these names.</summary>
    internal bool IsRecord(IReadOnlyList<string> names, KlingTask task) =>
        task.Context.Record is { IsSaved: true } record
        && names.Select(name => Path.GetFullPath(Path.Combine(folder, name)))
            .SequenceEqual(record.Files!.Select(static file => file.Path));

    // Tasks complete in another order in each run: a task that was second before is so again.
    private bool WasDistinct(IReadOnlyList<string> distinct) => !template.HasTaskId && distinct.SelectMany(Files).Any();

    // An external id may be reused in another batch; a task's id never is.
    private string? OlderOf(IReadOnlyList<string> names, KlingTask task) =>
        replace || template.HasTaskId || Begun(task) is not { } begun ? null
        : names.SelectMany(Files).FirstOrDefault(file => file.LastWriteTimeUtc < Earliest(task, begun).UtcDateTime)?.FullName;

    private static DateTimeOffset? Begun(KlingTask task) =>
        task.Context.SubmittedAt ?? task.Context.JournaledAt ?? task.CreatedHere ?? task.Context.Record?.CreatedAt;

    private IReadOnlyList<string> Distinct(KlingTask task, int index) => template.Names(task, index, "-" + task.TaskId);

    // A video is written after its task's end; half of the task's life allows for clocks that differ.
    private static DateTimeOffset Earliest(KlingTask task, DateTimeOffset begun) =>
        task.UpdatedAt - task.CreatedAt is { Ticks: > 0 } life ? begun + TimeSpan.FromTicks(life.Ticks / 2) : begun - Policy.FileTimeGrain;

    // Under all extensions that a video may have got. An empty file is no video.
    private IEnumerable<FileInfo> Files(string name) =>
        from path in VideoContainer.NamesFor(Path.Combine(folder, name))
        let file = new FileInfo(path)
        where file is { Exists: true, Length: > 0 }
        select file;

    private bool IsFree(string name, KlingTask task) =>
        !_owners.TryGetValue(Path.GetFileNameWithoutExtension(name), out string? owner) || owner == Owner(task);
}
