using System.Net.Sockets;
using Esddns.Configuration;
using Esddns.Simulator;

var arguments = SimulatorArguments.Read(args);
if (arguments.ExitCode is { } exitCode)
    return exitCode;

var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(arguments.Settings).Build();
var reader = new SettingsReader(configuration);
var options = SimulatorOptions.Read(reader);
HostSettings.Check(reader);
string[] errors = [.. arguments.Errors, .. reader.Errors];
foreach (var error in errors)
    Console.Error.WriteLine(error);
if (errors.Length > 0)
    return 2;
try
{
    await using var host = await SimulatorHost.StartAsync(options, args: arguments.Settings);
    await host.WaitForShutdownAsync();
    return 0;
}
catch (Exception e) when (e is SocketException or IOException)
{
    Console.Error.WriteLine(
        $"The simulator cannot listen (HTTP {options.HttpPort}, DNS {options.DnsPort}, STUN {options.StunPort}): "
            + $"{e.Message.TrimEnd('.')}. Stop the process on that port, or configure another port."
    );
    return 1;
}
catch (Exception e) when (e is InvalidOperationException or FormatException or ArgumentException)
{
    Console.Error.WriteLine(ServiceRun.Explain(e));
    return 2;
}
