using Xunit;

namespace KlingEffects.Tests.Videos;

public sealed class NameRegistryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_second_task_of_a_name_gets_its_id_with_it()
    {
        NameRegistry names = Registry("{Scene}");

        Assert.Equal(["hug.mp4"], names.Names(Hug("1"), 1));
        Assert.Equal(["hug-2.mp4"], names.Names(Hug("2"), 2));
        Assert.Equal(["hug.mp4"], names.Names(Hug("1"), 3));
    }

    [Fact]
    public void Names_that_differ_in_case_only_are_one_name()
    {
        NameRegistry names = Registry("{ExternalTaskId}");

        Assert.Equal(["A.mp4"], names.Names(Hug("1", "A"), 1));
        Assert.Equal(["a-2.mp4"], names.Names(Hug("2", "a"), 2));
    }

    [Fact]
    public void Whoever_was_second_in_an_earlier_run_is_so_again()
    {
        _folder.Write("hug.mp4", [1]);
        _folder.Write("hug-1.mp4", [1]);
        NameRegistry names = Registry("{Scene}");

        Assert.Equal(["hug-1.mp4"], names.Names(Hug("1"), 1));
        Assert.Equal(["hug.mp4"], names.Names(Hug("2"), 2));
    }

    [Theory]
    [InlineData("{Index:000}-{Scene}", "001-hug")]
    [InlineData("{Scene}", "hug")]
    public void A_file_that_is_older_than_the_task_is_anothers(string template, string name)
    {
        string there = _folder.Write(name + ".mp4", [1]);
        KlingTask task = Hug("1", createdAt: DateTimeOffset.UtcNow);

        Assert.Equal([name + ".mp4"], Registry(template).Names(task, 1));
        File.SetLastWriteTimeUtc(there, DateTime.UtcNow.AddMinutes(-1));
        Assert.Equal([$"{name}-1.mp4"], Registry(template).Names(task, 1));
        Assert.Equal([name + ".mp4"], new NameRegistry(VideoNameTemplate.Parse(template), _folder.Path, replace: true).Names(task, 1));
        Assert.Equal([name + ".mp4"], Registry(template).Names(Hug("1"), 1));
    }

    [Theory]
    [InlineData(40, true)]
    [InlineData(60, false)]
    public void A_file_of_the_first_half_of_a_tasks_life_is_anothers(int written, bool isAnothers)
    {
        DateTimeOffset created = DateTimeOffset.UtcNow.AddMinutes(-5);
        File.SetLastWriteTimeUtc(_folder.Write("hug.mp4", [1]), created.AddSeconds(written).UtcDateTime);

        Assert.Equal(
            [isAnothers ? "hug-1.mp4" : "hug.mp4"],
            Registry("{Scene}").Names(Hug("1", createdAt: created, updatedAt: created.AddSeconds(100)), 1));
    }

    [Theory]
    [InlineData("{TaskId}", "1")]
    [InlineData("{ExternalTaskId}", "a-1")]
    [InlineData("{Image}-{ExternalTaskId}", "unknown-a-1")]
    public void An_older_file_under_an_id_of_the_users_is_anothers_for_ids_are_used_again(string template, string expected)
    {
        string plain = VideoNameTemplate.Parse(template).Names(Hug("1", "a"), 1)[0];
        File.SetLastWriteTimeUtc(_folder.Write(plain, [1]), DateTime.UtcNow.AddDays(-1));
        KlingTask task = Hug("1", "a", createdAt: DateTimeOffset.UtcNow);
        NameRegistry names = Registry(template);

        Assert.Equal(template == "{TaskId}" ? null : _folder.Combine(plain), names.OlderFile(task, 1));
        Assert.Equal([expected + ".mp4"], names.Names(task, 1));
    }

    [Fact]
    public void A_file_that_is_empty_is_nobodys()
    {
        File.SetLastWriteTimeUtc(_folder.Write("a.mp4", []), DateTime.UtcNow.AddDays(-1));
        Assert.Equal(["a.mp4"], Registry("{ExternalTaskId}").Names(Hug("1", "a", createdAt: DateTimeOffset.UtcNow), 1));
    }

    [Fact]
    public void An_older_file_of_another_extension_is_anothers_too()
    {
        File.SetLastWriteTimeUtc(_folder.Write("a.webm", [1]), DateTime.UtcNow.AddDays(-1));
        Assert.Equal(["a-1.mp4"], Registry("{ExternalTaskId}").Names(Hug("1", "a", createdAt: DateTimeOffset.UtcNow), 1));
    }

    [Fact]
    public void A_name_does_not_meet_a_further_video_of_another_task()
    {
        NameRegistry names = Registry("{ExternalTaskId}");

        Assert.Equal(["a.mp4", "a-2.mp4"], names.Names(Hug("1", "a", videos: 2), 1));
        Assert.Equal(["a-2-2.mp4"], names.Names(Hug("2", "a-2"), 2));
        Assert.Equal(["a-2-2-2.mp4"], names.Names(Hug("2-2", "a"), 3));
    }

    [Fact]
    public void A_task_without_the_external_id_that_names_it_is_named_by_its_own_too() =>
        Assert.Equal(["unknown-1.mp4"], Registry("{ExternalTaskId}").Names(Hug("1"), 1));

    [Fact]
    public async Task Names_given_out_at_once_are_all_different()
    {
        NameRegistry names = Registry("{Scene}");

        string[] given = [.. (await Task.WhenAll(Enumerable.Range(0, 500).Select(i => Task.Run(() => names.Names(Hug($"{i}"), i))))).SelectMany(static n => n)];

        Assert.Equal(500, given.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    private static KlingTask Hug(string id, string? externalId = null, int videos = 1, DateTimeOffset? createdAt = null, DateTimeOffset? updatedAt = null) => new()
    {
        TaskId = id,
        ExternalTaskId = externalId,
        CreatedAt = createdAt,
        UpdatedAt = updatedAt,
        Scene = "hug",
        Videos = [.. Enumerable.Repeat(new KlingVideo { Url = "https://h/a.mp4" }, videos)],
    };

    private NameRegistry Registry(string template) => new(VideoNameTemplate.Parse(template), _folder.Path);
}
