namespace KlingEffects.Reports.Content;

/// <summary>What the jobs of a report come to.</summary>
internal sealed class ReportTotals
{
    private const int MostJournals = 100;

    private readonly int[] _byState = new int[Outcome.States.Count];
    private readonly SortedSet<string> _journals = new(StringComparer.Ordinal);

    public int Jobs { get; private set; }

    /// <summary>How many someone has to do something about.</summary>
    public int Wrong { get; private set; }

    /// <summary>How many were submitted more than once.</summary>
    public int Retried { get; private set; }

    /// <summary>What the API says they cost together; null where it says nothing of any.</summary>
    public decimal? Units { get; private set; }

    /// <summary>Of how many the API says what they cost.</summary>
    public int Priced { get; private set; }

    public DateTimeOffset? From { get; private set; }

    public DateTimeOffset? To { get; private set; }

    /// <summary>From the first submit to the last that is known.</summary>
    public TimeSpan? Duration => To - From is { Ticks: >= 0 } span ? span : null;

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
        Wrong += Outcome.WentWrong(job) ? 1 : 0;
        Retried += job.Attempt > 1 ? 1 : 0;
        if (job.Units is { } units)
        {
            Units = (Units ?? 0) + units;
            Priced++;
        }

        Meet(job.SubmittedAt);
        Meet(job.EndedAt);
        Meet(job.SavedAt);
        if (_journals.Count < MostJournals && ReportText.NameOf(job.JournalPath) is { Length: > 0 } journal)
        {
            _journals.Add(journal);
        }
    }

    private void Meet(DateTimeOffset? time)
    {
        From = time < From || From is null ? time ?? From : From;
        To = time > To || To is null ? time ?? To : To;
    }
}
