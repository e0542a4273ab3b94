namespace Esddns.Operator.State;

/// <summary>Where the state is kept.</summary>
internal sealed record StateOptions
{
    /// <summary>
    /// The state file; null keeps nothing over restarts. Default <c>esddns/state.json</c> below <c>$XDG_STATE_HOME</c>
    /// (<c>~/.local/state</c>), nothing where there is no home.
    /// </summary>
    public string? File { get; init; } = DefaultFile();

    private static string? DefaultFile()
    {
        var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        // A relative one is to be ignored (XDG Base Directory Specification).
        if (!Path.IsPathRooted(state))
        {
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            state = home.Length == 0 ? "" : Path.Combine(home, ".local", "state");
        }

        return state.Length == 0 ? null : Path.Combine(state, "esddns", "state.json");
    }
}
