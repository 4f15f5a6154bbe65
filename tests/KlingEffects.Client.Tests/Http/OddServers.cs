using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace KlingEffects.Tests.Http;

/// <summary>Servers that do what no well-kept one does.</summary>
internal static class OddServers
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Has a certificate of its own making; gives what came through it.</summary>
    public static async Task<string> HearTlsAsync(TcpListener listener)
    {
        using RSA rsa = RSA.Create(2048);
        CertificateRequest request = new("CN=localhost", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using TcpClient client = await listener.AcceptTcpClientAsync(Cancellation);
        await using SslStream stream = new(client.GetStream());
        byte[] block = new byte[4096];
        try
        {
            await stream.AuthenticateAsServerAsync(certificate);
            return Encoding.Latin1.GetString(block, 0, await stream.ReadAsync(block, Cancellation));
        }
        catch (Exception end) when (end is IOException or System.Security.Authentication.AuthenticationException)
        {
            return "";
        }
    }

    /// <summary>Speaks HTTP where TLS is asked for.</summary>
    public static async Task AnswerPlainlyAsync(TcpListener listener)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync(Cancellation);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"u8.ToArray(), Cancellation);
        while (await stream.ReadAsync(new byte[4096], Cancellation) > 0)
        {
        }
    }

    /// <summary>Sends a body without an end; gives how many bytes were taken.</summary>
    public static async Task<long> PourAsync(TcpListener listener)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync(Cancellation);
        NetworkStream stream = client.GetStream();
        await ReadHeadAsync(stream);
        byte[] chunk = [.. "10000\r\n"u8, .. new byte[0x10000], .. "\r\n"u8];
        long sent = 0;
        try
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray(), Cancellation);
            while (true)
            {
                await stream.WriteAsync(chunk, Cancellation);
                sent += chunk.Length;
            }
        }
        catch (IOException)
        {
            return sent;
        }
    }

    /// <summary>Answers at the head of each request, takes nothing of its body, and keeps the connection; gives how many requests came.</summary>
    public static async Task<int> RefuseAndStayAsync(TcpListener listener, string status, CancellationToken end)
    {
        List<TcpClient> clients = [];
        try
        {
            while (true)
            {
                TcpClient client = await listener.AcceptTcpClientAsync(end);
                clients.Add(client);
                await ReadHeadAsync(client.GetStream());
                await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n"), end);
            }
        }
        catch (OperationCanceledException)
        {
            return clients.Count;
        }
        finally
        {
            clients.ForEach(static client => client.Dispose());
        }
    }

    /// <summary>Says after each answer that the connection stays, and hangs up; until the listener stops.</summary>
    public static async Task ServeOnceEachAsync(TcpListener listener, List<string> bodies)
    {
        while (true)
        {
            try
            {
                using TcpClient client = await listener.AcceptTcpClientAsync(Cancellation);
                NetworkStream stream = client.GetStream();
                string head = await ReadHeadAsync(stream);
                byte[] body = new byte[head.Length > 0 ? int.Parse(Effects.RawServer.Header(head, "Content-Length"), null) : 0];
                await stream.ReadExactlyAsync(body, Cancellation);
                bodies.Add(Encoding.UTF8.GetString(body));
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 36\r\n\r\n{\"code\":0,\"data\":{\"task_id\":\"t-1\"} }"u8.ToArray(), Cancellation);
            }
            catch (IOException)
            {
                continue;
            }
            catch (Exception stopped) when (stopped is SocketException or InvalidOperationException)
            {
                return;
            }
        }
    }

    /// <summary>The head of a request; empty where the client went away.</summary>
    public static async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        StringBuilder head = new();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one, Cancellation) > 0)
        {
            head.Append((char)one[0]);
        }

        return head.ToString();
    }
}

/// <summary>Leaves everything else to the proxy that was there, so that other tests do not notice.</summary>
internal sealed class ProxyOfOneHost(string served, Uri proxy, IWebProxy others) : IWebProxy
{
    public ICredentials? Credentials { get; set; }

    public Uri? GetProxy(Uri destination) => destination.Host == served ? proxy : others.GetProxy(destination);

    public bool IsBypassed(Uri host) => host.Host != served && others.IsBypassed(host);
}
