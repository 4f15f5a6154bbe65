using KlingEffects.Images;
using Xunit;

namespace KlingEffects.Tests.Images;

public sealed class UrlSignatureTests
{
    private const string Url = "https://host.example/a/b.jpg";

    [Theory]
    [InlineData("X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AK%2F20261122&X-Amz-Date=20261122T210000Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Signature=ab")]
    [InlineData("AWSAccessKeyId=AK&Expires=1781080778&Signature=a%2Bb")]
    [InlineData("X-Goog-Algorithm=GOOG4&X-Goog-Credential=x&X-Goog-Date=1&X-Goog-Expires=9&X-Goog-SignedHeaders=host&X-Goog-Signature=ab")]
    [InlineData("GoogleAccessId=x&Expires=1&Signature=ab")]
    [InlineData("sv=2024-11-04&ss=b&srt=o&sp=r&se=2026-11-22T22%3A00%3A00Z&st=2026&spr=https&sig=ab%3D")]
    [InlineData("sp=r&st=1&se=2&skoid=1&sktid=2&skt=3&ske=4&sks=b&skv=5&spr=https&sv=6&sr=b&sig=ab")]
    [InlineData("Expires=1&Signature=ab&Key-Pair-Id=K")]
    [InlineData("Policy=eyJ&Signature=ab&Key-Pair-Id=K")]
    [InlineData("OSSAccessKeyId=x&Expires=1&Signature=ab&security-token=t")]
    [InlineData("x-oss-signature-version=OSS4&x-oss-credential=x&x-oss-date=1&x-oss-expires=9&x-oss-signature=ab")]
    [InlineData("q-sign-algorithm=sha1&q-ak=x&q-sign-time=1;2&q-key-time=1;2&q-header-list=host&q-url-param-list=&q-signature=ab")]
    [InlineData("X-Tos-Algorithm=x&X-Tos-Credential=x&X-Tos-Date=1&X-Tos-Expires=9&X-Tos-SignedHeaders=host&X-Tos-Signature=ab")]
    [InlineData("auth_key=1-0-0-ab")]
    [InlineData("e=1&token=ab")]
    [InlineData("ex=1&is=2&hm=3")]
    [InlineData("x-amz-signature=ab")]
    public void What_lets_somebody_in_is_no_part_of_which_image_it_is(string signature)
    {
        Assert.Equal(Url, UrlSignature.Without($"{Url}?{signature}"));
        Assert.Equal($"{Url}?versionId=7&w=4#x", UrlSignature.Without($"{Url}?versionId=7&{signature}&w=4#x"));
    }

    [Theory]
    [InlineData("versionId=7")]
    [InlineData("generation=7")]
    [InlineData("snapshot=2026")]
    [InlineData("se=2&sp=r&st=1")]
    [InlineData("Expires=1")]
    [InlineData("token=ab")]
    [InlineData("e=1")]
    [InlineData("t=1")]
    [InlineData("sign=1")]
    [InlineData("x-oss-process=image/resize,w_100")]
    [InlineData("id=5&Policy=x")]
    [InlineData("&&=&a")]
    [InlineData("")]
    public void What_chooses_an_image_is_kept(string query) => Assert.Equal($"{Url}?{query}", UrlSignature.Without($"{Url}?{query}"));
}
