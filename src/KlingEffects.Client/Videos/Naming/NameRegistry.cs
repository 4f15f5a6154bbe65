using KlingEffects.Videos;

namespace KlingEffects;

/// <summary>The names given out in one batch, so that no two tasks are saved under one name. Safe to use from several threads.</summary>
/// <param name="template">How videos are named.</param>
/// <param name="folder">Where they are saved.</param>
/// <remarks>
/// The second task of a name gets its id appended; a run that finds a file of that name gives the task the same name again.
/// The first keeps the plain name, so a template should hold what tells tasks apart: an id or the index.
/// </remarks>
public sealed class NameRegistry(VideoNameTemplate template, string folder)
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

    private static string Owner(KlingTask task) => task.Kind + "/" + task.TaskId;

    private IEnumerable<IReadOnlyList<string>> Candidates(KlingTask task, int index)
    {
        string id = "-" + task.TaskId;
        IReadOnlyList<string> distinct = template.NamesWith(task, index, id);
        if (!template.LacksIdentity(task) && !WasDistinct(distinct))
        {
            yield return template.Names(task, index);
        }

        yield return distinct;
        for (int n = 2; ; n++)
        {
            yield return template.NamesWith(task, index, $"{id}-{n}");
        }
    }

    // The order of completion changes from run to run: whoever was second before is so again.
    private bool WasDistinct(IReadOnlyList<string> distinct) =>
        !template.Has(NameToken.TaskId) && distinct.Any(name => File.Exists(Path.Combine(folder, name)));

    private bool IsFree(string name, KlingTask task) =>
        !_owners.TryGetValue(name, out string? owner) || owner == Owner(task);
}
