using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Update;
using Esddns.Operator.Dns.Wire;
using Esddns.Operator.Telemetry;
using Esddns.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Esddns.Tests.Conformance;

/// <summary>Dynamic update against a real name server.</summary>
public abstract class UpdateConformanceTests(string algorithm) : ProviderConformance, IAsyncLifetime
{
    private const string ZoneFile = """
        $ORIGIN example.com.
        $TTL 300
        @ IN SOA ns1 hostmaster 1 3600 600 86400 300
        @ IN NS ns1
        ns1 IN A 127.0.0.1

        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("esddns-");
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);
    private RealServer? _server;

    private protected override IDnsProvider Provider => With(_secret);

    private protected override IDnsProvider WithoutRights => With(RandomNumberGenerator.GetBytes(32));

    private protected string Folder => _folder.FullName;

    private protected string Secret => Convert.ToBase64String(_secret);

    private protected string Algorithm => algorithm;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(Folder, "example.com.zone"), ZoneFile);
        _server = await RealServer.StartAsync(Start, IsUpAsync);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task ChangedMeanwhile_IsRefused()
    {
        var key = Key("raced");
        await WriteAsync(new RRset(key, 300, Set("198.51.100.4")), null);
        foreach (var stale in new[] { null, new RRset(key, 300, Set("198.51.100.99")) })
        {
            var answer = await Provider.WriteAsync(new RRset(key, 300, Set("198.51.100.5")), stale, Cancel);
            Assert.Equal("conflict", Assert.IsType<Answer<RRset>.Unavailable>(answer).Fault.Type);
        }

        Assert.Equal(Set("198.51.100.4"), (await ReadAsync(key))[key].Values);
    }

    private protected abstract Process Start(int port);

    private static async Task<bool> IsUpAsync(int port)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            var answer = await DnsExchange.AskAsync(new(IPAddress.Loopback, port), new DnsQuestion("example.com", DnsType.SOA), TimeProvider.System, limit.Token);
            using var tcp = new TcpClient();
            await tcp.ConnectAsync(IPAddress.Loopback, port, limit.Token);
            return answer.IsAuthoritative && answer.Answers.Length == 1;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    private UpdateProvider With(byte[] secret) => new(
        new UpdateOptions
        {
            Server = new Uri($"dns://127.0.0.1:{_server!.Port}"),
            Zones = [Zone],
            KeyName = DomainName.Parse("Esddns-Key"),
            Key = new TsigSecret(algorithm == "hmac-sha256" ? TsigAlgorithm.HmacSha256 : TsigAlgorithm.HmacSha512, secret),
        },
        new PermanentPermit(),
        new ServiceCollection().AddMetrics().AddSingleton<OperatorMetrics>().BuildServiceProvider().GetRequiredService<OperatorMetrics>(),
        TimeProvider.System);
}

/// <summary>BIND, HMAC-SHA256.</summary>
public sealed class BindConformanceTests() : UpdateConformanceTests("hmac-sha256")
{
    private protected override Process Start(int port)
    {
        var named = Tool.Require("named", "bind9");
        File.WriteAllText(Path.Combine(Folder, "named.conf"), $$"""
            key "esddns-key" { algorithm {{Algorithm}}; secret "{{Secret}}"; };
            options {
              directory "{{Folder}}"; pid-file none; session-keyfile none; recursion no; dnssec-validation no;
              listen-on port {{port}} { 127.0.0.1; }; listen-on-v6 { none; };
            };
            controls { };
            zone "example.com" { type primary; file "example.com.zone"; update-policy { grant esddns-key zonesub A AAAA; }; };
            """);
        return Tool.Start(named, ["-g", "-n", "1", "-c", Path.Combine(Folder, "named.conf")]);
    }
}

/// <summary>Knot, HMAC-SHA512.</summary>
public sealed class KnotConformanceTests() : UpdateConformanceTests("hmac-sha512")
{
    private protected override Process Start(int port)
    {
        var knotd = Tool.Require("knotd", "knot");
        File.WriteAllText(Path.Combine(Folder, "knot.conf"), $$"""
            server:
              listen: 127.0.0.1@{{port}}
              rundir: {{Folder}}
            key:
              - id: esddns-key
                algorithm: {{Algorithm}}
                secret: {{Secret}}
            acl:
              - id: update
                key: esddns-key
                action: update
            database:
              storage: {{Folder}}
            zone:
              - domain: example.com
                storage: {{Folder}}
                file: example.com.zone
                acl: update
            """);
        return Tool.Start(knotd, ["-c", Path.Combine(Folder, "knot.conf")]);
    }
}
