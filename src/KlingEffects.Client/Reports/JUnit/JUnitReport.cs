using System.Globalization;
using System.Xml;
using KlingEffects.Reports.Content;

namespace KlingEffects.Reports.JUnit;

/// <summary>JUnit's XML as GitHub's actions, GitLab, Azure Pipelines and Jenkins read it: one test case a job.</summary>
internal sealed class JUnitReport : JobReport
{
    private const string Suites = "testsuites";

    private static readonly XmlWriterSettings Settings = new()
    {
        Indent = true,
        NewLineChars = "\n",
        ConformanceLevel = ConformanceLevel.Auto,
        OmitXmlDeclaration = true,
    };

    private readonly ReportLinks _links;
    private readonly ReportPart _cases;
    private readonly XmlWriter _writer;
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private int _failures;
    private int _errors;
    private int _skipped;

    public JUnitReport(ReportLinks links, ReportPart cases)
    {
        _links = links;
        _cases = cases;
        _writer = XmlWriter.Create(cases.Writer, Settings);
    }

    protected override void Write(KlingJob job)
    {
        _writer.WriteStartElement("testcase");
        string scene = JobName.SceneOf(job);
        _writer.WriteAttributeString("name", Unique(scene, JobName.Of(job)));
        _writer.WriteAttributeString("classname", scene);
        _writer.WriteAttributeString("time", Seconds(Outcome.Duration(job)));
        WriteResult(job);
        WriteOutput(job);
        _writer.WriteEndElement();
    }

    protected override void Finish(TextWriter output)
    {
        _writer.Flush();
        output.WriteLine("""<?xml version="1.0" encoding="utf-8"?>""");
        using XmlWriter writer = XmlWriter.Create(output, Settings);
        WriteStart(writer, Suites);
        WriteStart(writer, "testsuite");
        writer.WriteAttributeString("timestamp", (Totals.From ?? DateTimeOffset.UtcNow).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture));
        (string Name, string Sum, string? Note)[] costs = [.. Totals.Costs];
        if (costs.Length > 0)
        {
            writer.WriteStartElement("properties");
            foreach ((string name, string sum, _) in costs)
            {
                writer.WriteStartElement("property");
                writer.WriteAttributeString("name", name.ToLowerInvariant());
                writer.WriteAttributeString("value", sum);
                writer.WriteEndElement();
            }

            writer.WriteEndElement();
        }

        writer.WriteRaw("\n");
        writer.Flush();
        _cases.CopyTo(output);
        writer.WriteRaw("\n");
        writer.WriteEndElement();
        writer.WriteEndElement();
    }

    private void WriteStart(XmlWriter writer, string element)
    {
        writer.WriteStartElement(element);
        writer.WriteAttributeString("name", Totals.Title);
        writer.WriteAttributeString("tests", Number(Totals.Jobs));
        writer.WriteAttributeString("failures", Number(_failures));
        writer.WriteAttributeString("errors", Number(_errors));
        if (element != Suites)
        {
            writer.WriteAttributeString("skipped", Number(_skipped));
        }

        writer.WriteAttributeString("time", Seconds(Totals.Duration));
    }

    private void WriteResult(KlingJob job)
    {
        if (Outcome.IsOpen(job))
        {
            _skipped++;
            _writer.WriteStartElement("skipped");
            _writer.WriteAttributeString("message", job.State == KlingJobState.Running ? "Still running." : "Being submitted.");
            _writer.WriteEndElement();
        }
        else if (Outcome.WentWrong(job))
        {
            bool isDoubt = job.State == KlingJobState.Uncertain;
            _errors += isDoubt ? 1 : 0;
            _failures += isDoubt ? 0 : 1;
            _writer.WriteStartElement(isDoubt ? "error" : "failure");
            _writer.WriteAttributeString("message", Outcome.Reason(job));
            _writer.WriteAttributeString("type", Outcome.ErrorId(job));
            _writer.WriteString(string.Join("\n", Details(job)));
            _writer.WriteEndElement();
        }
    }

    private void WriteOutput(KlingJob job)
    {
        IEnumerable<string> files = job.Files.Select(file => _links.To(file)).Select(static link => link.Url ?? link.Name);
        string task = ReportText.Of(job.TaskId);
        string[] lines =
        [
            .. task.Length > 0 ? [$"Task: {task}"] : Array.Empty<string>(),
            .. job.Attempt > 1 ? [$"Attempt: {Number(job.Attempt)}"] : Array.Empty<string>(),
            .. job.Units is { } units ? [$"Units: {Figures.Amount(units)}"] : Array.Empty<string>(),
            .. job.Cost is { } cost ? [$"Cost: {Figures.Amount(cost)}"] : Array.Empty<string>(),
            .. files.Select(static file => $"Video: {file}"),
        ];
        if (lines.Length > 0)
        {
            _writer.WriteElementString("system-out", string.Join("\n", lines));
        }
    }

    private static IEnumerable<string> Details(KlingJob job)
    {
        yield return Outcome.Reason(job);
        if (ReportText.Of(job.Code) is { Length: > 0 } code)
        {
            yield return $"Code: {code}";
        }

        if (Outcome.AdviceFor(job) is { } advice)
        {
            yield return advice;
        }
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
