using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;

namespace KlingEffects.Tests;

public sealed class JUnitTests : IDisposable
{
    private readonly Batch _batch = new();

    public void Dispose() => _batch.Dispose();

    [Fact]
    public void A_mixed_batch_keeps_to_the_format_and_adds_up()
    {
        XElement suites = Read(_batch.Jobs(200));
        XElement suite = suites.Elements("testsuite").Single();
        Assert.Equal("jobs", (string?)suite.Attribute("name"));
        Assert.Equal("2026-11-25T08:12:00", (string?)suite.Attribute("timestamp"));
        foreach (XElement part in new[] { suites, suite })
        {
            Assert.Equal(200, (int)part.Attribute("tests")!);
            Assert.Equal(suite.Descendants("failure").Count(), (int)part.Attribute("failures")!);
            Assert.Equal(suite.Descendants("error").Count(), (int)part.Attribute("errors")!);
        }

        Assert.Equal(suite.Descendants("skipped").Count(), (int)suite.Attribute("skipped")!);
        Assert.Equal((40, 20, 40), (suite.Descendants("failure").Count(), suite.Descendants("error").Count(), suite.Descendants("skipped").Count()));
        Assert.Equal(["units=300", "cost=11.2"], suite.Descendants("property").Select(static cost => $"{cost.Attribute("name")!.Value}={cost.Attribute("value")!.Value}"));
    }

    [Theory]
    [InlineData(KlingJobState.Saved, null, null)]
    [InlineData(KlingJobState.Succeeded, null, null)]
    [InlineData(KlingJobState.Succeeded, "KlingVideoExpired", "failure KlingVideoExpired")]
    [InlineData(KlingJobState.Failed, "KlingTaskFailed", "failure KlingTaskFailed")]
    [InlineData(KlingJobState.Failed, null, "failure KlingTaskFailed")]
    [InlineData(KlingJobState.Refused, "KlingQuotaExceeded", "failure KlingQuotaExceeded")]
    [InlineData(KlingJobState.Uncertain, null, "error KlingSubmitUncertain")]
    [InlineData(KlingJobState.Running, null, "skipped ")]
    [InlineData(KlingJobState.Running, "KlingWaitTimeout", "skipped ")]
    [InlineData(KlingJobState.Submitting, null, "skipped ")]
    public void Each_state_has_its_result(KlingJobState state, string? errorId, string? result)
    {
        XElement test = Read([new KlingJob { Scene = "hug_pro", Images = ["/photos/ana.jpg"], State = state, ErrorId = errorId }]).Descendants("testcase").Single();
        XElement? told = test.Elements().SingleOrDefault(static part => part.Name != "system-out");
        Assert.Equal(result, told is null ? null : $"{told.Name} {(string?)told.Attribute("type")}");
        Assert.Equal(("ana.jpg", "hug_pro"), ((string?)test.Attribute("name"), (string?)test.Attribute("classname")));
    }

    [Fact]
    public void Names_are_told_apart_and_whatever_they_hold_is_text()
    {
        KlingJob same = new() { Scene = "hug_pro", ExternalTaskId = "a\u0001\u202Eb\ud83d <x>&\"' ]]> 🎂\uFFFF", State = KlingJobState.Failed, Message = "one\ntwo https://a.example/x?sig=93aa", Code = "1301" };
        XElement[] tests = [.. Read([same, same, new KlingJob { State = KlingJobState.Saved }]).Descendants("testcase")];
        Assert.Equal("a  b  <x>&\"' ]]> 🎂", (string?)tests[0].Attribute("name"));
        Assert.Equal("a  b  <x>&\"' ]]> 🎂 (2)", (string?)tests[1].Attribute("name"));
        Assert.Equal("one two https://a.example/x?…", (string?)tests[0].Element("failure")!.Attribute("message"));
        Assert.Contains("Code: 1301", tests[0].Element("failure")!.Value, StringComparison.Ordinal);
        Assert.Equal(("a job without a name", "unknown scene"), ((string?)tests[2].Attribute("name"), (string?)tests[2].Attribute("classname")));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("Kling")]
    [InlineData("Klin")]
    [InlineData("")]
    [InlineData("[[ATTACHMENT|/etc/passwd]]")]
    [InlineData("##teamcity[x] ]]>\u001b[31m\uFFFE\ud83d")]
    public void Whatever_is_told_of_a_job_is_shown_and_is_no_mark_of_a_reader(string text)
    {
        KlingJob job = new()
        {
            ExternalTaskId = text, Scene = text, TaskId = text, ErrorId = text, Code = text, Message = text, Images = [text], Files = [text], State = (KlingJobState)77,
        };
        string report = Read([job]).ToString();
        Assert.DoesNotContain("[[", report, StringComparison.Ordinal);
        Assert.DoesNotContain("##", report, StringComparison.Ordinal);
        Assert.Single(Read([job with { State = KlingJobState.Refused }]).Descendants("failure"));
        foreach (KlingReportForm form in (KlingReportForm[])[KlingReportForm.Html, KlingReportForm.Markdown])
        {
            Assert.DoesNotContain("##teamcity", File.ReadAllText(_batch.Write(form, $"report.{form}", [job])), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void No_jobs_are_no_tests() => Assert.Equal(0, (int)Read([]).Attribute("tests")!);

    private XElement Read(IEnumerable<KlingJob> jobs)
    {
        string path = _batch.Write(KlingReportForm.JUnit, "results.xml", jobs);
        XmlSchemaSet schemas = new();
        schemas.Add("", Path.Combine(AppContext.BaseDirectory, "junit.xsd"));
        XDocument document = XDocument.Load(path);
        document.Validate(schemas, static (_, fault) => throw new XmlException(fault.Message));
        return document.Root!;
    }
}
