using System.CommandLine;
using Esddns.Configuration;

namespace Esddns.Web;

/// <summary>The command line of the web service.</summary>
internal static class WebArguments
{
    /// <summary>Validates the configuration instead of running.</summary>
    public static readonly Option<bool> CheckConfig = ArgumentReader.Switch(
        "--check-config",
        "Validate the configuration, print what the web service would do, and exit: 0 valid, 2 invalid."
    );

    private static readonly ArgumentReader s_reader = new(
        """
        The status page and the REST API of ESDDNS. It follows the operator.

        Without options it runs until it is stopped; its page is at http://127.0.0.1:51339/.

        Set a setting of docs/configuration.md with a switch, --Key=value or --Key value:
          --urls=http://127.0.0.1:51339                       address of the page
          --services:operator:http:0=http://127.0.0.1:8080    address of the operator
          --Esddns:Web:Access:TokenFile=/etc/esddns/token     who may read; see docs/reference/access.md
          --Logging:LogLevel:Default=Debug                    log level; --Kestrel:… and --OTEL_… work as well
        Or use the environment (Esddns__Web__Access__TokenFile, services__operator__http__0), or appsettings.json.
        """,
        settings: ["Esddns:Web:", "services:operator:", .. ArgumentReader.HostSettings],
        CheckConfig
    );

    /// <summary>Parses the command line. Prints the help or the version when requested.</summary>
    public static Arguments Read(string[] args) => s_reader.Read(args);
}
