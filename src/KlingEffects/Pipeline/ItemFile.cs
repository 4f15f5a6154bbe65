namespace KlingEffects.Pipeline;

/// <summary>A file as Get-Item gives it: with the PSPath that other cmdlets bind, and what the file views show.</summary>
internal static class ItemFile
{
    private const string FileSystem = "Microsoft.PowerShell.Core\\FileSystem::";

    public static PSObject At(PSCmdlet cmdlet, string path)
    {
        try
        {
            return cmdlet.InvokeProvider.Item.Get([FileSystem + path], force: true, literalPath: true).First();
        }
        catch (Exception gone) when (gone is SessionStateException or IOException or InvalidOperationException)
        {
            return PSObject.AsPSObject(new FileInfo(path));
        }
    }
}
