namespace KlingEffects.Runs;

/// <summary>A batch in a build's log: a line with its time for each event, and the build system's annotations.</summary>
internal sealed class BuildLog(Action<SafeText> write, Func<string, string?> variable, TimeProvider time)
{
    // GitHub's limit for a step's summary (its page on workflow commands, 2026-11).
    private const int LongestSummary = 1024 * 1024;

    private readonly List<(string Level, string Title, SafeText Message)> _findings = [];
    private int _problems;

    public static bool IsIn(Func<string, string?> variable) =>
        Is(variable, "GITHUB_ACTIONS") || Is(variable, "TF_BUILD") || Is(variable, "GITLAB_CI");

    public void Report(SafeText text)
    {
        string now = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        write($"{now} {text}");
    }

    public void Warn(SafeText text)
    {
        _findings.Add(("warning", "Warning", text));
        Report($"WARNING {text}");
    }

    public void Fail(string errorId, SafeText text)
    {
        _problems++;
        _findings.Add(("error", errorId, text));
        Report($"ERROR {errorId}: {text}");
    }

    public void Begin(string header) => Section("start", header);

    /// <summary>Ends the section and shows errors and results; null for a batch that did not begin.</summary>
    public void End(KlingBatchResult? result)
    {
        if (result is not null)
        {
            Section("end", "");
        }

        _findings.ForEach(Show);
        if (result is not null)
        {
            Show(result);
        }

        Report($"done, problems: {_problems}");
    }

    private static bool Is(Func<string, string?> variable, string name) => !string.IsNullOrEmpty(variable(name));

    private void Section(string mark, string header)
    {
        if (Is(variable, "GITLAB_CI"))
        {
            long seconds = time.GetUtcNow().ToUnixTimeSeconds();
            write($"\u001b[0Ksection_{mark}:{seconds}:kling_videos\r\u001b[0K{header}");
        }
    }

    private void Show((string Level, string Title, SafeText Message) finding)
    {
        (string level, string title, SafeText message) = finding;
        if (Is(variable, "GITHUB_ACTIONS"))
        {
            write($"::{level} title={title}::{Escaped(message, "%25")}");
        }
        else if (Is(variable, "TF_BUILD"))
        {
            write($"##vso[task.logissue type={level};code={title}]{Escaped(message, "%AZP25")}");
        }
        else if (Is(variable, "GITLAB_CI"))
        {
            Report($"{level.ToUpperInvariant()}: {title}: {message}");
        }
    }

    private static string Escaped(SafeText message, string percent) => string.Join(percent, message.ToString().Split('%'));

    private void Show(KlingBatchResult result)
    {
        int count(Func<KlingJob, bool> of) => result.Jobs.Count(of);
        bool isOpen(KlingJob job) => job.State is KlingJobState.Submitting or KlingJobState.Running
            || (job.State == KlingJobState.Succeeded && job.ErrorId is null);
        (string Name, SafeText Value)[] counts =
        [
            ("jobs", $"{result.Jobs.Count}"),
            ("submitted", $"{count(static job => job.TaskId is not null)}"),
            ("saved", $"{count(static job => job.State == KlingJobState.Saved)}"),
            ("failed", $"{count(job => !isOpen(job) && job.State is not (KlingJobState.Saved or KlingJobState.Uncertain))}"),
            ("uncertain", $"{count(static job => job.State == KlingJobState.Uncertain)}"),
            ("waiting", $"{count(isOpen)}"),
        ];
        if (result.Reports.TryGetValue("summary", out string? summary))
        {
            Summarize(summary);
        }

        IEnumerable<SafeText> lines = counts.Select(static count => (SafeText)$"{count.Name}={count.Value}")
            .Concat(result.Reports.Select(static report => (SafeText)$"{report.Key}={report.Value}"));
        Append("GITHUB_OUTPUT", () => string.Join("\n", lines));
        if (result.NotSubmitted > 0)
        {
            Report($"not submitted yet: {result.NotSubmitted}");
        }

        Report(SafeText.Join(", ", counts.Select(static count => $"{count.Name}: {count.Value}")));
    }

    private void Append(string name, Func<string> text)
    {
        bool isWritten = variable(name) is not { Length: > 0 } file || FileFault.Try(() =>
        {
            File.AppendAllText(file, text() + "\n", new UTF8Encoding(false));
            return true;
        });
        if (!isWritten)
        {
            Report($"WARNING the file that {name} names can't be written to");
        }
    }

    private void Summarize(string path)
    {
        Append("GITHUB_STEP_SUMMARY", () => File.ReadAllText(path) is var text && Encoding.UTF8.GetByteCount(text) < LongestSummary
            ? text
            : "The summary of the Kling videos is too long to be shown here: it is among the reports.");
        if (Is(variable, "TF_BUILD"))
        {
            write($"##vso[task.uploadsummary]{path}");
        }
    }
}
