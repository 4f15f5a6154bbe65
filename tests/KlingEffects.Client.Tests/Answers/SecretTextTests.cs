using System.Text;
using KlingEffects.Api.Answers;
using KlingEffects.Api.Exchange;
using KlingEffects.Http;

namespace KlingEffects.Tests.Answers;

/// <summary>What a server says is printed without the key, without signatures, and without what steers a terminal.</summary>
public sealed class SecretTextTests
{
    private const string Key = Reading.Key;

    public SecretTextTests() => KeyMask.Add(Key);

    public static TheoryData<string> Spellings => new()
    {
        Key,
        Key.ToUpperInvariant(),
        Key.ToLowerInvariant(),
        "Bearer " + Key,
        Uri.EscapeDataString(Key),
        string.Concat(Key.Select(static c => $"\\u{(int)c:x4}")),
        string.Concat(Key.Select(static c => $"\\U{(int)c:X4}")),
        string.Concat(Key.Select(static c => $"%{(int)c:X2}")),
        string.Concat(Key.Select(static c => $"&#{(int)c};")),
        string.Concat(Key.Select(static c => $"&#x{(int)c:x2};")),
        Key.Replace("/", "\\/", StringComparison.Ordinal),
        Key.Replace("/", "\\\\\\/", StringComparison.Ordinal),
        string.Concat(Key.Select(static c => $"%25{(int)c:x2}")),
        string.Concat(Key.Select(static c => $"\\x{(int)c:x2}")),
        Key[2..],
        Key[..12],
        Key[2..14],
        Convert.ToHexString(Encoding.UTF8.GetBytes(Key)),
        Convert.ToBase64String(Encoding.UTF8.GetBytes(Key))[..20],
        string.Concat(Key.Select(static (c, i) => i % 3 == 0 ? $"\\u{(int)c:x4}" : i % 3 == 1 ? $"%{(int)c:x2}" : $"{c}")),
    };

    [Theory]
    [MemberData(nameof(Spellings))]
    public void The_key_is_masked_however_it_is_spelt(string spelling)
    {
        Assert.Equal("before [key] after", ServerText.Clean($"before {spelling.Replace("Bearer ", "", StringComparison.Ordinal)} after"));
        Assert.True(KeyMask.IsIn($"before {spelling}"));
        Assert.Equal("x-[key]", ServerText.Id($"x-{spelling.Replace("Bearer ", "", StringComparison.Ordinal)}"));
    }

    [Theory]
    [InlineData("sk-3f/A")]
    [InlineData("A9+b_0w")]
    [InlineData("sk-3f A9+b_0 wner")]
    [InlineData("\\u00")]
    [InlineData("%2")]
    [InlineData("&#")]
    [InlineData("&#;;;;;;;;;;")]
    [InlineData("&#115")]
    public void What_is_not_the_key_is_left(string text)
    {
        Assert.False(KeyMask.IsIn(text));
        Assert.Equal(text, ServerText.Clean(text));
    }

    [Theory]
    [MemberData(nameof(Spellings))]
    public void Every_text_of_an_error_is_free_of_the_key(string spelling)
    {
        string json = spelling.Contains("\\U", StringComparison.Ordinal) ? spelling.Replace('U', 'u') : spelling;
        foreach (string body in (string[])
        [
            $$"""{"code":"{{json}}","message":"bad {{json}}","request_id":"{{json}}"}""",
            $$"""{"error":{"message":"bad {{json}} (request id: {{json}})","type":"{{json}}","code":""} }""",
            $"<html>{spelling}</html>",
        ])
        {
            KlingException error = Reading.Submit(500, body).Error();
            Assert.All([error.Message, error.Code, error.RequestId, error.AnswerBody, error.ToString()], AssertNoKey);
        }
    }

