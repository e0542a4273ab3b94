using System.Diagnostics;
using Esddns.Operator.Dns;
using Esddns.Tests.Support;

namespace Esddns.Tests.Conformance;

/// <summary>BIND, HMAC-SHA256.</summary>
public sealed class BindConformanceTests() : UpdateConformanceTests("hmac-sha256")
{
    [Fact]
    public async Task NameInAForbiddenZone_FailsThatRecordOnly()
    {
        var fault = await RefusedAsync(Provider, new RRset(Key("pi.hidden"), 300, Set("198.51.100.4")), null);
        Assert.Equal(FaultKind.Definitive, fault.Kind);
        Assert.Contains(
            "the server answers for example.com, but not for pi.hidden.example.com",
            fault.Message,
            StringComparison.Ordinal
        );
        Assert.Equal([Key("ns1")], (await ReadAsync(Key("pi.hidden"), Key("ns1"))).Keys);
    }

    private protected override Process Start(int port)
    {
        var named = Tool.Require("named", "bind9");
        var hidden = File.ReadAllText(Path.Combine(Folder, "lab.example.com.zone"))
            .Replace("lab.", "hidden.", StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(Folder, "hidden.example.com.zone"), hidden);
        File.WriteAllText(
            Path.Combine(Folder, "named.conf"),
            $$"""
            key "esddns-key" { algorithm {{Algorithm}}; secret "{{Secret}}"; };
            options {
              directory "{{Folder}}"; pid-file none; session-keyfile none; recursion no; dnssec-validation no;
              listen-on port {{port}} { 127.0.0.1; }; listen-on-v6 { none; };
            };
            controls { };
            zone "example.com" {
              type primary; file "example.com.zone"; update-policy { grant esddns-key zonesub A AAAA; };
            };
            zone "lab.example.com" { type primary; file "lab.example.com.zone"; };
            zone "hidden.example.com" { type primary; file "hidden.example.com.zone"; allow-query { none; }; };
            """
        );
        return Tool.Start(named, ["-g", "-n", "1", "-c", Path.Combine(Folder, "named.conf")]);
    }
}
