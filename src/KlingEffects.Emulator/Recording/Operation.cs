namespace KlingEffects.Emulator.Recording;

/// <summary>What a request is for.</summary>
public enum Operation
{
    /// <summary>In a fault: every one of them. In a recorded request: none of them.</summary>
    Any,

    /// <summary>POST of a task.</summary>
    Submit,

    /// <summary>GET of a task.</summary>
    Query,

    /// <summary>GET of a page of the account's tasks.</summary>
    List,

    /// <summary>GET of the account's resource packs.</summary>
    Account,

    /// <summary>GET or HEAD of a video, at the video host.</summary>
    Video,
}
