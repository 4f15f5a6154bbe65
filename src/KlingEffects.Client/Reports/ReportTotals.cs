namespace KlingEffects.Reports;

internal sealed class ReportTotals(IReadOnlyList<KlingJob> jobs)
{
    // Problems first.
    private static readonly KlingJobState[] Order =
    [
        KlingJobState.Failed, KlingJobState.Refused, KlingJobState.Uncertain,
        KlingJobState.Submitting, KlingJobState.Running, KlingJobState.Succeeded, KlingJobState.Saved,
    ];

    private static readonly string[] Prices = ["Units", "Cost"];

    public string Title { get; } = TitleOf([.. jobs.Select(static job => ReportText.FileName(job.JournalPath))
        .Where(static name => name.Length > 0).Distinct().OrderBy(static name => name, StringComparer.Ordinal)]);

    public int Jobs => jobs.Count;
    public int Wrong { get; } = jobs.Count(ReportText.WentWrong);
    public int Retried { get; } = jobs.Count(static job => job.Attempt > 1);
    public DateTimeOffset? From { get; } = Times(jobs).Min();
    public DateTimeOffset? To { get; } = Times(jobs).Max();
    public TimeSpan? Duration => To - From;

    public IEnumerable<(KlingJobState State, int Jobs)> States => from state in Order where Of(state) > 0 select (state, Of(state));

    /// <summary>The sums in units and in money, and how many jobs have a known cost.</summary>
    public IEnumerable<(string Name, string Sum, string? Note)> Costs =>
        from name in Prices
        let known = jobs.Select(job => name == "Units" ? job.Units : job.Cost).OfType<decimal>().ToList()
        where known.Count > 0
        select (name, Figures.Amount(known.Sum()), known.Count < Jobs ? $"known of {Figures.Number(known.Count)}" : null);

    public IEnumerable<string> CostTexts => Costs.Select(static cost =>
        (cost.Name == "Units" ? $"{cost.Sum} units" : $"cost {cost.Sum}") + (cost.Note is null ? "" : $" ({cost.Note})"));

    public int Of(KlingJobState state) => jobs.Count(job => job.State == state);

    private static string TitleOf(string[] journals) => journals switch
    {
        [] => "Kling effects",
        [var journal] => Path.GetFileNameWithoutExtension(journal) is { Length: > 0 } name ? name : journal,
        [var first, ..] => $"{first} and {Figures.Count(journals.Length - 1, "more journal", "more journals")}",
    };

    private static IEnumerable<DateTimeOffset?> Times(IReadOnlyList<KlingJob> jobs) =>
        jobs.SelectMany(static job => new[] { job.SubmittedAt, job.EndedAt, job.SavedAt });
}
