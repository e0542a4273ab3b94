using System.CommandLine;
using System.CommandLine.Invocation;
using Esddns.Text;

namespace Esddns.Operator;

/// <summary>
/// The command line, parsed before the host is built. Switches that name a setting are passed to the configuration.
/// Anything else that is not an option is an error.
/// </summary>
/// <param name="Job">The job of the process.</param>
/// <param name="IsOnce">Whether <c>--once</c> is given, also together with <c>--check-config</c>.</param>
/// <param name="Settings">The settings, each as <c>--key=value</c>.</param>
/// <param name="Errors">The errors, one line each. They never contain the value of a setting.</param>
/// <param name="ExitCode">The exit code when no job is left, because the help or the version was printed; else
/// null.</param>
internal sealed record CommandLine(
    Job Job,
    bool IsOnce,
    string[] Settings,
    IReadOnlyList<string> Errors,
    int? ExitCode = null
)
{
    /// <summary>The sections and keys that a switch may set; any other is a typing mistake.</summary>
    private static readonly string[] s_sections = ["Esddns:", "Logging:", "Kestrel:", "OTEL_"];
    private static readonly string[] s_keys = ["urls", "http_ports", "https_ports", "environment", "AllowedHosts"];

    private static readonly Option<bool> s_once = new("--once")
    {
        Description = "Run one round and exit: 0 all records in sync, 1 not in sync, 2 invalid configuration.",
        Arity = ArgumentArity.Zero,
    };

    private static readonly Option<bool> s_check = new("--check-config")
    {
        Description = "Validate the configuration, print what the operator would do, and exit: 0 valid, 2 invalid.",
        Arity = ArgumentArity.Zero,
    };

    private static readonly Option<bool> s_test = new("--test-notifications")
    {
        Description = "Send a test message to each notification channel and exit: 0 all sent, 1 not, 2 invalid.",
        Arity = ArgumentArity.Zero,
    };

    private static readonly RootCommand s_root = new(
        """
        Keeps DNS records pointing at your current public IP address.

        Without options it runs until it is stopped; its status is at http://127.0.0.1:8080/status.

        Set any setting of docs/configuration.md with a switch, --Key=value or --Key value:
          --Esddns:Records:0:Zone=example.com --Esddns:Records:0:Name=home
          --urls=http://127.0.0.1:8080        address of the API
          --Logging:LogLevel:Default=Debug    log level; --Kestrel:… and --OTEL_… work as well
        Or use the environment (Esddns__Records__0__Zone), where other users cannot read secrets, or appsettings.json.
        """
    )
    {
        s_once,
        s_check,
        s_test,
    };

    /// <summary>Parses the command line. Prints the help or the version when requested.</summary>
    public static CommandLine Read(string[] args)
    {
        var errors = new List<string>();
        var (settings, rest) = Split(args, errors);
        var parser = new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null };
        var parsed = s_root.Parse(rest, parser);
        if (parsed.Action is not (null or ParseErrorAction))
            return new CommandLine(Job.Run, false, [], [], parsed.Invoke());
        var unknown = parsed.UnmatchedTokens.Select(word => UntrustedText.Clean(NameOf(word)));
        errors.AddRange(unknown.Select(word => $"'{word}' is not known; see --help."));
        if (errors.Count == 0)
            errors.AddRange(parsed.Errors.Select(e => e.Message));
        var isOnce = parsed.GetValue(s_once);
        var job = isOnce ? Job.Once : Job.Run;
        if (parsed.GetValue(s_test))
            job = Job.TestNotifications;
        if (parsed.GetValue(s_check))
            job = Job.CheckConfig;
        return new CommandLine(job, isOnce, [.. settings], errors);
    }

    /// <summary>
    /// Separates settings from options before the parser runs, so that only a setting takes the next word as its value.
    /// </summary>
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
