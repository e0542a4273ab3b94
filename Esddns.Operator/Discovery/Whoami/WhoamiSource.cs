using System.Net;
using System.Net.Sockets;
using System.Text;
using Esddns.Operator.Discovery.Echo;
using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Wire;
using Esddns.Operator.Net;

namespace Esddns.Operator.Discovery.Whoami;

/// <summary>
/// An address source: a name server that returns the address of its client for a special name. The URI is
/// <c>dns://server/name?type=A</c> (RFC 4501). Type <c>A</c> queries A or AAAA, depending on the family;
/// <c>type=TXT;class=CH</c> queries an address as text.
/// </summary>
internal sealed class WhoamiSource(Uri service, TimeProvider time, int number = 1) : IAddressSource
{
    /// <summary>The URI scheme (RFC 4501).</summary>
    public const string Scheme = "dns";

    private const int DefaultPort = 53;
    private readonly bool _asText = service.Query.Contains("type=TXT", StringComparison.OrdinalIgnoreCase);
    private readonly DnsClass _class = service.Query.Contains("class=CH", StringComparison.OrdinalIgnoreCase)
        ? DnsClass.CH
        : DnsClass.IN;

    /// <summary>
    /// Whether the query of <paramref name="service"/> is one that this source can send: type A, AAAA or TXT, class IN
    /// or CH.
    /// </summary>
    public static bool IsSupported(Uri service)
    {
        string[] known = ["type=A", "type=AAAA", "type=TXT", "class=IN", "class=CH"];
        return service
            .Query.TrimStart('?')
            .Split(';', StringSplitOptions.RemoveEmptyEntries)
            .All(part => known.Contains(part, StringComparer.OrdinalIgnoreCase));
    }

    /// <inheritdoc/>
    public SourceId Id { get; } = SourceId.Of(service, EvidenceClass.Dns, number);

    /// <inheritdoc/>
    public async Task<Observation> ObserveAsync(IpFamily family, CancellationToken cancellationToken)
    {
        try
        {
            var port = service.Port > 0 ? service.Port : DefaultPort;
            var servers = await HappyEyeballs.ResolveAsync(
                service.IdnHost,
                port,
                family.ToAddressFamily(),
                cancellationToken
            );
            var answer = await HappyEyeballs.RaceAsync(
                servers,
                (server, token) => DnsExchange.QueryAsync(server, Question(family), time, token),
                time,
                cancellationToken
            );
            return Read(answer, family);
        }
        catch (SocketException e)
        {
            return Unavailable(e.Message);
        }
        catch (IOException e)
        {
            return Unavailable($"the connection failed: {e.Message}");
        }
    }

    private DnsQuestion Question(IpFamily family) =>
        new(service.AbsolutePath.Trim('/'), _asText ? DnsType.TXT : family.ToRecordType().ToDns(), _class);

    private Observation Read(DnsMessage answer, IpFamily family)
    {
        if (answer.Code != DnsCode.NoError)
            return Unavailable($"returned {answer.Code}");
        var (name, type, @class, _) = Question(family);
        var records = answer.RRset(name, type, @class).Records;
        var addresses = records.Select(r => Read(r, family)).OfType<IPAddress>().Distinct().ToArray();
        return addresses is [var address]
            ? new Observation.Seen(Id, address)
            : Unavailable($"returned {addresses.Length} {family} addresses instead of one");
    }

    private IPAddress? Read(DnsRecord record, IpFamily family)
    {
        if (!_asText)
            return record.Address is { } direct && family.Includes(direct) ? direct : null;
        return record.Text is { } text && EchoBody.TryRead(Encoding.Latin1.GetBytes(text), family, out var written)
            ? written
            : null;
    }

    private Observation.Unavailable Unavailable(string reason) => new(Id, reason);
}
