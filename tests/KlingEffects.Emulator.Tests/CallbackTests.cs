using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace KlingEffects.Emulator.Tests;

/// <summary>Callbacks are posted as the task object, without an envelope.</summary>
public sealed class CallbackTests
{
    [Fact]
    public async Task Status_changes_are_posted_to_a_loopback_callback_and_nowhere_else()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        string callback = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/hook";
        await using Lab lab = await Lab.StartAsync();
        string id = await lab.SubmittedAsync(Lab.Single(callbackUrl: callback));
        await lab.SubmittedAsync(Lab.Single(callbackUrl: "http://your-host.example/hook"));
        lab.Time.Advance(TimeSpan.FromSeconds(3));
        foreach (string status in (string[])["processing", "succeed"])
        {
            JsonNode task = JsonNode.Parse(await ReceiveAsync(listener))!;
            Assert.Equal((id, status), ((string)task["task_id"]!, (string)task["task_status"]!));
        }
    }

    private static async Task<string> ReceiveAsync(TcpListener listener)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync(Lab.Cancellation);
        using StreamReader reader = new(client.GetStream());
        int length = 0;
        while (await reader.ReadLineAsync(Lab.Cancellation) is { Length: > 0 } line)
        {
            length = line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase) ? int.Parse(line[16..], null) : length;
        }

        char[] body = new char[length];
        await reader.ReadBlockAsync(body, Lab.Cancellation);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), Lab.Cancellation);
        return new string(body);
    }
}
