namespace KlingEffects;

/// <summary>A complete video on disk, saved now or by an earlier run.</summary>
internal sealed record SavedVideo(KlingTask Task, KlingVideo Video, string Path, long Length, bool WasThere);
