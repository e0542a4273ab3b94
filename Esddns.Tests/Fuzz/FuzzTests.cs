using System.Net;
using System.Text;
using Esddns.Configuration;
using Esddns.Operator.Discovery.Echo;
using Esddns.Operator.Discovery.Interfaces;
using Esddns.Operator.Discovery.Stun;
using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Providers.Gandi;
using Esddns.Operator.Dns.Providers.Rfc2136;
using Esddns.Operator.Dns.Wire;
using Esddns.Operator.Kubernetes;
using Esddns.Operator.Net;
using Esddns.Simulator.Dns;
using Esddns.Simulator.LiveDns;
using Esddns.Tests.Configuration;
using Microsoft.Extensions.Configuration;

namespace Esddns.Tests.Fuzz;

/// <summary>
/// Feeds random bytes and mutants of a corpus to every parser of outside input. No parser may throw, hang or read past
/// the end.
/// </summary>
public sealed class FuzzTests
{
    [Fact]
    public void Stun_AnyInput_NeverThrows()
    {
        var id = Convert.FromHexString("b7e7a701bc34d686fa87dfae");
        var understood = 0;
        Mutator.Run(
            "stun",
            input =>
            {
                if (StunMessage.TryReadBindingResponse(input, id, out var reply))
                    understood++;
                Assert.True(reply is null || input.Length >= StunMessage.HeaderLength);
            }
        );
        Assert.True(understood > 4, "no mutant was accepted: the mutations change too much");
    }

    [Fact]
    public void DnsAnswers_AnyInput_NeverThrows()
    {
        var secret = new TsigSecret(TsigAlgorithm.HmacSha256, [1]);
        var tsig = new Tsig(DomainName.Parse("key"), secret, TimeProvider.System);
        var (_, mac) = tsig.Sign(new byte[DnsMessage.HeaderLength]);
        var found = 0;
        Mutator.Run(
            "dns",
            input =>
            {
                Assert.NotEqual(TsigVerdict.Valid, tsig.Verify(input, mac).Verdict);
                if (DnsMessage.TryRead(input, out var message))
                    found += message!.Answers.Count(r =>
                        r.Address is not null || r.Text is not null || r.Target is not null
                    );
            }
        );
        Assert.True(found > 4, "no mutant was accepted: the mutations change too much");
    }

    [Fact]
    public void SimulatorDnsQueries_AnyInput_NeverThrows()
    {
        var world = new LiveDnsWorld("token");
        world.Set("example.com", "home", "A", 300, "198.51.100.4");
        var responder = new DnsResponder(world, new(IPAddress.Loopback, null));
        var answered = 0;
        Mutator.Run(
            "dns",
            input =>
            {
                if (
                    responder.Answer(input, new IPEndPoint(IPAddress.Loopback, 1), false, null) is { } answer
                    && (answer[3] & 15) == 0
                )
                    answered++;
            }
        );
        Assert.True(answered > 4, "no mutant was accepted: the mutations change too much");
    }

    [Fact]
    public void EchoBody_AnyInput_NeverThrows()
    {
        var read = 0;
        Mutator.Run(
            "echo",
            input =>
            {
                foreach (var family in new[] { IpFamily.IPv4, IpFamily.IPv6 })
                {
                    if (!EchoBody.TryRead(input, family, out var address))
                        continue;
                    read++;
                    Assert.True(family.Includes(address!));
                }
            }
        );
        Assert.True(read > 4);
    }

    [Fact]
    public void LiveDnsJson_AnyInput_NeverThrows()
    {
        var read = 0;
        Mutator.Run(
            "livedns",
            input =>
            {
                foreach (var status in new[] { HttpStatusCode.BadRequest, HttpStatusCode.NotFound, HttpStatusCode.OK })
                {
                    var reply = new LiveDnsReply(status, input);
                    if (reply.TryRead(LiveDnsJson.Default.LiveDnsRRset) is not null)
                        read++;
                    if (reply.TryRead(LiveDnsJson.Default.LiveDnsDomainArray) is not null)
                        read++;
                    Assert.NotEmpty(reply.Fault("GET").Message);
                    Assert.True(status == HttpStatusCode.NotFound || !reply.IsNoSuchRecord);
                    Assert.True(status == HttpStatusCode.OK || !reply.IsConfirmed);
                }
            },
            inputs: 50_000
        );
        Assert.True(read > 6);
    }

    [Fact]
    public void HostAddressTable_AnyInput_NeverThrows()
    {
        var read = 0;
        Mutator.Run("addresses", input => read += HostAddresses.Parse([Encoding.Latin1.GetString(input)]).Count);
        Assert.True(read > 1);
    }

    /// <summary>Lines of <c>key=value</c>. Any input gives settings, or errors that do not contain a secret.</summary>
    [Fact]
    public void Settings_AnyInput_NeverThrows()
    {
        var (good, bad) = (0, 0);
        Mutator.Run(
            "settings",
            input =>
            {
                var pairs = Encoding
                    .Latin1.GetString(input)
                    .Split('\n')
                    .Select(l => l.Split('=', 2))
                    .Where(p => p is [{ Length: > 0 }, _])
                    .GroupBy(p => p[0], StringComparer.OrdinalIgnoreCase)
                    .Select(g => KeyValuePair.Create(g.Key, (string?)g.First()[1]));
                var reader = new SettingsReader(new ConfigurationBuilder().AddInMemoryCollection(pairs).Build());
                KubernetesSettings.Read(reader, _ => null);
                ReadSettings.From(reader, isInCluster: false);
                if (reader.Errors.Count > 0)
                    bad++;
                else
                    good++;
            },
            inputs: 10_000
        );
        Assert.True(good > 0 && bad > 0, $"{good} good, {bad} bad");
    }
}
