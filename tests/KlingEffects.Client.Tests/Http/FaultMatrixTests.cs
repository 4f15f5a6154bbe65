using System.Text;

namespace KlingEffects.Tests.Http;

/// <summary>docs/fault-matrix.md says what becomes of each fault; this holds it to what happens.</summary>
public sealed class FaultMatrixTests(ITestOutputHelper output)
{
    private const string Rewrite = "KLING_WRITE_DOCS";

    [Fact]
    public async Task The_table_of_faults_is_what_happens()
    {
        string document = await WriteAsync();
        output.WriteLine(document);
        string path = Path.Combine(Root(), "docs", "fault-matrix.md");
        if (Environment.GetEnvironmentVariable(Rewrite) == "1")
        {
            await File.WriteAllTextAsync(path, document, Scene.Cancellation);
        }

        string[] written = (await File.ReadAllTextAsync(path, Scene.Cancellation)).ReplaceLineEndings("\n").Split('\n');
        Assert.Equal(written, document.Split('\n'));
    }

    private static async Task<string> WriteAsync()
    {
        Work[] all = Enum.GetValues<Work>();
        StringBuilder text = new(Preface);
        text.Append("\n## At the API\n\n");
        AppendHead(text, all);
        foreach (FaultRow row in FaultRow.OfApi)
        {
            await AppendAsync(text, row, all, atVideoHost: false);
        }

        text.Append("\n## At the video's host\n\n");
        AppendHead(text, [Work.Save]);
        foreach (FaultRow row in FaultRow.OfVideoHost)
        {
            await AppendAsync(text, row, [Work.Save], atVideoHost: true);
        }

        await AppendFrameworkAsync(text, all);
        return text.ToString();
    }

    private static async Task AppendFrameworkAsync(StringBuilder text, Work[] all)
    {
        text.Append(FrameworkPreface).Append('\n');
        AppendHead(text, all);
        foreach (FaultRow row in FaultRow.OfApi.Where(static row => row.IsReset))
        {
            await AppendAsync(text, row, all, atVideoHost: false, onFramework: true);
        }

        text.Append('\n');
        AppendHead(text, [Work.Save]);
        foreach (FaultRow row in FaultRow.OfVideoHost.Where(static row => row.IsReset))
        {
            await AppendAsync(text, row with { Name = $"{row.Name}, at the video's host" }, [Work.Save], atVideoHost: true, onFramework: true);
        }
    }

    private static void AppendHead(StringBuilder text, Work[] works)
    {
        text.Append("| fault | ").AppendJoin(" | ", works.Select(static work => $"{Cmdlet(work)}, once | always")).Append(" |\n");
        text.Append("| --- |").AppendJoin("", works.Select(static _ => " --- | --- |")).Append('\n');
    }

    private static async Task AppendAsync(StringBuilder text, FaultRow row, Work[] works, bool atVideoHost, bool onFramework = false)
    {
        text.Append("| ").Append(row.Name);
        foreach (Work work in works)
        {
            text.Append(" | ").Append(await FaultCell.RunAsync(row, work, always: false, atVideoHost, onFramework));
            text.Append(" | ").Append(await FaultCell.RunAsync(row, work, always: true, atVideoHost, onFramework));
        }

        text.Append(" |\n");
    }

    private static string Cmdlet(Work work) => work switch
    {
        Work.New => "New-KlingEffect",
        Work.Get => "Get-KlingTask",
        Work.Wait => "Wait-KlingTask",
        Work.WaitSeen => "Wait-KlingTask after a good poll",
        _ => "Save-KlingVideo",
    };

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "KlingEffects.psd1")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("The tests do not run below the repository.");
    }

    private static readonly string FrameworkPreface = """

        ## In Windows PowerShell 5.1

        .NET Framework itself sends a GET once more when its connection ended before an answer began, without the module seeing it: never a
        submit. Measured by a handler that does the same; all other numbers are those above. Where the fault comes once, Framework's repeat
        stands in for the module's; where it stays, up to twice as many requests reach the servers.

        """.ReplaceLineEndings("\n");

    private static readonly string Preface = $"""
        # What becomes of each fault

        Measured, not promised: `FaultMatrixTests` lets the work behind each cmdlet meet each fault at the emulator, over real sockets and
        on a driven clock, once and then always, and fails when this table differs from what happens. `{Rewrite}=1` writes it anew.

        Each cell has the number of requests that reached the servers, and what came of it: the task, the file, or the error's id. For a task
        that is there and has succeeded, and without faults, Get-KlingTask and Wait-KlingTask send one request and Save-KlingVideo two: one
        for the video's URL, one for the video. Pauses between requests double and have jitter; where that moves the number, the
        range is shown.

        - New-KlingEffect sends a job again only where nothing can have been made: nobody was reached, or the API said so. Everything else
          is `KlingSubmitUncertain` at the first doubt. Here it has `-TimeoutSec {FaultCell.SubmitSeconds}`; an API that can't be reached is given up after five
          minutes at most.
        - Get-KlingTask asks six times at most, within a quarter of a minute after the first failure, and Save-KlingVideo too where it
          needs a URL.
        - Wait-KlingTask gives a task up when its polls have all failed for five minutes. `-TimeoutSec` bounds it beyond that. Once a poll of
          the batch was answered well, any answer that is not about the task is such a failure; before that, some are final at once.
        - `task_not_exist` is "not yet" for a minute after the submit; a URL may come up to two minutes after the success.

        """.ReplaceLineEndings("\n");
}
