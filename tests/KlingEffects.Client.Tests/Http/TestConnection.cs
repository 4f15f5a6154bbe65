using System.Net;
using System.Net.Http;
using KlingEffects.Api.Exchange;
using KlingEffects.Http;
using KlingEffects.Policies;

namespace KlingEffects.Tests.Http;

/// <summary>A connection to an API whose sockets, clock or patience are a test's.</summary>
internal static class TestConnection
{
    public static ApiConnection Create(
        HttpMessageHandler? connections, Uri api, string key = "sk-connection", HttpTimeouts? timeouts = null, TimeProvider? time = null, IWebProxy? proxy = null)
    {
        timeouts ??= new HttpTimeouts();
        time ??= TimeProvider.System;
        return new(new HttpChain(timeouts, time, (api, key), proxy, connections), timeouts, time);
    }
}
