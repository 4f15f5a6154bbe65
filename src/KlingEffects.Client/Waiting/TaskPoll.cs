using KlingEffects.Api;
using KlingEffects.Api.Answers;
using KlingEffects.Api.Exchange;
using KlingEffects.Http;
using KlingEffects.Policies;

namespace KlingEffects.Waiting;

/// <summary>One poll of a task that is waited for, within what is left of its time.</summary>
internal static class TaskPoll
{
    /// <summary>What the loop is told of the poll; never throws.</summary>
    public static async Task<WaitEvent> RunAsync(ApiClient api, WaitingTask waiting, CancellationToken stopping)
    {
        try
        {
            long asked = api.Time.GetTimestamp();
            Answer answer = await AskAsync(api, waiting, stopping).ConfigureAwait(false);
            return new WaitEvent.Answered(waiting, answer, api.Time.GetElapsedTime(asked));
        }
        catch (Exception defect)
        {
            return new WaitEvent.Broken(defect);
        }
    }

    private static async Task<Answer> AskAsync(ApiClient api, WaitingTask waiting, CancellationToken stopping)
    {
        using IdleTimeout idle = new(api.Time, stopping);
        try
        {
            if (waiting.Deadline is { } deadline)
            {
                TimeSpan left = deadline - api.Time.GetUtcNow();
                idle.Restart(left > Policy.LastPoll ? left : Policy.LastPoll);
            }

            return await api.For(waiting.Task.Gateway).QueryAsync(waiting.Task.TaskId, waiting.Task.Kind, idle.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return idle.HasExpired ? AnswerReader.Read(Operation.Query, new NoReply(true, "no answer came in time")) : new Answer();
        }
        catch (KlingException unreachable)
        {
            return new Answer { Error = unreachable }; // its gateway's key is not known
        }
    }
}
