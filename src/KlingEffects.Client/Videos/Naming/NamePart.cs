namespace KlingEffects.Videos;

/// <summary>A piece of a name template: a token with its format, or plain text.</summary>
internal sealed record NamePart(NameToken Token, string Text);

/// <summary>What a piece of a name template stands for.</summary>
internal enum NameToken
{
    /// <summary>Itself.</summary>
    Text,
    TaskId,
    ExternalTaskId,
    Scene,
    Index,
    Image,
}
