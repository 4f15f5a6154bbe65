using KlingEffects.Videos.Containers;

namespace KlingEffects.Videos.Naming;

/// <summary>The names given out in one batch, so that no two tasks are saved under one name. Safe to use from several threads.</summary>
/// <remarks>
/// The second task of a name gets its id appended; a run that finds a file of that name gives the task the same name again.
/// So does a task whose name a file has that is older than the task, and thus another's. Else the first keeps the plain name,
/// so a template should hold what tells tasks apart: an id, or within one batch the index.
/// </remarks>
internal sealed class NameRegistry(VideoNameTemplate template, string folder, bool replace = false)
{
    private readonly object _lock = new();
    private readonly Dictionary<string, string> _owners = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The file names of a task's videos, in their order, which no other task of the batch has.</summary>
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

    /// <summary>Whether the names of the task's videos, with their age, show that they are its own, in whatever batch.</summary>
    internal bool IdentifyTask(KlingTask task) => template.HasTaskId || (template.IdentifiesTask(task) && Begun(task) is not null);

    /// <summary>The file that keeps the task from its plain name, since it is older than the task; null where none does or did.</summary>
    internal string? OlderFile(KlingTask task, int index)
    {
        IReadOnlyList<string> plain = template.Names(task, index);
        return IsRecord(plain, task) || WasDistinct(Distinct(task, index)) ? null : OlderOf(plain, task);
    }

    private static string Owner(KlingTask task) => task.Kind + "/" + task.TaskId;

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

    /// <summary>Whether a journal says that the task's videos were saved under just these names, so that they are its own.</summary>
    internal bool IsRecord(IReadOnlyList<string> names, KlingTask task) =>
        task.Context.Record is { IsSaved: true } record
        && names.Select(name => Path.GetFullPath(Path.Combine(folder, name)))
            .SequenceEqual(record.Files!.Select(static file => file.Path));

    // The order of completion changes from run to run: whoever was second before is so again.
    private bool WasDistinct(IReadOnlyList<string> distinct) => !template.HasTaskId && distinct.SelectMany(Files).Any();

    // An external id is used again for another batch; a task's id never is.
    private string? OlderOf(IReadOnlyList<string> names, KlingTask task) =>
        replace || template.HasTaskId || Begun(task) is not { } begun ? null
        : names.SelectMany(Files).FirstOrDefault(file => file.LastWriteTimeUtc < Earliest(task, begun).UtcDateTime)?.FullName;

    private static DateTimeOffset? Begun(KlingTask task) =>
        task.CreatedAt ?? task.Context.Record?.CreatedAt ?? task.Context.SubmittedAt ?? task.Context.JournaledAt;

    private IReadOnlyList<string> Distinct(KlingTask task, int index) => template.Names(task, index, "-" + task.TaskId);

    // A video is there at the end of its task's life: half of that is left for clocks that differ.
    private static DateTimeOffset Earliest(KlingTask task, DateTimeOffset created) =>
        task.UpdatedAt > created ? created + TimeSpan.FromTicks((task.UpdatedAt.Value - created).Ticks / 2)
            : created - Policy.FileTimeGrain;

    // A video may have got another extension than was meant. What is empty is no video, and nobody's.
    private IEnumerable<FileInfo> Files(string name) =>
        from path in VideoContainer.NamesFor(Path.Combine(folder, name))
        let file = new FileInfo(path)
        where file is { Exists: true, Length: > 0 }
        select file;

    private bool IsFree(string name, KlingTask task) =>
        !_owners.TryGetValue(Path.GetFileNameWithoutExtension(name), out string? owner) || owner == Owner(task);
}
