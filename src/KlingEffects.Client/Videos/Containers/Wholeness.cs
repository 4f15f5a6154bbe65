namespace KlingEffects.Videos;

/// <summary>What a container says of the bytes that are there. The order is that of trust.</summary>
internal enum Wholeness
{
    /// <summary>No further bytes make a video of them.</summary>
    Broken,

    /// <summary>More has to come.</summary>
    Incomplete,

    /// <summary>They end in order, and the container does not tell whether more should come.</summary>
    Plausible,

    /// <summary>All of the video is there, to the last byte.</summary>
    Whole,
}
