namespace KlingEffects.Emulator.Configuration;

/// <summary>The dialects in which a gateway answers a query.</summary>
public enum AnswerShape
{
    /// <summary><c>data.task_status</c>, times in milliseconds: the current one.</summary>
    Flat,

    /// <summary><c>data.status</c> in capitals with progress, the videos in <c>data.data.task_result</c>, times in seconds.</summary>
    Wrapper,

    /// <summary>The wrapper with the task one level deeper: <c>data.data.data.task_result</c>.</summary>
    WrapperNested,

    /// <summary>The wrapper with nothing but <c>data.result_url</c> for the video.</summary>
    WrapperResultUrl,

    /// <summary>Kling's newer standard: <c>data.id</c>, <c>status</c>, <c>message</c>, <c>outputs</c>, <c>billing</c>.</summary>
    NewStandard,

    /// <summary><c>data.status</c> in small letters and <c>data.url</c>, as resellers have it.</summary>
    Simple,

    /// <summary>The OpenAI form of the gateway family: the task at the root, its URL in <c>metadata.url</c>, its length in <c>seconds</c>.</summary>
    OpenAi,

    /// <summary>Resellers' camel case: <c>data.taskId</c>, <c>state</c>, <c>resultUrls</c>, <c>failMsg</c>.</summary>
    Camel,
}
