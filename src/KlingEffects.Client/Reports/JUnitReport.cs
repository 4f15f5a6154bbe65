using System.Xml;
using System.Xml.Linq;

namespace KlingEffects.Reports;

/// <summary>JUnit's XML as GitHub's actions, GitLab, Azure Pipelines and Jenkins read it: one test case a job.</summary>
internal sealed class JUnitReport(ReportLinks links, ReportPart cases) : JobReport
{
    private static readonly XmlWriterSettings Settings = new()
    {
        Indent = true,
        NewLineChars = "\n",
        ConformanceLevel = ConformanceLevel.Auto,
        OmitXmlDeclaration = true,
    };

    private readonly XmlWriter _writer = XmlWriter.Create(cases.Writer, Settings);
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private int _failures;
    private int _errors;
    private int _skipped;

    protected override void Write(KlingJob job)
    {
        string scene = ReportText.Scene(job);
        string?[] lines =
        [
            ReportText.Clean(job.TaskId) is { } task ? $"Task: {task}" : null,
            job.Attempt > 1 ? $"Attempt: {Number(job.Attempt)}" : null,
            job.Units is { } units ? $"Units: {Figures.Amount(units)}" : null,
            job.Cost is { } cost ? $"Cost: {Figures.Amount(cost)}" : null,
            .. job.Files.Select(links.To).Select(static link => $"Video: {link.Url ?? link.Name}"),
        ];
        string output = Lines(lines);
        new XElement(
            "testcase",
            new XAttribute("name", Unique(scene, ReportText.JobName(job))),
            new XAttribute("classname", scene),
            new XAttribute("time", Seconds(ReportText.Duration(job))),
            Result(job),
            output.Length > 0 ? new XElement("system-out", output) : null).WriteTo(_writer);
    }

    protected override void Finish(StreamWriter output)
    {
        _writer.Flush();
        output.WriteLine("""<?xml version="1.0" encoding="utf-8"?>""");
        using XmlWriter writer = XmlWriter.Create(output, Settings);
        foreach (string element in (string[])["testsuites", "testsuite"])
        {
            writer.WriteStartElement(element);
            writer.WriteAttributeString("name", Totals.Title);
            writer.WriteAttributeString("tests", Number(Totals.Jobs));
            writer.WriteAttributeString("failures", Number(_failures));
            writer.WriteAttributeString("errors", Number(_errors));
            writer.WriteAttributeString("time", Seconds(Totals.Duration));
        }

        DateTimeOffset from = Totals.From ?? DateTimeOffset.UtcNow;
        writer.WriteAttributeString("skipped", Number(_skipped));
        writer.WriteAttributeString("timestamp", from.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture));
        XElement properties = new("properties", Totals.Costs.Select(static cost =>
            new XElement("property", new XAttribute("name", cost.Name.ToLowerInvariant()), new XAttribute("value", cost.Sum))));
        if (properties.HasElements)
        {
            properties.WriteTo(writer);
        }

        writer.WriteRaw("\n");
        writer.Flush();
        cases.CopyTo(output);
        writer.WriteRaw("\n");
        writer.WriteEndElement();
        writer.WriteEndElement();
    }

    private XElement? Result(KlingJob job)
    {
        if (job.State is KlingJobState.Submitting or KlingJobState.Running)
        {
            _skipped++;
            string open = job.State == KlingJobState.Running ? "Still running." : "Being submitted.";
            return new XElement("skipped", new XAttribute("message", open));
        }

        if (!ReportText.WentWrong(job))
        {
            return null;
        }

        bool isDoubt = job.State == KlingJobState.Uncertain;
        _errors += isDoubt ? 1 : 0;
        _failures += isDoubt ? 0 : 1;
        string reason = ReportText.Reason(job)!;
        return new XElement(
            isDoubt ? "error" : "failure",
            new XAttribute("message", reason),
            new XAttribute("type", ReportText.ErrorId(job)),
            Lines(reason, ReportText.Clean(job.Code) is { } code ? $"Code: {code}" : null, ReportText.AdviceFor(job)));
    }

    // GitLab shows the first of two test cases with one name only.
    private string Unique(string scene, string name)
    {
        string key = scene + "\0" + name;
        _names.TryGetValue(key, out int before);
        _names[key] = before + 1;
        return before == 0 ? name : $"{name} ({Number(before + 1)})";
    }

    private static string Lines(params string?[] lines) => string.Join("\n", lines.OfType<string>());

    private static string Number(int count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan? span) => (span ?? TimeSpan.Zero).TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
}
