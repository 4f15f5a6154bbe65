namespace KlingEffects.Binding;

/// <summary>Takes images as text, URIs, files, or rows that contain them, and refuses other objects.</summary>
internal sealed class ImageTransformationAttribute : ArgumentTransformationAttribute
{
    private static readonly string[] Names = ["Image", "FullName", "Path"];

    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) => Texts(inputData).ToArray();

    private static IEnumerable<string> Texts(object? value) => PipelineValue.Unwrap(value) switch
    {
        null or DBNull => [""],
        string text => [text],
        Uri uri => [uri.OriginalString],
        FileInfo file => [file.FullName],
        PSObject row when Misnamed(row) is { } why => throw Refused(why),
        IEnumerable list and not IDictionary => list.Cast<object?>().SelectMany(Texts),
        var other when PipelineValue.First(other, Names) is { } image => Texts(image),
        PSObject => throw Refused("The object has no Image property"),
        var other => throw Refused($"An object of type {other.GetType().Name} is no image"),
    };

    // PowerShell would ignore such columns, and send the job without them.
    private static SafeText? Misnamed(PSObject row)
    {
        foreach (string name in row.BaseObject is PSCustomObject ? row.Properties.Select(static property => property.Name) : [])
        {
            if (RowColumn.Find(name) is { } known && name.Length > PastedText.Trim(name).Length)
            {
                return $"The column '{PastedText.Visible(name)}' is {known} with blanks around it; Invoke-KlingBatch takes them off";
            }

            if (name.Split(';', '\t', ',').Count(static part => RowColumn.Find(part) is not null) > 1)
            {
                return $"The column '{name}' is several in one: Import-Csv with the -Delimiter that stands between them, "
                    + $"or let Invoke-KlingBatch read the file";
            }
        }

        return null;
    }

    private static ArgumentTransformationMetadataException Refused(SafeText what) =>
        PipelineValue.Unfit($"{what}: give a path, an http(s) URL or a data: URI.");
}
