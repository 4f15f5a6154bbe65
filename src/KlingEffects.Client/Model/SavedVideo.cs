namespace KlingEffects;

/// <summary>A video on disk, complete. Where an earlier run had saved it, it was there, and nothing was fetched.</summary>
internal sealed record SavedVideo(KlingTask Task, KlingVideo Video, string Path, long Length, bool WasThere);
