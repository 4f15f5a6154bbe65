using System.Text.Json.Nodes;
using KlingEffects.Emulator.Answers;
using KlingEffects.Emulator.Configuration;
using KlingEffects.Emulator.Tasks;

namespace KlingEffects.Emulator.Dialects;

/// <summary>The answer to a submit that made a task.</summary>
internal static class SubmitAnswer
{
    public static JsonObject In(EmulatorOptions options, EmulatedTask task)
    {
        if (options.AnswerShape == AnswerShape.NewStandard)
        {
            return NewStandardAnswer.Submitted(task);
        }

        JsonObject answer = FlatAnswer.Submitted(task);
        if (options.Gateway == Gateway.Kling)
        {
            answer["request_id"] = ApiErrors.RequestId();
        }

        return answer;
    }
}
