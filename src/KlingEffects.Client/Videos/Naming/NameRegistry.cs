using KlingEffects.Policies;
using KlingEffects.Videos;

namespace KlingEffects;

/// <summary>The names given out in one batch, so that no two tasks are saved under one name. Safe to use from several threads.</summary>
/// <param name="template">How videos are named.</param>
/// <param name="folder">Where they are saved.</param>
/// <param name="replace">Whether files that are there are replaced, whosever they are.</param>
/// <remarks>
/// The second task of a name gets its id appended; a run that finds a file of that name gives the task the same name again.
/// So does a task whose name a file has that is older than the task, and thus another's. Else the first keeps the plain name,
/// so a template should hold what tells tasks apart: an id, or within one batch the index.
/// </remarks>
public sealed class NameRegistry(VideoNameTemplate template, string folder, bool replace = false)
{
    private readonly object _lock = new();
    private readonly Dictionary<string, string> _owners = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The file names of a task's videos, in their order, which no other task of the batch has.</summary>
    /// <param name="task">A task with its videos.</param>
    /// <param name="index">The task's place in the batch, from 1.</param>
    public IReadOnlyList<string> Names(KlingTask task, int index)
    {
        lock (_lock)
        {
            IReadOnlyList<string> names = Candidates(task, index).First(candidate => candidate.All(name => IsFree(name, task)));
            foreach (string name in names)
            {
                _owners[name] = Owner(task);
            }

            return names;
        }
    }

    /// <summary>Whether the names of the task's videos tell that they are its own, in whatever batch.</summary>
    internal bool TellTask(KlingTask task) => template.TellsTask(task);

    private static string Owner(KlingTask task) => task.Kind + "/" + task.TaskId;

    private IEnumerable<IReadOnlyList<string>> Candidates(KlingTask task, int index)
    {
        string id = "-" + task.TaskId;
        IReadOnlyList<string> distinct = template.NamesWith(task, index, id);
        IReadOnlyList<string> plain = template.Names(task, index);
        if (IsRecord(plain, task) || (!IsRecord(distinct, task) && !template.LacksIdentity(task) && !WasDistinct(distinct) && !AreOlder(plain, task)))
        {
            yield return plain;
        }

        yield return distinct;
        for (int n = 2; ; n++)
        {
            yield return template.NamesWith(task, index, $"{id}-{n}");
        }
    }

    /// <summary>Whether a journal says that the task's videos were saved under just these names, so that they are its own.</summary>
    internal bool IsRecord(IReadOnlyList<string> names, KlingTask task) =>
        task.Context.Record is { IsSaved: true } record
        && record.Files!.Select(static file => file.Path).SequenceEqual(names.Select(name => Path.GetFullPath(Path.Combine(folder, name))));

    // The order of completion changes from run to run: whoever was second before is so again.
    private bool WasDistinct(IReadOnlyList<string> distinct) =>
        !template.Has(NameToken.TaskId) && distinct.Any(IsThere);

    private bool AreOlder(IReadOnlyList<string> names, KlingTask task) =>
        !replace
        && !template.TellsTask(task)
        && task.CreatedAt is { } created
        && names.Any(name => IsThere(name) && File.GetLastWriteTimeUtc(Path.Combine(folder, name)) < Earliest(task, created).UtcDateTime);

    // A video is there at the end of its task's life: half of that is left for clocks that differ.
    private static DateTimeOffset Earliest(KlingTask task, DateTimeOffset created) =>
        task.UpdatedAt > created ? created + TimeSpan.FromTicks((task.UpdatedAt.Value - created).Ticks / 2) : created - Policy.FileTimeGrain;

    private bool IsThere(string name) => File.Exists(Path.Combine(folder, name));

    private bool IsFree(string name, KlingTask task) =>
        !_owners.TryGetValue(name, out string? owner) || owner == Owner(task);
}
