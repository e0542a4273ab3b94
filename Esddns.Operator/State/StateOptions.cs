namespace Esddns.Operator.State;

/// <summary>Options for the state file.</summary>
internal sealed record StateOptions
{
    /// <summary>
    /// The state file; null stores no state. Default <c>esddns/state.json</c> below <c>$XDG_STATE_HOME</c>
    /// (<c>~/.local/state</c>), or null without a home folder.
    /// </summary>
    public string? File { get; init; } =
        DefaultFile(
            Environment.GetEnvironmentVariable("XDG_STATE_HOME"),
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)
        );

    /// <summary>The default path.</summary>
    /// <param name="stateHome"><c>$XDG_STATE_HOME</c>; a relative one is ignored (XDG Base Directory
    /// Specification).</param>
    /// <param name="home">The home folder of the user; empty when there is none.</param>
    public static string? DefaultFile(string? stateHome, string home)
    {
        if (Path.IsPathRooted(stateHome))
            return Path.Combine(stateHome, "esddns", "state.json");
        return home.Length == 0 ? null : Path.Combine(home, ".local", "state", "esddns", "state.json");
    }
}
