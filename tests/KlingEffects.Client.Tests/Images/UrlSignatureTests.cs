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
    [InlineData("exp=1781080778&sig=0123456789abcdef01")]
    [InlineData("st=1781080778000&hmac=dGhpcyBpcyBhIHNpZ25hdHVyZQ%3D%3D")]
    [InlineData("expires_at=2026-11-29T10%3A00%3A00Z&verify=0123456789abcdef01")]
    [InlineData("valid_until=1781080778&signature=0123456789abcdef01")]
    [InlineData("exp=1781080778&token=ab")]
    public void What_lets_somebody_in_is_no_part_of_which_image_it_is(string signature)
    {
        Assert.Equal(Url, UrlSignature.Without($"{Url}?{signature}"));
        Assert.Equal($"{Url}?versionId=7&w=4", UrlSignature.Without($"{Url}?versionId=7&{signature}&w=4#x"));
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
    [InlineData("token=0123456789abcdef01")]
    [InlineData("exp=1781080778&id=0123456789abcdef01")]
    [InlineData("t=1781080778&hash=0123456789abcdef01")]
    [InlineData("t=1781080778&token=0123456789abcdef01")]
    [InlineData("t=2026&hmac=0123456789abcdef01")]
    [InlineData("x-oss-process=image/resize,w_100")]
    [InlineData("id=5&Policy=x")]
    [InlineData("&&=&a")]
    [InlineData("")]
    public void What_chooses_an_image_is_kept(string query) => Assert.Equal($"{Url}?{query}", UrlSignature.Without($"{Url}?{query}"));

    [Theory]
    [InlineData("""{"url":"cats/a.jpg","iat":1781080778,"exp":1781084378}""", """{"url":"cats/a.jpg","iat":1781090000,"exp":1781093600}""", true)]
    [InlineData("""{"exp":1781084378,"jti":"7f3a","sub":"a"}""", """{"exp":1781093600, "jti":"88b1","sub":"a"}""", true)]
    [InlineData("""{"url":"cats/a.jpg","exp":1781084378}""", """{"url":"cats/b.jpg","exp":1781084378}""", false)]
    public void A_token_is_what_it_claims_without_its_times(string one, string other, bool areSame)
    {
        string first = UrlSignature.Without($"{Url}?token={Token(one, "k1")}");
        string second = UrlSignature.Without($"{Url}?token={Token(other, areSame ? "k2" : "k1")}");
        Assert.Equal(areSame, first == second);
    }

    [Theory]
    [InlineData("https://HOST.example/a/b.jpg")]
    [InlineData("HTTPS://host.example:443/a/b.jpg")]
    [InlineData("https://host.example/a/b.jpg#top")]
    public void An_address_is_one_however_it_is_written(string url) => Assert.Equal(Url, UrlSignature.Without(url));

    private static string Token(string claims, string signature) =>
        string.Join('.', new[] { """{"alg":"HS256"}""", claims, signature }.Select(static part => System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(part))));
}
