using KlingEffects.Api;
using KlingEffects.Api.Answers;
using KlingEffects.Api.Exchange;
using KlingEffects.Http;

namespace KlingEffects.Waiting;

/// <summary>One poll of a task that is waited for, within what is left of its time.</summary>
internal static class TaskPoll
{
    /// <summary>What the loop is told of the poll; never throws.</summary>
    public static async Task<WaitEvent.Answered> RunAsync(ApiClient api, WaitingTask waiting, TimeSpan? left, CancellationToken stopping)
    {
        long asked = api.Time.GetTimestamp();
        ApiResult answer = await AskAsync(api, waiting, left, stopping).ConfigureAwait(false);
        return new WaitEvent.Answered(waiting, answer, api.Time.GetElapsedTime(asked));
    }

    private static async Task<ApiResult> AskAsync(ApiClient api, WaitingTask waiting, TimeSpan? left, CancellationToken stopping)
    {
        using IdleTimeout idle = new(api.Time, stopping);
        try
        {
            if (left is { } time)
            {
                idle.Restart(time > Policy.LastPoll ? time : Policy.LastPoll);
            }

            return await api.For(waiting.Task.Gateway).QueryAsync(waiting.Task, idle.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return idle.HasExpired
                ? AnswerReader.Read(Operation.Query, new NoResponse(BodyProgress.Whole, "no answer came in time"))
                : new ApiResult();
        }
        catch (KlingException unreachable)
        {
            return new ApiResult { Error = unreachable }; // its gateway's key is not known
        }
        catch (Exception defect)
        {
            return AnswerReader.Read(defect);
        }
    }
}
