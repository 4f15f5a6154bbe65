using System.Collections.Frozen;
using KlingEffects.Emulator.Configuration;

namespace KlingEffects.Emulator.Recording;

/// <summary>A request as it arrived at one of the two hosts. It is recorded on arrival; body and answer are filled in as they come.</summary>
public sealed class RecordedRequest
{
    internal RecordedRequest(long number, DateTimeOffset arrivedAt)
    {
        Number = number;
        ArrivedAt = arrivedAt;
    }

    /// <summary>1 for the first request, in the order of arrival over both hosts.</summary>
    public long Number { get; }

    /// <summary>When its headers were read, by the emulator's clock.</summary>
    public DateTimeOffset ArrivedAt { get; }

    /// <summary>What it is for.</summary>
    public Operation Operation { get; internal set; }

    /// <summary>True at the video host, false at the API.</summary>
    public bool AtVideoHost { get; internal init; }

    /// <summary>The HTTP method.</summary>
    public string Method { get; internal init; } = "";

    /// <summary>The path as it was on the wire, escapes and all, without the query.</summary>
    public string Path { get; internal init; } = "";

    /// <summary>The query as it was on the wire, with its question mark; empty where there is none.</summary>
    public string Query { get; internal init; } = "";

    /// <summary>All headers; the names know no case, several values are joined by a comma.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; internal init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>The value of the Authorization header, or null.</summary>
    public string? Authorization => Headers.GetValueOrDefault("Authorization");

    /// <summary>The task the request is about, as far as it is known: for a submit, the one it created.</summary>
    public string? TaskId { get; internal set; }

    /// <summary>The bytes of the body that were read.</summary>
    public long BodyLength { get; internal set; }

    /// <summary>Digest of the body in small hexadecimal letters; null without a body or before it is read.</summary>
    public string? BodySha256 { get; internal set; }

    /// <summary>The body as text, when it is at most 64 KiB or <see cref="EmulatorOptions.RecordBodies"/> is set.</summary>
    public string? BodyText { get; internal set; }

    /// <summary>The status answered; null until then, and for good when the connection was cut instead.</summary>
    public int? Status { get; internal set; }

    /// <summary>When the answer began, by the emulator's clock.</summary>
    public DateTimeOffset? AnsweredAt { get; internal set; }

    /// <summary>Whether the emulator reset the connection, before or after having accepted.</summary>
    public bool WasReset { get; internal set; }

    /// <summary>Whether a delay, stall or throttle holds the request at the moment: advancing the clock takes it further.</summary>
    public bool IsHeld { get; internal set; }

    /// <summary>Whether nothing more will happen to the request: it was answered to the end, reset, or given up by the client.</summary>
    public bool IsOver { get; internal set; }
}
