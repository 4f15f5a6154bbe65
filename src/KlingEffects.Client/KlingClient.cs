using KlingEffects.Answers;
using KlingEffects.Effects;
using KlingEffects.Gateways;
using KlingEffects.Http;
using KlingEffects.Waiting;

namespace KlingEffects;

/// <summary>What the API offers, for programs: submit a job, wait for its task, ask for it. <see cref="VideoSaver"/> saves its videos.</summary>
/// <remarks>Safe to use from several threads. All clients of a process share their connections.</remarks>
public sealed class KlingClient
{
    private readonly KlingClientOptions _options;
    private readonly ApiConnection _connection;
    private readonly Uri _root;
    private readonly KeyMask _mask;

    /// <summary>Makes a client; sends nothing.</summary>
    /// <param name="options">The key and where to go.</param>
    /// <exception cref="KlingException">ApiKeyMissing, or InvalidRequest for an address that is not safe to send a key to.</exception>
    public KlingClient(KlingClientOptions options)
        : this(options, null)
    {
    }

    internal KlingClient(KlingClientOptions options, HttpClient? http)
    {
        _options = options;
        string key = options.ApiKey.Trim().Trim('\uFEFF').Trim();
        if (key.Length == 0)
        {
            throw new KlingException(KlingErrorId.ApiKeyMissing, "There is no API key.");
        }

        if (key.Any(static c => c is < '!' or > '~'))
        {
            throw new KlingException(KlingErrorId.ApiKeyMissing, "The API key holds a character that no key has, such as a space or a line break.");
        }

        _root = KlingGateway.Root(options.BaseUri);
        _connection = new ApiConnection(key, options.Timeouts, options.Time, http);
        _mask = new KeyMask(key);
        Gate = Account.Gate(_root, key, options.Time);
    }

    internal TimeProvider Time => _options.Time;

    internal HttpTimeouts Timeouts => _options.Timeouts;

    internal KlingGateway Gateway => _options.Gateway;

    internal SubmitGate Gate { get; }

    internal Uri SubmitUri => Gateway.SubmitUri(_root);

