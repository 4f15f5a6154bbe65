using KlingEffects.Http;
using KlingEffects.Images;

namespace KlingEffects.Effects;

/// <summary>The JSON of a submit, into which local images are encoded on their way from the file to the socket.</summary>
internal sealed class EffectBody : RequestBody
{
    private readonly byte[] _json;
    private readonly List<ImageUpload> _uploads = [];

    /// <summary>Fixes the length; of each local image, what it is now, so that a later change is noticed.</summary>
    /// <exception cref="KlingException">ImageNotFound or ImageInvalid: a file is gone, empty or can't be read.</exception>
    public EffectBody(EffectJob job)
    {
        ImagePlace[] places = [.. job.Images.Select(ImagePlace.Of)];
        _json = new EffectRequest(job, places).ToJson();
        for (int image = 0; image < places.Length; image++)
        {
            if (job.Images[image] is LocalImage local)
            {
                _uploads.Add(new ImageUpload(local, (int)places[image].End));
            }
        }
    }

    /// <summary>The JSON that a submit of the job would send, with local images named instead of encoded.</summary>
    /// <exception cref="KlingException">ImageNotFound or ImageInvalid: a file is gone, empty or can't be read.</exception>
    internal static string DescribeForWhatIf(EffectJob job) =>
        new EffectRequest(job, [.. job.Images.Select(static image => new ImagePlace(image.ForWhatIf))]).ToIndentedJson();

    /// <inheritdoc/>
    public override long Length => _json.Length + _uploads.Sum(static upload => upload.EncodedLength);

    protected override async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        int written = 0;
        foreach (ImageUpload upload in _uploads)
        {
            await stream.WriteBlockAsync(_json, written, upload.Place - written, cancellationToken).ConfigureAwait(false);
            await upload.WriteAsync(stream, Wrote, cancellationToken).ConfigureAwait(false);
            written = upload.Place;
        }

        Completing();
        await stream.WriteBlockAsync(_json, written, _json.Length - written, cancellationToken).ConfigureAwait(false);
        Wrote();
    }
}
