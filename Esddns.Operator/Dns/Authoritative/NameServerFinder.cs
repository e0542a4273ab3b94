using System.Collections.Concurrent;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Esddns.Operator.Dns.Wire;
using Esddns.Operator.Net;

namespace Esddns.Operator.Dns.Authoritative;

/// <summary>
/// Finds the name servers of a zone: those of the configuration, or the targets of its NS records from the resolvers of
/// the host.
/// </summary>
internal sealed class NameServerFinder(AuthoritativeOptions options, TimeProvider time)
{
    private const int Port = 53;

    /// <summary>
    /// The cache lifetime. It is short, so that a moved zone is noticed soon; resolvers cache the records anyway.
    /// </summary>
    private static readonly TimeSpan s_cacheLifetime = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<DomainName, (long At, IReadOnlyList<NameServer> Servers)> _found = new();

    /// <summary>
    /// The name servers of the zone. When the lookup fails, returns the cached ones, even when they are older; empty
    /// when no lookup ever succeeded.
    /// </summary>
    public async Task<IReadOnlyList<NameServer>> FindAsync(DomainName zone, CancellationToken cancellationToken)
    {
        var isKnown = _found.TryGetValue(zone, out var known);
        if (isKnown && time.GetElapsedTime(known.At) < s_cacheLifetime)
            return known.Servers;
        var hosts = Configured() ?? [.. (await LookUpAsync(zone, cancellationToken)).Select(host => (host, Port))];
        if (hosts.Length == 0)
            return isKnown ? known.Servers : [];
        var servers = await Task.WhenAll(hosts.Select(h => ResolveAsync(h.Host, h.Port, cancellationToken)));
        _found[zone] = (time.GetTimestamp(), servers);
        return servers;
    }

    private (string Host, int Port)[]? Configured() =>
        options.NameServers?.Select(s => (s.IdnHost, s.Port > 0 ? s.Port : Port)).ToArray();

    private async Task<IReadOnlyList<string>> LookUpAsync(DomainName zone, CancellationToken cancellationToken)
    {
        foreach (var resolver in options.Resolvers ?? HostResolvers())
        {
            // The response of a resolver is not authoritative, but it is sufficient here.
            var answer = await QueryAsync(resolver, new DnsQuestion(zone.ToString(), DnsType.NS), cancellationToken);
            var records = answer?.RRset(zone.ToString(), DnsType.NS).Records ?? [];
            string[] names = [.. records.Select(r => r.Target).OfType<string>().Where(name => name.Length > 0)];
            if (names.Length > 0)
                return names;
        }

        return [];
    }

    private static IPEndPoint[] HostResolvers()
    {
        try
        {
            var addresses = NetworkInterface
                .GetAllNetworkInterfaces()
                .SelectMany(i => i.GetIPProperties().DnsAddresses);
            return [.. addresses.Distinct().Select(a => new IPEndPoint(a, Port))];
        }
        catch (NetworkInformationException)
        {
            return [];
        }
    }

    private async Task<DnsMessage?> QueryAsync(
        IPEndPoint server,
        DnsQuestion question,
        CancellationToken cancellationToken
    )
    {
        using var timeout = new CancellationTokenSource(AuthoritativeOptions.Timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await DnsExchange.QueryAsync(server, question, time, linked.Token);
        }
        catch (Exception e)
            when (e is SocketException or IOException
                || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            return null;
        }
    }

    private async Task<NameServer> ResolveAsync(string host, int port, CancellationToken cancellationToken)
    {
        var name = port == Port ? host : $"{host}:{port}";
        using var timeout = new CancellationTokenSource(AuthoritativeOptions.Timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return new NameServer(name, await HappyEyeballs.ResolveAsync(host, port, null, linked.Token));
        }
        catch (SocketException e)
        {
            return new NameServer(name, [], $"cannot be found: {e.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new NameServer(name, [], "cannot be found: the resolver did not answer");
        }
    }
}
