using System.Reflection;
using KlingEffects.Jobs;
using Xunit;

namespace KlingEffects.Tests.Journal;

public sealed class JobKeyTests : IDisposable
{
    private readonly JournalSamples _samples = new();
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<EffectJob> Others =>
    [
        Of("hug", "https://h.example/b"),
        Of("kiss", "https://h.example/a"),
        Of("hug", "https://h.example/a", "https://h.example/a"),
        Of("hughttps://h.example/a"),
        Of("hug", "https://h.example/a") with { Duration = 10 },
        Of("hug", "https://h.example/a") with { Mode = "pro" },
        Of("hug", "https://h.example/a") with { ModelName = "pro" },
        Of("hug", "https://h.example/a") with { ExternalTaskId = "mine" },
        Of("hug", "https://h.example/a") with { AdditionalBody = AdditionalBody.Parse("""{"input":{"version":"2"}}""") },
        Of("hug", "https://h.example/a") with { AdditionalBody = AdditionalBody.Parse("""{"input":{"duration":null}}""") },
    ];

    public void Dispose()
    {
        _samples.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Others))]
    public async Task Jobs_that_differ_in_what_is_made_are_known_apart(EffectJob other) =>
        Assert.NotEqual(await KeyOf(Of("hug", "https://h.example/a")), await KeyOf(other));

    [Fact]
    public async Task A_signature_makes_no_other_job_and_a_journal_keeps_a_job_that_it_was_part_of()
    {
        EffectJob monday = Of("hug", "https://h.example/a?versionId=1&X-Amz-Signature=ab");
        EffectJob tuesday = Of("hug", "https://h.example/a?versionId=1&X-Amz-Signature=cd");
        Assert.Equal(await KeyOf(monday), await KeyOf(tuesday));
        Assert.NotEqual(await KeyOf(monday), await KeyOf(Of("hug", "https://h.example/a?versionId=2&X-Amz-Signature=ab")));

        // As the first release made it.
        string former = (await Jobs.JobKey.FormerAsync(monday, TestContext.Current.CancellationToken))!;
        Assert.Equal("sha256:379f7e045df9f0b404dcd12774a4a032e55b6d20d52c6a093009373f62c5c618", former);
        using JobJournal journal = _samples.Open();
        Assert.Equal(await KeyOf(monday), await Jobs.JobKey.FindAsync(monday, journal.Find, TestContext.Current.CancellationToken));
        await journal.SubmittingAsync(former, monday);
        Assert.Equal(former, await Jobs.JobKey.FindAsync(monday, journal.Find, TestContext.Current.CancellationToken));
        Assert.Equal(await KeyOf(monday), await Jobs.JobKey.FindAsync(tuesday, journal.Find, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_order_of_two_images_counts() => Assert.NotEqual(
        await KeyOf(Of("hug", "https://h.example/a", "https://h.example/b")),
        await KeyOf(Of("hug", "https://h.example/b", "https://h.example/a")));

    [Fact]
    public async Task A_callback_and_an_unchecked_image_make_no_other_job()
    {
        EffectJob job = Of("hug", "https://h.example/a");
        Assert.Equal(await KeyOf(job), await KeyOf(job with { CallbackUrl = "https://h.example:8080", SkipImageCheck = true, Mode = "" }));
    }

    [Fact]
    public async Task Each_member_of_a_job_is_part_of_what_it_is_known_by_or_named_as_none()
    {
        EffectJob job = Of("hug", "https://h.example/a");
        foreach (PropertyInfo member in typeof(EffectJob).GetProperties().Where(static member => !Jobs.JobKey.NoContent.Contains(member.Name)))
        {
            EffectJob other = job with { };
            member.SetValue(other, member.PropertyType switch
            {
                var type when type == typeof(string) => "another",
                var type when type == typeof(int?) => 7,
                var type when type == typeof(IReadOnlyList<ImageSource>) => Of("hug", "https://h.example/b").Images,
                var type when type == typeof(AdditionalBody) => AdditionalBody.Parse("""{"another":1}"""),
                var type => throw new InvalidOperationException($"{member.Name} is of the type {type}: say here what another one would be."),
            });
            Assert.True(await KeyOf(job) != await KeyOf(other), $"{member.Name} is no part of JobKey.FromContent, and is not named in JobKey.NoContent");
        }

        Assert.All(Jobs.JobKey.NoContent, static name => Assert.NotNull(typeof(EffectJob).GetProperty(name)));
    }

    [Fact]
    public async Task An_external_id_is_one_in_each_of_its_forms()
    {
        EffectJob job = Of("hug", "https://h.example/a") with { ExternalTaskId = "M\u00FCller" };
        Assert.Equal(await KeyOf(job), await KeyOf(job with { ExternalTaskId = "Mu\u0308ller" }));
    }

    [Fact]
    public async Task A_gateway_its_usual_length_and_the_order_of_additions_make_no_other_job()
    {
        EffectJob job = Of("hug", "https://h.example/a");
        Assert.Equal(await KeyOf(job), await KeyOf(job with { Duration = 5, Gateway = KlingGatewayName.Kling }));
        Assert.Equal(await KeyOf(job), await KeyOf(job with { AdditionalBody = AdditionalBody.Parse("""{"callback_url":"https://h.example/c"}""") }));
        Assert.Equal(
            await KeyOf(job with { AdditionalBody = AdditionalBody.Parse("""{ "b": { "y": 1, "x": [2] }, "a": true }""") }),
            await KeyOf(job with { AdditionalBody = AdditionalBody.Parse("""{"a":true,"b":{"x":[2],"y":1}}""") }));
    }

    [Fact]
    public async Task An_external_id_of_its_own_is_what_a_job_is_known_by()
    {
        Assert.Equal("x:mine", await KeyOf(Of("hug", "https://h.example/a") with { ExternalTaskId = "mine" }));
        using JobJournal journal = _samples.Open();
        Assert.Equal("mine", journal.ExternalIdFor("x:mine"));
    }

    [Fact]
    public async Task An_image_counts_by_its_bytes_wherever_it_lies()
    {
        byte[] png = TestImages.Png(400, 300);
        string key = await KeyOf(Of("hug", _folder.Write("a.png", png)));
        Assert.Equal(key, await KeyOf(Of("hug", _folder.Write("b [2].png", png))));
        Assert.Equal(key, await KeyOf(Of("hug", "data:image/png;base64," + Convert.ToBase64String(png))));
        Assert.NotEqual(key, await KeyOf(Of("hug", _folder.Write("a.png", TestImages.Png(400, 301)))));
    }

    [Fact]
    public async Task Keys_do_not_change_from_release_to_release() => Assert.Equal(
        "sha256:e12248d32efd171cd74abae1a445af68b012da2b747dae3ac7450b1dadeeed10",
        await KeyOf(Of("hug", "https://h.example/a") with { Mode = "std", ModelName = "kling-v1-6" }));

    [Fact]
    public void A_derived_external_id_is_the_same_on_every_run_and_another_in_another_journal()
    {
        const string key = "sha256:00";
        string first;
        using (JobJournal journal = _samples.Open())
        {
            first = journal.ExternalIdFor(key);
            Assert.Matches("^ke-[0-9a-f]{32}$", first);
            Assert.NotEqual(first, journal.ExternalIdFor("sha256:01"));
        }

        using (JobJournal again = _samples.Open())
        {
            Assert.Equal(first, again.ExternalIdFor(key));
        }

        using JobJournal other = JobJournal.Open(_folder.Combine("other.journal"), _samples.Time);
        Assert.NotEqual(first, other.ExternalIdFor(key));
    }

    private static EffectJob Of(string scene, params string[] images) =>
        new() { Scene = scene, Images = [.. images.Select(static image => ImageSource.Parse(image))] };

    private static Task<string> KeyOf(EffectJob job) => JobKey.CreateAsync(job, TestContext.Current.CancellationToken);
}
