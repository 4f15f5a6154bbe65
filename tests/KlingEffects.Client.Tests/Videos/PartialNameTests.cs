using FsCheck;
using FsCheck.Fluent;
using KlingEffects.Videos;
using Xunit;

namespace KlingEffects.Tests.Videos;

public sealed class PartialNameTests
{
    private const string Owner = "0123abcd";

    [Theory]
    [InlineData("\"5f3c-1\"")]
    [InlineData("\"a/b+c==?\"")]
    [InlineData("Sun, 22 Nov 2026 08:00:00 GMT")]
    public void A_validator_comes_back_from_the_name(string text)
    {
        string path = Path.Combine("out", "a.b.mp4");

        Assert.Equal((path, Owner, new Validator(text)), PartialName.Read(PartialName.For(path, Owner, new Validator(text))));
    }

    [Theory]
    [InlineData("a.mp4")]
    [InlineData("a.mp4.partial")]
    [InlineData("a.mp4.0123abcd.Vy8idjEi.partial")] // a weak tag
    [InlineData("a.mp4.0123abcd.IngiDQpIb3N0OiBoIg.partial")] // a tag with a line break
    [InlineData("a.mp4.0123abcd.!!!.partial")]
    [InlineData("a.mp4.0123abcd.IsOpIg.partial")] // a tag that is not ASCII
    [InlineData("a.mp4.Ingi.partial")] // no task
    [InlineData("a.mp4.0123abcg.Ingi.partial")]
    [InlineData(".partial")]
    [InlineData("a.mp4.0123abcd.gICA.partial")] // no UTF-8
    public void A_name_without_a_good_validator_tells_of_none(string name) => Assert.Null(PartialName.Read(name).Validator);

    [Fact]
    public void No_text_breaks_the_reading_of_a_name()
    {
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(5_000).WithQuietOnSuccess(true),
            Prop.ForAll<string>(static text =>
            {
                (string target, _, Validator? validator) = PartialName.Read($"a.mp4.{Owner}.{text}.partial");
                return target.StartsWith("a.mp4", StringComparison.Ordinal)
                    && (validator is null || validator.Condition.ToString() == validator.Text);
            }));
    }
}
