namespace KlingEffects.Reports;

/// <summary>What the jobs of a report come to.</summary>
internal sealed class ReportTotals
{
    private const int MostJournals = 100;

    // What needs a look comes first.
    private static readonly KlingJobState[] Order =
    [
        KlingJobState.Failed, KlingJobState.Refused, KlingJobState.Uncertain,
        KlingJobState.Submitting, KlingJobState.Running, KlingJobState.Succeeded, KlingJobState.Saved,
    ];

    private readonly int[] _byState = new int[Order.Length];
    private readonly SortedSet<string> _journals = new(StringComparer.Ordinal);
    private (decimal Sum, int Known) _units;
    private (decimal Sum, int Known) _cost;

    public int Jobs { get; private set; }

    /// <summary>How many someone has to do something about.</summary>
    public int Wrong { get; private set; }

    public int Retried { get; private set; }

    /// <summary>When the first was submitted.</summary>
    public DateTimeOffset? From { get; private set; }

    /// <summary>When the last is known to have come on.</summary>
    public DateTimeOffset? To { get; private set; }

    public TimeSpan? Duration => To - From;

    /// <summary>The states that there are jobs in, in the order in which reports name them.</summary>
    public IEnumerable<(KlingJobState State, int Jobs)> States => from state in Order where Of(state) > 0 select (state, Of(state));

    /// <summary>What the API says they cost together, in units and in money, and of how many it says so.</summary>
    public IEnumerable<(string Name, string Sum, string? Note)> Costs =>
        from cost in new[] { (Name: "Units", Total: _units), (Name: "Cost", Total: _cost) }
        where cost.Total.Known > 0
        let note = cost.Total.Known < Jobs ? $"known of {Figures.Number(cost.Total.Known)}" : null
        select (cost.Name, Figures.Amount(cost.Total.Sum), note);

    public IEnumerable<string> CostTexts => Costs.Select(static cost =>
        (cost.Name == "Units" ? $"{cost.Sum} units" : $"cost {cost.Sum}") + (cost.Note is null ? "" : $" ({cost.Note})"));

    public string Title => _journals.Count switch
    {
        0 => "Kling effects",
        1 => Path.GetFileNameWithoutExtension(_journals.Min!) is { Length: > 0 } name ? name : _journals.Min!,
        _ => $"{_journals.Min} and {Figures.Count(_journals.Count - 1, "more journal", "more journals")}",
    };

    public int Of(KlingJobState state) => _byState[(int)state];

    public void Add(KlingJob job)
    {
        Jobs++;
        _byState[(int)job.State]++;
        Wrong += ReportText.WentWrong(job) ? 1 : 0;
        Retried += job.Attempt > 1 ? 1 : 0;
        _units = Plus(_units, job.Units);
        _cost = Plus(_cost, job.Cost);
        foreach (DateTimeOffset time in new[] { job.SubmittedAt, job.EndedAt, job.SavedAt }.OfType<DateTimeOffset>())
        {
            From = time > From ? From : time;
            To = time < To ? To : time;
        }

        if (_journals.Count < MostJournals && ReportText.FileName(job.JournalPath) is { Length: > 0 } journal)
        {
            _journals.Add(journal);
        }
    }

    private static (decimal Sum, int Known) Plus((decimal Sum, int Known) total, decimal? amount) =>
        amount is { } known ? (total.Sum + known, total.Known + 1) : total;
}
