using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Providers.Gandi;

namespace Esddns.Tests.Dns;

/// <summary>Tokens of LiveDNS: schemes, permissions and files.</summary>
public sealed class LiveDnsCredentialTests : LiveDnsScenario
{
    [Theory]
    [InlineData("wrong-token", "unauthorized")]
    [InlineData("abcdefghijklmnopqrstuvw1", "unauthorized")]
    public async Task WrongToken_IsPersistentAndNeverShown(string token, string type)
    {
        var fault = Fault(
            await Provider(o => o with { Token = token })
                .WriteAsync(new RRset(s_home, 300, Set("198.51.100.4")), null, Cancel)
        );
        Assert.Equal((FaultKind.Persistent, type), (fault.Kind, fault.Type));
        Assert.DoesNotContain(token, fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TokenWithoutPermission_IsForbidden()
    {
        _simulator.LiveDns.Main.Tokens[0].MayManageDns = false;
        Assert.Equal("forbidden", Fault(await WriteAsync(new RRset(s_home, 300, Set("198.51.100.4")))).Type);
    }

    [Theory]
    [InlineData("simulator-token", nameof(LiveDnsScheme.Auto), true)]
    [InlineData("abcdefghijklmnopqrstuvwx", nameof(LiveDnsScheme.Auto), true)]
    [InlineData("abcdefghijklmnopqrstuvwx", nameof(LiveDnsScheme.Bearer), false)]
    [InlineData("simulator-token", nameof(LiveDnsScheme.Apikey), false)]
    public async Task Scheme_DependsOnTokenFormatOrConfiguration(string token, string scheme, bool works)
    {
        var zones = await Provider(o => o with { Token = token, Scheme = Enum.Parse<LiveDnsScheme>(scheme) })
            .ZonesAsync(Cancel);
        Assert.Equal(works, zones is LookupResult<IReadOnlyCollection<DomainName>>.Available);
    }

    [Fact]
    public async Task TokenFile_Changed_IsReadAgain()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "no-longer-valid\n", Cancel);
        var provider = Provider(o => o with { Token = null, TokenFile = file });
        Assert.IsType<LookupResult<IReadOnlyCollection<DomainName>>.Unavailable>(await provider.ZonesAsync(Cancel));
        await File.WriteAllTextAsync(file, "simulator-token\n", Cancel);
        Assert.IsType<LookupResult<IReadOnlyCollection<DomainName>>.Available>(await provider.ZonesAsync(Cancel));
        File.Delete(file);
        var fault = Assert
            .IsType<LookupResult<IReadOnlyCollection<DomainName>>.Unavailable>(await provider.ZonesAsync(Cancel))
            .Fault;
        Assert.Contains(file, fault.Message, StringComparison.Ordinal);
    }
}
