using System.Text;
using Xunit;

namespace KlingEffects.Tests.Videos;

/// <summary>What is on the wire is what was told: signatures are over the text of a URL.</summary>
public sealed class ExactUrlTests : IDisposable
{
    private static readonly byte[] Video = ScriptedHost.Video(60_000);
    private static readonly byte[] Found = ScriptedHost.Answer("200 OK\r\nContent-Length: 60000", Video);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("/a%7Eb.mp4?Signature=x%7Ey%2F%2B%3D", null)]
    [InlineData("/%41%2d%2E%5f.mp4?k=%41", null)]
    [InlineData("/a/../b/./c.mp4?x=../y", null)]
    [InlineData("/a/%2E%2E/b%2fc%5Cd.mp4", null)]
    [InlineData("//a///b.mp4", null)]
    [InlineData("/a.mp4?x={1}|[2]^`\"<>'*!", null)]
    [InlineData("/a\\b.mp4?x=\\", null)]
    [InlineData("/a.mp4?", null)]
    [InlineData("/a%zz%.mp4?%", null)]
    [InlineData("/a.mp4?%e4%B8%ad=%C3%A9", null)]
    [InlineData("/a.mp4?x=1#part?y", "/a.mp4?x=1")]
    [InlineData("/a b.mp4?c d", "/a%20b.mp4?c%20d")]
    [InlineData("/é/片.mp4?q=😀", "/%C3%A9/%E7%89%87.mp4?q=%F0%9F%98%80")]
    [InlineData("?only=query", "/?only=query")]
    [InlineData("", "/")]
    public async Task A_url_goes_out_byte_for_byte(string target, string? wire)
    {
        await using ScriptedHost host = new(Found);
        await SaveAsync(host, host.Origin + target);
        Assert.Equal($"GET {wire ?? target} HTTP/1.1", Line(host, 0));
    }

    [Theory]
    [InlineData("ORIGIN/x%7Ey/../z.mp4?s=%2f", "/x%7Ey/../z.mp4?s=%2f")]
    [InlineData("/x%7Ey.mp4?s=%2f#f", "/x%7Ey.mp4?s=%2f")]
    [InlineData("/x/./y/../z%2E%2e/a.mp4", "/x/z%2E%2e/a.mp4")]
    [InlineData("b%2Fc.mp4?t", "/clips/b%2Fc.mp4?t")]
    [InlineData("../b.mp4", "/b.mp4")]
    [InlineData("../../../b/.", "/b/")]
    [InlineData("?sig=%7E", "/clips/a%7E.mp4?sig=%7E")]
    [InlineData("b c.mp4", "/clips/b%20c.mp4")]
    [InlineData("./x:y.mp4", "/clips/x:y.mp4")]
    public async Task So_does_a_redirect(string location, string wire)
    {
        await using ScriptedHost host = new(ScriptedHost.Answer($"302 Found\r\nLocation: {location}"), Found);
        await SaveAsync(host, host.Origin + "/clips/a%7E.mp4?sig=%41");
        Assert.Equal($"GET {wire} HTTP/1.1", Line(host, 1));
    }

    [Theory]
    [InlineData("/\u00C3\u00A9.mp4", "/%C3%A9.mp4")]
    [InlineData("/\u00E9.mp4", "/%E9.mp4")]
    public async Task The_bytes_of_a_location_are_those_of_the_next_request(string location, string wire)
    {
        Assert.SkipWhen(BuildUnderTest.IsNetStandard && wire == "/%E9.mp4", "the other build's client tells no bytes");
        await using ScriptedHost host = new(ScriptedHost.Answer($"301 Moved\r\nLocation: {location}"), Found);
        await SaveAsync(host, host.Url);
        Assert.Equal($"GET {wire} HTTP/1.1", Line(host, 1));
    }

    [Fact]
    public async Task Half_a_surrogate_pair_is_no_url()
    {
        await using ScriptedHost host = new(Found);
        KlingException failure = await Assert.ThrowsAsync<KlingException>(() => SaveAsync(host, host.Origin + "/a\uD83D.mp4"));
        Assert.Equal(KlingErrorId.ProtocolError, failure.Id);
        Assert.Empty(host.Requests);
    }

    private static string Line(ScriptedHost host, int request) =>
        Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(host.Requests[request].Split("\r\n")[0]));

    private Task<SavedVideo> SaveAsync(ScriptedHost host, string url) => VideoScene.NewSaver(new DrivenTime()).SaveAsync(
        host.Request(_folder.Combine("a.mp4")) with { Video = new KlingVideo { Url = url } }, TestContext.Current.CancellationToken);
}
