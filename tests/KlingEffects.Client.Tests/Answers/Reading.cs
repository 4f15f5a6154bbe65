using System.Text;
using KlingEffects.Api.Answers;
using KlingEffects.Api.Exchange;
using KlingEffects.Http;

namespace KlingEffects.Tests.Answers;

/// <summary>Short ways to ask the reader.</summary>
internal static class Reading
{
    public const string Key = "sk-3f/A9+b_0wner";

    public static byte[] Fixture(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "fixtures", name));

    public static ApiResult Of(Operation operation, int status, byte[] body)
    {
        KeyMask.Add(Key);
        return AnswerReader.Read(operation, new Response(status, body));
    }

    public static ApiResult Of(Operation operation, int status, string body) => Of(operation, status, Encoding.UTF8.GetBytes(body));

    public static ApiResult Submit(int status, string body) => Of(Operation.Submit, status, body);

    public static ApiResult Query(int status, string body) => Of(Operation.Query, status, body);

    /// <summary>The task that a query's answer tells of.</summary>
    public static KlingTask Told(string body)
    {
        ApiResult answer = Query(200, body);
        Assert.Null(answer.Error);
        return Assert.IsType<KlingTask>(answer.Task);
    }

    /// <summary>The error that an answer amounts to.</summary>
    public static KlingException Error(this ApiResult answer)
    {
        Assert.Null(answer.Task);
        return Assert.IsType<KlingException>(answer.Error);
    }
}
