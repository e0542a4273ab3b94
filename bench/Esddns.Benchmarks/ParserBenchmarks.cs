using BenchmarkDotNet.Attributes;
using Esddns.Operator.Discovery.Stun;
using Esddns.Operator.Dns.Wire;

namespace Esddns.Benchmarks;

/// <summary>The parsers of messages from the network.</summary>
public class ParserBenchmarks
{
    private readonly byte[] _stun = Convert.FromHexString(
        // A Binding success response with XOR-MAPPED-ADDRESS 192.0.2.1:32853 (RFC 5769 section 2.2).
        "0101000C2112A442B7E7A701BC34D686FA87DFAE" + "002000080001A147E112A643"
    );

    private readonly byte[] _dns = Convert.FromHexString(
        // The answer for home.example.com A 203.0.113.7, with the owner name compressed.
        "123484000001000100000000"
            + "04686F6D65076578616D706C6503636F6D0000010001"
            + "C00C000100010000012C0004CB007107"
    );

    private readonly byte[] _transaction = Convert.FromHexString("B7E7A701BC34D686FA87DFAE");

    /// <summary>Parses the response of a STUN server.</summary>
    [Benchmark(Description = "parse a STUN response")]
    public bool Stun() => StunMessage.TryReadBindingResponse(_stun, _transaction, out _);

    /// <summary>Parses the response of a name server.</summary>
    [Benchmark(Description = "parse a DNS response")]
    public bool Dns() => DnsMessage.TryRead(_dns, out _);

    /// <summary>Checks that both messages are valid, so that the whole of a parser is measured.</summary>
    [GlobalSetup]
    public void Check()
    {
        if (!Stun() || !Dns())
            throw new InvalidOperationException("A sample is not valid.");
    }
}
