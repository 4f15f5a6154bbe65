using System.Reflection;
using System.Runtime.Versioning;

namespace KlingEffects.Tests;

/// <summary>The tests here are those of the client's other build; this one holds that it is not that other build again.</summary>
public sealed class BuildUnderTestTests
{
    [Fact]
    public void The_client_under_test_is_the_netstandard_build() =>
        Assert.Equal(".NETStandard,Version=v2.0", typeof(KlingClient).Assembly.GetCustomAttribute<TargetFrameworkAttribute>()?.FrameworkName);
}
