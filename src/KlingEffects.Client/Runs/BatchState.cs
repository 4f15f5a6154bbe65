namespace KlingEffects.Runs;

/// <summary>The folder that a batch keeps between runs, and this run's shard of the batch.</summary>
internal sealed class BatchState
{
    private static readonly Regex Part = new(@"^(?i:jobs(?:-[0-9]{1,5}-of-([0-9]{1,5}))?\.journal)$", RegexOptions.CultureInvariant);

    private readonly string _folder;
    private readonly KlingBatchOptions _options;

    public BatchState(KlingBatchOptions options)
    {
        _options = options;
        _folder = Path.GetFullPath(options.StatePath);
        SafeText? fault = options.Shard < 1 || options.Shard > options.ShardCount
                ? (SafeText)$"There is no shard {options.Shard} of {options.ShardCount}: shards count from 1."
            : options.ThrottleLimit < 1
                ? (SafeText)$"{Term.ThrottleLimit} is {options.ThrottleLimit}, and nothing is sent: it counts from 1."
            : null;
        if (fault is not null)
        {
            throw new KlingException(KlingErrorId.InvalidRequest, fault);
        }

        if (!options.Force && Counts().FirstOrDefault(count => count > 0 && count != options.ShardCount) is > 0 and var other)
        {
            SafeText what = $"The state '{_folder}' has journals of {Shards(other)}, and this run is one of {Shards(options.ShardCount)}";
            throw new KlingException(
                KlingErrorId.InvalidRequest, $"{what}: other jobs would be each one's, and be paid for again.",
                target: _folder,
                advice: $"Run it with {Shards(other)}, or give another state folder once all of this one's jobs are saved. "
                    + $"{Term.Force} goes on all the same.");
        }
    }

    /// <summary>This shard's journal. The first release's script gave it another name.</summary>
    public string FindJournal()
    {
        string journal = PathOf("jobs", "journal");
        string former = Path.Combine(_folder, "jobs-1-of-1.journal");
        return _options.ShardCount == 1 && !File.Exists(journal) && File.Exists(former) ? former : journal;
    }

    public string Videos => Path.GetFullPath(_options.Destination ?? Path.Combine(_folder, "videos"));

    public string PathOf(string name, string extension)
    {
        string part = _options.ShardCount > 1 ? FormattableString.Invariant($"-{_options.Shard}-of-{_options.ShardCount}") : "";
        return Path.Combine(_folder, $"{name}{part}.{extension}");
    }

    /// <summary>Whether the job is in this shard, by its external id, on every machine.</summary>
    public bool IsOwn(string externalTaskId) =>
        BinaryPrimitives.ReadUInt32LittleEndian(Sha256.Hash(externalTaskId)) % (uint)_options.ShardCount == (uint)_options.Shard - 1;

    private IEnumerable<int> Counts() => !Directory.Exists(_folder) ? []
        : Directory.EnumerateFiles(_folder, "jobs*.journal").Select(static path => Part.Match(Path.GetFileName(path)))
            .Where(static part => part.Success)
            .Select(static part => part.Groups[1].Success ? int.Parse(part.Groups[1].Value, CultureInfo.InvariantCulture) : 1);

    private static string Shards(int count) => count == 1 ? "one shard" : FormattableString.Invariant($"{count} shards");
}
