namespace Esddns.Files;

/// <summary>The type of the file at a path.</summary>
public enum FileKind
{
    /// <summary>No file, or a file without access.</summary>
    None,

    /// <summary>A regular file.</summary>
    Regular,

    /// <summary>A symbolic link, to any target.</summary>
    Link,

    /// <summary>A folder, pipe, socket or device.</summary>
    Other,
}
