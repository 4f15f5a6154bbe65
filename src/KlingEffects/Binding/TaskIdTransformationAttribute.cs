using System.Numerics;

namespace KlingEffects.Binding;

/// <summary>Takes ids as text, as whole numbers, or as objects that have one, and refuses others before they cost a request.</summary>
internal sealed class TaskIdTransformationAttribute : ArgumentTransformationAttribute
{
    private const int LongestId = 256;

    private static readonly string[] Names = ["TaskId", "task_id", "Id"];

    // Any object may have an Id, such as a process.
    private static readonly string[] OwnNames = ["TaskId", "task_id"];

    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) => Ids(inputData).ToArray();

    private static IEnumerable<string> Ids(object? value) => PipelineValue.Unwrap(value) switch
    {
        string id => [Checked(PastedText.OfCell(id))],
        KlingTask task => [Checked(task.TaskId)],
        long or ulong or int or uint or BigInteger => [Checked(FormattableString.Invariant($"{value}"))],
        decimal whole when whole > 0 && decimal.Truncate(whole) == whole => [Checked(whole.ToString("0", CultureInfo.InvariantCulture))],
        float or double or decimal => throw Rounded(string.Format(CultureInfo.InvariantCulture, "{0}", value)),
        KlingJob job => [Checked(job.TaskId ?? throw Refused($"The job {job} has no task, for it is {job.State}"))],
        IDictionary table => Ids(Names.Select(name => table[name]).FirstOrDefault(static id => id is not null)),
        IEnumerable list => list.Cast<object?>().SelectMany(Ids),
        null => throw Refused("Nothing is no task id"),
        var other when PipelineValue.First(other, other is PSObject ? Names : OwnNames) is { } id => Ids(id),
        PSObject => throw Refused("The object has no TaskId property"),
        var other => throw Refused($"An object of type {other.GetType().Name} is no task id"),
    };

    private static string Checked(string text) =>
        CellReader.IsRounded(text) ? throw Rounded(text)
        : IsId(text) ? text
        : throw Refused($"'{PastedText.Visible(text)}' is no task id");

    // The API's ids are numbers or base64.
    private static bool IsId(string text) => text.Length is > 0 and <= LongestId && !LooksLikePath(text)
        && text.All(static c => (c < 128 && char.IsLetterOrDigit(c)) || "-_+/=.~:".Contains(c));

    // Base64 has slashes but no dots; dots alone would lead to another route.
    private static bool LooksLikePath(string text) => text.Trim('.').Length == 0 || (text.Contains('/') && text.Contains('.'));

    private static ArgumentTransformationMetadataException Rounded(string number) => PipelineValue.Unfit(
        $"'{number}' is a task id that was rounded as a number, as spreadsheets do, so that its last digits are lost: "
        + $"take the id from the journal or from the provider's task list, and keep its column as text.");

    private static ArgumentTransformationMetadataException Refused(SafeText what) =>
        PipelineValue.Unfit($"{what}: give the id as text, or an object with a TaskId property.");
}
