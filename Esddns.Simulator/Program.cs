using System.Net.Sockets;
using Esddns.Simulator;

var (options, errors) = SimulatorOptions.Read(
    new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build()
);
foreach (var error in errors)
    Console.Error.WriteLine(error);
if (errors.Count > 0)
    return 2;
try
{
    await using var host = await SimulatorHost.StartAsync(options, args: args);
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
