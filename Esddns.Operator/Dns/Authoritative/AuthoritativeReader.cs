using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Esddns.Operator.Dns.Wire;

namespace Esddns.Operator.Dns.Authoritative;

/// <summary>What one of the zone's name servers answers.</summary>
/// <param name="Server">Which one.</param>
/// <param name="Values">The addresses it gives; empty when it says that there are none, null when it said nothing that counts.</param>
/// <param name="Reason">Why it said nothing.</param>
internal sealed record ServerAnswer(string Server, AddressSet? Values, string? Reason);

/// <summary>Reads a record where it counts: at every authoritative name server of its zone, over UDP and if need be TCP.</summary>
internal sealed class AuthoritativeReader(NameServerFinder servers, TimeProvider time)
{
    /// <summary>What each of the servers answers; empty when none is known.</summary>
    public async Task<ImmutableArray<ServerAnswer>> ReadAsync(RecordKey key, CancellationToken cancellationToken)
    {
        var question = new DnsQuestion(key.Fqdn.ToString(), key.Type == RecordType.A ? DnsType.A : DnsType.AAAA);
        var found = await servers.FindAsync(key.Zone, cancellationToken);
        return [.. await Task.WhenAll(found.Select(s => AskAsync(s, question, cancellationToken)))];
    }

    private async Task<ServerAnswer> AskAsync(IPEndPoint server, DnsQuestion question, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(AuthoritativeOptions.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            var answer = await DnsExchange.AskAsync(server, question, time, either.Token);
            if (!answer.IsAuthoritative) return new ServerAnswer(server.ToString(), null, $"is not responsible for the zone ({answer.Code})");
            return answer.Code is DnsCode.NoError or DnsCode.NxDomain
                ? new ServerAnswer(server.ToString(), new AddressSet(answer.Answers.Select(r => r.Address).OfType<IPAddress>()), null)
                : new ServerAnswer(server.ToString(), null, $"answered {answer.Code}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ServerAnswer(server.ToString(), null, $"no answer within {AuthoritativeOptions.Timeout.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return new ServerAnswer(server.ToString(), null, e.Message);
        }
    }
}
