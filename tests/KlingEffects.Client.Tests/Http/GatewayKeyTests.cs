using System.Net;
using System.Net.Http;
using KlingEffects.Api;
using KlingEffects.Api.Gateways;
using KlingEffects.Http;

namespace KlingEffects.Tests.Http;

/// <summary>Whose key it is, where it goes, and what each gateway calls it.</summary>
public sealed class GatewayKeyTests
{
    private const string Jwt = "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJhIn0.c2ln";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("https://api-singapore.klingai.com.")]
    [InlineData("https://api-singapore.klingai.com.:443/")]
    [InlineData("https://API-Singapore.KlingAI.com")]
    [InlineData("https://api-singapore\u3002klingai\u3002com")]
    [InlineData("https://api-singapore\uFF61klingai\uFF0Ecom")]
    [InlineData("https://api-singapore.\uFF4Bling\uFF41i.com")]
    [InlineData("https://api-singapore.kling\u00ADai.com")]
    public void A_host_is_Klings_however_it_is_written(string address)
    {
        Uri uri = new(address);
        Assert.Same(KlingGateway.Kling, KlingGateway.At(uri));
        KlingException refused = Assert.Throws<KlingException>(() => KlingGateway.CometApi.Root(uri));
        Assert.Contains("the key of one is not sent to the other", refused.Message, StringComparison.Ordinal);
        Assert.Equal("https://api-singapore.klingai.com/", KlingGateway.Kling.Root(uri).AbsoluteUri);
    }

    [Fact]
    public void An_address_without_its_scheme_may_end_in_a_dot() =>
        Assert.Same(KlingGateway.Kling, KlingGateway.At(BaseAddress.Read(new Uri("api-singapore.klingai.com.", UriKind.RelativeOrAbsolute))));

    [Theory]
    [InlineData("https://klingai.com.evil.example")]
    [InlineData("https://notklingai.com")]
    [InlineData("https://kling\u0430i.com")] // a Cyrillic letter
    public void What_only_looks_like_it_is_not(string address) => Assert.Null(KlingGateway.At(new Uri(address)));

    [Theory]
    [InlineData("https://api.example/v/1.mp4", true)]
    [InlineData("https://API.example:443/v/1.mp4", true)]
    [InlineData("https://api.example./v/1.mp4", true)]
    [InlineData("https://\uFF41pi\u3002example/v/1.mp4", true)]
    [InlineData("http://api.example/v/1.mp4", false)]
    [InlineData("https://api.example:8443/v/1.mp4", false)]
    [InlineData("https://api.example.evil.example/v/1.mp4", false)]
    [InlineData("https://ana@api.example/v/1.mp4", false)]
    public async Task The_key_goes_to_the_APIs_own_address_in_any_spelling(string address, bool goes)
    {
        ScriptedHandler handler = new(static (_, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([]) }));
        HttpChain chain = new(TimeProvider.System, (new Uri("https://api.example/kling/"), "sk-of-this-api"), connections: handler);
        using ClientRequest request = new(HttpMethod.Get, new Uri(address));
        using HttpResponseMessage response = await chain.SendAsync(request, Cancellation);
        using ClientRequest foreign = new(HttpMethod.Get, new Uri(address)) { IsForeign = true };
        using HttpResponseMessage other = await chain.SendAsync(foreign, Cancellation);
        Assert.Equal(goes ? "Bearer sk-of-this-api" : null, request.Headers.Authorization?.ToString());
        Assert.True(!goes || request.Headers.CacheControl is { NoCache: true });
        Assert.Null(foreign.Headers.Authorization);
    }

    [Theory]
    [InlineData("https://cdn.example/sk-of-this-api.mp4")]
    [InlineData("https://cdn.example/v.mp4?token=%73k%2Dof%2Dthis%2Dapi")]
    [InlineData("https://sk-of-this-api.evil.example/v.mp4")]
    [InlineData("https://sk-of-this-api@api.example/v.mp4")]
    [InlineData("https://api.example/sk-of-this-api")]
    public async Task An_address_with_the_key_in_it_is_never_asked_for(string address)
    {
        ScriptedHandler handler = new(static (_, _) => throw new InvalidOperationException("it was asked for"));
        ApiClient api = new(new KlingClientOptions { ApiKey = "sk-of-this-api", BaseUri = new Uri("https://api.example/") }, handler);
        api.VideoHttp = new HttpChain(TimeProvider.System, (new Uri("https://api.example/"), "sk-of-this-api"), connections: handler);
        using ClientRequest request = new(HttpMethod.Get, new Uri(address));
        RequestFault fault = await Assert.ThrowsAsync<RequestFault>(() => api.VideoHttp.SendAsync(request, Cancellation));
        Assert.True(fault.IsPermanent);
        Assert.Empty(handler.Requests);
    }

    [Theory]
    [InlineData(KlingGatewayName.Kling, "sk-0123456789abcdef")]
    [InlineData(KlingGatewayName.Kling, " 'SK-0123456789abcdef' ")]
    [InlineData(KlingGatewayName.CometApi, Jwt)]
    [InlineData(KlingGatewayName.Kling, "KLING_API_KEY=0123456789abcdef")]
    [InlineData(KlingGatewayName.CometApi, "KLING_API_KEY=0123456789abcdef")]
    [InlineData(KlingGatewayName.Kling, "COMETAPI_KEY=0123456789abcdef")]
    public void A_key_that_is_not_this_gateways_by_its_form_is_refused(KlingGatewayName gateway, string key)
    {
        KlingException error = Assert.Throws<KlingException>(() => new ApiClient(new KlingClientOptions { ApiKey = key, Gateway = gateway }));
        Assert.Equal(KlingErrorId.ApiKeyMissing, error.Id);
        Assert.DoesNotContain("0123456789abcdef", error.Message + error.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(KlingGatewayName.Kling, Jwt)]
    [InlineData(KlingGatewayName.Kling, "0123456789abcdef0123456789abcdef")]
    [InlineData(KlingGatewayName.CometApi, "sk-0123456789abcdef")]
    [InlineData(KlingGatewayName.CometApi, "any-other-form")]
    public void Any_other_is_taken(KlingGatewayName gateway, string key) =>
        Assert.Equal(gateway, new ApiClient(new KlingClientOptions { ApiKey = key, Gateway = gateway }).Gateway.Name);

    [Theory]
    [InlineData(KlingGatewayName.Kling, "KLING_API_KEY", "KLING_BASE_URL", "COMETAPI")]
    [InlineData(KlingGatewayName.CometApi, "COMETAPI_KEY", "COMETAPI_BASE_URL", "KLING_")]
    public async Task No_advice_names_the_other_gateways_settings(KlingGatewayName gateway, string key, string address, string other)
    {
        List<string> advice = [];
        foreach ((int status, string body) in new[] { (401, """{"code":1000,"message":"no"}"""), (401, "<html>"), (404, "<html>"), (403, "{}"), (302, ""), (200, "<html>"), (503, "") })
        {
            ScriptedHandler handler = new((_, _) => Task.FromResult(new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body) }));
            ApiClient api = new(new KlingClientOptions { ApiKey = "any-form-at-all", Gateway = gateway }, handler);
            advice.Add((await api.QueryAsync(new KlingTask { TaskId = "t" }, Cancellation)).Error!.RecommendedAction!);
            advice.Add((await api.SubmitAsync(new KlingEffects.Effects.EffectBody(Scene.Job()), Cancellation)).Error!.RecommendedAction!);
        }

        Assert.All(advice, text => Assert.DoesNotContain(other, text, StringComparison.Ordinal));
        Assert.Contains(advice, text => text.Contains($"{key} ", StringComparison.Ordinal));
        Assert.Contains(advice, text => text.Contains($"{address}:", StringComparison.Ordinal));
        Assert.All(advice, static text => Assert.DoesNotContain("{", text, StringComparison.Ordinal));
    }
}
