using System.Net;
using System.Net.Http;
using KlingEffects.Api.Exchange;
using KlingEffects.Http;

namespace KlingEffects.Tests.Http;

/// <summary>A connection to an API whose sockets or clock are a test's.</summary>
internal static class TestConnection
{
    public static ApiConnection Create(
        HttpMessageHandler? connections, Uri api, string key = "sk-connection", TimeProvider? time = null, IWebProxy? proxy = null)
    {
        time ??= TimeProvider.System;
        return new(new HttpChain(time, (api, key), proxy, connections), time);
    }
}
