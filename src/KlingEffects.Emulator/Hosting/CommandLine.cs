using System.Net;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using KlingEffects.Emulator.Configuration;
using KlingEffects.Emulator.Control;
using KlingEffects.Emulator.Specification;

namespace KlingEffects.Emulator.Hosting;

/// <summary>How the stand-alone emulator is to be started: the options of a patch, and those that are fixed once it runs.</summary>
internal sealed record CommandLine : OptionsPatch
{
    private static readonly HashSet<string> Names =
        [.. typeof(CommandLine).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name))];

    public int Port { get; init; } = 8787;

    public int VideoPort { get; init; }

    public string? Key { get; init; }

    public int Seed { get; init; } = 1;

    public bool ManualClock { get; init; }

    public bool Verbose { get; init; }

    public bool Help { get; init; }

    /// <summary>A file that gets the base URL once the emulator listens.</summary>
    public string? ReadyFile { get; init; }

    /// <summary>The process without which the emulator has no purpose.</summary>
    public int? ExitWithParent { get; init; }

    /// <summary>Reads <c>--name value</c> and <c>--name</c>.</summary>
    /// <exception cref="FormatException">A name or value that is not known; the message says which.</exception>
    public static CommandLine Parse(ReadOnlySpan<string> arguments)
    {
        JsonObject values = [];
        while (arguments is [var name, .. var rest])
        {
            string member = CamelCase(name);
            if (!name.StartsWith("--", StringComparison.Ordinal) || !Names.Contains(member))
            {
                throw new FormatException($"There is no option {name}; --help lists them.");
            }

            bool hasValue = rest is [var next, ..] && !next.StartsWith("--", StringComparison.Ordinal);
            values[member] = hasValue ? Value(rest[0]) : JsonValue.Create(true);
            arguments = hasValue ? rest[1..] : rest;
        }

        try
        {
            CommandLine command = values.Deserialize<CommandLine>(ControlJson.Options)!;
            return IsPort(command.Port) && IsPort(command.VideoPort) ? command
                : throw new FormatException($"A port is a number from 0 to {IPEndPoint.MaxPort}.");
        }
        catch (JsonException unreadable)
        {
            string member = unreadable.Path?.TrimStart('$', '.') ?? "";
            throw new FormatException($"The option {member} cannot be {values[member]}; --help lists what can be given.", unreadable);
        }
    }

    public EmulatorOptions ToOptions()
    {
        EmulatorOptions options = Apply(new EmulatorOptions
        {
            ApiPort = Port,
            VideoPort = VideoPort,
            Seed = Seed,
            Time = ManualClock ? new ManualClock(DateTimeOffset.UtcNow) : TimeProvider.System,
            KnownScenes = PublishedScenes.Names,
        });
        return options with { ApiKey = Key ?? new EmulatorOptions { Gateway = options.Gateway }.ApiKey };
    }

    private static bool IsPort(int number) => number is >= IPEndPoint.MinPort and <= IPEndPoint.MaxPort;

    private static JsonValue Value(string text) => bool.TryParse(text, out bool truth) ? JsonValue.Create(truth) : JsonValue.Create(text);

    private static string CamelCase(string name)
    {
        string[] words = name.Split('-', StringSplitOptions.RemoveEmptyEntries);
        return JsonNamingPolicy.CamelCase.ConvertName(string.Concat(words.Select(word => char.ToUpperInvariant(word[0]) + word[1..])));
    }
}