    [Fact]
    public void A_key_across_the_end_of_an_excerpt_leaves_no_part()
    {
        for (int before = 1900; before < 2010; before++)
        {
            string excerpt = Reading.Query(500, new string('x', before) + Key + "yy").Error().AnswerBody!;
            Assert.DoesNotContain("sk", excerpt, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_key_across_the_end_of_what_is_looked_at_leaves_no_part()
    {
        string escaped = string.Concat(Key.Select(static c => $"\\u{(int)c:x4}"));
        string many = string.Concat(Enumerable.Repeat(escaped, 2000));
        string excerpt = Reading.Query(500, many).Error().AnswerBody!;
        Assert.Empty(excerpt.Replace("[key]", "", StringComparison.Ordinal).Trim('…'));
    }

    [Fact]
    public void A_task_has_no_text_with_the_key()
    {
        KlingTask task = Reading.Told($$"""
            {"code":0,"request_id":"{{Key}}","data":{"task_id":"{{Key}}","task_status":"failed","task_status_msg":"your key {{Key}} is bad",
            "task_info":{"external_task_id":"x-{{Key}}"} } }
            """);
        Assert.Equal(("", "your key [key] is bad", "x-[key]", "[key]"), (task.TaskId, task.StatusMessage, task.ExternalTaskId, task.RequestId));
    }

    [Fact]
    public void A_URL_that_would_carry_the_key_to_another_host_is_no_video() => Assert.Empty(Reading.Told($$"""
        {"code":0,"data":{"task_status":"succeed","task_result":{"videos":[{"url":"https://elsewhere.example/v.mp4?token={{Uri.EscapeDataString(Key)}}"}]},
        "result_url":"https://elsewhere.example/{{Key}}/v.mp4"} }
        """).Videos);

    [Fact]
    public void A_try_out_key_that_is_a_common_word_takes_no_id_and_no_video_away()
    {
        Response response = new(200, """
            {"code":0,"data":{"task_id":"test-1","task_status":"succeed","task_status_msg":"",
            "task_result":{"videos":[{"url":"http://127.0.0.1/test/v.mp4"}]} } }
            """u8.ToArray());
        KeyMask.Add("test");
        KlingTask task = AnswerReader.Read(Operation.Query, response).Task!;
        Assert.Equal(("test-1", "http://127.0.0.1/test/v.mp4"), (task.TaskId, Assert.Single(task.Videos).Url));
    }

    [Theory]
    [InlineData("see https://h/v.mp4?X-Sig=abc&e=1 now", "see https://h/v.mp4?… now")]
    [InlineData("HTTPS://h/v.mp4#frag", "HTTPS://h/v.mp4?…")]
    [InlineData("\"url\":\"https:\\/\\/h\\/v.mp4?sig=abc\",\"a\":1", "\"url\":\"https:\\/\\/h\\/v.mp4?…\",\"a\":1")]
    [InlineData("\"https://h/v\\u003fsig=abc\"", "\"https://h/v?…\"")]
    [InlineData("http://a/?x=1 http://b/?y=2", "http://a/?… http://b/?…")]
    [InlineData("is it? yes # 1", "is it? yes # 1")]
    [InlineData("https://h/plain.mp4 and why?", "https://h/plain.mp4 and why?")]
    public void The_query_of_a_URL_may_be_a_signature(string text, string printed) => Assert.Equal(printed, ServerText.Clean(text));

    [Theory]
    [InlineData(1, "image: …, end")]
    [InlineData(2, "image: …, end")]
    [InlineData(3, "image: …, end")]
    public void What_may_be_image_bytes_is_not_printed(int spelling, string printed)
    {
        string data = string.Concat(Enumerable.Repeat("iVBORw0KGgo+/9j", 20));
        string spelt = spelling switch
        {
            1 => data,
            2 => data.Replace("/", "\\/", StringComparison.Ordinal),
            _ => data.Replace("/", "\\u002f", StringComparison.Ordinal).Replace("+", "\\u002B", StringComparison.Ordinal),
        };
        Assert.Equal(printed, ServerText.WithoutData($"image: {spelt}==, end"));
        Assert.Equal("cut: ……", ServerText.WithoutData($"cut: {spelt[..50]}…"));
    }

    [Fact]
    public void Ids_and_digests_are_no_image_bytes()
    {
        string text = $"{new string('a', 64)} {Guid.NewGuid():N} {new string('b', 99)}";
        Assert.Equal(text, ServerText.WithoutData(text));
    }

    [Theory]
    [InlineData("proxy 'http://user:pass@10.0.0.1:3128/' said no", "proxy 'http://10.0.0.1:3128/' said no")]
    [InlineData("https://a@b:p@ss@host/x@y?z", "https://host/x@y?…")]
    [InlineData("https://host/x@y and a@b", "https://host/x@y and a@b")]
    [InlineData("http://user:pass@", "http://")]
    public void Nobodys_password_is_printed(string text, string printed) => Assert.Equal(printed, ServerText.Clean(text));

    [Theory]
    [InlineData("a\u001b[31mb\r\nc\u0000d\u0085e", "a [31mb  c d e")]
    [InlineData("a\u202eb\u2066c\u200bd\ufeffe", "a b c d e")]
    [InlineData("a\u2028b\u2029c\ue000d", "a b c d")]
    [InlineData("a\U000e0041b", "a b")]
    [InlineData("猫 \U0001f600 é", "猫 \U0001f600 é")]
    [InlineData(" \u001b ", null)]
    public void Only_what_prints_is_printed(string text, string? printed) => Assert.Equal(printed, ServerText.Clean(text));

    [Fact]
    public void Half_a_character_is_not_printed() => Assert.Equal("a b", ServerText.Clean("a\ud800b\udc00"));

    [Fact]
    public void A_long_text_ends_between_characters()
    {
        string printed = ServerText.Clean(string.Concat(Enumerable.Repeat("\U0001f600", 1000)))!;
        Assert.InRange(printed.Length, 500, 503);
        Assert.EndsWith("\U0001f600…", printed, StringComparison.Ordinal);
        Assert.Equal(printed, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(printed)));
    }

    [Fact]
    public void An_exception_keeps_nothing_but_its_own_words()
    {
        KlingException error = Reading.Submit(500, $$"""{"message":"{{Key}} https://h/v?sig=abc"}""").Error().WithSubject(new KlingTask { TaskId = "t" }, "t");
        Assert.Null(error.InnerException);
        Assert.Empty(error.Data);
        foreach (System.Reflection.PropertyInfo property in typeof(KlingException).GetProperties())
        {
            Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            Assert.DoesNotContain("System.Net", type.FullName, StringComparison.Ordinal);
            string text = $"{property.GetValue(error)}";
            AssertNoKey(text);
            Assert.DoesNotContain("sig=abc", text, StringComparison.Ordinal);
        }
    }

    private static void AssertNoKey(string? text) => Assert.False(text is not null && (KeyMask.IsIn(text) || text.Contains(Key, StringComparison.OrdinalIgnoreCase)), text);
}
