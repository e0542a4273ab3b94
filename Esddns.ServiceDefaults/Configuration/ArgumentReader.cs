using System.CommandLine;
using System.CommandLine.Invocation;
using Esddns.Text;

namespace Esddns.Configuration;

/// <summary>
/// Reads the command line of a program before the host is built. Switches that name a setting are passed to the
/// configuration. Anything else that is not an option is an error.
/// </summary>
/// <param name="description">The help: what the program does, and its settings.</param>
/// <param name="settings">The settings that a switch may set: keys, or beginnings that end with : or _.</param>
/// <param name="options">The options, besides help and version.</param>
internal sealed class ArgumentReader(string description, string[] settings, params Option[] options)
{
    /// <summary>The settings of the framework.</summary>
    public static IReadOnlyList<string> HostSettings { get; } =
    ["Logging:", "Kestrel:", "OTEL_", "urls", "http_ports", "https_ports", "environment", "AllowedHosts"];

    /// <summary>An option without a value.</summary>
    public static Option<bool> Switch(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.Zero };

    /// <summary>Parses the command line. Prints the help or the version when requested.</summary>
    public Arguments Read(string[] args)
    {
        var errors = new List<string>();
        var (found, rest) = Split(args, errors);
        var root = new RootCommand(description);
        foreach (var option in options)
            root.Add(option);
        var parser = new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null };
        var parsed = root.Parse(rest, parser);
        if (parsed.Action is not (null or ParseErrorAction))
            return new Arguments([], [], parsed, parsed.Invoke());
        var unknown = parsed.UnmatchedTokens.Select(word => UntrustedText.Clean(NameOf(word)));
        errors.AddRange(unknown.Select(word => $"'{word}' is not known; see --help."));
        if (errors.Count == 0)
            errors.AddRange(parsed.Errors.Select(e => e.Message));
        return new Arguments([.. found], errors, parsed);
    }

    /// <summary>
    /// Separates settings from options before the parser runs, so that only a setting takes the next word as its value.
    /// </summary>
    private (List<string> Settings, List<string> Others) Split(string[] args, List<string> errors)
    {
        var (found, rest) = (new List<string>(), new List<string>());
        string? last = null;
        for (var i = 0; i < args.Length; i++)
        {
            if (IsSetting(args[i]))
            {
                last = NameOf(args[i]);
                if (args[i].Contains('=', StringComparison.Ordinal))
                    found.Add(args[i]);
                else if (IsValue(args.ElementAtOrDefault(i + 1)))
                    found.Add($"{args[i]}={args[++i]}");
                else
                    errors.Add($"{last} has no value; write {last}=value.");
            }
            else if (last is not null && !args[i].StartsWith('-'))
            {
                // The word may be the rest of a secret that contains a space, so the message does not repeat it.
                errors.Add($"{last} is followed by an extra word; write {last}=value, in quotes if it has spaces.");
            }
            else if (args[i] == "--" || args[i].StartsWith('['))
            {
                // The parser would read these as the end of options and as a directive.
                errors.Add($"'{UntrustedText.Clean(args[i])}' is not known; see --help.");
            }
            else
            {
                last = null;
                rest.Add(args[i]);
                // The value of a mistyped setting may be a secret, so it does not become an unknown word.
                if (IsLikeSetting(args[i]) && args.ElementAtOrDefault(i + 1)?.StartsWith('-') == false)
                    i++;
            }
        }

        return (found, rest);
    }

    private bool IsSetting(string word) =>
        word.StartsWith("--", StringComparison.Ordinal) && settings.Any(s => IsOf(NameOf(word)[2..], s));

    private static bool IsOf(string key, string setting) =>
        setting[^1] is ':' or '_'
            ? key.Length > setting.Length && key.StartsWith(setting, StringComparison.OrdinalIgnoreCase)
            : key.Equals(setting, StringComparison.OrdinalIgnoreCase);

    private static bool IsLikeSetting(string word) =>
        word.StartsWith("--", StringComparison.Ordinal)
        && word.Contains(':', StringComparison.Ordinal)
        && !word.Contains('=', StringComparison.Ordinal);

    private static bool IsValue(string? word) => word?.StartsWith("--", StringComparison.Ordinal) == false;

    private static string NameOf(string word) => word.Split('=')[0];
}
