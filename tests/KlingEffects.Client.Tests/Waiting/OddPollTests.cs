using KlingEffects.Api;
using KlingEffects.Tests.Http;

namespace KlingEffects.Tests.Waiting;

/// <summary>Polls that end in what nobody foresaw.</summary>
public sealed class OddPollTests
{
    [Theory]
    [InlineData(int.MaxValue, 1)]
    [InlineData(2, 0)]
    public async Task That_is_its_own_tasks_error_and_the_others_go_on(int times, int errors)
    {
        await using Scene scene = await Scene.StartAsync();
        List<KlingTask> tasks = [];
        for (int job = 1; job <= 5; job++)
        {
            tasks.Add(await scene.SubmitAsync(Scene.Job(job)));
        }

        KlingTask odd = tasks[2];
        OddHandler http = new(scene.Way, odd.TaskId, times);
        ApiClient api = new(new KlingClientOptions { ApiKey = scene.Emulator.ApiKey, BaseUri = scene.Emulator.BaseUri, Time = scene.Time }, http);
        Scene.Outcome outcome = await scene.WaitAsync(tasks, api: api);
        Assert.Equal((5 - errors, errors), (outcome.Tasks.Count, outcome.Errors.Count));
        Assert.All(outcome.Tasks, static task => Assert.Equal(KlingTaskStatus.Succeed, task.Status));
        foreach (KlingException error in outcome.Errors)
        {
            Assert.Equal((odd.TaskId, "job-3"), (error.TaskId, error.ExternalTaskId));
            Assert.Contains("it is odd", error.Message, StringComparison.Ordinal);
        }
    }

    private sealed class OddHandler(HttpMessageHandler inner, string taskId, int times) : DelegatingHandler(inner)
    {
        private int _left = times;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            request.RequestUri!.AbsoluteUri.Contains(taskId, StringComparison.Ordinal) && _left-- > 0
                ? throw new InvalidTimeZoneException("it is odd")
                : base.SendAsync(request, cancellationToken);
    }
}
