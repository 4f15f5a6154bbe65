using System.Text;
using KlingEffects.Videos;
using Xunit;

namespace KlingEffects.Tests.Videos;

public sealed class VideoTypeTests
{
    [Theory]
    [InlineData(".mp4", "\0\0\0\u0018ftypmp42", true)]
    [InlineData(".m4v", "\0\0\0\u0018ftypM4V ", true)]
    [InlineData(".MP4", "\0\0\0\u0018ftypisom", true)]
    [InlineData(".mp4", "\0\0\0\u0018moov\0\0\0\0", false)]
    [InlineData(".mov", "\0\0\0\u0018moov\0\0\0\0", true)]
    [InlineData(".mov", "\0\0\0\u0008wide\0\0\0\0", true)]
    [InlineData(".webm", "\u001A\u0045\u00DF\u00A3\u0001\0\0\0", true)]
    [InlineData(".mkv", "\0\0\0\u0018ftypmp42", false)]
    [InlineData(".avi", "RIFF\u0001\u0001\u0001\u0001AVI ", true)]
    [InlineData(".avi", "RIFF\u0001\u0001\u0001\u0001WAVE", false)]
    [InlineData(".mp4", "\0\0\0", false)]
    [InlineData(".mp4", "", false)]
    [InlineData(".bin", "whatever it is", true)]
    [InlineData(".bin", "", false)]
    [InlineData(".bin", "\u00EF\u00BB\u00BF \r\n<html", false)]
    [InlineData(".bin", "\t{\"error\":1}", false)]
    public void A_video_begins_as_its_extension_promises(string extension, string head, bool right) =>
        Assert.Equal(right, VideoType.Fault(Encoding.Latin1.GetBytes(head), extension) is null);
}
