using System.Globalization;
using System.Management.Automation.Host;

namespace KlingEffects.Tests.Hosting;

/// <summary>A host that shows nothing and remembers the lines it was to show.</summary>
internal sealed class RecordingHost : PSHost
{
    public RecordingHostInterface Screen { get; } = new();

    public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.InvariantCulture;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override string Name => nameof(RecordingHost);

    public override Version Version { get; } = new(1, 0);

    public override PSHostUserInterface UI => Screen;

    public override void EnterNestedPrompt() => throw new NotSupportedException();

    public override void ExitNestedPrompt() => throw new NotSupportedException();

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }

    public override void SetShouldExit(int exitCode)
    {
    }
}
