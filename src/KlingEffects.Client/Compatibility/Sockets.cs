using System.Net;
using System.Net.Sockets;

namespace KlingEffects;

internal static class Sockets
{
    public static async Task<IPAddress[]> ResolveAsync(string host, CancellationToken stop)
    {
#if NETSTANDARD2_0
        stop.ThrowIfCancellationRequested();
        return await Dns.GetHostAddressesAsync(host).ConfigureAwait(false);
#else
        return await Dns.GetHostAddressesAsync(host, stop).ConfigureAwait(false);
#endif
    }

    public static async Task<Socket> OpenAsync(IPEndPoint end, CancellationToken stop)
    {
        Socket socket = new(end.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
#if NETSTANDARD2_0
            using (stop.Register(socket.Dispose))
            {
                await socket.ConnectAsync(end).ConfigureAwait(false);
            }
#else
            await socket.ConnectAsync(end, stop).ConfigureAwait(false);
#endif
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
