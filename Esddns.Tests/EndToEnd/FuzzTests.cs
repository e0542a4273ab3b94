using System.Net;
using System.Text;
using Esddns.Operator.Discovery;
using Esddns.Operator.Discovery.Echo;
using Esddns.Operator.Discovery.Interfaces;
using Esddns.Operator.Discovery.Stun;
using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Gandi;
using Esddns.Operator.Dns.Update;
using Esddns.Operator.Dns.Wire;
using Esddns.Simulator.Dns;
using Esddns.Simulator.LiveDns;

namespace Esddns.Tests.EndToEnd;

/// <summary>
/// Every codec under random and mutated input: one and a half million in all. None may throw, hang or read past the end. The seed is fixed for
/// each day, so that a failure of today can be repeated today, and tomorrow tries others; it is printed with a failure.
/// </summary>
public sealed class FuzzTests
{
    private const int Inputs = 250_000;
    private static readonly int s_seed = TimeProvider.System.GetUtcNow().Date.GetHashCode();

    [Fact]
    public void Stun_SurvivesAnything()
    {
        var id = new byte[12];
        byte[] good = [1, 1, 0, 24, 0x21, 0x12, 0xA4, 0x42, .. id, 0, 0x20, 0, 8, 0, 1, 0x21, 0x12, 1, 2, 3, 4, 0, 9, 0, 8, 0, 0, 4, 20, 65, 66, 67, 68];
        var understood = 0;
        Mutate([good], input =>
        {
            if (StunMessage.TryReadBindingResponse(input, id, out var reply)) understood++;
            Assert.True(reply is null || input.Length >= StunMessage.HeaderLength);
        });
        Assert.True(understood > 0, "no mutant was understood: the mutations are too wild to test anything");
    }

    [Fact]
    public void Dns_SurvivesAnything()
    {
        byte[] query = [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 4, .. "home"u8, 7, .. "example"u8, 3, .. "com"u8, 0, 0, 1, 0, 1, 0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0];
        byte[] pointer = [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 1, 65, 0, 0, 1, 0, 1, 0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0];
        var world = new LiveDnsWorld("token");
        world.Set("example.com", "home", "A", 300, "198.51.100.4");
        var responder = new DnsResponder(world, new(IPAddress.Loopback, null));
        var answered = 0;
        Mutate([query, pointer], input =>
        {
            if (responder.Answer(input, new IPEndPoint(IPAddress.Loopback, 1), false, null) is { } answer && (answer[3] & 15) == 0) answered++;
        });
        Assert.True(answered > 0, "no mutant was a query: the mutations are too wild to test anything");
    }

    [Fact]
    public void DnsAnswers_SurviveAnything()
    {
        byte[] answer = [0, 1, 0x84, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 65, 0, 0, 1, 0, 1, 0xC0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4, 198, 51, 100, 4];
        byte[] text = [0, 1, 0x84, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 65, 0, 0, 16, 0, 3, 0xC0, 12, 0, 16, 0, 3, 0, 0, 0, 0, 0, 5, 4, 49, 46, 49, 46];
        byte[] servers = [0, 1, 0x84, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 65, 0, 0, 2, 0, 1, 0xC0, 12, 0, 2, 0, 1, 0, 0, 1, 44, 0, 4, 1, 66, 0xC0, 12];
        var tsig = new Tsig(
            new UpdateOptions { Server = new("dns://127.0.0.1"), Zones = [], KeyName = DomainName.Parse("key"), Key = new TsigSecret(TsigAlgorithm.HmacSha256, [1]) },
            TimeProvider.System);
        var (signed, mac) = tsig.Sign(answer);
        var (read, found) = (0, 0);
        Mutate([answer, text, servers, signed], input =>
        {
            Assert.False(tsig.IsValid(input, mac));
            if (!DnsMessage.TryRead(input, out var message)) return;
            read++;
            found += message!.Answers.Count(r => r.Address is not null || r.Text is not null || r.NameServer is not null);
        });
        Assert.True(read > 0 && found > 0, "no mutant was understood: the mutations are too wild to test anything");
    }

    [Fact]
    public void HostAddressTable_SurvivesAnything()
    {
        var read = 0;
        Mutate(["20010db8000100020000000000000010 02 40 00 80     eth0"u8.ToArray()], input => read += HostAddresses.Parse([Encoding.Latin1.GetString(input)]).Count);
        Assert.True(read > 0);
    }

    [Fact]
    public void EchoBody_SurvivesAnything()
    {
        var read = 0;
        Mutate([.. new[] { "203.0.113.7\n", "2001:db8::7", "::ffff:1.2.3.4", "<html>", "1.2.3.4 1.2.3.4" }.Select(Encoding.UTF8.GetBytes)], input =>
        {
            foreach (var family in new[] { IpFamily.IPv4, IpFamily.IPv6 })
            {
                if (!EchoBody.TryRead(input, family, out var address)) continue;
                read++;
                Assert.True(family.Includes(address!));
            }
        });
        Assert.True(read > 0);
    }

    [Fact]
    public void LiveDnsJson_SurvivesAnything()
    {
        byte[][] good =
        [
            """{"rrset_name":"home","rrset_type":"A","rrset_ttl":300,"rrset_values":["198.51.100.4",null],"rrset_href":"https://x"}"""u8.ToArray(),
            """{"code":404,"message":"Can't find","object":"dns-record","cause":"Not Found"}"""u8.ToArray(),
            """{"status":"error","errors":[{"location":"body","name":"rrset_ttl","description":"60 is less"},null]}"""u8.ToArray(),
        ];
        var read = 0;
        Mutate(good, input =>
        {
            var reply = new LiveDnsReply(HttpStatusCode.BadRequest, input);
            if (reply.TryRead(LiveDnsJson.Default.LiveDnsRRset) is not null) read++;
            Assert.NotEmpty(reply.Fault("GET").Message);
            Assert.False(reply.SaysNoSuchRecord);
        });
        Assert.True(read > 0);
    }

    /// <summary>One part pure noise, the rest good input with bytes flipped, cut, doubled or overwritten by telling values.</summary>
    private static void Mutate(byte[][] good, Action<byte[]> parse)
    {
        var random = new Random(s_seed);
        for (var i = 0; i < Inputs; i++)
        {
            var input = i % 8 == 0 ? new byte[random.Next(80)] : (byte[])good[random.Next(good.Length)].Clone();
            if (i % 8 == 0) random.NextBytes(input);
            for (var n = random.Next(4); n > 0 && input.Length > 0; n--)
            {
                var at = random.Next(input.Length);
                switch (random.Next(5))
                {
                    case 0: input[at] ^= (byte)(1 << random.Next(8)); break;
                    case 1: input[at] = (byte[])[0, 1, 0x7F, 0x80, 0xC0, 0xFF] is var telling ? telling[random.Next(6)] : (byte)0; break;
                    case 2: input = input[..at]; break;
                    case 3: input = [.. input[..at], .. input[at..], .. input[at..]]; break;
                    default: input = [.. input[..at], (byte)random.Next(256), .. input[at..]]; break;
                }
            }

            try
            {
                parse(input);
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {s_seed}, input {i}: {Convert.ToHexString(input)}: {e}");
            }
        }
    }
}
