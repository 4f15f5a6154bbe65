using System.Reflection;

namespace KlingEffects.Tests.Http;

/// <summary>Forces on this process what System.Uri does in powershell.exe of Windows PowerShell 5.1: %2F, %5C and %2E of a path are decoded, and then compressed.</summary>
internal sealed class OldUriRules : IDisposable
{
    private static readonly string[] Parsers = ["HttpUri", "HttpsUri"];

    private static readonly FieldInfo Flags =
        typeof(UriParser).GetField("_flags", BindingFlags.Instance | BindingFlags.NonPublic) ?? throw new MissingFieldException("UriParser", "_flags");

    private readonly List<(object Parser, object Flags)> _before = [];

    public OldUriRules()
    {
        foreach (string name in Parsers)
        {
            object parser = typeof(UriParser).GetField(name, BindingFlags.Static | BindingFlags.NonPublic)?.GetValue(null) ?? throw new MissingFieldException("UriParser", name);
            object flags = Flags.GetValue(parser)!;
            _before.Add((parser, flags));
            int old = Convert.ToInt32(flags, null) | Convert.ToInt32(Enum.Parse(Flags.FieldType, "UnEscapeDotsAndSlashes"), null);
            Flags.SetValue(parser, Enum.ToObject(Flags.FieldType, old));
        }
    }

    public void Dispose() => _before.ForEach(static parser => Flags.SetValue(parser.Parser, parser.Flags));
}

/// <summary>Tests that change rules of the whole process run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneForUriRules
{
    public const string Name = "Old rules of System.Uri";
}
