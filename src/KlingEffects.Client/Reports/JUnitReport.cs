using System.Xml;
using System.Xml.Linq;

namespace KlingEffects.Reports;

/// <summary>JUnit's XML as GitHub's actions, GitLab, Azure Pipelines and Jenkins read it: a test case for each job.</summary>
internal sealed class JUnitReport(IReadOnlyList<KlingJob> jobs, ReportLinks links)
{
    private readonly ReportTotals _totals = new(jobs);
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);

    public void WriteTo(StreamWriter output)
    {
        DateTimeOffset from = _totals.From ?? DateTimeOffset.UtcNow;
        XElement properties = new("properties", _totals.Costs.Select(static cost =>
            new XElement("property", new XAttribute("name", cost.Name.ToLowerInvariant()), new XAttribute("value", cost.Sum))));
        XStreamingElement suite = new(
            "testsuite",
            Sums(),
            new XAttribute("skipped", Count("skipped")),
            new XAttribute("timestamp", from.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)),
            properties.HasElements ? properties : null,
            jobs.Select(Case));
        using XmlWriter writer = XmlWriter.Create(output, new() { Indent = true, NewLineChars = "\n" });
        new XStreamingElement("testsuites", Sums(), suite).Save(writer);
    }

    private XAttribute[] Sums() =>
    [
        new("name", _totals.Title),
        new("tests", jobs.Count),
        new("failures", Count("failure")),
        new("errors", Count("error")),
        new("time", Seconds(_totals.Duration)),
    ];

    private int Count(string result) => jobs.Count(job => ResultOf(job) == result);

    private XElement Case(KlingJob job)
    {
        string scene = ReportText.Scene(job);
        string output = Lines(
        [
            ReportText.Clean(job.TaskId) is { } task ? $"Task: {task}" : null,
            job.Attempt > 1 ? FormattableString.Invariant($"Attempt: {job.Attempt}") : null,
            job.Units is { } units ? $"Units: {Figures.Amount(units)}" : null,
            job.Cost is { } cost ? $"Cost: {Figures.Amount(cost)}" : null,
            .. job.Files.Select(links.To).Select(static link => $"Video: {link.Url ?? link.Name}"),
        ]);
        return new XElement(
            "testcase",
            new XAttribute("name", Unique(scene, ReportText.JobName(job))),
            new XAttribute("classname", scene),
            new XAttribute("time", Seconds(ReportText.Duration(job))),
            Result(job),
            output.Length > 0 ? new XElement("system-out", output) : null);
    }

    private static string? ResultOf(KlingJob job) => job.State switch
    {
        KlingJobState.Submitting or KlingJobState.Running => "skipped",
        KlingJobState.Uncertain => "error",
        _ => ReportText.WentWrong(job) ? "failure" : null,
    };

    private static XElement? Result(KlingJob job) => ResultOf(job) switch
    {
        null => null,
        "skipped" => new XElement(
            "skipped", new XAttribute("message", job.State == KlingJobState.Running ? "Still running." : "Being submitted.")),
        var result => new XElement(
            result,
            new XAttribute("message", ReportText.Reason(job)!),
            new XAttribute("type", ReportText.ErrorId(job)),
            Lines(ReportText.Reason(job), ReportText.Clean(job.Code) is { } code ? $"Code: {code}" : null, ReportText.AdviceFor(job))),
    };

    // GitLab shows only the first of two test cases with the same name.
    private string Unique(string scene, string name)
    {
        string key = scene + "\0" + name;
        _names.TryGetValue(key, out int before);
        _names[key] = before + 1;
        return before == 0 ? name : FormattableString.Invariant($"{name} ({before + 1})");
    }

    private static string Lines(params string?[] lines) => string.Join("\n", lines.OfType<string>());

    private static string Seconds(TimeSpan? span) => (span ?? TimeSpan.Zero).TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
}
