namespace KlingEffects.Tests;

/// <summary>Jobs in every state, with names that would be markup, emoji or right-to-left text; their pictures and videos in a folder.</summary>
internal sealed class Batch : IDisposable
{
    public const string Markup = "<b onmouseover=alert(1)>bold</b>";
    public const string Breakout = "\"><img src=x onerror=alert(2)>";

    public static readonly DateTimeOffset Start = new(2026, 11, 25, 8, 12, 0, TimeSpan.Zero);

    private static readonly string[] Names =
        ["ana", "دانا", Markup, "👨‍👩‍👧‍👦 family", Breakout, "o'neil & sons", "100% [draft] #2", "משה", "李雷", "</script><script>alert(3)</script>"];

    private static readonly string[] Scenes = ["hug_pro", "3d_cartoon_2", "pet_fitness", "let’s_ride", "puff_cheeks"];

    private static readonly byte[] Video = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "sample.mp4"));

    private readonly TemporaryFolder _folder = new();

    public Batch()
    {
        Directory.CreateDirectory(Pictures);
        Directory.CreateDirectory(Videos);
        File.WriteAllBytes(Path.Combine(Videos, "one video.mp4"), Video);
    }

    public string Folder => _folder.Path;

    public string ReportFolder => Directory.CreateDirectory(_folder.Combine("reports")).FullName;

    public string Pictures => _folder.Combine("photos & more #1");

    public string Videos => _folder.Combine("out");

    /// <summary>The job of this number: a picture of its own, and what belongs to its state.</summary>
    public KlingJob Job(int number) => (number % 10) switch
    {
        3 => Job(number, KlingJobState.Failed, "KlingTaskFailed", "Failure to pass the risk control system", code: "1301"),
        5 => Job(number, KlingJobState.Running),
        6 => Job(number, KlingJobState.Uncertain, "KlingSubmitUncertain", "The submit may have been accepted, see https://user:pw@cdn.example.com/a.jpg?sig=93aa"),
        7 => Job(number, KlingJobState.Refused, "KlingQuotaExceeded", "Account balance not enough <script>alert(4)</script>", code: "1102"),
        8 => Job(number, KlingJobState.Succeeded),
        9 => Job(number, KlingJobState.Submitting),
        _ => Job(number, KlingJobState.Saved),
    };

    public IEnumerable<KlingJob> Jobs(int count) => Enumerable.Range(0, count).Select(Job);

    public string Write(KlingReportForm form, string name, IEnumerable<KlingJob> jobs)
    {
        string path = Path.Combine(ReportFolder, name);
        new Reports.ReportFile(path, form, static _ => null).Write([.. jobs]);
        return path;
    }

    public void Dispose() => _folder.Dispose();

    private KlingJob Job(int number, KlingJobState state, string? errorId = null, string? message = null, string? code = null)
    {
        bool hasEnded = state is KlingJobState.Failed or KlingJobState.Succeeded or KlingJobState.Saved;
        string name = Names[number / 2 % Names.Length];
        DateTimeOffset submitted = Start.AddSeconds(20 * number);
        return new KlingJob
        {
            ExternalTaskId = number % 3 == 0 ? null : $"{name} {number}",
            Scene = Scenes[number % Scenes.Length],
            Images = number % 5 == 0 ? [Picture(number), Picture(number + 1)] : [Picture(number)],
            State = state,
            TaskId = state is KlingJobState.Submitting or KlingJobState.Uncertain or KlingJobState.Refused ? null : $"20322739603319{35000 + number}",
            Attempt = 1 + (number % 20 / 19),
            Message = message,
            ErrorId = errorId,
            Code = code,
            Units = hasEnded ? 2.5m : null,
            Cost = hasEnded && number % 4 == 0 ? 0.28m : null,
            SubmittedAt = submitted,
            EndedAt = hasEnded ? submitted.AddSeconds(134) : null,
            SavedAt = state == KlingJobState.Saved ? submitted.AddSeconds(140) : null,
            Files = state == KlingJobState.Saved ? [Path.Combine(Videos, "one video.mp4")] : [],
            JournalPath = _folder.Combine("jobs.journal"),
        };
    }

    // Names that a file system refuses are left out of the files, not of the jobs.
    private string Picture(int number)
    {
        string path = Path.Combine(Pictures, $"{number} {(number % 4 == 0 ? "دانا's 100% 🎂" : "ana")}.png");
        if (!File.Exists(path))
        {
            File.WriteAllBytes(path, TestImages.Png(300 + (number % 3 * 60), 360, seed: number));
        }

        return path;
    }
}
