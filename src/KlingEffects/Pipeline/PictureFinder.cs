using System.Management.Automation;

namespace KlingEffects.Pipeline;

/// <summary>Where a picture lies that a journal knows by a relative path: relative to the current location, as New-KlingEffect took it.</summary>
internal sealed class PictureFinder(PSCmdlet cmdlet)
{
    /// <summary>The full path, or null where the text is no path here.</summary>
    public string? Find(string path)
    {
        try
        {
            return LiteralPath.Resolve(cmdlet, path);
        }
        catch (KlingException)
        {
            return null;
        }
    }
}
