// .NET Framework's own class is known by its full name in a fault's trace; so this one has it.
#pragma warning disable IDE0130
namespace System.Net.Security;

/// <summary>Fails as .NET Framework's does where the other side speaks no TLS.</summary>
internal static class SslState
{
    public static IOException Fail()
    {
        try
        {
            ProcessAuthentication();
        }
        catch (IOException fault)
        {
            return fault;
        }

        throw new InvalidOperationException("It did not fail.");
    }

    [Runtime.CompilerServices.MethodImpl(Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void ProcessAuthentication() => throw new IOException("The handshake failed due to an unexpected packet format.");
}
