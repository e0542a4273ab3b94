using System.Collections.Concurrent;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Esddns.Operator.Dns.Wire;

namespace Esddns.Operator.Dns.Authoritative;

/// <summary>Finds the name servers of a zone: those of the configuration, or by asking the host's resolvers for its NS records.</summary>
internal sealed class NameServerFinder(AuthoritativeOptions options, TimeProvider time)
{
    private const int Port = 53;
    private static readonly TimeSpan s_keep = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<DomainName, (long At, IPEndPoint[] Servers)> _found = new();

    /// <summary>Where the zone's servers are; empty when that cannot be found out.</summary>
    public async Task<IReadOnlyList<IPEndPoint>> FindAsync(DomainName zone, CancellationToken cancellationToken)
    {
        if (_found.TryGetValue(zone, out var known) && time.GetElapsedTime(known.At) < s_keep) return known.Servers;
        IPEndPoint[] servers = options.NameServers is { } configured
            ? [.. (await Task.WhenAll(configured.Select(s => ResolveAsync(s.IdnHost.Trim('[', ']'), s.Port > 0 ? s.Port : Port, cancellationToken)))).SelectMany(s => s)]
            : [.. (await Task.WhenAll((await LookUpAsync(zone, cancellationToken)).Select(name => ResolveAsync(name, Port, cancellationToken)))).SelectMany(s => s)];
        if (servers.Length > 0) _found[zone] = (time.GetTimestamp(), servers);
        return servers;
    }

    private async Task<IReadOnlyList<string>> LookUpAsync(DomainName zone, CancellationToken cancellationToken)
    {
        foreach (var resolver in Resolvers())
        {
            var answer = await AskAsync(new IPEndPoint(resolver, Port), new DnsQuestion(zone.ToString(), DnsType.NS), cancellationToken);
            var names = answer?.Answers.Select(r => r.NameServer).OfType<string>().ToArray();
            if (names is { Length: > 0 }) return names;
        }

        return [];
    }

    private static IPAddress[] Resolvers()
    {
        try
        {
            return [.. NetworkInterface.GetAllNetworkInterfaces().SelectMany(i => i.GetIPProperties().DnsAddresses).Distinct()];
        }
        catch (NetworkInformationException)
        {
            return [];
        }
    }

    private async Task<DnsMessage?> AskAsync(IPEndPoint server, DnsQuestion question, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(AuthoritativeOptions.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await DnsExchange.AskAsync(server, question, time, either.Token);
        }
        catch (Exception e) when (e is SocketException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>One address of each server is enough: IPv4 when it has one.</summary>
    private static async Task<IPEndPoint[]> ResolveAsync(string name, int port, CancellationToken cancellationToken)
    {
        try
        {
            var addresses = await System.Net.Dns.GetHostAddressesAsync(name, cancellationToken);
            return addresses.OrderBy(a => a.AddressFamily == AddressFamily.InterNetwork ? 0 : 1).Take(1).Select(a => new IPEndPoint(a, port)).ToArray();
        }
        catch (SocketException)
        {
            return [];
        }
    }
}
