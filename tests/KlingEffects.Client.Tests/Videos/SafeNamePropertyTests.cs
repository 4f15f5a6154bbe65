using System.Text;
using FsCheck;
using FsCheck.Fluent;
using KlingEffects.Videos.Naming;
using Xunit;

namespace KlingEffects.Tests.Videos;

public sealed class SafeNamePropertyTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(5_000).WithQuietOnSuccess(true);

    private static Gen<string> Hostile
    {
        get
        {
            Gen<string> piece = Gen.OneOf(
                ArbMap.Default.GeneratorFor<string?>().Select(static text => text ?? ""),
                Gen.Elements("..", "/", "\\", ":", "C:", "CON", "nul", "com1", ".", " ", "\0", "\r\n", "%2e%2e", "~", "*", "|", "\u202E", "\u2028"),
                Gen.Elements("\uD83D\uDE00", "\uD83D", "\uDE00", "é", "e\u0301", "\u212B", "ﬁ", "\uFFFF", "\uE000", "\u200D", "ＣＯＮ", "COM¹"),
                Gen.Choose(1, 400).Select(static n => new string('猫', n)));
            return piece.ListOf().Select(string.Concat);
        }
    }

    [Fact]
    public void Whatever_the_values_a_name_is_that_of_a_file_directly_in_the_folder()
    {
        string folder = Path.GetFullPath(Path.Combine(Path.GetTempPath(), "out"));
        VideoNameTemplate template = VideoNameTemplate.Parse("{TaskId}{ExternalTaskId}{Scene}{Index}");
        Gen<KlingTask> tasks =
            from id in Hostile
            from externalId in Hostile
            from scene in Hostile
            from url in Hostile
            select new KlingTask { TaskId = id, ExternalTaskId = externalId, Scene = scene, Videos = [new KlingVideo { Url = "https://h/" + url }, new KlingVideo { Url = url }] };

        Check.One(Many, Prop.ForAll(tasks.ToArbitrary(), task => template.Names(task, 1).All(name =>
            IsPlain(name) && Path.GetDirectoryName(Path.GetFullPath(Path.Combine(folder, name))) == folder)));
    }

    [Fact]
    public void Two_texts_never_become_one_name()
    {
        Gen<(string, string)> pairs = Hostile.SelectMany(static one => Gen.OneOf(Hostile, Gen.Constant(one + "."), Gen.Constant(" " + one), Gen.Constant(one.Replace('/', '_')))
            .Select(other => (one, other)));

        Check.One(Many, Prop.ForAll(pairs.ToArbitrary(), static pair =>
            pair.Item1 == pair.Item2 || SafeFileName.From(pair.Item1) != SafeFileName.From(pair.Item2)));
    }

    [Fact]
    public void A_name_that_was_made_safe_is_safe() => Check.One(Many, Prop.ForAll(Hostile.ToArbitrary(), static text =>
        SafeFileName.From(SafeFileName.From(text)) == SafeFileName.From(text)));

    /// <summary>Whether Windows, macOS and Linux all take the name as it is, written independently of the code under test.</summary>
    internal static bool IsPlain(string name)
    {
        string device = name.Split('.')[0].Trim().ToUpperInvariant();
        string[] devices = ["CON", "PRN", "AUX", "NUL", .. "0123456789¹²³".SelectMany(static n => new[] { $"COM{n}", $"LPT{n}" })];
        return name.Length is > 0 and <= 120
            && Encoding.UTF8.GetByteCount(name) <= 200
            && new UTF8Encoding(false, false).GetString(Encoding.UTF8.GetBytes(name)) == name
            && !name.Any(static c => c < ' ' || c is >= '\u007F' and < '\u00A0' || "<>:\"/\\|?*\u202E\u2028\u200D\uFFFF".Contains(c))
            && name[0] is not ('.' or ' ')
            && name[^1] is not ('.' or ' ')
            && name.IsNormalized(NormalizationForm.FormC)
            && !devices.Contains(device);
    }
}
