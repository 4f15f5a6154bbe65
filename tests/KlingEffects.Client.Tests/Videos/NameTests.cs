using System.Text.RegularExpressions;
using KlingEffects.Videos.Containers;
using KlingEffects.Videos.Naming;
using Xunit;

namespace KlingEffects.Tests.Videos;

public sealed class NameTests
{
    private static readonly KlingTask Task = new()
    {
        TaskId = "8123",
        ExternalTaskId = "order 7",
        Scene = "let's_ride",
        Videos = [new KlingVideo { Url = "https://h/a.mp4?x=1" }],
    };

    [Theory]
    [InlineData("{TaskId}", "8123.mp4")]
    [InlineData("{taskid}-{SCENE}", "8123-let's_ride.mp4")]
    [InlineData("{ExternalTaskId}", "order 7.mp4")]
    [InlineData("{Index}_{Index:000}", "7_007.mp4")]
    [InlineData("{{{Scene}}}", "{let's_ride}.mp4")]
    [InlineData("clip.mp4", "clip.mp4")]
    [InlineData("{TaskId}.MOV", "8123.mp4")]
    [InlineData("a.b {TaskId}", "a.b 8123.mp4")]
    [InlineData("結果{Index}", "結果7.mp4")]
    public void A_template_makes_a_name(string template, string expected) =>
        Assert.Equal([expected], VideoNameTemplate.Parse(template).Names(Task, 7));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(".mp4")]
    [InlineData("{Task}")]
    [InlineData("{}")]
    [InlineData("{TaskId")]
    [InlineData("TaskId}")]
    [InlineData("{TaskId:000}")]
    [InlineData("{Index:D3}")]
    [InlineData("{Index:}")]
    [InlineData("../{TaskId}")]
    [InlineData("a/{TaskId}")]
    [InlineData("a\\{TaskId}")]
    [InlineData("{TaskId}..")]
    [InlineData("C:{TaskId}")]
    [InlineData("{TaskId}?")]
    [InlineData("{TaskId}\n")]
    [InlineData("a\tb")]
    public void A_template_that_makes_no_name_is_refused_with_the_tokens_there_are(string template)
    {
        if (template.EndsWith('\n'))
        {
            Assert.Equal(["8123.mp4"], VideoNameTemplate.Parse(template).Names(Task, 1));
            return;
        }

        KlingException refusal = Assert.Throws<KlingException>(() => VideoNameTemplate.Parse(template));

        Assert.Equal(KlingErrorId.InvalidRequest, refusal.Id);
        Assert.Contains("{TaskId}, {ExternalTaskId}, {Scene}, {Image} and {Index}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_task_does_not_have_is_unknown()
    {
        KlingTask bare = new() { Videos = Task.Videos };
        Assert.Equal(["unknown-unknown-unknown.mp4"], VideoNameTemplate.Parse("{TaskId}-{ExternalTaskId}-{Scene}").Names(bare, 1));
    }

    [Theory]
    [InlineData("https://h/x.MOV?a=b.mp4", ".mov")]
    [InlineData("https://h/x.webm#f", ".webm")]
    [InlineData("https://h/x.m4v", ".m4v")]
    [InlineData("https://h/x.mkv", ".mkv")]
    [InlineData("https://h/x.exe", ".mp4")]
    [InlineData("https://h/x.mp4.ps1", ".mp4")]
    [InlineData("https://h/x?f=.webm", ".mp4")]
    [InlineData("https://h/", ".mp4")]
    [InlineData("nonsense", ".mp4")]
    public void Only_the_extension_of_a_video_comes_from_the_url(string url, string expected) =>
        Assert.Equal(expected, VideoContainer.ExtensionOf(url));

    [Fact]
    public void Further_videos_are_numbered_and_keep_their_types()
    {
        KlingTask task = new() { TaskId = "1", Videos = [new KlingVideo { Url = "https://h/a" }, new KlingVideo { Url = "https://h/b.webm" }, new KlingVideo { Url = "https://h/c" }] };
        Assert.Equal(["1.mp4", "1-2.webm", "1-3.mp4"], VideoNameTemplate.Parse(VideoNameTemplate.DefaultText).Names(task, 1));
    }

    [Theory]
    [InlineData("../../x")]
    [InlineData("C:\\\\x")]
    [InlineData("a/b")]
    [InlineData("nul")]
    [InlineData("COM1.txt")]
    [InlineData("lpt³")]
    [InlineData("x.")]
    [InlineData(" x")]
    [InlineData(".hidden")]
    [InlineData("half \\uD83D")]
    [InlineData("e\u0301")]
    [InlineData("a\u202Egnp")]
    [InlineData("a\u0000b")]
    public void A_hostile_id_stays_in_the_folder_and_stays_unlike_others(string id)
    {
        KlingTask task = new() { TaskId = Regex.Unescape(id), Videos = Task.Videos };
        string name = Assert.Single(VideoNameTemplate.Parse(VideoNameTemplate.DefaultText).Names(task, 1));

        Assert.Matches("-[0-9a-f]{8}\\.mp4$", name);
        Assert.True(SafeNamePropertyTests.IsPlain(name));
    }

    [Theory]
    [InlineData("a/b", "a_b")]
    [InlineData("a/b", "a\\b")]
    [InlineData("x.", "x")]
    [InlineData("CON", "_CON")]
    [InlineData("e\u0301", "\u00E9")]
    public void Ids_that_differ_have_names_that_differ(string one, string other) =>
        Assert.NotEqual(SafeFileName.From(one), SafeFileName.From(other), StringComparer.OrdinalIgnoreCase);

    [Fact]
    public void Halves_of_characters_that_differ_have_names_that_differ() =>
        Assert.NotEqual(SafeFileName.From(new string('\uD83D', 1)), SafeFileName.From(new string('\uDE00', 1)));

    [Fact]
    public void Long_ids_that_differ_at_their_end_have_names_that_differ()
    {
        string start = new('x', 500);
        Assert.NotEqual(SafeFileName.From(start + "1"), SafeFileName.From(start + "2"));
    }
}
