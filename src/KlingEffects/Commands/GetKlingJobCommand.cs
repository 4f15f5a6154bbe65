namespace KlingEffects.Commands;

/// <summary>Tells what became of the jobs of journals. Sends nothing, needs no key and keeps nobody out.</summary>
[Cmdlet(VerbsCommon.Get, "KlingJob")]
[OutputType(typeof(KlingJob))]
public sealed class GetKlingJobCommand : PSCmdlet
{
    /// <summary>The journals: paths, or patterns of several.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = "The journals that New-KlingEffect wrote. Wildcards are allowed. "
            + "Default: $env:KLING_JOURNAL, else the ledger of submits without a journal.")]
    [Alias("FullName", "Path", "PSPath")]
    [ValidateNotNullOrEmpty]
    public string[]? JournalPath { get; set; }

    /// <summary>Only jobs that have got this far.</summary>
    [Parameter(HelpMessage = "Only jobs in one of these states.")]
    [ValidateNotNullOrEmpty]
    public KlingJobState[]? State { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        string[] given = JournalPath ?? (UserSetting.Read("KLING_JOURNAL") is { } standard ? [standard] : []);
        if (given.Length == 0 && Ledger.Folder is null)
        {
            Fail(new KlingException(
                KlingErrorId.InvalidRequest,
                "No journal is named, and there is no ledger: $env:KLING_LEDGER is off, or there is no folder for it.",
                advice: "Give -JournalPath, or set $env:KLING_JOURNAL."));
        }
        else if (given.Length == 0)
        {
            Write(Ledger.Read(Fail));
        }

        foreach (string path in given)
        {
            ErrorRecords.Try(
                () => Array.ForEach(Journals(path), journal => ErrorRecords.Try(() => Write(JobJournal.Read(journal)), Fail)), Fail);
        }
    }

    private string[] Journals(string given)
    {
        string literal = LiteralPath.Resolve(this, given);
        if (File.Exists(literal) || !WildcardPattern.ContainsWildcardCharacters(given))
        {
            return [literal];
        }

        try
        {
            string[] found = [.. SessionState.Path.GetResolvedProviderPathFromPSPath(given, out ProviderInfo provider).Where(File.Exists)];
            return provider.Name == "FileSystem" && found.Length > 0
                ? [.. found.Where(static path => !IsGuard(Path.GetFileName(path)))]
                : throw None(given);
        }
        catch (ItemNotFoundException)
        {
            throw None(given);
        }
    }

    private static bool IsGuard(string name) => name.EndsWith(JournalGuard.Extension, StringComparison.Ordinal)
        || name.Contains(JournalGuard.Extension + ".", StringComparison.Ordinal);

    private void Write(IEnumerable<KlingJob> jobs)
    {
        foreach (KlingJob job in jobs.Where(job => State is null || State.Contains(job.State)))
        {
            WriteObject(job);
        }
    }

    private void Fail(KlingException error) => WriteError(ErrorRecords.From(error));

    private static KlingException None(string pattern) => new(
        KlingErrorId.JournalInvalid, $"No journal matches '{pattern}'.", target: pattern, advice: "Check the path and the pattern.");
}
