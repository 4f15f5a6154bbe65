namespace KlingEffects;

/// <summary>A video on disk, complete.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="WasThere">Whether an earlier run had saved it, so that nothing was fetched.</param>
internal sealed record SavedVideo(string Path, long Length, bool WasThere);
