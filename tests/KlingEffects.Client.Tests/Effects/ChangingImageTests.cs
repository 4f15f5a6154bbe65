using KlingEffects.Effects;
using KlingEffects.Http;
using KlingEffects.Images;
using Xunit;

namespace KlingEffects.Tests.Effects;

public sealed class ChangingImageTests : IDisposable
{
    private const int FileLength = 10 * 1024 * 1024;

    private readonly TemporaryFolder _folder = new();

    public ChangingImageTests() => _folder.Write("a.png", TestImages.Png(400, 400, FileLength));

    public static TheoryData<string> Changes => ["grown", "shrunk", "last byte", "touched"];

    private EffectJob Job => new() { Scene = "hug", Images = [ImageSource.Parse("a.png", _folder.Combine)] };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_file_that_changes_while_it_is_read_never_makes_a_whole_request(string change)
    {
        (KlingException error, RawRequest request) = await Fail(Job, () => Change(change));
        Assert.Equal(KlingErrorId.ImageInvalid, error.Id);
        Assert.Equal("'a.png' changed while its job was being submitted; the job was not submitted.", error.Message);
        Assert.Equal(_folder.Combine("a.png"), error.Target);
        Assert.InRange(request.Received, 1, request.ContentLength - 1);
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task So_does_one_that_changed_between_the_promise_and_the_sending(string change)
    {
        EffectBody body = new(Job);
        Change(change);
        KlingException error = await Assert.ThrowsAsync<KlingException>(
            () => body.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken));
        Assert.Equal(KlingErrorId.ImageInvalid, error.Id);
        Assert.Same(error, body.Failure);
        Assert.Equal(BodyProgress.Begun, body.Progress);
    }

    [Fact]
    public async Task A_file_gone_between_the_promise_and_the_sending_is_not_found()
    {
        using RawServer server = new();
        EffectBody body = new(Job);
        File.Delete(_folder.Combine("a.png"));
        Task<RawRequest> receiving = server.ReceiveAsync();
        KlingException error = await Assert.ThrowsAsync<KlingException>(() => Sending.PostAsync(server.Uri, body));
        Assert.Equal(KlingErrorId.ImageNotFound, error.Id);
        Assert.False((await receiving).IsWhole);
    }

    [Fact]
    public async Task A_file_deleted_while_it_is_read_is_sent_whole_or_said_to_have_changed()
    {
        using RawServer server = new();
        EffectBody body = new(Job);
        Task<RawRequest> receiving = server.ReceiveAsync(keepBody: false, () => File.Delete(_folder.Combine("a.png")));
        Exception? error = await Record.ExceptionAsync(() => Sending.PostAsync(server.Uri, body));
        Assert.Equal(error is null, (await receiving).IsWhole);
        Assert.True(error is null or KlingException { Id: KlingErrorId.ImageInvalid }, error?.ToString());
    }

    [Fact]
    public async Task A_disk_that_fails_is_the_images_error_not_the_connections()
    {
        EffectJob job = new() { Scene = "hug", Images = [new FailingImage()] };
        (KlingException error, RawRequest request) = await Fail(job, null);
        Assert.Equal(KlingErrorId.ImageInvalid, error.Id);
        Assert.Equal("'failing.png' can't be read: Input/output error", error.Message);
        Assert.False(request.IsWhole);
    }

    private static async Task<(KlingException Error, RawRequest Request)> Fail(EffectJob job, Action? inTheMidst)
    {
        using RawServer server = new();
        EffectBody body = new(job);
        Task<RawRequest> receiving = server.ReceiveAsync(keepBody: false, inTheMidst);
        KlingException error = await Assert.ThrowsAsync<KlingException>(() => Sending.PostAsync(server.Uri, body));
        return (error, await receiving);
    }

    private void Change(string change)
    {
        string path = _folder.Combine("a.png");
        if (change == "touched")
        {
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddSeconds(10));
            return;
        }

        using FileStream file = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        file.SetLength(change == "grown" ? FileLength + 1 : change == "shrunk" ? FileLength - 1 : FileLength);
        file.Position = FileLength - 2;
        file.WriteByte(0xEE);
    }

    private sealed class FailingImage : LocalImage
    {
        public override string Target => "failing.png";

        protected override string ShortName => "failing.png";

        public override string ToString() => "failing.png";

        public override Stream Open() => new FailingStream();

        public override ImageStamp Stamp(Stream opened) => new(FileLength, default);
    }

    private sealed class FailingStream() : MemoryStream(new byte[FileLength])
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position > 1_000_000 ? throw Fault() : base.ReadAsync(buffer, cancellationToken);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            Position > 1_000_000 ? throw Fault() : base.ReadAsync(buffer, offset, count, cancellationToken);

        private static IOException Fault() => new("Input/output error");
    }
}
