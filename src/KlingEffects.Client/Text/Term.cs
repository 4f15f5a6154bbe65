namespace KlingEffects;

/// <summary>The names of members in messages: a program's, or what the cmdlets' assembly calls them.</summary>
internal static class Term
{
    public static string ApiKey => Named();
    public static string As => Named("the form");
    public static string BaseUri => Named();
    public static string Destination => Named();
    public static string ExternalTaskId => Named();
    public static string Force => Named();
    public static string Gateway => Named();
    public static string Image => Named("Images");
    public static string JournalPath => Named("a journal");
    public static string Kind => Named();
    public static string ModelName => Named();
    public static string Name => Named();
    public static string Proxy => Named();
    public static string ProxyCredential => Named("its Credentials");
    public static string RetryFailed => Named();
    public static string RetryUncertain => Named();
    public static string Scene => Named();
    public static string SkipImageCheck => Named();
    public static string TaskId => Named("an id");
    public static string ThrottleLimit => Named();
    public static string TimeoutSec => Named("timeout");
    public static string UserAgent => Named();
    public static string SubmitJob => Named("SubmitAsync");
    public static string GetTask => Named("GetTaskAsync");
    public static string WaitForTask => Named("WaitAsync");
    public static string SaveVideo => Named("SaveAsync");
    public static string ReadAsAnsi => Named("Windows-1252");
    public static string ReadAsUtf8 => Named("UTF-8");
    public static string MembersOfBody => Named("a JSON object such as {\"input\":{\"version\":\"2\"}}; null leaves out a member of it");

    /// <summary>The end of a sentence that advises to name a folder's files.</summary>
    public static string FilesOfFolder => Named(".");

    /// <summary>Translates a program's terms into a shell's; or null.</summary>
    public static Func<string, string>? Naming { get; set; }

    /// <summary>An environment variable.</summary>
    public static string Variable(string name) => Named("") + name;

    private static string Named(string? word = null, [CallerMemberName] string term = "") => Naming?.Invoke(term) ?? word ?? term;
}
