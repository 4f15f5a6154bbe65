using System.Collections.Concurrent;
using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace KlingEffects.Tests.Hosting;

/// <summary>The screen of <see cref="RecordingHost"/>. It answers no question: a test that is asked one has gone wrong.</summary>
internal sealed class RecordingHostInterface : PSHostUserInterface
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ConcurrentQueue<ProgressRecord> _progress = new();
    private readonly Signal _changed = new();

    /// <summary>What was written to the screen itself, past all streams.</summary>
    public IReadOnlyList<string> Lines => [.. _lines];

    public IReadOnlyList<ProgressRecord> Progress => [.. _progress];

    public override PSHostRawUserInterface? RawUI => null;

    /// <summary>Waits until a line with this text was written.</summary>
    public Task LineAsync(string text) =>
        _changed.WaitAsync(() => Lines.Any(line => line.Contains(text, StringComparison.Ordinal)), TestContext.Current.CancellationToken);

    /// <summary>Waits until progress of this activity was shown, with this status if one is given, and gives it.</summary>
    public async Task<ProgressRecord> ProgressAsync(string activity, string? status = null)
    {
        ProgressRecord? Shown() => Progress.FirstOrDefault(record => record.Activity == activity && (status is null || record.StatusDescription == status));
        await _changed.WaitAsync(() => Shown() is not null, TestContext.Current.CancellationToken);
        return Shown()!;
    }

    /// <summary>Forgets what was shown so far.</summary>
    public void Clear()
    {
        _lines.Clear();
        _progress.Clear();
    }

    public override void Write(string value) => Remember(_lines, value);

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => Remember(_lines, value);

    public override void WriteLine(string value) => Remember(_lines, value);

    public override void WriteProgress(long sourceId, ProgressRecord record) => Remember(_progress, record);

    public override void WriteDebugLine(string message)
    {
    }

    public override void WriteErrorLine(string value)
    {
    }

    public override void WriteVerboseLine(string message)
    {
    }

    public override void WriteWarningLine(string message)
    {
    }

    public override string ReadLine() => throw new NotSupportedException();

    public override SecureString ReadLineAsSecureString() => throw new NotSupportedException();

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
        throw new NotSupportedException($"Asked: {caption} {message}");

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) =>
        throw new NotSupportedException($"Asked: {caption} {message}");

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        throw new NotSupportedException($"Asked: {caption} {message}");

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) =>
        throw new NotSupportedException($"Asked: {caption} {message}");

    private void Remember<T>(ConcurrentQueue<T> memory, T item)
    {
        memory.Enqueue(item);
        _changed.Pulse();
    }
}
