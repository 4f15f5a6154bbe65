using KlingEffects.Http;

namespace KlingEffects.Batches;

/// <summary>The one line that tells a person of what happened.</summary>
internal static class RunEventText
{
    /// <summary>The line, begun with the user's own id of the job that it is about.</summary>
    public static SafeText Of(RunEvent what) => $"{SubjectName.Before(JobOf(what))}{LineOf(what)}";

    /// <summary>The line of a request that has ended.</summary>
    public static SafeText Of(EndedRequest request)
    {
        string end = request.Status is { } status ? $"{status}" : $"no answer ({request.Reason})";
        string id = request.RequestId is { } told ? $", request id {told}" : "";
        return $"{request.Method} {request.Place}: {end}, {request.Elapsed.TotalMilliseconds:0} ms{id}";
    }

    private static string? JobOf(RunEvent what) => what switch
    {
        RunEvent.Submitted(var job, _) => job.ExternalTaskId,
        RunEvent.Recalled(var job, _, _) => job.ExternalTaskId,
        RunEvent.Polled(var task, _) => task.ExternalTaskId,
        RunEvent.Ended(var task, _) => task.ExternalTaskId,
        RunEvent.GivenUp(var task, _) => task.ExternalTaskId,
        RunEvent.DownloadHeld(var task, _) => task.ExternalTaskId,
        RunEvent.Saved(var task, _) => task.ExternalTaskId,
        _ => null,
    };

    private static SafeText LineOf(RunEvent what) => what switch
    {
        RunEvent.Submitted({ ExternalTaskId: not null } job, var task) => (SafeText)$"submitted as {task.TaskId}: {job}",
        RunEvent.Submitted(var job, var task) => $"{task.TaskId} submitted: {job}",
        RunEvent.Recalled(var job, var id, WasLookedUp: true) => $"{job}: found as task {id}",
        RunEvent.Recalled(var job, var id, _) => $"{job}: the journal has task {id}",
        RunEvent.SubmitsHeld(var job, var why) => $"submits are held back, {SubjectName.Before(job.ExternalTaskId)}{job} first: {why.Message} Trying again.",
        RunEvent.SubmitsTaken(var after) => $"submits get through again, after {after.TotalSeconds:0} s",
        RunEvent.Polled(var task, _) => $"{task.TaskId} is {task.Status}",
        RunEvent.PollsFail(var task, var why) => $"polls fail, of {SubjectName.Before(task.ExternalTaskId)}{task.TaskId} first: {why.Message} Asking again.",
        RunEvent.PollsHeld(var span, var why) => $"no polls for {span.TotalMinutes:0.#} min, which the server asks for: {why.Message}",
        RunEvent.PollsAnswered(var after) => $"polls are answered again, after {after.TotalSeconds:0} s",
        RunEvent.Ended(var task, _) => $"{task.TaskId} ended: {task.Status}",
        RunEvent.GivenUp(var task, var why) => $"{task.TaskId} is not waited for any longer: {why.Message}",
        RunEvent.DownloadHeld(var task, var why) => $"{task.TaskId}'s video has to wait: {why}",
        RunEvent.Saved(var task, var file) => $"{task.TaskId} {(file.WasThere ? "was there" : "saved")}: {file.Path} ({file.Length} bytes)",
        _ => $"{what}",
    };
}
