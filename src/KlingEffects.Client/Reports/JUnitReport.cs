using System.Xml;
using System.Xml.Linq;
using KlingEffects.Reports.Content;

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
        string[] output =
        [
            .. ReportText.Clean(job.TaskId) is { Length: > 0 } task ? [$"Task: {task}"] : Array.Empty<string>(),
            .. job.Attempt > 1 ? [$"Attempt: {Number(job.Attempt)}"] : Array.Empty<string>(),
            .. job.Units is { } units ? [$"Units: {Figures.Amount(units)}"] : Array.Empty<string>(),
            .. job.Cost is { } cost ? [$"Cost: {Figures.Amount(cost)}"] : Array.Empty<string>(),
            .. job.Files.Select(links.To).Select(static link => $"Video: {link.Url ?? link.Name}"),
        ];
        new XElement(
            "testcase",
            new XAttribute("name", Unique(scene, ReportText.JobName(job))),
            new XAttribute("classname", scene),
            new XAttribute("time", Seconds(Outcome.Duration(job))),
            Result(job),
            output.Length > 0 ? new XElement("system-out", string.Join("\n", output)) : null).WriteTo(_writer);
    }

    protected override void Finish(TextWriter output)
    {
        _writer.Flush();
        output.WriteLine("""<?xml version="1.0" encoding="utf-8"?>""");
        using XmlWriter writer = XmlWriter.Create(output, Settings);
        WriteStart(writer, "testsuites", null);
        WriteStart(writer, "testsuite", Number(_skipped));
        DateTimeOffset from = Totals.From ?? DateTimeOffset.UtcNow;
        writer.WriteAttributeString("timestamp", from.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture));
        XElement[] costs = [.. Totals.Costs.Select(static cost => new XElement(
            "property", new XAttribute("name", cost.Name.ToLowerInvariant()), new XAttribute("value", cost.Sum)))];
        if (costs.Length > 0)
        {
            new XElement("properties", costs).WriteTo(writer);
        }

        writer.WriteRaw("\n");
        writer.Flush();
        cases.CopyTo(output);
        writer.WriteRaw("\n");
        writer.WriteEndElement();
        writer.WriteEndElement();
    }

    private void WriteStart(XmlWriter writer, string element, string? skipped)
    {
        writer.WriteStartElement(element);
        foreach ((string name, string? value) in new[]
        {
            ("name", Totals.Title), ("tests", Number(Totals.Jobs)), ("failures", Number(_failures)), ("errors", Number(_errors)),
            ("skipped", skipped), ("time", Seconds(Totals.Duration)),
        })
        {
            if (value is not null)
            {
                writer.WriteAttributeString(name, value);
            }
        }
    }

    private XElement? Result(KlingJob job)
    {
        if (job.State is KlingJobState.Submitting or KlingJobState.Running)
        {
            _skipped++;
            return new XElement("skipped", new XAttribute("message", job.State == KlingJobState.Running ? "Still running."
                : "Being submitted."));
        }

        if (!Outcome.WentWrong(job))
        {
            return null;
        }

        bool isDoubt = job.State == KlingJobState.Uncertain;
        _errors += isDoubt ? 1 : 0;
        _failures += isDoubt ? 0 : 1;
        string reason = Outcome.Reason(job);
        string? code = ReportText.Clean(job.Code) is { Length: > 0 } known ? $"Code: {known}" : null;
        return new XElement(
            isDoubt ? "error" : "failure",
            new XAttribute("message", reason),
            new XAttribute("type", Outcome.ErrorId(job)),
            string.Join("\n", new[] { reason, code, Outcome.AdviceFor(job) }.OfType<string>()));
    }

    // GitLab shows the first of two test cases with one name only.
    private string Unique(string scene, string name)
    {
        string key = scene + "\0" + name;
        _names.TryGetValue(key, out int before);
        _names[key] = before + 1;
        return before == 0 ? name : $"{name} ({Number(before + 1)})";
    }

    private static string Number(int count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan? span) => (span ?? TimeSpan.Zero).TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
}
