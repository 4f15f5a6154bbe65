using System.Text;
using KlingEffects.Rows;
using Xunit;

namespace KlingEffects.Tests.Rows;

/// <summary>Rows as spreadsheets, PowerShell and people write them.</summary>
public sealed class RowSetTests : IDisposable
{
    private const string Header = "Scene,Image,ExternalTaskId";

    private readonly TemporaryFolder _folder = new();
    private IReadOnlyList<string> _warnings = [];

    public static TheoryData<string> Encodings => ["utf-8", "utf-8 BOM", "utf-16", "utf-16 BOM", "utf-16BE", "utf-16BE BOM"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Encodings_are_found_out(string name)
    {
        string[] parts = name.Split(' ');
        Encoding encoding = Encoding.GetEncoding(parts[0]);
        byte[] text = encoding.GetBytes($"{Header}\nhug,https://h.example/ä.jpg,Müller\n");
        string path = _folder.Write("jobs.csv", parts.Length > 1 ? [.. encoding.GetPreamble(), .. text] : text);

        BatchRow row = Assert.Single(Read(path));

        Assert.Equal(("hug", "Müller", "line 2"), (row.Job!.Scene, row.ExternalTaskId, row.Place));
    }

    [Fact]
    public void Text_in_another_encoding_is_refused()
    {
        string path = _folder.Write("jobs.csv", Encoding.Latin1.GetBytes($"{Header}\nhug,https://h.example/ä.jpg,Müller\n"));
        Assert.Contains("UTF-8", Refused(path).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Scene;Image;ExternalTaskId;Mode", "hug;https://h.example/a,b.jpg;a;pro")]
    [InlineData("Scene\tImage\tExternalTaskId\tMode", "hug\thttps://h.example/a,b.jpg\ta\tpro")]
    [InlineData("sep=;\r\nScene;Image;ExternalTaskId;Mode", "hug;https://h.example/a,b.jpg;a;pro")]
    [InlineData("sep=|\nScene|Image|ExternalTaskId|Mode", "hug|https://h.example/a,b.jpg|a|pro")]
    [InlineData("#TYPE System.Object\r\n\"Scene\",\"Image\",\"ExternalTaskId\",\"Mode\"", "\"hug\",\"https://h.example/a,b.jpg\",\"a\",\"pro\"")]
    [InlineData("Scene,Image,ExternalTaskId,Mode ", "hug,\"https://h.example/a,b.jpg\",a ,\u00A0pro")]
    [InlineData("\uFEFFScene,\u200BImage,external_task_id,\u00A0MODE", "hug,\"https://h.example/a,b.jpg\",\u200Ba,pro")]
    [InlineData("\n\n,,,\nScene,Image,ExternalTaskId,Mode,,", "hug,\"https://h.example/a,b.jpg\",a,pro,,\n,,,,,\n \t,,,")]
    public void Delimiters_are_found_out_and_blanks_are_no_part_of_anything(string header, string row)
    {
        BatchRow read = Assert.Single(ReadCsv(header + "\n" + row));

        Assert.Equal(("hug", "a", "pro", "https://h.example/a,b.jpg"), (read.Job!.Scene, read.ExternalTaskId, read.Job.Mode, read.Job.Images[0].ToString()));
        Assert.Empty(_warnings);
    }

    [Fact]
    public void A_cell_may_hold_lines_and_rows_tell_the_line_where_they_begin()
    {
        IReadOnlyList<BatchRow> rows = ReadCsv("Scene,Image,ExternalTaskId,Note\r\nhug,https://h.example/a.jpg,a,\"one\r\n\"\"two\"\"\"\r\nhug,https://h.example/b.jpg,b,");
        Assert.Equal(["line 2", "line 4"], rows.Select(static row => row.Place));
        Assert.Contains("'Note'", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Scene,Image,Externaltask-Id\nhug,https://h.example/a.jpg,a", "ExternalTaskId")]
    [InlineData("Scene,Image,Durration\nhug,https://h.example/a.jpg,5", "Duration")]
    [InlineData("Scene,Image,second image\nhug,https://h.example/a.jpg,", "SecondImage")]
    public void An_unknown_column_is_told_once_with_the_name_that_is_meant(string csv, string meant)
    {
        ReadCsv(csv + "\nhug,https://h.example/b.jpg,");
        Assert.EndsWith($"Is {meant} meant?", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Scene,Image,Image\nhug,a,b", "two columns are Image")]
    [InlineData("Scene,Image,Path\nhug,a,b", "two columns are Image")]
    [InlineData("Scene,Image,Mode,mode\u00A0\nhug,a,b,c", "two columns are Mode")]
    [InlineData("Scene,Image,ExternalTaskId\n", "no rows")]
    [InlineData("", "no rows")]
    [InlineData("\n , ,\n", "no rows")]
    [InlineData("Scene;Image\nhug;\"a", "line 2 is never closed")]
    [InlineData("Effect,Image\nhug,a", "no column Scene")]
    [InlineData("Scene,Image,ExternalTaskId\nhug,https://h.example/a.jpg,x\nhug,https://h.example/b.jpg, x", "line 2 and line 3 have the external id x both")]
    [InlineData("Scene,Image,ExternalTaskId\nhug,https://h.example/a.jpg,Mu\u0308ller\nkiss,https://h.example/a.jpg,M\u00FCller", "line 2 and line 3")]
    public void Rows_that_are_no_batch_are_refused(string csv, string why)
    {
        KlingException refusal = Refused(_folder.Write("jobs.csv", Encoding.UTF8.GetBytes(csv)));
        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("jobs.csv", refusal.Message, StringComparison.Ordinal);
        Assert.NotNull(refusal.RecommendedAction);
    }

    [Fact]
    public void Equal_rows_are_one_job_and_there_is_a_word_of_it()
    {
        Assert.Single(ReadCsv($"{Header}\nhug,https://h.example/a.jpg,x\n\nhug, https://h.example/a.jpg,x "));
        Assert.Contains("line 2 and line 4 are one job", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2.03227E+18", "rounded")]
    [InlineData("2,03E+18", "rounded")]
    [InlineData("203227000000000000000", "rounded")]
    [InlineData("2-Mar", "a date of")]
    [InlineData("Mar-26", "a date of")]
    [InlineData("11/28/2026 10:00:00 AM", "a date of")]
    public void An_id_that_has_become_something_else_refuses_its_row_only(string id, string why)
    {
        IReadOnlyList<BatchRow> rows = ReadCsv($"{Header}\nhug,https://h.example/a.jpg,\"{id}\"\nhug,https://h.example/b.jpg,b");
        Assert.Contains(why, rows[0].Refusal!.Message, StringComparison.Ordinal);
        Assert.NotNull(rows[1].Job);
    }

    [Theory]
    [InlineData("2026-11-28")]
    [InlineData("2026112800000010")]
    [InlineData("order-2.5")]
    [InlineData("1e5")]
    [InlineData("=\"0012\"", "0012")]
    public void Ids_that_people_give_are_taken(string id, string? read = null) =>
        Assert.Equal(read ?? id, Assert.Single(ReadCsv($"{Header}\nhug,https://h.example/a.jpg,{id}")).ExternalTaskId);

    [Fact]
    public void Cells_beyond_the_header_refuse_their_row()
    {
        BatchRow row = Assert.Single(ReadCsv($"{Header}\nhug,./Smith, John.jpg,x,y"));
        Assert.Contains("quotation marks", row.Refusal!.Message, StringComparison.Ordinal);
        Assert.Null(row.ExternalTaskId);
    }

    [Fact]
    public void Json_rows_tell_their_lines_and_a_list_of_one_is_its_element()
    {
        IReadOnlyList<BatchRow> rows = ReadJson("""
            [
              { "Scene": ["hug"], "Image": ["https://h.example/a.jpg", "https://h.example/b.jpg"], "Mode": ["pro"], "ExternalTaskId": ["x"], "Duration": 10 },
              {},
              { "scene ": "hug", "Image": "https://h.example/a.jpg", "ExternalTaskId": 12345678901234567890, "AdditionalBody": { "input": { "version": "2" } } },
              { "Scene": "hug", "Image": "https://h.example/a.jpg", "Mode": ["std", "pro"], "ExternalTaskId": "z" },
              { "Scene": "hug", "Image": "https://h.example/a.jpg", "ExternalTaskId": 2.03e18 },
              { "Scene": "hug", "Image": "https://h.example/a.jpg", "Duration": true },
            ]
            """);

        Assert.Equal(["line 2", "line 4", "line 5", "line 6", "line 7"], rows.Select(static row => row.Place));
        Assert.Equal(("x", "pro", 10, 2), (rows[0].ExternalTaskId, rows[0].Job!.Mode, rows[0].Job!.Duration, rows[0].Job!.Images.Count));
        Assert.Equal("12345678901234567890", rows[1].ExternalTaskId);
        Assert.NotNull(rows[1].Job!.AdditionalBody);
        Assert.Contains("Mode is a list of 2", rows[2].Refusal!.Message, StringComparison.Ordinal);
        Assert.Contains("rounded", rows[3].Refusal!.Message, StringComparison.Ordinal);
        Assert.Contains("no length", rows[4].Refusal!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[1]", "line 1 is no object")]
    [InlineData("[\n{\"Scene\":\"a\",\n\"Image\":}]", "line 3 is no JSON")]
    [InlineData("[]", "no rows")]
    [InlineData("{\"Scene\":\"a\",\"Image\":\"b\",\"image\":\"c\"}", "two columns are Image")]
    public void Json_that_holds_no_rows_is_refused(string json, string why) =>
        Assert.Contains(why, Refused(_folder.Write("jobs.json", Encoding.UTF8.GetBytes(json))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_date_is_no_id()
    {
        BatchRow row = Assert.Single(Read([new("row 1", Cells(("Scene", "hug"), ("Image", "https://h.example/a.jpg"), ("ExternalTaskId", new DateTime(2026, 11, 28))))]));
        Assert.Contains("turned into a date", row.Refusal!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_file_of_rows_is_refused()
    {
        Assert.Contains("folder", Refused(_folder.Path).Message, StringComparison.Ordinal);
        Assert.Contains("no such file", Refused(_folder.Combine("none.csv")).Message, StringComparison.Ordinal);
        Assert.Contains("no text", Refused(_folder.Write("jobs.xlsx.csv", [0x50, 0x4B, 3, 4, 20, 0, 6, 0, 8, 0, 0, 0])).Message, StringComparison.Ordinal);
    }

    private static KeyValuePair<string, object?>[] Cells(params (string Name, object? Value)[] cells) =>
        [.. cells.Select(static cell => new KeyValuePair<string, object?>(cell.Name, cell.Value))];

    private static KlingException Refused(string path)
    {
        KlingException refusal = Assert.Throws<KlingException>(() => new RowSet(path, Path.GetFullPath).Read(RowFile.Read(path)));
        Assert.Equal(KlingErrorId.RowsInvalid, refusal.Id);
        return refusal;
    }

    private IReadOnlyList<BatchRow> ReadCsv(string text) => Read(_folder.Write("jobs.csv", Encoding.UTF8.GetBytes(text)));

    private IReadOnlyList<BatchRow> ReadJson(string text) => Read(_folder.Write("jobs.json", Encoding.UTF8.GetBytes(text)));

    private IReadOnlyList<BatchRow> Read(string path) => Read(RowFile.Read(path));

    private IReadOnlyList<BatchRow> Read(IReadOnlyList<SourceRow> rows)
    {
        RowSet set = new(null, Path.GetFullPath);
        IReadOnlyList<BatchRow> read = set.Read(rows);
        _warnings = [.. set.Warnings.Select(static warning => warning.ToString())];
        return read;
    }
}
