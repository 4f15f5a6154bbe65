using KlingEffects.Emulator.Answers;
using Microsoft.AspNetCore.Http;

namespace KlingEffects.Emulator.Specification;

/// <summary>What the headers of a submit must say.</summary>
internal static class HeaderCheck
{
    public static void Check(HttpRequest request, SubmitReading reading)
    {
        string type = request.ContentType?.Split(';')[0].Trim() ?? "";
        if (!type.Equals("application/json", StringComparison.OrdinalIgnoreCase))
        {
            string text = $"the content type is '{type}' instead of application/json";
            reading.Breach(text, ApiErrors.Gateway(400, "", text));
        }

        if (request.ContentLength is null)
        {
            const string text = "there is no Content-Length";
            reading.Breach(text, ApiErrors.Gateway(411, "", text));
        }

        if (request.QueryString.HasValue)
        {
            const string text = "the call takes no query string";
            reading.Breach(text, ApiErrors.Gateway(400, "", text));
        }
    }
}