    /// <summary>Submits one effect and returns its task. Costs money. Repeats only what made nothing.</summary>
    /// <param name="job">What to make; checked before anything is sent.</param>
    /// <param name="cancellationToken">Gives up waiting; an answer under way is still awaited for 10 seconds.</param>
    /// <exception cref="KlingException">Every way in which it can fail; SubmitUncertain if it may have been accepted.</exception>
    public async Task<KlingTask> SubmitAsync(EffectJob job, CancellationToken cancellationToken = default) =>
        await new EffectSubmitter(this, new SubmitOptions()).SubmitAsync(job, SubmitLedger.None, static _ => default, cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// Submits one effect unless the journal has a task for it, and has every step in the journal before it is taken or told of.
    /// Costs money only where the job is new to the journal.
    /// </summary>
    /// <param name="job">What to make; checked before anything is sent.</param>
    /// <param name="journal">What was submitted before. Several submits may share it.</param>
    /// <param name="tell">Told in plain words of what is going on; on any thread.</param>
    /// <param name="cancellationToken">Gives up waiting; an answer under way is still awaited for 10 seconds.</param>
    /// <returns>The new task, or the journal's: as far as the journal knows it, so to be waited for or asked for.</returns>
    /// <exception cref="KlingException">
    /// Every way in which it can fail; SubmitUncertain if it may have been accepted, by this submit or by an earlier one, or by an
    /// equal job's that is under way.
    /// </exception>
    /// <exception cref="InvalidOperationException">An equal job began or ended its submit at this very moment.</exception>
    public async Task<KlingTask> SubmitAsync(
        EffectJob job, JobJournal journal, Action<string>? tell = null, CancellationToken cancellationToken = default)
    {
        BatchSubmitter submitter = new(this, new EffectSubmitter(this, new SubmitOptions()), journal, retryUncertain: false);
        KlingTask? task = await submitter.SubmitAsync(job, TellAsync, TellAsync, cancellationToken).ConfigureAwait(false);
        // A batch of one has no job twice, so there is a task.
        if (task!.Trail.SubmittedAt is not null)
        {
            tell?.Invoke($"{task.TaskId} submitted: {job}");
        }

        return task;

        ValueTask TellAsync(string text)
        {
            tell?.Invoke(text);
            return default;
        }
    }

    /// <summary>Waits until a task has ended, asking rarely while it cannot have and often when it is likely to.</summary>
    /// <param name="task">The task, as a submit or a query gave it.</param>
    /// <param name="timeout">How long to wait from now; null for as long as it takes.</param>
    /// <param name="tell">Told in plain words of each change of status; on any thread.</param>
    /// <param name="cancellationToken">Gives up; the task goes on.</param>
    /// <returns>The task, succeeded, with its videos.</returns>
    /// <remarks>Each wait chooses its own times. The waits of one Wait-KlingTask share a bound on requests a second; these do not.</remarks>
    /// <exception cref="KlingException">
    /// TaskFailed with the API's reason, NoVideo, WaitTimeout, TaskNotFound and every other way in which a query can fail.
    /// </exception>
    public Task<KlingTask> WaitAsync(
        KlingTask task, TimeSpan? timeout = null, Action<string>? tell = null, CancellationToken cancellationToken = default) =>
        LoneWait.RunAsync(this, task, new WaitOptions { Timeout = timeout }, tell, cancellationToken);

    /// <summary>Asks for a task, up to six times where that can help: about a quarter of a minute, unless the API asks for longer pauses.</summary>
    /// <param name="taskId">The task's id, or the user's own where the gateway answers to it.</param>
    /// <param name="kind">The video route: effects, text2video, image2video and so on.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KlingException">TaskNotFound and every other way in which a query can fail.</exception>
    public Task<KlingTask> GetTaskAsync(string taskId, string kind = KlingTask.EffectsKind, CancellationToken cancellationToken = default) =>
        GetTaskAsync(taskId, new KlingTask { Kind = kind }, cancellationToken);

    /// <summary>Asks for a task of which something is known: one just submitted may not be found at once.</summary>
    internal async Task<KlingTask> GetTaskAsync(string taskId, KlingTask known, CancellationToken cancellationToken)
    {
        const int Attempts = 6;
        int attempt = 0;
        while (true)
        {
            Answer answer = await QueryOnceAsync(taskId, known.Kind, cancellationToken).ConfigureAwait(false);
            if (answer.Task is { } task)
            {
                return task.TaskId.Length > 0 ? task : task.Following(new KlingTask { TaskId = taskId, Kind = known.Kind });
            }

            bool notYet = answer.Error!.Id == KlingErrorId.TaskNotFound && IsNew(known.Trail);
            attempt += notYet ? 0 : 1;
            if (!notYet && (!answer.Repeatable || attempt == Attempts))
            {
                throw answer.Error.About(taskId, taskId, $"Task {ServerText.Clean(taskId)}");
            }

            TimeSpan pause = notYet
                ? WaitOptions.NewTaskPause
                : Backoff.Delay(attempt, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(8), answer.RetryAfter);
            await Time.WaitAsync(pause, cancellationToken).ConfigureAwait(false);
        }
    }

    // A journal's clock may have been ahead of this one: what it says of the future says nothing.
    private bool IsNew(TaskTrail trail)
    {
        TimeSpan? age = Time.GetUtcNow() - (trail.SubmittedAt ?? trail.JournaledAt);
        return age >= TimeSpan.Zero && age < WaitOptions.Default.NewTaskGrace;
    }

    internal async Task<Answer> SubmitOnceAsync(RequestBody body, CancellationToken cancellationToken)
    {
        (Reply? reply, NoReply? noReply) = await _connection
            .SendAsync(HttpMethod.Post, SubmitUri, body, cancellationToken).ConfigureAwait(false);
        return reply is null
            ? AnswerReader.Read(Operation.Submit, noReply!)
            : AnswerReader.Read(Operation.Submit, reply, _mask);
    }

    internal async Task<Answer> QueryOnceAsync(string id, string kind, CancellationToken cancellationToken)
    {
        Uri uri;
        try
        {
            uri = Gateway.QueryUri(_root, kind, id);
        }
        catch (KlingException unusable)
        {
            return new Answer { Error = unusable };
        }

        (Reply? reply, NoReply? noReply) = await _connection
            .SendAsync(HttpMethod.Get, uri, null, cancellationToken).ConfigureAwait(false);
        Answer answer = reply is null
            ? AnswerReader.Read(Operation.Query, noReply!)
            : AnswerReader.Read(Operation.Query, reply, _mask);
        return answer.Task is { } task ? answer with { Task = task.Following(new KlingTask { Kind = kind }) } : answer;
    }
}
