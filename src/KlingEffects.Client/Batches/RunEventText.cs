namespace KlingEffects.Batches;

/// <summary>The one line that tells a person of what happened.</summary>
internal static class RunEventText
{
    public static SafeText Of(RunEvent what) => what switch
    {
        RunEvent.Submitted(var job, var task) => (SafeText)$"{task.TaskId} submitted: {job}",
        RunEvent.Recalled(var job, var id, WasLookedUp: true) => $"{job}: found as task {id}",
        RunEvent.Recalled(var job, var id, _) => $"{job}: the journal has task {id}",
        RunEvent.SubmitsHeld(var job, var why) => $"submits are held back, {job} first: {why.Message} Trying again.",
        RunEvent.SubmitsTaken(var after) => $"submits get through again, after {after.TotalSeconds:0} s",
        RunEvent.Polled(var task, _) => $"{task.TaskId} is {task.Status}",
        RunEvent.PollsFail(var task, var why) => $"polls fail, of {task.TaskId} first: {why.Message} Asking again.",
        RunEvent.PollsAnswered(var after) => $"polls are answered again, after {after.TotalSeconds:0} s",
        RunEvent.Ended(var task, _) => $"{task.TaskId} ended: {task.Status}",
        RunEvent.GivenUp(var task, var why) => $"{task.TaskId} is not waited for any longer: {why.Message}",
        RunEvent.DownloadHeld(var task, var why) => $"{task.TaskId}'s video has to wait: {why}",
        RunEvent.Saved(var task, var file) => $"{task.TaskId} {(file.WasThere ? "was there" : "saved")}: {file.Path} ({file.Length} bytes)",
        RunEvent.Requested request =>
            $"{request.Method} {request.Place}: {(request.Status is { } status ? $"{status}" : $"no answer ({request.Reason})")}, {request.Took.TotalMilliseconds:0} ms{RequestId(request)}",
        _ => $"{what}",
    };

    private static string RequestId(RunEvent.Requested request) => request.RequestId is { } id ? $", request id {id}" : "";
}
