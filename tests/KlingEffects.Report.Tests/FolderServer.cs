using System.Net;

namespace KlingEffects.Tests;

/// <summary>A folder on a web server of this machine.</summary>
internal sealed class FolderServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly string _root;
    private readonly Task _serving;

    public FolderServer(string root)
    {
        _root = root;
        Address = Listen();
        _serving = ServeAsync();
    }

    public string Address { get; }

    public void Dispose()
    {
        _listener.Close();
        _serving.Wait();
    }

    private string Listen()
    {
        using (System.Net.Sockets.TcpListener free = new(IPAddress.Loopback, 0))
        {
            free.Start();
            _listener.Prefixes.Add($"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/");
        }

        _listener.Start();
        return _listener.Prefixes.Single();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                HttpListenerContext call = await _listener.GetContextAsync();
                string path = Path.Combine(_root, Uri.UnescapeDataString(call.Request.Url!.AbsolutePath).TrimStart('/'));
                call.Response.StatusCode = File.Exists(path) ? 200 : 404;
                call.Response.ContentType = Path.GetExtension(path) switch { ".html" => "text/html", ".png" => "image/png", _ => "video/mp4" };
                await call.Response.OutputStream.WriteAsync(File.Exists(path) ? await File.ReadAllBytesAsync(path) : []);
                call.Response.Close();
            }
        }
        catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
        {
            // the test is over
        }
    }
}
