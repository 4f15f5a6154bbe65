using System.Runtime.CompilerServices;

namespace KlingEffects.Tests.Hosting;

/// <summary>A test that needs the PowerShell engine, and is skipped where there is none. A minute is its limit.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class EngineFactAttribute : FactAttribute
{
    public EngineFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        Skip = Engine.WhyNot;
        Timeout = 60_000;
    }
}

/// <summary>As <see cref="EngineFactAttribute"/>, for a test with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class EngineTheoryAttribute : TheoryAttribute
{
    public EngineTheoryAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        Skip = Engine.WhyNot;
        Timeout = 60_000;
    }
}
