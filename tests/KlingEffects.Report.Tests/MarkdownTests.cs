using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace KlingEffects.Tests;

public sealed class MarkdownTests : IDisposable
{
    private static readonly MarkdownPipeline GitHub = new MarkdownPipelineBuilder()
        .UsePipeTables().UseAutoLinks().UseEmphasisExtras().UseTaskLists().UseMathematics().Build();

    private readonly Batch _batch = new();

    public void Dispose() => _batch.Dispose();

    [Fact]
    public void Totals_come_first_then_what_went_wrong_then_the_rest_folded()
    {
        string text = Write(_batch.Jobs(40));
        string[] lines = text.Split('\n');
        Assert.Equal("## Kling effects: jobs", lines[0]);
        Assert.Equal("**40 jobs** · ✅ 16 saved · ✅ 4 succeeded · ⏳ 4 running · ⏳ 4 submitting · ⚠️ 4 uncertain · ❌ 4 refused · ❌ 4 failed · 60 units (known of 24) · cost 2.24 (known of 8) · 14 min 54 s", lines[2]);
        int wrong = text.IndexOf("### What went wrong", StringComparison.Ordinal);
        int fold = text.IndexOf("<details><summary>28 jobs besides</summary>\n\n", StringComparison.Ordinal);
        Assert.True(wrong > 0 && fold > wrong && text.TrimEnd().EndsWith("</details>", StringComparison.Ordinal));
        Table[] tables = [.. Markdown.Parse(text, GitHub).Descendants<Table>()];
        Assert.Equal([1 + 12, 1 + 28], tables.Select(static table => table.Count));
    }

    [Fact]
    public void No_value_is_markup()
    {
        string hostile = "a|b <img src=x> `c` *d* _e_ [f](https://evil.example) ![g](h) ~~i~~ $j$ @k www.evil.example l@evil.example #1 \\| &lt; <!-- -->";
        KlingJob failed = new() { ExternalTaskId = hostile, Scene = hostile, State = KlingJobState.Failed, Message = hostile };
        MarkdownDocument document = Markdown.Parse(Write([failed]), GitHub);
        TableCell[] cells = [.. document.Descendants<Table>().Single().OfType<TableRow>().Last().OfType<TableCell>()];
        Assert.Equal(5, cells.Length);
        Assert.DoesNotContain(cells.SelectMany(static cell => cell.Descendants<Inline>()), static inline => inline is not (
            LiteralInline or HtmlEntityInline or HtmlInline { Tag: "<!-- -->" } or ContainerInline) or LinkInline or EmphasisInline);
        string told = string.Concat(cells[0].Descendants<Inline>().Select(static inline => inline switch
        {
            LiteralInline text => text.Content.ToString(),
            HtmlEntityInline entity => entity.Transcoded.ToString(),
            _ => "",
        }));
        Assert.Equal(hostile, told);
    }

    [Fact]
    public void A_summary_never_outgrows_what_GitHub_takes()
    {
        string text = Write(Enumerable.Range(0, 12_000).Select(static number => new KlingJob
        {
            ExternalTaskId = new string('x', 60) + number,
            Scene = "hug_pro",
            State = number % 2 == 0 ? KlingJobState.Failed : KlingJobState.Saved,
            Message = new string('y', 90),
        }));
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(text), 500_000, 1024 * 1024);
        Assert.Matches("(?m)^And [0-9,]+ more, for which a build's summary has no room\\.$", text);
        Assert.Contains("<details><summary>6,000 jobs besides</summary>", text, StringComparison.Ordinal);
    }

    private string Write(IEnumerable<KlingJob> jobs) => File.ReadAllText(_batch.Write(KlingReportForm.Markdown, "summary.md", jobs));
}
