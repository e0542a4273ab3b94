using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Authoritative;
using Esddns.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Dns;

/// <summary>
/// Lookup of a zone's name servers through a resolver. The names are addresses, so no other resolver is queried.
/// </summary>
public sealed class NameServerFinderTests
{
    private const int Ns = 2;
    private static readonly DomainName s_zone = DomainName.Parse("example.com");
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ResolverQuery_IsRecursive_AndNeedsNoAuthority()
    {
        await using var resolver = new DnsServer(q =>
            DnsReply.To(q, aa: false, answers: [Server("192.0.2.1"), Server("192.0.2.2")])
        );
        Assert.Equal(["192.0.2.1:53", "192.0.2.2:53"], await FindAsync(Finder(resolver)));
        Assert.Equal((1, Ns), (resolver.Queries.Single()[2] & 1, DnsReply.Type(resolver.Queries.Single())));
    }

    [Fact]
    public async Task ServersOfAnotherZone_AreIgnored()
    {
        await using var resolver = new DnsServer(q =>
            DnsReply.To(q, answers: [DnsReply.Pointing("example.org", Ns, "192.0.2.9")])
        );
        Assert.Empty(await FindAsync(Finder(resolver)));
    }

    [Fact]
    public async Task ResolverFails_NextResolverIsAsked()
    {
        await using var broken = new DnsServer(q => DnsReply.To(q, 2));
        await using var resolver = new DnsServer(q => DnsReply.To(q, answers: [Server("192.0.2.1")]));
        Assert.Equal(["192.0.2.1:53"], await FindAsync(Finder(broken, resolver)));
    }

    [Fact]
    public async Task ResolverStopped_NextResolverIsAsked()
    {
        var gone = new DnsServer(_ => null);
        await gone.DisposeAsync();
        await using var resolver = new DnsServer(q => DnsReply.To(q, answers: [Server("192.0.2.1")]));
        Assert.Equal(["192.0.2.1:53"], await FindAsync(Finder(gone, resolver)));
    }

    [Fact]
    public async Task ResolverDoesNotAnswer_NextIsAskedAfterTheTimeLimit()
    {
        await using var silent = new DnsServer(_ => null);
        await using var resolver = new DnsServer(q => DnsReply.To(q, answers: [Server("192.0.2.1")]));
        var finding = FindAsync(Finder(silent, resolver));
        await Eventually.IsTrueAsync(() =>
        {
            if (!silent.Queries.IsEmpty)
                _time.Advance(TimeSpan.FromSeconds(1));
            return finding.IsCompleted;
        });
        Assert.Equal(["192.0.2.1:53"], await finding);
    }

    [Fact]
    public async Task CallerCancels_FindIsCanceled()
    {
        await using var silent = new DnsServer(_ => null);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var finding = Finder(silent).FindAsync(s_zone, cancel.Token);
        await Eventually.IsTrueAsync(() => !silent.Queries.IsEmpty);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => finding);
    }

    [Fact]
    public async Task ConfiguredServer_HasNameAndNonDefaultPort()
    {
        var options = new AuthoritativeOptions { NameServers = [new("dns://192.0.2.1"), new("dns://192.0.2.2:5300")] };
        var servers = await new NameServerFinder(options, _time).FindAsync(s_zone, Cancel);
        Assert.Equal(["192.0.2.1", "192.0.2.2:5300"], servers.Select(s => s.Name));
        Assert.Equal([53, 5300], servers.Select(s => Assert.Single(s.EndPoints).Port));
    }

    [Fact]
    public async Task Servers_AreCached_Refreshed_AndKeptWhenTheResolverFails()
    {
        var answer = (byte[] q) => DnsReply.To(q, answers: [Server("192.0.2.1")]);
        await using var resolver = new DnsServer(q => answer(q));
        var finder = Finder(resolver);
        await FindAsync(finder);
        _time.Advance(TimeSpan.FromMinutes(4));
        await FindAsync(finder);
        Assert.Single(resolver.Queries);

        _time.Advance(TimeSpan.FromMinutes(2));
        answer = q => DnsReply.To(q, answers: [Server("192.0.2.2")]);
        Assert.Equal(["192.0.2.2:53"], await FindAsync(finder));

        _time.Advance(TimeSpan.FromMinutes(6));
        answer = q => DnsReply.To(q, 2);
        Assert.Equal(["192.0.2.2:53"], await FindAsync(finder));
    }

    private static byte[] Server(string name) => DnsReply.Pointing("example.com", Ns, name);

    private NameServerFinder Finder(params DnsServer[] resolvers) =>
        new(new AuthoritativeOptions { Resolvers = [.. resolvers.Select(r => r.EndPoint)] }, _time);

    private static async Task<string[]> FindAsync(NameServerFinder finder) =>
        [.. (await finder.FindAsync(s_zone, Cancel)).SelectMany(s => s.EndPoints).Select(e => e.ToString())];
}
