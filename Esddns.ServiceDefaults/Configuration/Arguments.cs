using System.CommandLine;

namespace Esddns.Configuration;

/// <summary>The arguments of a program, as <see cref="ArgumentReader"/> reads them.</summary>
/// <param name="Settings">The settings, each as <c>--key=value</c>.</param>
/// <param name="Errors">The errors, one line each. They never contain the value of a setting.</param>
/// <param name="Options">The options.</param>
/// <param name="ExitCode">The exit code when nothing is left to do, because the help or the version was printed; else
/// null.</param>
internal sealed record Arguments(
    string[] Settings,
    IReadOnlyList<string> Errors,
    ParseResult Options,
    int? ExitCode = null
)
{
    /// <summary>Whether an option is given.</summary>
    public bool Has(Option<bool> option) => Options.GetValue(option);
}
