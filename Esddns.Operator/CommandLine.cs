using System.CommandLine;
using System.CommandLine.Invocation;
using Esddns.Text;

namespace Esddns.Operator;

/// <summary>What the process is started for.</summary>
internal enum Job
{
    /// <summary>The control loop, until it is asked to stop.</summary>
    Run,

    /// <summary>A single round, for cron and scripts.</summary>
    Once,

    /// <summary>Nothing but a look at the configuration.</summary>
    CheckConfig,
}

/// <summary>
/// The command line, read before anything is built. Switches that name a setting go to the configuration; what is
/// neither such a switch nor an option is a mistake.
/// </summary>
/// <param name="Job">What to do.</param>
/// <param name="IsOnce">Whether one round is meant, for a check too.</param>
/// <param name="Settings">The settings, each as <c>--key=value</c>.</param>
/// <param name="Errors">What is wrong, one line each; values of settings are never repeated.</param>
/// <param name="ExitCode">Set when everything is done: the help or the version was printed.</param>
internal sealed record CommandLine(
    Job Job,
    bool IsOnce,
    string[] Settings,
    IReadOnlyList<string> Errors,
    int? ExitCode = null
)
{
    /// <summary>The sections and keys that a switch may set; another one is a typing mistake.</summary>
    private static readonly string[] s_sections = ["Esddns:", "Logging:", "Kestrel:", "OTEL_"];
    private static readonly string[] s_keys = ["urls", "http_ports", "https_ports", "environment", "AllowedHosts"];

    private static readonly Option<bool> s_once = new("--once")
    {
        Description = "Do one round and exit: 0 all records are in sync, 1 not, 2 the configuration is wrong.",
        Arity = ArgumentArity.Zero,
    };

    private static readonly Option<bool> s_check = new("--check-config")
    {
        Description = "Validate the configuration, print what would be done, and exit: 0 when it is right, 2 when not.",
        Arity = ArgumentArity.Zero,
    };

    private static readonly RootCommand s_root = new(
        """
        Keeps DNS records true to the address this host is reachable at.

        Without an option it keeps running; its status is at http://127.0.0.1:8080/status.

        Every setting of the table in the README can be given as a switch, --Key=value or --Key value:
          --Esddns:Records:0:Zone=example.com --Esddns:Records:0:Name=home
          --urls=http://127.0.0.1:8080        where the API listens
          --Logging:LogLevel:Default=Debug    what is logged; --Kestrel:… and --OTEL_… work as well
        Or in the environment (Esddns__Records__0__Zone), where other users cannot read secrets, or in appsettings.json.
        """
    )
    {
        s_once,
        s_check,
    };

    /// <summary>Reads it; prints the help or the version when one is asked for.</summary>
    public static CommandLine Read(string[] args)
    {
        var errors = new List<string>();
        var (settings, rest) = Split(args, errors);
        var parser = new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null };
        var parsed = s_root.Parse(rest, parser);
        if (parsed.Action is not (null or ParseErrorAction))
            return new CommandLine(Job.Run, false, [], [], parsed.Invoke());
        var unknown = parsed.UnmatchedTokens.Select(word => ForeignText.Clean(NameOf(word)));
        errors.AddRange(unknown.Select(word => $"'{word}' is not known; see --help."));
        if (errors.Count == 0)
            errors.AddRange(parsed.Errors.Select(e => e.Message));
        var isOnce = parsed.GetValue(s_once);
        var job =
            parsed.GetValue(s_check) ? Job.CheckConfig
            : isOnce ? Job.Once
            : Job.Run;
        return new CommandLine(job, isOnce, [.. settings], errors);
    }

    /// <summary>Takes the settings out, so that no switch swallows what follows it but a setting its value.</summary>
    private static (List<string> Settings, List<string> Others) Split(string[] args, List<string> errors)
    {
        var (settings, rest) = (new List<string>(), new List<string>());
        string? last = null;
        for (var i = 0; i < args.Length; i++)
        {
            if (IsSetting(args[i]))
            {
                last = NameOf(args[i]);
                if (args[i].Contains('=', StringComparison.Ordinal))
                    settings.Add(args[i]);
                else if (IsValue(args.ElementAtOrDefault(i + 1)))
                    settings.Add($"{args[i]}={args[++i]}");
                else
                    errors.Add($"{last} has no value; write {last}=value.");
            }
            else if (last is not null && !args[i].StartsWith('-'))
            {
                // Perhaps the rest of a secret with a space in it.
                errors.Add($"{last} is followed by a word too many; write {last}=value, in quotes if it has spaces.");
            }
            else
            {
                last = null;
                rest.Add(args[i]);
            }
        }

        return (settings, rest);
    }

    private static bool IsSetting(string word)
    {
        if (!word.StartsWith("--", StringComparison.Ordinal))
            return false;
        var key = NameOf(word)[2..];
        return s_keys.Contains(key, StringComparer.OrdinalIgnoreCase)
            || s_sections.Any(s => key.Length > s.Length && key.StartsWith(s, StringComparison.OrdinalIgnoreCase));
    }

    private static bool IsValue(string? word) => word?.StartsWith("--", StringComparison.Ordinal) == false;

    private static string NameOf(string word) => word.Split('=')[0];
}
