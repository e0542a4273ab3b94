using System.CommandLine;
using Esddns.Configuration;

namespace Esddns.Operator;

/// <summary>The command line of the operator.</summary>
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
    private static readonly Option<bool> s_once = ArgumentReader.Switch(
        "--once",
        "Run one round and exit: 0 all records in sync, 1 not in sync, 2 invalid configuration."
    );

    private static readonly Option<bool> s_check = ArgumentReader.Switch(
        "--check-config",
        "Validate the configuration, print what the operator would do, and exit: 0 valid, 2 invalid."
    );

    private static readonly Option<bool> s_test = ArgumentReader.Switch(
        "--test-notifications",
        "Send a test message to each notification channel and exit: 0 all sent, 1 not, 2 invalid."
    );

    private static readonly ArgumentReader s_reader = new(
        """
        Keeps DNS records pointing at your current public IP address.

        Without options it runs until it is stopped; its status is at http://127.0.0.1:8080/status.

        Set any setting of docs/configuration.md with a switch, --Key=value or --Key value:
          --Esddns:Records:0:Zone=example.com --Esddns:Records:0:Name=home
          --urls=http://127.0.0.1:8080        address of the API
          --Logging:LogLevel:Default=Debug    log level; --Kestrel:… and --OTEL_… work as well
        Or use the environment (Esddns__Records__0__Zone), where other users cannot read secrets, or appsettings.json.
        """,
        settings: ["Esddns:", .. ArgumentReader.HostSettings],
        s_once,
        s_check,
        s_test
    );

    /// <summary>Parses the command line. Prints the help or the version when requested.</summary>
    public static CommandLine Read(string[] args)
    {
        var read = s_reader.Read(args);
        var isOnce = read.Has(s_once);
        var job = isOnce ? Job.Once : Job.Run;
        if (read.Has(s_test))
            job = Job.TestNotifications;
        if (read.Has(s_check))
            job = Job.CheckConfig;
        return new CommandLine(job, isOnce, read.Settings, read.Errors, read.ExitCode);
    }
}
